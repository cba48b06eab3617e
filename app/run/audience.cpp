#include "app/run/audience.h"

#include <fmt/format.h>

#include <sstream>
#include <thread>

#include "app/notify/http_post.h"
#include "app/run_directory/atomic_file.h"
#include "base/ascii.h"
#include "reports/chat.h"
#include "reports/formats.h"
#include "reports/metrics.h"

namespace surgeproof {

using namespace std::chrono_literals;

namespace {

constexpr auto kPostLimit = 10s;

/// The job's name in a Pushgateway's path: only what needs no escaping there.
std::string job_name(const std::string& scenario) {
  std::string name = "surgeproof";
  bool gap = true;
  for (const char c : scenario) {
    const bool plain = ascii::is_alphanumeric(c);
    if (plain) {
      if (gap) name += '_';
      name += c;
    }
    gap = !plain;
  }
  return name;
}

}  // namespace

std::expected<void, std::string> Audience::open() {
  if (!options_.live) return {};
  auto server = LiveServer::start(*options_.live);
  if (!server) return std::unexpected{server.error()};
  server_.emplace(std::move(*server));
  return {};
}

void Audience::publish(const reports::Report& report) {
  std::ostringstream page;
  reports::write_html(report, page);
  server_->publish("/", "text/html; charset=utf-8", std::move(page).str());
}

void Audience::show(const reports::LiveView& view, const std::function<reports::Report()>& report) {
  if (!server_) return;
  server_->publish("/metrics", reports::kMetricsContentType, reports::metrics_text(view));
  if (shown_ && server_->listeners() == 0) return;
  auto now = report();
  now.going_on = true;
  publish(now);
  if (shown_) server_->announce("changed", fmt::format("{:.0f}", now.end_s));
  shown_ = true;
}

std::vector<std::string> Audience::conclude(const reports::Report& report, const std::string& place,
                                            const std::function<bool()>& interrupted) {
  std::vector<std::string> errors;
  const std::string metrics = reports::metrics_text(report);
  if (server_) {
    publish(report);
    server_->publish("/metrics", reports::kMetricsContentType, metrics);
    server_->announce("over", std::to_string(report.exit_code), true);
  }
  if (!options_.metrics_file.empty()) {
    if (const auto written = write_file_atomically(options_.metrics_file, metrics); !written) {
      errors.push_back("metrics: " + written.error());
    }
  }
  if (!options_.push_gateway.empty()) {
    std::string url = options_.push_gateway;
    while (url.ends_with('/')) url.pop_back();
    url += "/metrics/job/" + job_name(report.name);
    const auto sent = notify::http_put(url, metrics, reports::kMetricsContentType, kPostLimit);
    if (!sent) errors.push_back("push gateway: " + sent.error());
  }
  if (!options_.webhook_url.empty()) {
    const auto sent =
        notify::http_post(options_.webhook_url, reports::chat_message(report, place), "application/json", kPostLimit);
    if (!sent) errors.push_back("webhook: " + sent.error());
  }
  if (server_) {
    server_->settle(5s);
    const auto end = std::chrono::steady_clock::now() + options_.linger;
    while (std::chrono::steady_clock::now() < end && !interrupted()) std::this_thread::sleep_for(50ms);
  }
  return errors;
}

}  // namespace surgeproof
