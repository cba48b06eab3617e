#include "k8s/proxy.h"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>
#include <cctype>
#include <charconv>
#include <optional>

#include "base/ascii.h"
#include "k8s/base64.h"
#include "k8s/server_url.h"

namespace surgeproof::k8s {
namespace {

/// An address as 16 bytes (IPv4 mapped into IPv6).
std::optional<std::array<unsigned char, 16>> address_bytes(const std::string& text) {
  std::array<unsigned char, 16> out{};
  if (::inet_pton(AF_INET6, text.c_str(), out.data()) == 1) return out;
  out = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  if (::inet_pton(AF_INET, text.c_str(), out.data() + 12) == 1) return out;
  return std::nullopt;
}

bool is_loopback(const std::string& host) {
  if (host == "localhost") return true;
  const auto bytes = address_bytes(host);
  if (!bytes) return false;
  const bool mapped = (*bytes)[10] == 0xff && (*bytes)[11] == 0xff && (*bytes)[0] == 0;
  if (mapped) return (*bytes)[12] == 127;
  return std::all_of(bytes->begin(), bytes->end() - 1, [](unsigned char b) { return b == 0; }) && bytes->back() == 1;
}

/// "10.0.0.0/8" holds the host.
bool in_block(std::string_view block, const std::string& host) {
  const auto slash = block.find('/');
  const auto base = address_bytes(std::string(block.substr(0, slash)));
  const auto address = address_bytes(host);
  unsigned bits = 0;
  const std::string_view digits = block.substr(slash + 1);
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), bits);
  if (!base || !address || error != std::errc{} || end != digits.data() + digits.size()) return false;
  if (block.substr(0, slash).find(':') == std::string_view::npos) bits += 96;
  if (bits > 128) return false;
  for (unsigned i = 0; i < bits; ++i) {
    const unsigned char mask = static_cast<unsigned char>(0x80u >> (i % 8));
    if (((*base)[i / 8] & mask) != ((*address)[i / 8] & mask)) return false;
  }
  return true;
}

/// One entry of NO_PROXY.
bool entry_matches(std::string_view entry, const std::string& host, const std::string& port) {
  if (entry == "*") return true;
  if (entry.contains('/')) return in_block(entry, host);
  std::string name(entry);
  std::string wanted_port;
  if (name.starts_with('[')) {  // [::1]:443
    const auto close = name.find(']');
    if (close == std::string::npos) return false;
    if (name.size() > close + 2) wanted_port = name.substr(close + 2);
    name = name.substr(1, close - 1);
  } else if (std::ranges::count(name, ':') == 1) {
    wanted_port = name.substr(name.find(':') + 1);
    name.resize(name.find(':'));
  }
  if (name.empty() || (!wanted_port.empty() && wanted_port != port)) return false;
  if (const auto address = address_bytes(name)) return address == address_bytes(host);
  if (name.starts_with("*.")) name.erase(0, 1);
  if (name.starts_with('.')) return host.ends_with(name);
  return host == name || host.ends_with("." + name);
}

}  // namespace

std::string Proxy::text() const {
  constexpr std::array<std::string_view, 3> kSchemes{"http", "https", "socks5"};
  return fmt::format("{}://{}{}{}:{}", kSchemes[static_cast<std::size_t>(kind)], ipv6 ? "[" : "", host, ipv6 ? "]" : "",
                     port);
}

Secret Proxy::authorization() const {
  if (user.empty() && password.empty()) return {};
  return Secret("Basic " + encode_base64(user + ":" + password.reveal()));
}

std::expected<Proxy, std::string> parse_proxy(std::string_view text) {
  std::string full(text);
  if (text.find("://") == std::string_view::npos) full = "http://" + full;
  const auto parsed = boost::urls::parse_uri(full);
  if (parsed.has_error()) return std::unexpected("is not a URL");
  const boost::urls::url_view url = parsed.value();
  Proxy out;
  const std::string scheme = ascii::lower(url.scheme());
  if (scheme == "http") {
    out.port = 80;
  } else if (scheme == "https") {
    out.kind = Proxy::Kind::https;
    out.port = 443;
  } else if (scheme == "socks5" || scheme == "socks5h") {
    out.kind = Proxy::Kind::socks5;
    out.port = 1080;
  } else {
    return std::unexpected("is neither http://, https:// nor socks5://");
  }
  out.ipv6 = url.host_type() == boost::urls::host_type::ipv6;
  out.host = out.ipv6 ? std::string(url.host_address()) : std::string(url.host());
  if (out.host.empty()) return std::unexpected("has no host");
  if (const std::string port(url.port()); !port.empty()) {
    const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), out.port);
    if (error != std::errc{} || out.port == 0) return std::unexpected("has an impossible port");
  }
  if (url.has_userinfo()) {
    out.user = url.user();
    out.password = Secret(url.password());
  }
  return out;
}

bool exempt_from_proxy(std::string_view list, std::string_view host_text, std::uint16_t port_number) {
  const std::string host = ascii::lower(host_text);
  const std::string port = std::to_string(port_number);
  while (!list.empty()) {
    const auto comma = list.find(',');
    std::string_view entry = list.substr(0, comma);
    list = comma == std::string_view::npos ? std::string_view() : list.substr(comma + 1);
    while (!entry.empty() && entry.front() == ' ') entry.remove_prefix(1);
    while (!entry.empty() && entry.back() == ' ') entry.remove_suffix(1);
    if (!entry.empty() && entry_matches(ascii::lower(entry), host, port)) return true;
  }
  return false;
}

ProxyVariable proxy_from_environment(const ServerUrl& server,
                                     const std::function<std::string(const std::string&)>& environment) {
  const auto first_set = [&](std::initializer_list<const char*> names) -> ProxyVariable {
    for (const char* name : names) {
      if (auto value = environment(name); !value.empty()) return {name, std::move(value)};
    }
    return {};
  };
  if (is_loopback(ascii::lower(server.host))) return {};
  ProxyVariable out = server.tls ? first_set({"HTTPS_PROXY", "https_proxy"}) : first_set({"HTTP_PROXY", "http_proxy"});
  if (out.value.empty()) return {};
  if (exempt_from_proxy(first_set({"NO_PROXY", "no_proxy"}).value, server.host, server.port)) return {};
  return out;
}

}  // namespace surgeproof::k8s
