#include "loadgen/target.h"

#include <fmt/format.h>

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

namespace surgeproof::loadgen {

std::expected<Target, std::string> parse_target(std::string_view text) {
  const auto refused = [&](std::string_view why) {
    return std::unexpected(fmt::format("target \"{}\": {}", text, why));
  };
  const auto url = boost::urls::parse_uri({text.data(), text.size()});
  if (!url) return std::unexpected(std::string{"target: not a URL; it looks like \"http://host:8080\""});
  if (url->has_userinfo()) {
    return std::unexpected(std::string{"target: user and password do not belong into the URL; use client.headers"});
  }
  Target target;
  if (url->scheme_id() == boost::urls::scheme::https) {
    target.tls = true;
  } else if (url->scheme_id() != boost::urls::scheme::http) {
    return refused("only http and https are known");
  }
  const std::string brackets_or_name{url->encoded_host()};
  target.host = std::string{url->encoded_host_address()};
  if (target.host.empty()) return refused("it names no host");
  const std::string scheme_port = target.tls ? "443" : "80";
  target.port = url->has_port() && !url->port().empty() ? std::string{url->port()} : scheme_port;
  if (target.port.size() > 5 || std::stoi(target.port) < 1 || std::stoi(target.port) > 65535) {
    return refused("the port is not between 1 and 65535");
  }
  target.authority = brackets_or_name + (target.port == scheme_port ? "" : ":" + target.port);
  target.base_path = std::string{url->encoded_path()};
  while (target.base_path.ends_with('/')) target.base_path.pop_back();
  if (url->has_query() || url->has_fragment()) return refused("it ends with a query or fragment; put it into a path");
  return target;
}

}  // namespace surgeproof::loadgen
