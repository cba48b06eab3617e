#include "k8s/api_failure.h"

#include <fmt/format.h>

#include "k8s/json_access.h"

namespace surgeproof::k8s {
namespace {

/// One line of printable text.
std::string one_line(std::string_view text) {
  std::string out;
  for (const char c : text.substr(0, 300)) out.push_back(static_cast<unsigned char>(c) < ' ' || c == 0x7f ? ' ' : c);
  while (!out.empty() && (out.back() == ' ' || out.back() == '.')) out.pop_back();
  return out;
}

std::string tls_hint(const std::string& message) {
  if (message.find("wrong version") != std::string::npos || message.find("http request") != std::string::npos) {
    return "the server does not speak TLS at that port: is it http://?";
  }
  if (message.find("expired") != std::string::npos) return "renew the certificate, or check this machine's clock";
  return "check certificate-authority and tls-server-name in the kubeconfig";
}

}  // namespace

std::string status_message(int status, std::string_view body) {
  std::string words;
  if (const auto value = parse_json(body)) {
    words = one_line(text_at(as_object(*value), "message"));                   // Kubernetes
    if (words.empty()) words = one_line(text_at(as_object(*value), "error"));  // Prometheus
  }
  if (words.empty() && body.find('<') == std::string_view::npos) words = one_line(body);
  return words.empty() ? fmt::format("HTTP status {}", status) : fmt::format("{} (HTTP {})", words, status);
}

WatchState::Kind state_of(const ApiFailure& failure) {
  if (failure.status == 401 || failure.status == 403) return WatchState::Kind::forbidden;
  if (failure.status == 404) return WatchState::Kind::missing;
  return WatchState::Kind::lost;
}

bool may_pass(const ApiFailure& failure) {
  switch (failure.kind) {
    case ApiFailure::Kind::configuration:
    case ApiFailure::Kind::credentials:
    case ApiFailure::Kind::tls:
      return false;
    case ApiFailure::Kind::status:
      return failure.status == 429 || failure.status >= 500;
    default:
      return true;
  }
}

WatchError watch_error(const ApiFailure& failure, std::string_view server, std::string_view origin) {
  using Kind = WatchError::Kind;
  switch (failure.kind) {
    case ApiFailure::Kind::configuration:
      return {Kind::configuration, failure.message, fmt::format("see {}", origin)};
    case ApiFailure::Kind::credentials:
      return {Kind::unauthorized, failure.message, failure.hint};
    case ApiFailure::Kind::tls:
      return {Kind::unreachable, fmt::format("no TLS connection to {}: {}", server, failure.message),
              tls_hint(failure.message)};
    case ApiFailure::Kind::status:
      if (failure.status == 401) {
        return {Kind::unauthorized, fmt::format("{} does not accept the credentials: {}", server, failure.message),
                "log in anew: the token or certificate is wrong or has expired"};
      }
      if (failure.status == 403) {
        return {Kind::forbidden, fmt::format("{} forbids it: {}", server, failure.message),
                "ask for a Role that may get, list and watch horizontalpodautoscalers in that namespace"};
      }
      if (failure.status == 404) {
        return {Kind::api_missing,
                fmt::format("{} does not serve HorizontalPodAutoscalers: {}", server, failure.message),
                "check that the server is a Kubernetes API server, with its base path if it has one"};
      }
      return {Kind::unreachable, fmt::format("{} answers with an error: {}", server, failure.message), ""};
    case ApiFailure::Kind::malformed:
      return {Kind::unreachable, fmt::format("{} is not a Kubernetes API server: {}", server, failure.message),
              "check the server's URL: http:// or https://, host and port"};
    case ApiFailure::Kind::resolve:
    case ApiFailure::Kind::connect:
    case ApiFailure::Kind::cut:
    case ApiFailure::Kind::silent:
      break;
  }
  return {Kind::unreachable, fmt::format("cannot reach the API server {}: {}", server, failure.message),
          "check that the cluster runs and that this machine may connect to it, or choose another --context"};
}

}  // namespace surgeproof::k8s
