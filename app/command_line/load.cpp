// load: one URL, no scenario file. Users of curl, wrk, hey, oha and vegeta find the flags they know (docs/LOAD.md).
#include "app/command_line/command_line.h"
#include "app/commands/commands.h"
#include "base/duration.h"

namespace surgeproof {

namespace {

constexpr const char* kAboutLoad =
    "Send HTTP load to one URL and say how it was answered\n\n"
    "  surgeproof load --rate 2000/s --for 30s http://127.0.0.1:8080/\n"
    "  surgeproof load --closed --connections 64 http://127.0.0.1:8080/      as fast as it answers\n"
    "  surgeproof load --rate 500/s --latency-limit p99:200ms --max-errors 0.1% https://shop.example.com/cart\n"
    "  surgeproof load --rate 50/s -X POST -H 'Content-Type: application/json' -d @task.json "
    "https://shop.example.com/tasks\n"
    "  surgeproof load --rate 2000/s --json http://127.0.0.1:8080/ | jq .latency_ms\n\n"
    "With --rate requests leave when they are due, whatever the service does, and latency counts from that instant.\n"
    "Without --for it takes 10s. Exit codes: 0 well, 1 a limit was broken (or nothing was answered as expected),\n"
    "2 bad usage, 3 target out of reach, 4 inconclusive (the generator fell behind), 130 interrupted.";

void add_amount(CLI::App& load, LoadOptions& o) {
  const char* group = "How much";
  load.add_option("-R,--rate,--qps", o.rate, "Requests a second, as 2000/s, 2000 or 120/min")
      ->group(group)
      ->type_name("RATE");
  load.add_option("-q", o.rate, "The same, over all connections")->group(group)->type_name("RATE");
  load.add_option("--for,-z,--duration", o.duration, "How long (10s)")->group(group)->type_name("DURATION");
  load.add_option("-n,--requests", o.requests, "How many requests at that rate, instead of --for")
      ->group(group)
      ->check(CLI::Range(std::uint64_t{1}, std::uint64_t{1'000'000'000'000}));
  load.add_flag("--closed", o.closed, "Each connection sends its next request when its last one was answered")
      ->group(group);
  load.add_option("-c,--connections", o.connections, "Connections: at most (256), or exactly with --closed (64)")
      ->group(group)
      ->check(CLI::Range(1, 100'000));
  load.add_option("--streams", o.streams,
                  "HTTP/2: requests on one connection, at most (100), or exactly with --closed (1)")
      ->group(group)
      ->check(CLI::Range(1, 10'000));
  load.add_option("--ramp", o.ramp, "First rise from 0 to the rate for so long")->group(group)->type_name("DURATION");
  load.add_option("--arrivals", o.arrivals, "uniform (evenly spaced) or poisson")->group(group);
  load.add_option("--seed", o.seed, "Of everything random; the same seed, the same requests")->group(group);
}

void add_request(CLI::App& load, LoadOptions& o) {
  const char* group = "What to send";
  load.add_option("-X,--method,-m", o.method, "GET, HEAD, POST, PUT, PATCH or DELETE (POST with a body, else GET)")
      ->group(group);
  load.add_option("-H,--header", o.headers, "\"Name: value\"; may be given again")
      ->allow_extra_args(false)
      ->group(group);
  load.add_option("--host", o.host, "Host header, where it is not the URL's")->group(group)->type_name("NAME");
  load.add_option("--body,--data", o.body, "The request's body; @FILE reads it from a file")->group(group);
  load.add_option("-d", o.body, "The same")
      ->group(group)
      ->check(CLI::Validator{[](const std::string& text) {
                               return parse_duration(text) ? "is a body here; write --for " + text + " for a duration"
                                                           : std::string{};
                             },
                             "", "no duration"});
  load.add_option("-D,--body-file", o.body_file, "A file with the body; - is standard input")
      ->group(group)
      ->type_name("FILE");
  load.add_option("--content-type", o.content_type, "Content-Type header")->group(group);
  load.add_option("-T", o.content_type, "The same")
      ->group(group)
      ->check(CLI::Validator{[](const std::string& text) {
                               return parse_duration(text) ? "is a content type here; write --timeout " + text
                                                           : std::string{};
                             },
                             "", "no duration"});
  load.add_option("-A,--accept", o.accept, "Accept header")->group(group);
  load.add_option("-a,--user", o.user, "NAME:PASSWORD for HTTP basic authentication")->group(group);
  load.add_option("--expect-status", o.expected_statuses, "Statuses that count as good (any 2xx or 3xx)")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->group(group);
}

void add_connection(CLI::App& load, LoadOptions& o) {
  const char* group = "How to send it";
  load.add_option("--http", o.http, "auto, 1.1, 2 or h2c")->group(group);
  load.add_flag_callback("--http2", [&o] { o.http = "2"; }, "The same as --http 2")->group(group);
  load.add_flag_callback("--h2c", [&o] { o.http = "h2c"; }, "The same as --http h2c")->group(group);
  load.add_option("--timeout", o.timeout, "From the planned instant to the last byte (10s)")
      ->group(group)
      ->type_name("DURATION");
  load.add_option("-t", o.timeout, "The same")
      ->group(group)
      ->type_name("DURATION")
      ->check(CLI::Validator{
          [](const std::string& text) {
            return parse_duration(text)
                       ? std::string{}
                       : "is a timeout here, with a unit, as in 5s; write --workers for a number of threads";
          },
          "", "duration"});
  load.add_flag("-k,--insecure", o.insecure, "Do not check the server's certificate")->group(group);
  load.add_option("--cacert,--root-certs", o.ca_file, "PEM file of the certificate authority")
      ->group(group)
      ->type_name("FILE");
  load.add_option("--cert", o.cert_file, "PEM file of the client's certificate")->group(group)->type_name("FILE");
  load.add_option("--key", o.key_file, "PEM file of its private key")->group(group)->type_name("FILE");
  load.add_flag("--disable-keepalive,--no-keepalive", o.no_reuse, "A new connection for each request")->group(group);
  load.add_option("--workers,--threads", o.workers, "Generator threads (as many as the rate needs)")
      ->group(group)
      ->check(CLI::Range(1, 256));
  load.add_option("--pacing", o.pacing, "thrifty, balanced or exact: CPU against punctuality (balanced)")->group(group);
}

void add_outcome(CLI::App& load, LoadOptions& o) {
  const char* limits = "What must hold";
  load.add_option("--latency-limit", o.latency_limits,
                  "As p99:200ms (p50, p90, p95, p99, p99.9 or max); may be given again")
      ->allow_extra_args(false)
      ->group(limits);
  load.add_option("--max-errors", o.max_errors, "Share of requests that may fail, as 0.1%")->group(limits);
  load.add_option("--max-drops", o.max_drops, "Requests that may get no valid answer, as 0")->group(limits);

  const char* group = "What comes out";
  load.add_flag("-j,--json", o.json, "JSON instead of text (reports/load.schema.json)")->group(group);
  load.add_option("-o,--output", "text or json")
      ->group(group)
      ->check(CLI::IsMember({"text", "json"}))
      ->each([&o](const std::string& format) { o.json = format == "json"; });
  load.add_option("--out", o.out, "Write a run directory there too, for analyze and report")
      ->group(group)
      ->type_name("DIR");
  load.add_flag_callback(
          "--plain,--no-tui", [&o] { o.view = View::plain; }, "Plain lines instead of the live view")
      ->group(group);
  load.add_flag_callback("--quiet", [&o] { o.view = View::quiet; }, "Only the summary")->group(group);
  load.add_flag_callback("-L,--latency", [] {}, "Nothing more: the latency is always shown")->group(group);
  load.add_flag("--print-scenario", o.print_scenario, "Print the same load as a scenario file; send nothing")
      ->group(group);
}

}  // namespace

void add_load_command(CommandLine& line) {
  auto* load = line.app.add_subcommand("load", kAboutLoad);
  auto& o = line.command<LoadOptions>(*load, load_command);
  load->add_option("url", o.url, "http:// or https://, with path and query")->required()->type_name("URL");
  add_amount(*load, o);
  add_request(*load, o);
  add_connection(*load, o);
  add_outcome(*load, o);
}

}  // namespace surgeproof
