#include "app/live_objects.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <iostream>

#include "base/ascii.h"
#include "k8s/api_client.h"
#include "k8s/hpa/json_fields.h"

namespace surgeproof {
namespace {

namespace json = boost::json;

class Reader {
 public:
  Reader(k8s::ApiClient client, hpa::ObjectHeap& heap) : client_(std::move(client)), heap_(heap) {}

  /// Takes what is at `path`; the failure otherwise.
  std::expected<json::value, k8s::ApiFailure> take(const std::string& path) {
    const auto body = client_.get(path);
    if (!body) return std::unexpected(body.error());
    json::error_code failed;
    json::value document = json::parse(*body, failed);
    if (failed || !heap_.add(document)) {
      return std::unexpected(k8s::ApiFailure{k8s::ApiFailure::Kind::malformed, 0, "no Kubernetes object came", {}});
    }
    return document;
  }

  /// The failed request as the controller would meet it.
  void take_failure(const k8s::ApiFailure& failure) {
    heap_.add(json::object{
        {"kind", "Status"}, {"status", "Failure"}, {"code", failure.status}, {"message", failure.message}});
  }

 private:
  k8s::ApiClient client_;
  hpa::ObjectHeap& heap_;
};

/// "/apis/apps/v1" of "apps/v1", "/api/v1" of "v1".
std::string api_path(const std::string& version) {
  return version.find('/') == std::string::npos ? "/api/" + version : "/apis/" + version;
}

/// The resource's name as the API server spells it: the kind in lower case, in the plural.
std::string plural_of(std::string_view of) {
  const std::string kind = ascii::lower(of);
  return kind + (kind.ends_with('s') || kind.ends_with('x') ? "es" : "s");
}

}  // namespace

std::expected<hpa::ObjectHeap, LiveFailure> read_live_objects(const k8s::ClusterChoice& choice, const std::string& hpa,
                                                              std::string& ns) {
  std::vector<std::string> warnings;
  const auto config = k8s::find_cluster_config(choice, k8s::process_surroundings(), &warnings);
  for (const auto& w : warnings) std::cerr << "surgeproof: warning: " << w << '\n';
  if (!config) return std::unexpected(LiveFailure{ExitCode::usage, format_diagnostic(config.error())});
  ns = choice.ns.empty() ? config->ns : choice.ns;
  const auto failed = [&](const k8s::ApiFailure& f, const std::string& what) {
    const bool missing = f.status == 404;
    return std::unexpected(LiveFailure{missing ? ExitCode::usage : ExitCode::unreachable,
                                       fmt::format("{}: {} ({})", what, f.message, config->origin)});
  };
  auto client = k8s::ApiClient::connect(*config);
  if (!client) return failed(client.error(), "the cluster at " + config->server + " cannot be reached");
  hpa::ObjectHeap heap;
  Reader reader(std::move(*client), heap);
  const std::string in_ns = "/namespaces/" + ns + "/";
  const auto object = reader.take("/apis/autoscaling/v2" + in_ns + "horizontalpodautoscalers/" + hpa);
  if (!object) return failed(object.error(), fmt::format("HPA {}/{}", ns, hpa));
  const json::value& target = surgeproof::hpa::field(surgeproof::hpa::field(*object, "spec"), "scaleTargetRef");
  const std::string kind = hpa::text_of(hpa::field(target, "kind"));
  const std::string path = api_path(hpa::text_of(hpa::field(target, "apiVersion"))) + in_ns + plural_of(kind) + "/" +
                           hpa::text_of(hpa::field(target, "name")) + "/scale";
  if (const auto scale = reader.take(path); !scale) return failed(scale.error(), "the scale of " + kind);
  if (const auto pods = reader.take("/api/v1" + in_ns + "pods"); !pods) return failed(pods.error(), "pods in " + ns);
  if (const auto metrics = reader.take("/apis/metrics.k8s.io/v1beta1" + in_ns + "pods"); !metrics) {
    reader.take_failure(metrics.error());
  }
  (void)reader.take("/api/v1" + in_ns + "events?fieldSelector=involvedObject.name%3D" + hpa);  // may be refused
  return heap;
}

}  // namespace surgeproof
