#include "reports/formats.h"

#include "reports/assets.h"

namespace surgeproof::reports {
namespace {

constexpr std::array<Format, 7> kFormats{{
    {"console", "", &write_console},
    {"json", "verdict.json", &write_json},
    {"junit", "junit.xml", &write_junit},
    {"markdown", "report.md", &write_markdown},
    {"html", "report.html", &write_html},
    {"prometheus", "", &write_prometheus},
    {"github", "", &write_github},
}};

}  // namespace

std::span<const Format> formats() { return kFormats; }

const Format* find_format(std::string_view name) {
  const auto found = std::ranges::find(kFormats, name, &Format::name);
  return found == kFormats.end() ? nullptr : &*found;
}

std::string_view verdict_json_schema() { return assets::verdict_schema(); }

}  // namespace surgeproof::reports
