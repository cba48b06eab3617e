#include <algorithm>
#include <charconv>

#include "base/ascii.h"
#include "scenarios/reading/sections.h"

namespace surgeproof::reading {
namespace {

bool is_host_char(char c) { return ascii::is_alphanumeric(c) || c == '-' || c == '.' || c == '_'; }

bool is_address6_char(char c) {
  return (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F') || (c >= '0' && c <= '9') || c == ':' || c == '.';
}

/// Path characters of RFC 3986, and the '%' of an escape.
bool is_path_char(char c) { return is_host_char(c) || std::string_view{"/%:@!$&'()*+,;=~"}.contains(c); }

bool good_port(std::string_view port) {
  int value = 0;
  const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), value);
  return error == std::errc{} && end == port.data() + port.size() && port[0] != '-' && value >= 1 && value <= 65535;
}

std::optional<Complaint> complaint_about_authority(std::string_view authority) {
  if (authority.contains('@')) {
    return Complaint{"may not hold a user or password",
                     "send them in client.headers: {Authorization: …}, from ${VARIABLE}"};
  }
  std::string_view host = authority;
  std::string_view port;
  bool good = true;
  if (authority.starts_with('[')) {
    const auto close = std::min(authority.find(']'), authority.size());
    host = authority.substr(1, close - 1);
    good = close < authority.size() && std::all_of(host.begin(), host.end(), is_address6_char) && host.contains(':');
    port = authority.substr(std::min(close + 1, authority.size()));
  } else {
    const auto colon = std::min(authority.find(':'), authority.size());
    host = authority.substr(0, colon);
    port = authority.substr(colon);
    good = std::all_of(host.begin(), host.end(), is_host_char);
  }
  if (host.empty()) return Complaint{"names no host", "write it as http://host:8080"};
  if (!good) return Complaint{"names a host that cannot be one", "write it as http://host:8080"};
  if (port.empty()) return std::nullopt;
  if (port[0] != ':' || port.size() == 1 || !good_port(port.substr(1))) {
    return Complaint{"has no valid port", "a port lies between 1 and 65535"};
  }
  return std::nullopt;
}

}  // namespace

std::optional<Complaint> complaint_about_target(std::string_view url) {
  constexpr std::string_view kHttp = "http://";
  constexpr std::string_view kHttps = "https://";
  const auto scheme_end = url.find("://");
  if (!url.starts_with(kHttp) && !url.starts_with(kHttps)) {
    if (scheme_end == std::string_view::npos) {
      return Complaint{"is no URL", "begin it with http:// or https://, as in http://127.0.0.1:8080"};
    }
    return Complaint{"must be an http or https URL", "begin it with http:// or https://"};
  }
  url.remove_prefix(scheme_end + 3);
  const auto path_begin = std::min(url.find_first_of("/?#"), url.size());
  if (auto complaint = complaint_about_authority(url.substr(0, path_begin))) return complaint;
  const auto path = url.substr(path_begin);
  if (path.contains('?') || path.contains('#')) {
    return Complaint{"may not have a query or fragment", "put a query into the paths of the requests"};
  }
  if (!std::all_of(path.begin(), path.end(), is_path_char)) {
    return Complaint{"has a path with characters that a URL may not hold", "percent-encode them"};
  }
  return std::nullopt;
}

std::string read_target(Reading& reading, const Value& v) {
  const auto t = reading.text(v, Disclosure::open);
  if (!t) return {};
  if (t->unresolved) return t->value;
  if (auto complaint = complaint_about_target(t->value)) {
    reading.error(v, std::move(complaint->message), std::move(complaint->hint));
    return {};
  }
  return t->value;
}

}  // namespace surgeproof::reading
