#include "tests/k8s/fake_api.h"

#include <fmt/format.h>

namespace surgeproof::k8s {

FakeApi::FakeApi(std::optional<ServerTls> tls) {
  lists_["/version"] = R"({"gitVersion":"v1.34.4","platform":"linux/amd64"})";
  server_ = std::make_unique<ScriptedServer>([this](const ScriptedRequest& r) { return handle(r); }, std::move(tls));
}

void FakeApi::set_list(const std::string& path, std::string items, const std::string& resource_version) {
  const std::lock_guard lock(mutex_);
  lists_[path] =
      fmt::format(R"({{"kind":"List","metadata":{{"resourceVersion":"{}"}},"items":[{}]}})", resource_version, items);
}

void FakeApi::order(const std::string& path, ScriptedReply reply, int times, Only only) {
  const std::lock_guard lock(mutex_);
  orders_[path].push_back({std::move(reply), times, only});
}

void FakeApi::require(const std::string& authorization) {
  const std::lock_guard lock(mutex_);
  authorization_ = authorization;
}

std::shared_ptr<Stream> FakeApi::take_watch(const std::string& path) {
  std::unique_lock lock(mutex_);
  if (!changed_.wait_for(lock, std::chrono::seconds{10}, [&] { return !watches_[path].empty(); })) return nullptr;
  auto stream = watches_[path].front();
  watches_[path].pop_front();
  return stream;
}

std::vector<ScriptedRequest> FakeApi::requests() const {
  const std::lock_guard lock(mutex_);
  return requests_;
}

ScriptedReply FakeApi::handle(const ScriptedRequest& request) {
  const std::lock_guard lock(mutex_);
  requests_.push_back(request);
  const auto sent = request.headers.find("authorization");
  ScriptedReply reply;
  if (!authorization_.empty() && (sent == request.headers.end() || sent->second != authorization_)) {
    reply.status = 401;
    reply.body = R"({"kind":"Status","message":"Unauthorized","code":401})";
    return reply;
  }
  const bool watch = request.query.find("watch=true") != std::string::npos;
  auto& orders = orders_[request.path];
  for (auto order = orders.begin(); order != orders.end(); ++order) {
    if ((order->only == Only::list && watch) || (order->only == Only::watch && !watch)) continue;
    reply = order->reply;
    if (--order->times <= 0) orders.erase(order);
    return reply;
  }
  const auto list = lists_.find(request.path);
  if (list == lists_.end()) {
    reply.status = 404;
    reply.body = "404 page not found\n";
  } else if (watch) {
    reply.stream = std::make_shared<Stream>();
    watches_[request.path].push_back(reply.stream);
    changed_.notify_all();
  } else {
    reply.body = list->second;
  }
  return reply;
}

}  // namespace surgeproof::k8s
