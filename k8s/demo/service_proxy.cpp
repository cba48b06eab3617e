#include "k8s/demo/service_proxy.h"

#include <boost/json.hpp>

#include "k8s/demo/api/json_path.h"

namespace surgeproof::demo {
namespace json = boost::json;

std::vector<Backend> choose_backends(const json::object& slice) {
  const json::array& ports = array_at(slice, "ports");
  const bool has_port = !ports.empty() && ports.front().is_object();
  const std::int64_t port = has_port ? int_at(ports.front().get_object(), "port").value_or(0) : 0;
  std::vector<Backend> ready, last_resort;
  for (const json::value& v : array_at(slice, "endpoints")) {
    if (!v.is_object()) continue;
    const json::object& e = v.get_object();
    const json::array& addresses = array_at(e, "addresses");
    if (addresses.empty() || !addresses.front().is_string()) continue;
    const Backend backend{std::string{addresses.front().get_string()}, static_cast<std::uint16_t>(port)};
    if (bool_at(e, "conditions.ready", true)) {
      ready.push_back(backend);
    } else if (bool_at(e, "conditions.serving", true) && bool_at(e, "conditions.terminating")) {
      last_resort.push_back(backend);
    }
  }
  return ready.empty() ? last_resort : ready;
}

ServiceProxy::ServiceProxy(Store& store, EventQueue& queue, std::string service, std::chrono::nanoseconds lag,
                           Apply apply)
    : store_(store) {
  subscription_ = store.subscribe([&queue, service = std::move(service), lag, apply](const Change& change) {
    if (change.resource != &types::kEndpointSlices) return;
    const json::value* name = object_at(*change.object, "metadata.labels").if_contains("kubernetes.io/service-name");
    if (name == nullptr || !name->is_string() || name->get_string() != service) return;
    std::vector<Backend> backends;
    if (change.type != Change::Type::deleted) backends = choose_backends(*change.object);
    queue.in(lag, [apply, backends = std::move(backends)]() mutable { apply(std::move(backends)); });
  });
}

ServiceProxy::~ServiceProxy() { store_.unsubscribe(subscription_); }

}  // namespace surgeproof::demo
