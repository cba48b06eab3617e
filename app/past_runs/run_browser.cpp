#include "app/past_runs/run_browser.h"

#include <algorithm>
#include <array>
#include <sstream>
#include <string_view>

#include "app/run_directory/layout.h"
#include "app/run_directory/record_json.h"
#include "base/wall_time.h"

namespace surgeproof {
namespace {

constexpr const char* kVerdictFile = "verdict.json";
constexpr const char* kReportFile = "report.html";

struct Served {
  std::string_view file;
  const char* content_type;
};
constexpr std::array<Served, 4> kServed{{{kReportFile, "text/html; charset=utf-8"},
                                         {kVerdictFile, "application/json"},
                                         {"junit.xml", "application/xml; charset=utf-8"},
                                         {"report.md", "text/markdown; charset=utf-8"}}};

// Whatever a run's file holds, it may load and send nothing.
constexpr const char* kPolicy = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'";

/// A run that was killed, is still going on, or that this version cannot read.
reports::PastRun without_verdict(const std::optional<std::string>& run_json, bool unreadable) {
  reports::PastRun run;
  run.headline = unreadable ? "its verdict.json is not one that this version reads"
                            : "no verdict: still going on, or ended before its end; surgeproof analyze judges it";
  if (const auto info = run_json ? run_info_from_json(*run_json) : std::nullopt) {
    run.name = info->name;
    run.load_started = format_rfc3339(info->started, 3);
  }
  return run;
}

}  // namespace

std::optional<reports::PastRun> RunBrowser::look_at(const std::string& name) {
  const auto state = files_.state(name, kVerdictFile);
  const auto known = known_.find(name);
  std::optional<reports::PastRun> run;
  if (state && known != known_.end() && known->second.state == *state) {
    run = known->second.run;
  } else if (state) {
    const auto text = files_.read(name, kVerdictFile, kLargestVerdict);
    run = text ? reports::past_run_of(*text) : std::nullopt;
    known_[name] = {*state, run};
  }
  if (!run) {
    const auto info = files_.read(name, std::string{kRunInfoFile}, kLargestVerdict);
    if (!state && !info) return std::nullopt;  // no run directory
    run = without_verdict(info, state.has_value());
  }
  run->directory = name;
  run->has_report = files_.state(name, kReportFile).has_value();
  return run;
}

reports::RunList RunBrowser::list() {
  auto names = files_.names(kMostEntries);
  std::ranges::sort(names, std::ranges::greater{});
  std::erase_if(known_,
                [&](const auto& k) { return !std::ranges::binary_search(names, k.first, std::ranges::greater{}); });
  std::vector<reports::PastRun> runs;
  std::size_t left_out = 0;
  for (const std::string& name : names) {
    if (runs.size() == kMostRuns) {
      ++left_out;
    } else if (auto run = look_at(name)) {
      runs.push_back(std::move(*run));
    }
  }
  return reports::build_run_list(name_, std::move(runs), left_out);
}

std::optional<LiveServer::Document> RunBrowser::page(const std::string& path) {
  if (path == "/") {
    std::ostringstream out;
    reports::write_run_list(list(), out);
    return LiveServer::Document{"text/html; charset=utf-8", std::move(out).str(), kPolicy};
  }
  constexpr std::string_view kPrefix = "/run/";
  if (!path.starts_with(kPrefix)) return std::nullopt;
  const std::size_t slash = path.find('/', kPrefix.size());
  if (slash == std::string::npos) return std::nullopt;
  const auto name = reports::name_of_segment(std::string_view{path}.substr(kPrefix.size(), slash - kPrefix.size()));
  const auto* served = std::ranges::find(kServed, std::string_view{path}.substr(slash + 1), &Served::file);
  if (!name || served == kServed.end()) return std::nullopt;
  auto body = files_.read(*name, std::string{served->file}, kLargestReport);
  if (!body) return std::nullopt;
  return LiveServer::Document{served->content_type, std::move(*body), kPolicy};
}

}  // namespace surgeproof
