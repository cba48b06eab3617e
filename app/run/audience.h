// Who else hears of a run: browsers and scrapers while it goes on, a Pushgateway, a textfile and a chat at its end.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "app/live/live_server.h"
#include "reports/live.h"
#include "reports/report.h"

namespace surgeproof {

struct AudienceOptions {
  std::optional<ListenAddress> live;   ///< serve the page and /metrics there while the run goes on
  std::chrono::nanoseconds linger{};   ///< and for so long after its end
  std::string push_gateway;            ///< base URL of a Prometheus Pushgateway
  std::filesystem::path metrics_file;  ///< a node exporter's textfile
  std::string webhook_url;             ///< incoming webhook of a chat; a secret
  std::string report_url;              ///< where the chat's readers find the report; empty: its path
};

class Audience {
 public:
  explicit Audience(const AudienceOptions& options) : options_{options} {}

  /// Opens the live page's port. The error is one sentence.
  std::expected<void, std::string> open();
  /// The live page's URL; empty when there is none.
  [[nodiscard]] std::string url() const { return server_ ? server_->url() : ""; }

  /// Shows the run as it is now; about once a second. `report` is only called when somebody looks.
  void show(const reports::LiveView& view, const std::function<reports::Report()>& report);
  /// Shows and sends the end of it. Returns a sentence for each that could not be told; the verdict does not depend on
  /// them. `place`: where the report is. Lingers unless `interrupted()` becomes true.
  std::vector<std::string> conclude(const reports::Report& report, const std::string& place,
                                    const std::function<bool()>& interrupted);

 private:
  void publish(const reports::Report& report);

  const AudienceOptions& options_;
  std::optional<LiveServer> server_;
  bool shown_ = false;
};

}  // namespace surgeproof
