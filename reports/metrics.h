// A run in the Prometheus text format (version 0.0.4), as it goes on and when it is over. Pure.
//
// Names carry their units; counters end in _total. Time series stay few: nothing is labelled by pod, peer or error
// text.
#pragma once

#include <string>

namespace surgeproof::reports {

struct LiveView;
struct Report;

/// What `/metrics` answers while the run goes on.
std::string metrics_text(const LiveView& view);
/// What stays of a run: for a Pushgateway or a node exporter's textfile directory.
std::string metrics_text(const Report& report);

/// Of both.
inline constexpr const char* kMetricsContentType = "text/plain; version=0.0.4; charset=utf-8";

}  // namespace surgeproof::reports
