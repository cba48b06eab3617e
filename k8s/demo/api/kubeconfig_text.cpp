#include <fmt/format.h>

#include "k8s/demo/api/api_server.h"

namespace surgeproof::demo {

std::string make_kubeconfig(const std::string& name, const std::string& url, const std::string& default_namespace) {
  return fmt::format(
      "apiVersion: v1\n"
      "kind: Config\n"
      "clusters:\n"
      "- name: {0}\n"
      "  cluster: {{server: \"{1}\"}}\n"
      "users:\n"
      "- name: {0}\n"
      "  user: {{}}\n"
      "contexts:\n"
      "- name: {0}\n"
      "  context: {{cluster: {0}, user: {0}, namespace: {2}}}\n"
      "current-context: {0}\n",
      name, url, default_namespace);
}

}  // namespace surgeproof::demo
