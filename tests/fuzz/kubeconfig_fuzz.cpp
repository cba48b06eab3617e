// Kubeconfig files: whatever they hold, one configuration that can be used or one error comes of them. Input: the
// files, separated by octets 0; the first octet chooses the context.
#include <array>
#include <string>

#include "k8s/kubeconfig.h"
#include "k8s/server_url.h"
#include "tests/fuzz/pieces.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace surgeproof;
  using namespace surgeproof::k8s;
  if (size < 1) return 0;
  constexpr std::array<std::string_view, 4> kContexts{"", "dev", "live", "nobody"};
  std::vector<KubeconfigFile> files;
  std::string_view rest{reinterpret_cast<const char*>(data) + 1, size - 1};
  while (files.size() < 4) {
    const auto end = rest.find('\0');
    files.push_back({"/k/" + std::to_string(files.size()), std::string(rest.substr(0, end))});
    if (end == std::string_view::npos) break;
    rest.remove_prefix(end + 1);
  }
  const auto config = resolve_kubeconfig(files, kContexts[data[0] % kContexts.size()]);
  if (!config) {
    fuzz::require(!config.error().message.empty(), "an error says what is wrong");
    return 0;
  }
  const auto server = parse_server_url(config->server, false);
  fuzz::require(server.has_value(), "a server that can be called");
  fuzz::require(server->host.find('@') == std::string::npos, "no credentials in the server's address");
  fuzz::require(!(config->exec && config->exec->command.empty()), "a plugin has a command");
  (void)kubeconfig_is_empty(files);
  return 0;
}
