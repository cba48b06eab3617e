// One row for each mistake: what is written, and where it is found and how it is said.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/scenarios/parse_support.h"

namespace surgeproof {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

struct Row {
  std::string text;
  std::string complaint;  ///< the only one; empty: none
};

void check(const std::vector<Row>& rows, const std::string& before, const std::string& after) {
  for (const auto& [text, complaint] : rows) {
    const auto all = complaints(before + text + after);
    if (complaint.empty()) {
      EXPECT_THAT(all, IsEmpty()) << text;
    } else {
      EXPECT_THAT(all, ElementsAre(HasSubstr(complaint))) << text;
    }
  }
}

const std::string kTarget = "target: http://h\n";
const std::string kLoad = "load: [{name: surge, hold: 2/s, for: 1m}, {name: after, hold: 1/s, for: 1m}]\n";

TEST(Refusals, Target) {
  check({{"http://h", ""},
         {"https://h:8443/base/path", ""},
         {"http://[::1]:8080", ""},
         {"h:8080", "1:9: target: is no URL; begin it with http:// or https://"},
         {"ftp://h", "target: must be an http or https URL"},
         {"HTTP://h", "target: must be an http or https URL"},
         {"http://", "names no host"},
         {"http://:80", "names no host"},
         {"http://h:0", "has no valid port"},
         {"http://h:65536", "has no valid port"},
         {"\"http://h:\"", "has no valid port"},
         {"http://h:80x", "has no valid port"},
         {"http://a b", "names a host that cannot be one"},
         {"http://[::1", "names a host that cannot be one"},
         {"http://[h]", "names a host that cannot be one"},
         {"http://u:p@h", "may not hold a user or password; send them in client.headers"},
         {"http://h/?q=1", "may not have a query or fragment"},
         {"\"http://h/#x\"", "may not have a query or fragment"},
         {"http://h/ä", "has a path with characters that a URL may not hold"},
         {"[http://h]", "must be a text, not a list"},
         {"\"\"", "may not be empty"},
         {"", "has no value; give it one, or leave the key out"},
         {"${A", "\"${A\" is no reference to a variable"},
         {"${1}", "\"${1}\" is no reference to a variable"},
         {"${A:-${B}}", "is no reference to a variable"}},
        "target: ", "\n" + kLoad);
}

TEST(Refusals, WatchAndCluster) {
  check({{"watch: {hpa: a}", ""},
         {"watch: [{hpa: a}, {hpa: b, namespace: n, container: c}]", ""},
         {"watch: []", ""},
         {"watch: {namespace: n}", "2:8: watch: \"hpa\" is missing"},
         {"watch: a", "must be a list of HPAs, or a mapping with hpa"},
         {"watch: [a]", "watch[0]: must be a mapping with namespace, hpa and container"},
         {"watch: [{hpa: a}, {hpa: a}]", "watch[1]: the HPA \"a\" is watched already; see line 2"},
         {"watch: {hpa: a_b}", "is no name of a Kubernetes object"},
         {"watch: {hpa: -a}", "is no name of a Kubernetes object"},
         {"watch: {hpa: " + std::string(300, 'a') + "}", "is no name of a Kubernetes object"},
         {"cluster: {context: c, namespace: n, kubeconfig: /k}", ""},
         {"cluster: {contxt: c}", "2:11: cluster: unknown key \"contxt\"; did you mean \"context\"?"},
         {"cluster: c", "must be a mapping"}},
        kTarget, "\n" + kLoad);
}

TEST(Refusals, ConnectionsAndClient) {
  check({{"connections: {max: 1, max_age: 1s, re_resolve: 1s, reuse: true}", ""},
         {"connections: {max: 0}", "connections.max: must lie between 1 and 100000"},
         {"connections: {max_age: 0s}", "must be longer than 0"},
         {"connections: {reuse: false, max_age: 1s}", "connections.max_age: has no effect with reuse: false"},
         {"connections: {reuse: false, max_requests: 5}", "connections.max_requests: has no effect with reuse: false"},
         {"connections: {max_requests: 100, jitter: 20%, addresses: first}", ""},
         {"connections: {max_requests: 0}", "connections.max_requests: must lie between 1 and 1000000000"},
         {"connections: {jitter: 0.2}", "connections.jitter"},
         {"connections: {direct: todo}", ""},
         {"connections: {direct: {service: todo, namespace: shop, port: 8080}, max_age: 1s, reuse: true}", ""},
         {"connections: {direct: {service: todo, port: http-main}}", ""},
         {"connections: {direct: {port: 80}}", "2:23: connections.direct: \"service\" is missing"},
         {"connections: {direct: To_Do}", "connections.direct: \"To_Do\" is no name of a Kubernetes object"},
         {"connections: {direct: {service: a, port: 0}}", "connections.direct.port: must lie between 1 and 65535"},
         {"connections: {direct: {service: a, port: 65536}}", "connections.direct.port: must lie between 1 and 65535"},
         {"connections: {direct: {service: a, port: -1}}", "connections.direct.port: \"-1\" is no name"},
         {"connections: {direct: {servise: a, service: b}}", "unknown key \"servise\"; did you mean \"service\"?"},
         {"connections: {direct: [todo]}", "connections.direct: must be a mapping with service, namespace and port"},
         {"connections: {direct: a, re_resolve: 1s}",
          "connections.re_resolve: has no effect with direct: no name is looked up"},
         {"connections: {direct: a, addresses: first}",
          "connections.addresses: has no effect with direct: no name is looked up"},
         {"connections: {addresses: any}", "connections.addresses: unknown addresses \"any\""},
         {"client: {pacing: thrifty, traceparent: false, timeout: 4s, max_lateness: 4s}", ""},
         {"client: {pacing: exakt}", "client.pacing: unknown pacing \"exakt\"; did you mean \"exact\"?"},
         {"client: {timeout: 2s, max_lateness: 3s}", "client.max_lateness: is longer than client.timeout"},
         {"client: {traceparent: maybe}", "client.traceparent: \"maybe\" is neither true nor false"},
         {"client: {http: 1.1}", ""},
         {"client: {http: auto}", ""},
         {"client: {http: 2}", ""},
         {"client: {http: h2c}", ""},
         {"client: {http: h2}", "2:16: client.http: unknown version of HTTP \"h2\"; write auto, 1.1, 2 or h2c"},
         {"client: {http: 2, tls: {ca_file: a, cert_file: b, key_file: c, server_name: todo.test}}", ""},
         {"connections: {streams: 0}", "connections.streams: must lie between 1 and 10000"},
         {"client: {tls: {key_file: k.pem}}", "client.tls.key_file: is of no use without cert_file"},
         {"client: {http: h3}", "is not supported yet"},
         {"client: {http: spdy}", "unknown version of HTTP \"spdy\""},
         {"client: {tls: {insecure: yes}}", "client.tls.insecure: \"yes\" is neither true nor false"},
         {"client: {headers: {\"A B\": x}}", "\"A B\" is no name of a header"},
         {"client: {headers: {A: \"x\\ny\"}}", "may not hold line feeds"},
         {"client: {headers: {A: x, a: y}}", "the same header stands here already"},
         {"client: {headers: {content-length: 5}}", "Content-Length is set by the generator itself"},
         {"client: {headers: {A: }}", "has no value; write \"\" for an empty one"},
         {"client: {headers: {A: \"\"}}", ""},
         {"client: {headers: {A: [x]}}", "must be a text, not a list"},
         {"client: {headers: {A: \"{{id}}\"}}", "unknown placeholder {{id}}; known: {{sequence}} and {{uuid}}"},
         {"client: {headers: [A]}", "must be a mapping from header names to values"},
         {"client: {pod_header: X-Pod, workers: 4}", ""},
         {"client: {pod_header: \"X Pod\"}", "is no name of a header"},
         {"client: {workers: 1000}", "must lie between 0 and 256"},
         {"client: {timeout: 0s}", "must be longer than 0"}},
        kTarget, "\n" + kLoad);
}

TEST(Refusals, Requests) {
  check({{"[{get: /a}, {post: /a, body: x}]", ""},
         {"[{get: \"/a?n={{sequence}}&u={{uuid}}\"}]", ""},
         {"{get: /a}", "must be a list of requests"},
         {"[]", "holds no request; leave it out for GET /"},
         {"[{name: x}]", "requests[0]: says neither what to request nor how"},
         {"[{get: /a, post: /b}]", "has several methods: get and post"},
         {"[{gett: /a, get: /a}]", "unknown key \"gett\"; did you mean \"get\"?"},
         {"[{get: a}]", "2:18: requests[0].get: must begin with \"/\""},
         {"[{get: http://h/a}]", "write the path only; the host is that of target"},
         {"[{get: /a b}]", "percent-encode it"},
         {"[{get: \"/a\\r\\nX: y\"}]", "percent-encode it"},
         {"[{get: \"/a#b\"}]", "may not hold a fragment"},
         {"[{get: \"/{{id}}\"}]", "unknown placeholder {{id}}"},
         {"[{get: \"/{{uuid }}\"}]", "a placeholder has no space in it; write {{uuid}}"},
         {"[{post: /, body: \"{{ uuid }}\"}]", "a placeholder has no space in it; write {{uuid}}"},
         {"[{post: /, body: \"{{\\\"a\\\": 1}}\"}]", ""},
         {"[{post: /, json: {a: 1}, body: x}]", "has both json and body"},
         {"[{post: /, json: {a: .nan}}]", "requests[0].json.a: JSON has no number .nan"},
         {"[{post: /, json: {a: \"{{ids}}\"}}]", "unknown placeholder {{ids}}"},
         {"[{get: /a}, {get: /a}]", "requests[1]: the request \"GET /a\" is in line 2 already; give it another name"},
         {"[{name: n, get: /a}, {name: n, get: /b}]", "the request \"n\" is in line 2 already"},
         {"[{get: /a, weight: 0}, {get: /b, weight: 0}]", "has no request with a weight above 0"},
         {"[{get: /a, weight: -1}]", "weight: may not be negative"},
         {"[{get: /a, weight: heavy}]", "\"heavy\" is no number"},
         {"[{get: /a, expect: {status: 99}}]", "must lie between 200 and 599"},
         {"[{get: /a, expect: {status: [200, 200]}}]", "expect.status[1]: the status 200 stands here already"},
         {"[{get: /a, expect: {status: []}}]", "names no status"},
         {"[{get: /a, expect: {status: [200, 404], within: 1s}}]", ""},
         {"[{get: /a, expect: {within: 1}}]", "a duration needs a unit"},
         {"[{get: /a, until: {count: 1}}]", "\"until\" is not supported yet"},
         {"[{steps: []}]", "\"steps\" is not supported yet"},
         {"[{post: /, body: \"" + std::string((1u << 20) + 1, 'x') + "\"}]", "is 1048577 bytes long"}},
        kTarget + "requests: ", "\n" + kLoad);
}

TEST(Refusals, Load) {
  check(
      {{"[{hold: 1/s, for: 1s}]", ""},
       {"{arrivals: poisson, seed: 7, stages: [{hold: 1/s, for: 1s}]}", ""},
       {"[{hold: 1/s, for: 1s}, {pause: 5s}, {pause: true, for: 5s}, {ramp: 0/s, over: 1s}]", ""},
       {"1/s", "must be a list of stages, or a mapping with stages"},
       {"[]", "holds no stage"},
       {"{arrivals: uniform}", "\"stages\" is missing"},
       {"{arrivals: poison, stages: [{hold: 1/s, for: 1s}]}", "unknown arrivals \"poison\"; did you mean \"poisson\"?"},
       {"{seed: -1, stages: [{hold: 1/s, for: 1s}]}", "load.seed: must lie between 0 and"},
       {"[{for: 1s}]", "load[0]: is no stage; write one of hold, step, ramp or pause"},
       {"[{hold: 1/s, step: 1/s, for: 1s}]", "has several shapes: hold and step"},
       {"[{hold: 1/s}]", "\"for\" is missing; say how long, as in for: 30s"},
       {"[{ramp: 1/s}]", "\"over\" is missing"},
       {"[{hold: 1/s, over: 1s}]", "a hold has no \"over\"; write \"for\""},
       {"[{ramp: 1/s, for: 1s}]", "a ramp has no \"for\"; write \"over\""},
       {"[{hold: 1/s, for: 1s}, {pause: false, for: 1s}]", "makes no stage when it is false"},
       {"[{hold: 1/s, for: 1s}, {pause: 1s, over: 1s}]", "a pause has no \"over\""},
       {"[{hold: 0/s, for: 1s}]", "sends no request at all"},
       {"[{pause: 5s}]", "sends no request at all"},
       {"[{hold: 1/s, for: 0s}]", "must be longer than 0"},
       {"[{hold: 1/s, for: 5d}, {hold: 1/s, for: 5d}]", "is longer than 7 days altogether"},
       {"[{name: a, hold: 1/s, for: 1s}, {name: a, hold: 1/s, for: 1s}]",
        "load[1]: the stage \"a\" is in line 2 already; give it another name"},
       {"[{name: stage 2, hold: 1/s, for: 1s}, {hold: 1/s, for: 1s}]", "the stage \"stage 2\" is in line 2 already"},
       {"[{name: all, hold: 1/s, for: 1s}]", "a stage may not be called \"all\""},
       {"[{name: start, hold: 1/s, for: 1s}]", "a stage may not be called \"start\""},
       {"[{<<: {hold: 1/s}, hold: 1/s, for: 1s}]", "merge keys are not supported"}},
      kTarget + "load: ", "\n");
}

TEST(Refusals, Criteria) {
  check(
      {{"scale_up: {to: 5, within: 60s}", ""},
       {"scale_up: {hpa: a, to: 5, within: 60s, from: surge + 10s}", ""},
       {"scale_up: {to: 5, within: 60s, from: start}", ""},
       {"scale_up: {to: 5, within: 60s, from: start + 10s}", ""},
       {"scale_up: {hpa: b, to: 5, within: 60s}", "criteria[0].scale_up.hpa: unknown HPA \"b\"; did you mean \"a\"?"},
       {"scale_up: {to: 0, within: 60s}", "must lie between 1 and 100000"},
       {"scale_up: {to: 5}", "\"within\" is missing; as in within: 60s"},
       {"scale_up: {within: 60s}", "\"to\" is missing"},
       {"scale_up: 5", "must be a mapping with hpa, to, within and from"},
       {"scale_up: ", "has no value"},
       {"scale_up: {to: 5, within: 60s, from: sruge}",
        "scale_up.from: unknown stage \"sruge\"; did you mean \"surge\"?"},
       {"scale_up: {to: 5, within: 60s, from: 10s}", "is a duration, not an instant; write start + 10s"},
       {"scale_up: {to: 5, within: 60s, from: surge + 10}", "the offset: a duration needs a unit"},
       {"scale_up: {to: 5, within: 60s, from: surge + 2m}", "lies at or after the end of the load plan"},
       {"scale_up: {to: 5, within: 60s, from: action restart}",
        "names an action, and the scenario has none; add actions:"},
       {"scale_down: {to: 2, not_before: 5m, within: 7m}", ""},
       {"scale_down: {to: 2, not_before: 8m, within: 7m}", "scale_down.not_before: is later than within"},
       {"latency: {p99: 1s}", ""},
       {"latency: {p50: 1s, p90: 1s, p95: 1s, p99.9: 1s, max: 2s, during: after}", ""},
       {"latency: {p98: 1s, p99: 1s}", "unknown key \"p98\"; did you mean \"p90\"?"},
       {"latency: {during: all}", "has no limit; write one of p50, p90, p95, p99, p99.9 or max"},
       {"latency: {p99: 0s}", "must be longer than 0"},
       {"latency: {p99: 1s, during: scalling}", "unknown stage or phase \"scalling\"; did you mean \"scaling\"?"},
       {"latency: {p99: 1s, request: GET /x}", "latency.request: unknown request \"GET /x\"; did you mean \"GET /\"?"},
       {"latency: {p99: 1s, during: scaling 1}", ""},
       {"latency: {p99: 1s, during: scaling 2}", "the plan has 1 surge; write scaling, or scaling 1 at most"},
       {"error_rate: {max: 0.1%, during: draining}", ""},
       {"error_rate: 1%", ""},
       {"error_rate: {max: 0.001}", "a share needs a percent sign; write 0.001%"},
       {"error_rate: {during: all}", "\"max\" is missing"},
       {"dropped_requests: 0", ""},
       {"dropped_requests: {max: 5, during: surge}", ""},
       {"dropped_requests: -1", "must lie between 0 and"},
       {"dropped_requests: none", "\"none\" is no whole number"},
       {"replicas: {min: 2, max: 5, max_changes: 4}", ""},
       {"replicas: {during: all}", "has no limit; write min, max or max_changes"},
       {"replicas: {min: 6, max: 5}", "replicas.min: is more than max"},
       {"logs: {pods: x}", "looks for nothing"},
       {"latncy: {p99: 1s}", "unknown key \"latncy\"; did you mean \"latency\"?"},
       {"dropped_requests: 0\n    error_rate: 1%", "holds more than one criterion"},
       {"\"a\\e[31m\\nb\": 1", "unknown key \"a?[31m…\""},
       {"{}", "is empty"}},
      kTarget + "watch: {hpa: a}\n" + kLoad + "criteria:\n  - ", "\n");
}

TEST(Refusals, CriteriaThatNeedAnHpa) {
  const std::string criteria = "criteria: [{scale_up: {to: 5, within: 60s}}, {latency: {p99: 1s, during: scaling}}]\n";
  EXPECT_THAT(
      complaints(kTarget + kLoad + criteria),
      ElementsAre(
          HasSubstr("criteria[0].scale_up: needs an HPA to look at, and none is watched; add watch: {hpa: NAME}"),
          HasSubstr("the phase \"scaling\" is detected from an HPA, and none is watched")));
  EXPECT_THAT(
      complaints(kTarget + kLoad + "watch: [{hpa: a}, {hpa: b}]\n" + criteria),
      ElementsAre(HasSubstr("several HPAs are watched (a and b) and none is named; say which one with hpa: NAME")));
  EXPECT_THAT(complaints(kTarget + kLoad +
                         "watch: [{hpa: a, namespace: x}, {hpa: a, namespace: y}]\n"
                         "criteria: [{scale_up: {hpa: a, to: 5, within: 60s}}]\n"),
              ElementsAre(HasSubstr("\"a\" is watched in several namespaces")));
}

TEST(Refusals, AStageHidesAPhaseOfItsName) {
  const auto s = parse_scenario(kTarget +
                                    "load: [{name: baseline, hold: 1/s, for: 1m}]\n"
                                    "criteria: [{latency: {p99: 1s, during: baseline}}]\n",
                                "f");
  ASSERT_TRUE(s);
  EXPECT_EQ(std::get<LatencyCriterion>(s->criteria[0].rule).during.kind, During::Kind::stage);
}

TEST(Refusals, AreBoundedInNumber) {
  std::string text = kTarget + kLoad + "criteria:\n";
  for (int i = 0; i < 900; ++i) text += "  - nonsense: 1\n";
  const auto all = complaints(text);
  EXPECT_EQ(all.size(), 101u);
  for (int i = 0; i < 200; ++i) text += "  - nonsense: 1\n";
  EXPECT_THAT(complaints(text), ElementsAre(HasSubstr("holds 1100 criteria, more than the 1000 allowed")));
}

TEST(Json, KeepsTypesAndDigits) {
  struct JsonRow {
    const char* yaml;
    const char* json;
  };
  for (const auto& [yaml, json] : {
           JsonRow{"{a: 1, b: true, c: null, d: ~, e: x, f: '1', g: \"true\"}",
                   R"({"a":1,"b":true,"c":null,"d":null,"e":"x","f":"1","g":"true"})"},
           JsonRow{"[1.50, .5, 2., -0.0, 1e3, -1.5E-3, +7, 007, 0x1F, 0o17, -0]",
                   R"([1.50,0.5,2,-0.0,1e3,-1.5e-3,7,7,31,15,0])"},
           JsonRow{"{n: 12345678901234567890123456789, v: 1.2.3, d: 2024-01-01, y: yes, dot: ., e: 1e}",
                   R"({"n":12345678901234567890123456789,"v":"1.2.3","d":"2024-01-01","y":"yes","dot":".","e":"1e"})"},
           JsonRow{R"({"q\"": "a\\b\n\t\u00e4", "{{sequence}}": "{{uuid}}"})",
                   "{\"q\\\"\":\"a\\\\b\\n\\u0009\xC3\xA4\",\"{{sequence}}\":\"{{uuid}}\"}"},
           JsonRow{"plain text", R"("plain text")"},
           JsonRow{"[]", "[]"},
           JsonRow{"{a: {}, b: [[]]}", R"({"a":{},"b":[[]]})"},
           JsonRow{"{a: \"${N}\", b: $N}", R"({"a":"5","b":"$N"})"},
           JsonRow{"a${N}", R"("a5")"},
           JsonRow{"${N}", "5"},
       }) {
    const auto s = parse_scenario(kTarget + kLoad + "requests:\n  - post: /\n    json: " + yaml + "\n", "f",
                                  with_environment({{"N", "5"}}));
    ASSERT_TRUE(s) << yaml << format_diagnostic(s.error()[0]);
    EXPECT_EQ(s->requests[0].body, json) << yaml;
  }
}

TEST(Json, TheContentTypeMayBeOverridden) {
  const auto s = parse_scenario(
      kTarget + kLoad + "requests: [{post: /, json: {a: 1}, headers: {content-type: application/vnd.x+json}}]\n", "f");
  ASSERT_TRUE(s);
  ASSERT_EQ(s->requests[0].headers.size(), 1u);
  EXPECT_EQ(s->requests[0].headers[0].second, "application/vnd.x+json");
}

TEST(Refusals, ClosedLoop) {
  check({{"load: {closed: {connections: 64, for: 30s}}", ""},
         {"load: {seed: 3, closed: {connections: 1, for: 1s}}", ""},
         {"load: {closed: {connections: 64}}", "load.closed"},
         {"load: {closed: {for: 1s}}", "load.closed"},
         {"load: {closed: {connections: 0, for: 1s}}", "load.closed.connections: must lie between 1 and 100000"},
         {"load: {closed: {connections: 1, for: 1s}, stages: [{hold: 1/s, for: 1s}]}",
          "load.stages: does not go together with closed"},
         {"load: {arrivals: poisson, closed: {connections: 1, for: 1s}}",
          "load.arrivals: does not go together with closed"},
         {"load: {closed: {connections: 1, for: 1s}}\ncriteria: [{latency: {p99: 1s}}]",
          "cannot be judged in a closed loop"},
         {"load: {closed: {connections: 1, for: 1s}}\ncriteria: [{dropped_requests: 0}, {error_rate: 1%}]", ""}},
        kTarget, "\n");
}

const std::string kSignals = "prometheus: http://p:9090\nsignals: {errors: {prometheus: up}, p95: {prometheus: up}}\n";

TEST(Refusals, PrometheusAndSignals) {
  const std::string signals = "signals: {e: {prometheus: up}}\n";
  check({{"http://p:9090", ""},
         {"{url: https://p, token: \"${T:-x}\"}", ""},
         {"{url: http://p, token: \"${T:-}\"}", ""},
         {"{url: p}", "2:19: prometheus.url: is no URL"},
         {"{token: x}", "\"url\" is missing; as in url: http://prometheus.monitoring:9090"},
         {"{url: http://p, token: x}", "prometheus.token: would go over plain http"},
         {"{url: http://p, tls: {ca_file: c}}", "prometheus.tls: has no effect: prometheus.url is not https"},
         {"http://u:p@p", "may not hold a user or password; give it in prometheus.headers"}},
        kTarget + "prometheus: ", "\n" + signals + kLoad);
  check({{"{e: {prometheus: up, every: 5s}}", ""},
         {"{e: {prometheus: up, every: 5}}", "signals.e.every: a duration needs a unit"},
         {"{e: {prometheus: up, every: 1ms}}", "signals.e.every: is more often than a Prometheus should be asked"},
         {"{e: up}", "signals.e: must be a mapping with prometheus and every"},
         {"{e: {}}", "signals.e: \"prometheus\" is missing"},
         {"{e: }", "signals.e: has no value"},
         {"{during: {prometheus: up}}", "a signal cannot have that name"},
         {"{\"a b\": {prometheus: up}}", "signals: \"a b\" is no name of a signal"},
         {"[up]", "must be a mapping from names to queries"}},
        kTarget + "signals: ", "\n" + kLoad);
  EXPECT_THAT(complaints(kTarget + "prometheus: http://p\n" + kLoad),
              ElementsAre(HasSubstr("is not asked for anything")));
}

TEST(Refusals, CriteriaOnSignalsAndLogs) {
  check({{"signal: {errors: {max: 1}}", ""},
         {"signal: {errors: {max: 1s}, p95: {min: 5%}, during: surge}", ""},
         {"signal: {erors: {max: 1}}", "unknown signal \"erors\"; did you mean \"errors\"?"},
         {"signal: {errors: {}}", "criteria[0].signal.errors: has no limit; write min or max"},
         {"signal: {errors: {max: fast}}", "\"fast\" is no value"},
         {"signal: {errors: {max: 1 s}}", "a value has no space in it; write 1s"},
         {"signal: {errors: {min: 2, max: 1}}", "is more than max; swap them"},
         {"signal: {errors: {min: 0, max: 5%}}", "min and max have different units"},
         {"signal: {during: surge}", "names no signal"},
         {"signal: {errors: {max: 1}, during: sruge}", "unknown stage or phase"},
         {"signal: errors", "must be a mapping with the signal's name"},
         {"logs: {pods: app=x, absent: ERROR}", ""},
         {"logs: {pods: app=x, absent: [ERROR, \"password=\"], present: [ready], during: surge}", ""},
         {"logs: {absent: [ERROR]}", "whose logs? No HPA is watched, and no pods are named; add pods"},
         {"logs: {pods: app=x}", "looks for nothing"},
         {"logs: {pods: \"app=(\", absent: [E]}", "is no label selector"},
         {"logs: {pods: app=x, absent: []}", "is empty; name at least one text"},
         {"logs: {pods: app=x, absent: [E, E]}", "the same text stands here already"},
         {"logs: {pods: app=x, absent: [E], present: [E]}", "is to be both absent and present"},
         {"logs: {pods: app=x, absent: [\"a\\nb\"]}", "holds a line feed"},
         {"eventually: {signal: errors, above: 0, within: 30s, after: surge + 10s}", ""},
         {"eventually: {signal: errors, below: 5/s, within: 30s}", ""},
         {"eventually: {logs: ERROR, pods: app=x, within: 30s}", ""},
         {"eventually: {signal: errors, above: 0}", "\"within\" is missing"},
         {"eventually: {signal: errors, within: 30s}", "has no limit; write either above or below"},
         {"eventually: {signal: errors, above: 0, below: 1, within: 30s}", "has two limits"},
         {"eventually: {within: 30s}", "says nothing to wait for"},
         {"eventually: {signal: errors, logs: E, within: 30s}", "names both a signal and logs"},
         {"eventually: {signal: errors, above: 0, pods: a=b, within: 30s}", "belongs to logs, not to a signal"},
         {"eventually: {logs: E, pods: a=b, above: 0, within: 30s}", "belongs to a signal, not to logs"},
         {"eventually: {signal: errors, above: 0, within: 30s, after: action x}",
          "eventually.after: names an action, and the scenario has none"}},
        kTarget + kSignals + kLoad + "criteria: [{", "}]\n");
  EXPECT_THAT(complaints(kTarget + kLoad + "criteria: [{signal: {e: {max: 1}}}]\n"),
              ElementsAre(HasSubstr("there is no signal \"e\"; add signals: {e: {prometheus: 'QUERY'}}")));
}

TEST(Refusals, WarmUpAndPrice) {
  check({{"warm_up: 30s", ""},
         {"warm_up: 30", "warm_up: a duration needs a unit"},
         {"warm_up: 2m", "warm_up: is as long as the load plan or longer"},
         {"price: 0.048 EUR/h", ""},
         {"price: 0.048EUR/h", ""},
         {"price: 0.048", "price: a price needs a currency and its hour; write 0.048 EUR/h"},
         {"price: 0.048 EUR", "\"0.048 EUR\" is no price; write what one replica costs an hour"},
         {"price: free", "\"free\" is no price"},
         {"price: -1 EUR/h", "a price must lie between 0"}},
        kTarget + kLoad, "\n");
}

}  // namespace
}  // namespace surgeproof
