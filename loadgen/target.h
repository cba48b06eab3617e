// The target's URL, taken apart. Pure.
#pragma once

#include <expected>
#include <string>
#include <string_view>

namespace surgeproof::loadgen {

struct Target {
  bool tls = false;
  std::string host;       ///< name or address, an IPv6 address without its brackets
  std::string port;       ///< number as text; the scheme's own by default
  std::string authority;  ///< for the Host header: with brackets, and with the port when it is not the scheme's own
  std::string base_path;  ///< without a slash at its end; empty for "/"
};

/// Where one pod answers: "10.0.0.7:8080", "[fd00::7]:8080".
struct PodAddress {
  std::string address;
  std::string pod;  ///< its name, for the record; empty: not known
  bool operator==(const PodAddress&) const = default;
};

/// "http://127.0.0.1:8080", "https://todo.example.com/base". The error is one sentence for people.
std::expected<Target, std::string> parse_target(std::string_view url);

}  // namespace surgeproof::loadgen
