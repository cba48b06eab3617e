#include <fmt/format.h>

#include <iostream>

#include "analyzers/doctor/doctor.h"
#include "app/access_needs.h"
#include "app/checks_output.h"
#include "app/cluster_link.h"
#include "app/commands/cluster_commands.h"
#include "app/machine.h"
#include "app/observing.h"
#include "app/run/direct_feed.h"
#include "base/duration.h"
#include "k8s/access/review.h"
#include "k8s/feed.h"
#include "k8s/json_access.h"
#include "k8s/views.h"
#include "loadgen/engine.h"
#include "scenarios/load_profile.h"

namespace surgeproof {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

/// Newer samples than this are fresh; see preflight.
constexpr std::chrono::seconds kOldSample{120};

class Doctor {
 public:
  explicit Doctor(const DoctorOptions& options, const Scenario* scenario) : o_{options}, scenario_{scenario} {
    if (options.scenario.path != "-") facts_.scenario = options.scenario.path;
  }

  DoctorFacts look() {
    const bool asks_cluster =
        !scenario_ || !scenario_->watch.empty() || scenario_->connections.direct || !wanted_logs(*scenario_).empty();
    if (asks_cluster) {
      if (connect()) ask();
    } else {
      facts_.configuration = {true, "not needed: the scenario watches nothing", ""};
    }
    if (scenario_ && !scenario_->signals.empty()) prometheus();
    if (scenario_ && scenario_->connections.direct) {
      if (link_) pods();
    } else if (scenario_ && !scenario_->target.empty()) {
      target();
    }
    facts_.machine = look_at_machine();
    if (scenario_) {
      facts_.machine.connections = scenario_->connections.max;
      facts_.machine.reuses_connections = scenario_->connections.reuse;
      facts_.machine.peak_per_second = LoadProfile{scenario_->load.stages}.peak().per_second;
    }
    return std::move(facts_);
  }

 private:
  bool connect() {
    choice_ = cluster_choice(scenario_ ? *scenario_ : Scenario{}, o_.cluster);
    auto config = k8s::find_cluster_config(choice_, k8s::process_surroundings(), &facts_.warnings);
    if (!config) {
      facts_.configuration = {false,
                              format_diagnostic({.file = config.error().file,
                                                 .line = config.error().line,
                                                 .column = config.error().column,
                                                 .path = config.error().path,
                                                 .message = config.error().message,
                                                 .hint = {}}),
                              config.error().hint};
      return false;
    }
    facts_.configuration = {true, fmt::format("{}, namespace {}", config->origin, config->ns), ""};
    const auto begin = Clock::now();
    auto client = k8s::ApiClient::connect(*config);
    const auto took = Clock::now() - begin;
    const bool refused = client && !client->version() && client->version().error().status == 401;
    if (!client || refused) {
      const auto& failure = client ? client->version().error() : client.error();
      const auto error = k8s::watch_error(failure, config->server, config->origin);
      facts_.server = {false, error.message, error.hint};
      return false;
    }
    std::string version = "version not readable";
    if (client->version()) {
      if (const auto body = k8s::parse_json(*client->version())) {
        version = k8s::text_at(k8s::as_object(*body), "gitVersion");
      }
    }
    facts_.server = {
        true, fmt::format("{}, {}, connected and answered in {}", config->server, version, format_duration(took)), ""};
    if (const auto server = client->server_clock()) {
      // The header is cut to the second: its middle is the best guess.
      facts_.clock_ahead = std::chrono::duration_cast<milliseconds>(WallTime{std::chrono::system_clock::now()} -
                                                                    *server - milliseconds{500});
    }
    link_.emplace(*std::move(config), *std::move(client));
    return true;
  }

  void ask() {
    k8s::AccessNeeds needs;
    const std::string ns = !choice_.ns.empty() ? choice_.ns : link_->config.ns;
    if (scenario_) {
      needs = access_needs(*scenario_, ns);
      look_up(needs, link_->get());  // what cannot be read is told by the rights
    } else {
      needs.watched.push_back({ns, "", k8s::ResourceName{"apps", "deployments"}, std::nullopt});
    }
    const auto permissions = k8s::permissions_for(needs);
    for (const auto& question : k8s::questions_for(permissions)) ask(question);
    if (!needs.watched.empty()) metrics(needs);
  }

  void ask(const k8s::AccessQuestion& q) {
    RightAsked right{q.about->ns, q.resource_words(), q.verb, q.about->without, q.about->essential, std::nullopt, {}};
    const auto body = link_->client.post(k8s::kReviewPath, q.body());
    const auto answer = body ? k8s::read_answer(*body) : std::unexpected{body.error().message};
    if (answer) {
      right.granted = answer->allowed;
      right.words = answer->reason;
    } else {
      right.words = answer.error();
    }
    facts_.rights.push_back(std::move(right));
  }

  void metrics(const k8s::AccessNeeds& needs) {
    const auto served = link_->client.get("/apis/metrics.k8s.io/v1beta1");
    if (!served) {
      std::string words = served.error().message;
      if (const auto why = unavailable_because(); !why.empty()) words += ": " + why;
      facts_.resource_metrics = {false, words,
                                 "install the metrics-server, or look at: kubectl get apiservices "
                                 "v1beta1.metrics.k8s.io"};
      return;
    }
    facts_.resource_metrics = {true, "served", ""};
    const auto path = fmt::format("/apis/metrics.k8s.io/v1beta1/namespaces/{}/pods", needs.watched.front().ns);
    const auto body = link_->client.get(path);
    if (!body) return;  // its right has been asked for
    const auto list = k8s::parse_json(*body);
    std::optional<WallTime> newest;
    std::size_t count = 0;
    for (const auto& item : list ? k8s::array_at(k8s::as_object(*list), "items") : k8s::json::array{}) {
      const auto at = k8s::time_at(k8s::as_object(item), "timestamp");
      if (!at) continue;
      ++count;
      newest = std::max(newest.value_or(*at), *at);
    }
    samples(count, newest);
  }

  void samples(std::size_t count, std::optional<WallTime> newest) {
    const auto now = link_->client.server_clock();
    if (count == 0) {
      facts_.samples = {false, "there are none in the namespace", "are there pods? New ones have some after a minute"};
    } else if (newest && now) {
      const auto age = std::max(std::chrono::seconds{0}, std::chrono::floor<std::chrono::seconds>(*now - *newest));
      const bool fresh = age <= kOldSample;
      facts_.samples = {
          fresh, fmt::format("of {} pod{}, the newest is {} old", count, count == 1 ? "" : "s", format_duration(age)),
          fresh ? "" : "look at the metrics-server's log"};
    }
  }

  /// Of the APIService, when it may be read.
  std::string unavailable_because() {
    const auto body = link_->client.get("/apis/apiregistration.k8s.io/v1/apiservices/v1beta1.metrics.k8s.io");
    const auto service = body ? k8s::parse_json(*body) : std::nullopt;
    if (!service) return {};
    for (const auto& c : k8s::array_at(k8s::object_at(k8s::as_object(*service), "status"), "conditions")) {
      const auto& condition = k8s::as_object(c);
      if (k8s::text_at(condition, "type") != "Available" || k8s::text_at(condition, "status") == "True") continue;
      return fmt::format("{}: {}", k8s::text_at(condition, "reason"), k8s::text_at(condition, "message"));
    }
    return {};
  }

  void prometheus() {
    const std::string& url = scenario_->prometheus.url;
    if (url.empty()) {
      facts_.prometheus = {false, "it is not said where it is", "add prometheus: {url: …}, or set PROMETHEUS_URL"};
      return;
    }
    k8s::SignalPoller poller(prometheus_server(*scenario_), signal_requests(*scenario_), {}, [](const Record&) {});
    const auto asked = poller.check();
    const std::size_t n = scenario_->signals.size();
    if (asked) {
      facts_.prometheus = {true, fmt::format("{} understands {} {}", url, n, n == 1 ? "query" : "queries"), ""};
    } else {
      facts_.prometheus = {false, asked.error().message, asked.error().hint};
    }
  }

  void target() {
    facts_.target_is_tls = scenario_->target.starts_with("https:");
    const auto begin = Clock::now();
    const auto reached = loadgen::probe_target(*scenario_);
    const auto took = format_duration(Clock::now() - begin);
    if (reached) {
      facts_.target = {true, fmt::format("{} resolved and connected in {}", scenario_->target, took), ""};
      return;
    }
    facts_.target = {false, fmt::format("{}: {}", scenario_->target, reached.error()),
                     facts_.target_is_tls ? "a private certificate authority is named with client.tls.ca_file"
                                          : "is the URL right, and does the service run?"};
  }

  /// Connections::direct: the pods themselves are the target.
  void pods() {
    const auto& direct = *scenario_->connections.direct;
    const std::string ns = !direct.ns.empty() ? direct.ns : link_->config.ns.empty() ? "default" : link_->config.ns;
    facts_.target_is_tls = scenario_->target.starts_with("https:");
    const auto body = link_->client.get(k8s::list_target(k8s::slices_feed(ns), 0, ""));
    const auto list = body ? k8s::parse_json(*body) : std::nullopt;
    if (!list) {
      const std::string why = body ? "not JSON" : body.error().message;
      facts_.target = {false, fmt::format("the EndpointSlices in {} cannot be read: {}", ns, why), ""};
      return;
    }
    DirectAddresses addresses{direct, ns};
    for (const auto& item : k8s::array_at(k8s::as_object(*list), "items")) {
      addresses.take(k8s::endpoint_slice_view(k8s::as_object(item), {}));
    }
    if (!addresses.trouble().empty()) {
      facts_.target = {false, addresses.trouble(), ""};
    } else if (addresses.addresses().empty()) {
      facts_.target = {false, fmt::format("no pod of Service {} is ready", addresses.service()),
                       "is the Service's name right, and do its pods run?"};
    } else {
      connect_to(addresses);
    }
  }

  void connect_to(const DirectAddresses& pods) {
    const auto begin = Clock::now();
    const auto reached = loadgen::probe_target(*scenario_, std::chrono::seconds{10}, pods.addresses());
    const auto took = format_duration(Clock::now() - begin);
    const auto count = pods.addresses().size();
    const auto words = fmt::format("{} ready pod{} of Service {}", count, count == 1 ? "" : "s", pods.service());
    if (reached) {
      facts_.target = {true, fmt::format("{}, one of them connected in {}", words, took), ""};
    } else {
      facts_.target = {false, fmt::format("{}, but {}", words, reached.error()),
                       "connections.direct takes a machine that reaches the pods' network"};
    }
  }

  const DoctorOptions& o_;
  const Scenario* scenario_;
  k8s::ClusterChoice choice_;
  std::optional<ClusterLink> link_;
  DoctorFacts facts_;
};

}  // namespace

ExitCode doctor_command(const DoctorOptions& o) {
  std::optional<LoadedScenario> loaded;
  if (!o.scenario.path.empty()) {
    loaded = load_scenario(o.scenario, std::cerr);
    if (!loaded) return ExitCode::usage;
  }
  const auto facts = Doctor{o, loaded ? &loaded->scenario : nullptr}.look();
  auto checks = examine(facts);
  const int code = doctor_exit_code(facts, checks);
  const auto headline = doctor_headline(code, checks);
  return print_checks({"doctor", o.scenario.path, headline, code, std::move(checks)}, o.format);
}

}  // namespace surgeproof
