#include "reports/assets.h"

// Defined by the generated assets.S.
#define SURGEPROOF_ASSET(name)                                                                 \
  extern "C" const char surgeproof_asset_##name[];                                             \
  extern "C" const char surgeproof_asset_##name##_end[];                                       \
  namespace surgeproof::reports::assets {                                                      \
  std::string_view name() { return {surgeproof_asset_##name, surgeproof_asset_##name##_end}; } \
  }

SURGEPROOF_ASSET(uplot_js)
SURGEPROOF_ASSET(uplot_css)
SURGEPROOF_ASSET(uplot_licence)
SURGEPROOF_ASSET(report_css)
SURGEPROOF_ASSET(runs_css)
SURGEPROOF_ASSET(report_js)
SURGEPROOF_ASSET(follow_js)
SURGEPROOF_ASSET(verdict_schema)
