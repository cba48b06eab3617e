#include "k8s/exec_credential.h"

#include <fmt/format.h>

#include <boost/json/serialize.hpp>

#include "k8s/base64.h"
#include "k8s/json_access.h"

namespace surgeproof::k8s {

std::string exec_info_json(const ClusterConfig& config, bool interactive) {
  json::object spec{{"interactive", interactive}};
  if (config.exec->provide_cluster_info) {
    json::object cluster{{"server", config.server}};
    if (!config.tls_server_name.empty()) cluster["tls-server-name"] = config.tls_server_name;
    if (!config.tls_verify) cluster["insecure-skip-tls-verify"] = true;
    if (!config.ca_pem.empty()) cluster["certificate-authority-data"] = encode_base64(config.ca_pem);
    if (!config.exec->cluster_config_json.empty()) {
      cluster["config"] = parse_json(config.exec->cluster_config_json).value_or(nullptr);
    }
    spec["cluster"] = std::move(cluster);
  }
  return json::serialize(
      json::object{{"kind", "ExecCredential"}, {"apiVersion", config.exec->api_version}, {"spec", std::move(spec)}});
}

std::expected<ExecCredential, std::string> parse_exec_credential(std::string_view output,
                                                                 std::string_view api_version) {
  if (output.find_first_not_of(" \t\r\n") == std::string_view::npos) return std::unexpected("printed nothing");
  const auto value = parse_json(output);
  const json::object& answer = value ? as_object(*value) : as_object({});
  if (text_at(answer, "kind") != "ExecCredential") return std::unexpected("did not print an ExecCredential");
  if (const std::string version = text_at(answer, "apiVersion"); version != api_version) {
    return std::unexpected(fmt::format("answered with apiVersion {}, but the kubeconfig asks for {}",
                                       version.size() > 80 || version.empty() ? "of another kind" : version,
                                       api_version));
  }
  const json::object& status = object_at(answer, "status");
  if (status.empty()) return std::unexpected("gave an ExecCredential without a status");
  ExecCredential out;
  out.token = Secret(text_at(status, "token"));
  out.certificate_pem = text_at(status, "clientCertificateData");
  out.key_pem = Secret(text_at(status, "clientKeyData"));
  if (out.certificate_pem.empty() != out.key_pem.empty()) {
    return std::unexpected(out.key_pem.empty() ? "gave a client certificate without its key"
                                               : "gave a client key without its certificate");
  }
  if (out.token.empty() && out.certificate_pem.empty()) {
    return std::unexpected("gave neither a token nor a client certificate");
  }
  if (!text_at(status, "expirationTimestamp").empty()) {
    out.expires = time_at(status, "expirationTimestamp");
    if (!out.expires) return std::unexpected("gave an expirationTimestamp that is no time");
  }
  return out;
}

}  // namespace surgeproof::k8s
