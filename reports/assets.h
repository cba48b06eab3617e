// Files that are linked into the program (see CMakeLists.txt): what the HTML report is made of, and the JSON Schema.
#pragma once

#include <string_view>

namespace surgeproof::reports::assets {

std::string_view uplot_js();
std::string_view uplot_css();
std::string_view uplot_licence();
std::string_view report_css();
std::string_view runs_css();   ///< beside it, for the list of past runs
std::string_view report_js();  ///< web/*.js, one after the other
std::string_view follow_js();  ///< for a page that follows its run
std::string_view verdict_schema();

}  // namespace surgeproof::reports::assets
