#include "k8s/api_catalog.h"

#include <fmt/format.h>

#include "k8s/json_access.h"

namespace surgeproof::k8s {
namespace {

ApiRequest groups_request(std::string target) {
  ApiRequest out;
  out.target = std::move(target);
  out.accept = Discovery::kAccept;
  return out;
}

}  // namespace

boost::asio::awaitable<void> ApiCatalog::load() {
  ApiConnection connection(*server_);
  for (const char* target : {"/apis", "/api"}) {
    ApiRequest request = groups_request(target);
    const auto body = co_await connection.fetch(std::move(request));
    if (!body) co_return;
    if (const auto answer = parse_json(*body)) known_.add_groups(as_object(*answer));
  }
}

boost::asio::awaitable<std::expected<ApiResource, ApiFailure>> ApiCatalog::resource(std::string group,
                                                                                    std::string kind) {
  if (const ApiResource* found = known_.find(group, kind)) co_return *found;
  // A definition may have come after the last look (a CRD), and older servers name only groups and versions.
  co_await load();
  ApiConnection connection(*server_);
  ApiFailure failure{ApiFailure::Kind::status,
                     404,
                     fmt::format("the server serves no kind {} in the group {}", kind, group.empty() ? "core" : group),
                     {}};
  std::vector<std::string> versions = known_.versions(group);
  if (versions.empty() && group.empty()) versions = {"v1"};
  for (const std::string& version : versions) {
    if (const ApiResource* found = known_.find(group, kind)) co_return *found;
    std::string target = group.empty() ? "/api/" + version : fmt::format("/apis/{}/{}", group, version);
    const auto body = co_await connection.get(std::move(target));
    if (!body) {
      if (body.error().status != 404) failure = body.error();
      continue;
    }
    if (const auto answer = parse_json(*body)) known_.add_resources(as_object(*answer));
  }
  if (const ApiResource* found = known_.find(group, kind)) co_return *found;
  co_return std::unexpected(failure);
}

}  // namespace surgeproof::k8s
