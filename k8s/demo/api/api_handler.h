// The API server without sockets: a request in, an answer out.
#pragma once

#include "k8s/demo/api/api_message.h"
#include "k8s/demo/api/cluster_hooks.h"
#include "k8s/demo/api/store.h"

namespace surgeproof::demo {

class ApiHandler {
 public:
  /// `store` must outlive the handler and every stream that it hands out; so must the handler itself.
  explicit ApiHandler(Store& store, ClusterHooks hooks = {});
  /// Never throws: whatever comes in, a response or a Status goes out.
  ApiAnswer handle(const ApiRequest& request);

 private:
  Store& store_;
  ClusterHooks hooks_;
};

}  // namespace surgeproof::demo
