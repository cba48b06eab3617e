#include "k8s/cluster_config.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <system_error>

#include "k8s/proxy.h"
#include "k8s/server_url.h"

namespace surgeproof::k8s {
namespace {

using Fault = std::unexpected<Diagnostic>;

Fault fault(std::string file, std::string message, std::string_view hint) {
  Diagnostic d;
  d.file = std::move(file);
  d.message = std::move(message);
  d.hint = hint;
  return Fault(std::move(d));
}

constexpr std::string_view kServiceAccount = "/var/run/secrets/kubernetes.io/serviceaccount";
constexpr std::string_view kGiveOne = "give --kubeconfig FILE, or set KUBECONFIG";

std::expected<ClusterConfig, Diagnostic> in_cluster(const Surroundings& world) {
  const std::string host = world.environment("KUBERNETES_SERVICE_HOST");
  const std::string port = world.environment("KUBERNETES_SERVICE_PORT");
  ClusterConfig out;
  out.origin = "the service account of this pod";
  const bool ipv6 = host.find(':') != std::string::npos;
  const auto url =
      parse_server_url(fmt::format("https://{}{}{}:{}", ipv6 ? "[" : "", host, ipv6 ? "]" : "", port), true);
  if (!url) {
    return fault("", "KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT give no address", kGiveOne);
  }
  out.server = url->text();
  out.token_file = fmt::format("{}/token", kServiceAccount);
  const auto token = world.read_file(out.token_file);
  if (!token) {
    return fault(out.token_file, "cannot read this pod's service account token: " + token.error().message,
                 "set automountServiceAccountToken: true, or give --kubeconfig FILE");
  }
  if (const auto ca = fmt::format("{}/ca.crt", kServiceAccount); world.read_file(ca)) out.ca_file = ca;
  out.ns = world.read_file(fmt::format("{}/namespace", kServiceAccount)).value_or("default");
  while (!out.ns.empty() && (out.ns.back() == '\n' || out.ns.back() == ' ')) out.ns.pop_back();
  return out;
}

/// KUBECONFIG's files in order; missing ones are skipped, with a warning only if none is left.
std::expected<std::vector<KubeconfigFile>, Diagnostic> read_list(const std::vector<std::string>& paths,
                                                                 const Surroundings& world,
                                                                 std::vector<std::string>& warnings) {
  std::vector<KubeconfigFile> files;
  for (const std::string& path : paths) {
    auto text = world.read_file(path);
    if (text) {
      files.push_back({world.absolute(path), *std::move(text)});
    } else if (!text.error().missing) {
      return fault(path, "cannot read the kubeconfig: " + text.error().message, "check its owner and permissions");
    }
  }
  if (files.empty() && !paths.empty()) {
    warnings.push_back(fmt::format("no file that KUBECONFIG names exists: {}", fmt::join(paths, ", ")));
  }
  return files;
}

std::vector<std::string> split_paths(const std::string& list) {
  std::vector<std::string> out;
  std::stringstream stream(list);
  for (std::string path; std::getline(stream, path, ':');) {
    if (!path.empty()) out.push_back(path);
  }
  return out;
}

bool in_pod(const Surroundings& world) {
  return !world.environment("KUBERNETES_SERVICE_HOST").empty() && !world.environment("KUBERNETES_SERVICE_PORT").empty();
}

std::expected<ClusterConfig, Diagnostic> locate(const ClusterChoice& choice, const Surroundings& world,
                                                std::vector<std::string>& warnings) {
  if (!choice.kubeconfig.empty()) {
    auto text = world.read_file(choice.kubeconfig);
    if (!text) {
      return fault(choice.kubeconfig, "cannot read the kubeconfig: " + text.error().message,
                   text.error().missing ? "check the path" : "check its owner and permissions");
    }
    const KubeconfigFile file{world.absolute(choice.kubeconfig), *std::move(text)};
    return resolve_kubeconfig({&file, 1}, choice.context);
  }
  const std::string variable = world.environment("KUBECONFIG");
  std::string home_file;
  std::vector<std::string> paths = split_paths(variable);
  if (paths.empty() && !world.environment("HOME").empty()) {
    home_file = world.environment("HOME") + "/.kube/config";
    if (const auto there = world.read_file(home_file); there || !there.error().missing) paths = {home_file};
  }
  auto files = read_list(paths, world, warnings);
  if (!files) return Fault(files.error());
  if (!files->empty() && !kubeconfig_is_empty(*files)) return resolve_kubeconfig(*files, choice.context);
  if (choice.context.empty() && in_pod(world)) return in_cluster(world);
  std::string tried = !variable.empty() ? "no file named in KUBECONFIG exists or has content"
                      : home_file.empty()
                          ? "KUBECONFIG and HOME are not set"
                          : fmt::format("KUBECONFIG is not set, {} does not exist or is empty", home_file);
  return fault("", "found no way to a cluster: " + tried + ", and this is not a pod", kGiveOne);
}

/// Reads a referenced file into `pem` if there is one.
std::expected<std::string, Diagnostic> contents(std::string_view field, const std::string& path,
                                                const std::string& origin, const Surroundings& world) {
  if (path.empty()) return std::string();
  auto text = world.read_file(path);
  if (!text) {
    return fault(path, fmt::format("cannot read the {}: {}", field, text.error().message),
                 fmt::format("it is named in {}", origin));
  }
  if (field != "tokenFile" && text->find("-----BEGIN ") == std::string::npos) {
    return fault(path, fmt::format("the {} holds no PEM block", field), fmt::format("it is named in {}", origin));
  }
  return *std::move(text);
}

std::expected<void, Diagnostic> read_references(ClusterConfig& config, const Surroundings& world) {
  struct Row {
    std::string_view field;
    const std::string& path;
  };
  const Row rows[] = {{"certificate-authority", config.ca_file},
                      {"client-certificate", config.client_certificate_file},
                      {"client-key", config.client_key_file},
                      {"tokenFile", config.token_file}};
  std::string read[4];
  for (std::size_t i = 0; i < 4; ++i) {
    auto text = contents(rows[i].field, rows[i].path, config.origin, world);
    if (!text) return Fault(text.error());
    read[i] = *std::move(text);
  }
  if (!read[0].empty()) config.ca_pem = std::move(read[0]);
  if (!read[1].empty()) config.client_certificate_pem = std::move(read[1]);
  if (!read[2].empty()) config.client_key_pem = Secret(std::move(read[2]));
  if (config.token.empty() && !read[3].empty()) config.token = Secret(std::move(read[3]));
  return {};
}

/// The environment's proxy, unless the kubeconfig names its own.
void choose_proxy(ClusterConfig& config, const Surroundings& world) {
  if (!config.proxy.empty()) return;
  const auto url = parse_server_url(config.server, true);
  if (!url) return;
  ProxyVariable variable = proxy_from_environment(*url, world.environment);
  config.proxy = Secret(std::move(variable.value));
  config.proxy_origin = std::move(variable.name);
}

}  // namespace

Surroundings process_surroundings() {
  Surroundings out;
  out.environment = [](const std::string& name) {
    const char* value = std::getenv(name.c_str());
    return std::string(value ? value : "");
  };
  out.read_file = [](const std::string& path) -> std::expected<std::string, Surroundings::ReadError> {
    std::error_code error;
    if (std::filesystem::is_directory(path, error))
      return std::unexpected(Surroundings::ReadError{false, "Is a directory"});
    std::ifstream file(path, std::ios::binary);
    if (!file) {
      const int number = errno;
      return std::unexpected(
          Surroundings::ReadError{number == ENOENT || number == ENOTDIR, std::generic_category().message(number)});
    }
    std::string text(4u << 20, '\0');
    file.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(file.gcount()));
    if (file.peek() != std::ifstream::traits_type::eof()) {
      return std::unexpected(Surroundings::ReadError{false, "larger than 4 MiB"});
    }
    return text;
  };
  out.absolute = [](const std::string& path) {
    std::error_code error;
    const auto full = std::filesystem::absolute(path, error);
    return error ? path : full.string();
  };
  return out;
}

std::expected<ClusterConfig, Diagnostic> find_cluster_config(const ClusterChoice& choice,
                                                             const Surroundings& surroundings,
                                                             std::vector<std::string>* warnings) {
  std::vector<std::string> notes;
  auto config = locate(choice, surroundings, notes);
  if (config) {
    if (!choice.ns.empty()) config->ns = choice.ns;
    if (auto r = read_references(*config, surroundings); !r) return Fault(r.error());
    if (!config->tls_verify) notes.push_back("insecure-skip-tls-verify: the API server's certificate is not checked");
    choose_proxy(*config, surroundings);
  }
  if (warnings) *warnings = std::move(notes);
  return config;
}

}  // namespace surgeproof::k8s
