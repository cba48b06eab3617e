#include "k8s/server_url.h"

#include <fmt/format.h>

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>
#include <charconv>

namespace surgeproof::k8s {

std::string ServerUrl::host_header() const {
  const std::string shown = ipv6 ? "[" + host + "]" : host;
  return port == (tls ? 443 : 80) ? shown : fmt::format("{}:{}", shown, port);
}

std::string ServerUrl::text() const { return (tls ? "https://" : "http://") + host_header() + path; }

std::expected<ServerUrl, std::string> parse_server_url(std::string_view text, bool default_tls) {
  std::string full(text);
  if (text.find("://") == std::string_view::npos) full = (default_tls ? "https://" : "http://") + full;
  const auto parsed = boost::urls::parse_uri(full);
  if (parsed.has_error()) return std::unexpected("is not a URL");
  const boost::urls::url_view url = parsed.value();
  ServerUrl out;
  if (url.scheme() != "https" && url.scheme() != "http") return std::unexpected("is neither http:// nor https://");
  out.tls = url.scheme() == "https";
  if (url.has_userinfo()) return std::unexpected("holds a user name or password, which belongs in the user's entry");
  if (url.has_query() || url.has_fragment()) return std::unexpected("has a query or fragment");
  out.ipv6 = url.host_type() == boost::urls::host_type::ipv6;
  out.host = out.ipv6 ? std::string(url.host_address()) : std::string(url.host());
  if (out.host.empty()) return std::unexpected("has no host");
  out.port = out.tls ? 443 : 80;
  if (const std::string port(url.port()); !port.empty()) {
    const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), out.port);
    if (error != std::errc{} || out.port == 0) return std::unexpected("has an impossible port");
  }
  out.path = std::string(url.encoded_path());
  while (out.path.ends_with('/')) out.path.pop_back();
  return out;
}

}  // namespace surgeproof::k8s
