// The TLS side of a ClusterConfig.
#pragma once

#include <boost/asio/ssl/context.hpp>
#include <expected>
#include <string>

#include "k8s/kubeconfig.h"

namespace surgeproof::k8s {

/// TLS 1.2 or newer, verifying unless the configuration says otherwise, with the client certificate if there is one.
/// The error, a sentence, says which part cannot be used; it never quotes a key.
std::expected<boost::asio::ssl::context, std::string> make_tls_context(const ClusterConfig& config);

/// For the connection to an https:// proxy: the system's authorities and the cluster's; no client certificate.
std::expected<boost::asio::ssl::context, std::string> make_proxy_tls_context(const ClusterConfig& config);

}  // namespace surgeproof::k8s
