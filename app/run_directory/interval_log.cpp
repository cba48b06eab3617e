#include "app/run_directory/interval_log.h"

#include <algorithm>
#include <chrono>

#include "app/run_directory/hdr_encoding.h"
#include "base/run_time.h"
#include "base/wall_time.h"

namespace surgeproof {
namespace {

void merge(SparseHistogram& into, const SparseHistogram& from) {
  std::vector<std::pair<std::uint32_t, std::uint64_t>> both;
  both.reserve(into.buckets.size() + from.buckets.size());
  std::ranges::merge(into.buckets, from.buckets, std::back_inserter(both));
  into.buckets.clear();
  for (const auto& [index, count] : both) {
    if (into.buckets.empty() || into.buckets.back().first != index) into.buckets.emplace_back(index, 0);
    into.buckets.back().second += count;
  }
  into.clamped += from.clamped;
  into.sum_us += from.sum_us;
  into.max_us = std::max(into.max_us, from.max_us);
}

}  // namespace

std::string hdr_tag(std::string_view request) {
  std::string tag;
  for (const char c : request) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte <= 0x20 || byte == 0x7F || c == ',' || c == '%') {
      tag += fmt::format("%{:02X}", byte);
    } else {
      tag += c;
    }
  }
  return tag;
}

std::string IntervalLog::header(const RunInfo& info) {
  return fmt::format(
      "#[Surgeproof {}: latency in microseconds from the planned instant, by request name]\n"
      "#[Histogram log format version 1.3]\n"
      "#[StartTime: {:.3f} (seconds since epoch), {}]\n"
      "\"StartTimestamp\",\"Interval_Length\",\"Interval_Max\",\"Interval_Compressed_Histogram\"\n",
      info.tool_version, to_seconds(info.started.time_since_epoch()), format_rfc3339(info.started, 3));
}

std::string IntervalLog::add(const LoadWindow& window) {
  std::string lines;
  const RunTime end = window.begin + window.length;
  if (!begun_) {
    begin_ = window.begin;
    end_ = end;
    begun_ = true;
  } else if (end > end_) {
    lines = take_lines(end_);
    end_ = end;
  }
  if (!window.latency.buckets.empty()) merge(by_request_[window.request], window.latency);
  return lines;
}

std::string IntervalLog::finish(RunTime end) { return take_lines(std::max(end, end_)); }

std::string IntervalLog::take_lines(RunTime end) {
  std::string lines;
  for (const auto& [request, histogram] : by_request_) {
    lines +=
        fmt::format("Tag={},{:.3f},{:.3f},{:.3f},{}\n", hdr_tag(request), to_seconds(begin_), to_seconds(end - begin_),
                    static_cast<double>(histogram.max_us) / 1000, hdr_v2_base64(histogram));
  }
  by_request_.clear();
  begin_ = end;
  return lines;
}

}  // namespace surgeproof
