#include "app/load/load_scenario.h"

#include <algorithm>
#include <cctype>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <ostream>
#include <sstream>

#include "app/load/scenario_lines.h"
#include "base/ascii.h"
#include "base/base64.h"
#include "base/duration.h"
#include "scenarios/parse.h"
#include "scenarios/reading/quantities.h"

namespace surgeproof {
namespace {

constexpr int kClosedConnections = 64;
constexpr std::string_view kFile = "load";
/// Longer bodies, and those that are no text, are not written into the scenario's text.
constexpr std::size_t kLongestInlineBody = 64 * 1024;
constexpr std::size_t kLargestBody = 64u << 20;

bool is_number(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789.") == std::string_view::npos;
}

bool is_plain_text(std::string_view text) {
  // Valid UTF-8 is what YAML asks for; the exact check is the parser's, this one keeps binary bodies out of the text.
  return std::ranges::none_of(text, [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte >= 0x7F || (byte < 0x20 && c != '\n' && c != '\r' && c != '\t');
  });
}

/// Builds the lines and collects complaints of its own.
class Builder {
 public:
  explicit Builder(const LoadOptions& options) : o_(options) {}

  std::optional<LoadedScenario> build(std::ostream& errors) {
    target();
    client();
    connections();
    request();
    load();
    criteria();
    if (complaints_.empty()) {
      auto scenario = parse_scenario(lines_.text(), kFile);
      if (scenario) return finished(std::move(*scenario));
      for (const Diagnostic& d : scenario.error()) complain(lines_.complaint(d));
    }
    for (const std::string& complaint : complaints_) errors << "surgeproof: " << complaint << '\n';
    return std::nullopt;
  }

 private:
  void complain(std::string text) {
    if (std::ranges::find(complaints_, text) == complaints_.end()) complaints_.push_back(std::move(text));
  }

  void target() {
    std::string url = o_.url;
    if (!url.contains("://")) url = "http://" + url;
    url = url.substr(0, url.find('#'));  // servers never see it
    const auto authority = url.find("://") + 3;
    const auto path = std::min(url.find_first_of("/?", authority), url.size());
    path_ = url.substr(path);
    if (!path_.starts_with('/')) path_ = "/" + path_;
    if (url.substr(authority, path - authority).contains('@')) {
      complain("URL: may not hold a user or password; give them with --user NAME:PASSWORD");
      return;
    }
    lines_.add("name: " + yaml_quoted("load of " + url.substr(authority, path - authority)), "URL");
    lines_.add("target: " + yaml_quoted(url.substr(0, path)), "URL");
  }

  void header(std::string_view name, std::string_view value, const std::string& flag) {
    if (!any_header_) lines_.add("  headers:");
    any_header_ = true;
    lines_.add(fmt::format("    {}: {}", yaml_quoted(name), yaml_quoted(value)), flag);
  }

  void client() {
    lines_.add("client:");
    if (!o_.timeout.empty()) lines_.add("  timeout: " + yaml_quoted(o_.timeout), "--timeout " + o_.timeout);
    lines_.add("  http: " + yaml_quoted(o_.http.empty() ? "auto" : o_.http), "--http " + o_.http);
    if (o_.workers > 0) lines_.add(fmt::format("  workers: {}", o_.workers), fmt::format("--workers {}", o_.workers));
    if (!o_.pacing.empty()) lines_.add("  pacing: " + yaml_quoted(o_.pacing), "--pacing " + o_.pacing);
    tls();
    for (const std::string& text : o_.headers) {
      const auto colon = text.find(':');
      if (colon == std::string::npos || colon == 0) {
        complain("--header: write it as \"Name: value\"");
        continue;
      }
      const auto value = std::min(text.find_first_not_of(" \t", colon + 1), text.size());
      header(text.substr(0, colon), std::string_view{text}.substr(value), "--header " + text.substr(0, colon));
    }
    if (!o_.host.empty()) header("Host", o_.host, "--host");
    if (!o_.user.empty()) {
      if (!o_.user.contains(':')) complain("--user: write it as NAME:PASSWORD");
      header("Authorization", "Basic " + encode_base64(o_.user), "--user");
    }
    if (!o_.accept.empty()) header("Accept", o_.accept, "--accept");
    if (!o_.content_type.empty()) header("Content-Type", o_.content_type, "--content-type");
  }

  void tls() {
    if (!o_.insecure && o_.ca_file.empty() && o_.cert_file.empty() && o_.key_file.empty()) return;
    lines_.add("  tls:");
    if (o_.insecure) lines_.add("    insecure: true", "--insecure");
    if (!o_.ca_file.empty()) lines_.add("    ca_file: " + yaml_quoted(o_.ca_file), "--cacert");
    if (!o_.cert_file.empty()) lines_.add("    cert_file: " + yaml_quoted(o_.cert_file), "--cert");
    if (!o_.key_file.empty()) lines_.add("    key_file: " + yaml_quoted(o_.key_file), "--key");
  }

  void connections() {
    // A closed loop says itself how many connections and streams it has.
    const int most = o_.closed ? 0 : o_.connections;
    const int streams = o_.closed ? 0 : o_.streams;
    if (most == 0 && streams == 0 && !o_.no_reuse) return;
    lines_.add("connections:");
    if (streams != 0) lines_.add(fmt::format("  streams: {}", streams), fmt::format("--streams {}", streams));
    if (most != 0) lines_.add(fmt::format("  max: {}", most), fmt::format("--connections {}", most));
    if (o_.no_reuse) lines_.add("  reuse: false", "--disable-keepalive");
  }

  void request() {
    read_body();
    std::string method = ascii::lower(o_.method.empty() ? (body_.empty() ? "get" : "post") : o_.method);
    constexpr std::string_view kMethods[] = {"get", "post", "put", "patch", "delete", "head"};
    if (std::ranges::find(kMethods, method) == std::end(kMethods)) {
      complain(fmt::format("--method {}: there are GET, POST, PUT, PATCH, DELETE and HEAD", o_.method));
      method = "get";
    }
    lines_.add("requests:");
    lines_.add(fmt::format("  - {}: {}", method, yaml_quoted(path_)), "URL");
    if (!body_.empty() && is_inline()) lines_.add("    body: " + yaml_quoted(body_), "--body");
    if (!body_.empty() && !is_inline()) lines_.add(fmt::format("    # and a body of {} bytes", body_.size()));
    if (!o_.expected_statuses.empty()) {
      lines_.add(fmt::format("    expect: {{status: [{}]}}", fmt::join(o_.expected_statuses, ", ")), "--expect-status");
    }
  }

  [[nodiscard]] bool is_inline() const { return body_.size() <= kLongestInlineBody && is_plain_text(body_); }

  void read_body() {
    std::string file = o_.body_file;
    if (o_.body.starts_with('@')) {
      if (!file.empty()) complain("--body and --body-file: give one of them");
      file = o_.body.substr(1);
    } else {
      body_ = o_.body;
      if (!file.empty() && !body_.empty()) complain("--body and --body-file: give one of them");
    }
    if (file.empty()) return;
    std::ostringstream content;
    if (file == "-") {
      content << std::cin.rdbuf();
    } else {
      std::ifstream in{file, std::ios::binary};
      if (in) content << in.rdbuf();
      if (!in) {
        complain(fmt::format("--body-file {}: cannot be read, or is empty", file));
        return;
      }
    }
    body_ = std::move(content).str();
    if (body_.size() > kLargestBody) complain(fmt::format("--body-file {}: is larger than 64 MiB", file));
  }

  void load() {
    if (o_.closed) return closed_loop();
    if (o_.rate.empty()) {
      complain(
          "say how much to send: --rate 100/s at a fixed rate, whatever the service does (open loop), or --closed "
          "as fast as the service answers 64 connections");
      return;
    }
    const std::string rate = normal_rate();
    lines_.add("load:");
    if (!o_.arrivals.empty()) lines_.add("  arrivals: " + yaml_quoted(o_.arrivals), "--arrivals " + o_.arrivals);
    if (o_.seed > 0) lines_.add(fmt::format("  seed: {}", o_.seed), "--seed");
    lines_.add("  stages:");
    if (!o_.ramp.empty()) {
      lines_.add(fmt::format("    - ramp: {}", yaml_quoted(rate)), "--rate " + o_.rate);
      lines_.add("      name: ramp");
      lines_.add("      over: " + yaml_quoted(o_.ramp), "--ramp " + o_.ramp);
    }
    lines_.add(fmt::format("    - hold: {}", yaml_quoted(rate)), "--rate " + o_.rate);
    lines_.add("      name: steady");
    lines_.add("      for: " + yaml_quoted(duration(rate)),
               o_.requests > 0 ? fmt::format("--requests {}", o_.requests) : "--for " + o_.duration);
  }

  void closed_loop() {
    for (const auto& [flag, given] : {std::pair{"--rate", !o_.rate.empty()},
                                      {"--ramp", !o_.ramp.empty()},
                                      {"--arrivals", !o_.arrivals.empty()},
                                      {"--requests", o_.requests > 0}}) {
      if (given)
        complain(fmt::format("--closed and {}: a closed loop sends as fast as it is answered; leave one out", flag));
    }
    const int connections = o_.connections > 0 ? o_.connections : kClosedConnections;
    lines_.add("load:");
    lines_.add("  closed:");
    lines_.add(fmt::format("    connections: {}", connections), fmt::format("--connections {}", connections));
    if (o_.streams != 0)
      lines_.add(fmt::format("    streams: {}", o_.streams), fmt::format("--streams {}", o_.streams));
    lines_.add("    for: " + yaml_quoted(o_.duration.empty() ? "10s" : o_.duration), "--for " + o_.duration);
  }

  // What people of other tools write: "2000", "50/1s", "100/m".
  [[nodiscard]] std::string normal_rate() const {
    if (is_number(o_.rate)) return o_.rate + "/s";
    for (const auto& [theirs, ours] : {std::pair{"/1s", "/s"}, {"/m", "/min"}, {"/1m", "/min"}, {"/1h", "/h"}}) {
      const std::string_view end{theirs};
      if (o_.rate.ends_with(end)) return o_.rate.substr(0, o_.rate.size() - end.size()) + ours;
    }
    return o_.rate;
  }

  std::string duration(const std::string& rate) {
    if (o_.requests == 0) return o_.duration.empty() ? "10s" : o_.duration;
    if (!o_.duration.empty()) complain("--requests and --for: give one of them");
    const auto parsed = reading::read_rate(rate);
    if (!parsed || parsed->per_second <= 0) return "10s";  // the rate's own complaint follows
    const double seconds = static_cast<double>(o_.requests) / parsed->per_second;
    return fmt::format("{:.0f}ns", std::max(1.0, seconds * 1e9));
  }

  void criteria() {
    if (o_.latency_limits.empty() && o_.max_errors.empty() && o_.max_drops.empty()) return;
    lines_.add("criteria:");
    for (const std::string& limit : o_.latency_limits) {
      const auto colon = limit.find(':');
      if (colon == std::string::npos || colon == 0 || colon + 1 == limit.size()) {
        complain(fmt::format("--latency-limit {}: write it as p99:200ms", limit));
        continue;
      }
      lines_.add(fmt::format("  - latency: {{{}: {}}}", yaml_quoted(limit.substr(0, colon)),
                             yaml_quoted(limit.substr(colon + 1))),
                 "--latency-limit " + limit);
    }
    if (!o_.max_errors.empty()) {
      lines_.add("  - error_rate: {max: " + yaml_quoted(o_.max_errors == "0" ? "0%" : o_.max_errors) + "}",
                 "--max-errors " + o_.max_errors);
    }
    if (!o_.max_drops.empty()) {
      lines_.add("  - dropped_requests: " + yaml_quoted(o_.max_drops), "--max-drops " + o_.max_drops);
    }
  }

  LoadedScenario finished(Scenario scenario) {
    if (!is_inline()) scenario.requests.front().body = body_;
    return {std::move(scenario), std::string{kFile}, resolved_scenario_text(lines_.text(), kFile)};
  }

  const LoadOptions& o_;
  ScenarioLines lines_;
  std::vector<std::string> complaints_;
  std::string path_;
  std::string body_;
  bool any_header_ = false;
};

}  // namespace

std::optional<LoadedScenario> load_scenario_of(const LoadOptions& options, std::ostream& errors) {
  return Builder{options}.build(errors);
}

}  // namespace surgeproof
