#include "k8s/credentials.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <fstream>

#include "base/ascii.h"
#include "k8s/base64.h"

namespace surgeproof::k8s {
namespace {

constexpr auto kReadAgain = std::chrono::minutes{1};
constexpr std::size_t kMaxToken = 256 * 1024;
/// Shorter ones would take half of the message with them.
constexpr std::size_t kShortestHidden = 4;

Secret trimmed(std::string text) {
  constexpr std::string_view kSpace = " \t\r\n";
  text.erase(text.find_last_not_of(kSpace) + 1);
  text.erase(0, text.find_first_not_of(kSpace));
  return Secret(std::move(text));
}

/// As client-go escapes the key of an extra: what a header's name must not have becomes %XX.
std::string header_key(std::string_view key) {
  std::string out;
  for (const char c : key) {
    const bool plain = ascii::is_alphanumeric(c) || std::string_view("!#$&'*+-.^_`|~").contains(c);
    out += plain ? std::string(1, ascii::lower(c)) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return out;
}

std::string impersonation_lines(const Impersonation& as) {
  std::string out;
  if (!as.user.empty()) out += fmt::format("Impersonate-User: {}\r\n", as.user);
  if (!as.uid.empty()) out += fmt::format("Impersonate-Uid: {}\r\n", as.uid);
  for (const std::string& group : as.groups) out += fmt::format("Impersonate-Group: {}\r\n", group);
  for (const auto& [key, value] : as.extra) out += fmt::format("Impersonate-Extra-{}: {}\r\n", header_key(key), value);
  return out;
}

bool one_line(std::string_view text) {
  return std::ranges::none_of(text, [](unsigned char c) { return c < ' ' || c == 0x7f; });
}

bool sound(const Impersonation& as) {
  return one_line(as.user) && one_line(as.uid) && std::ranges::all_of(as.groups, one_line) &&
         std::ranges::all_of(as.extra, [](const auto& e) { return one_line(e.second); });
}

}  // namespace

Credentials::Credentials(const ClusterConfig& config)
    : file_(config.token_file),
      own_token_(trimmed(config.token.reveal())),
      basic_(config.basic),
      impersonation_(sound(config.impersonation) ? impersonation_lines(config.impersonation) : "\n"),
      read_at_(Clock::time_point::min()) {
  set_token(own_token_);
  if (!basic_.empty()) {
    ever_used_.push_back(Secret(encode_base64(basic_.reveal())));
    ever_used_.push_back(Secret(basic_.reveal().substr(basic_.reveal().find(':') + 1)));
  }
}

void Credentials::set_token(Secret token) {
  if (token.empty() || token.reveal() == token_.reveal()) return;
  if (ever_used_.size() > 20) ever_used_.erase(ever_used_.begin());
  ever_used_.push_back(token);
  token_ = std::move(token);
}

void Credentials::adopt(const Secret& token) {
  token_ = Secret();
  set_token(trimmed(token.reveal()));
}

void Credentials::read(Clock::time_point now) {
  read_at_ = now;
  std::ifstream file(file_, std::ios::binary);
  std::string text(kMaxToken, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(file.gcount()));
  set_token(trimmed(std::move(text)));
}

Secret Credentials::headers(Clock::time_point now) {
  if (!file_.empty() && (read_at_ == Clock::time_point::min() || now - read_at_ >= kReadAgain)) read(now);
  if (!problem().empty()) return {};
  std::string out = impersonation_;
  if (!token_.empty()) {
    out += "Authorization: Bearer " + token_.reveal() + "\r\n";
  } else if (!basic_.empty()) {
    out += "Authorization: Basic " + encode_base64(basic_.reveal()) + "\r\n";
  }
  return Secret(std::move(out));
}

bool Credentials::refresh(Clock::time_point now) {
  if (file_.empty()) return false;
  const std::string old = token_.reveal();
  read(now);
  return token_.reveal() != old;
}

std::string Credentials::problem() const {
  const bool plain = std::ranges::all_of(token_.reveal(), [](unsigned char c) { return c > ' ' && c < 0x7f; });
  if (!plain) return "the token has characters that a token cannot have (spaces, line breaks, non-ASCII)";
  return impersonation_ == "\n" ? "the impersonated user, uid, group or extra has a line break" : "";
}

std::string Credentials::redacted(std::string text) const {
  for (const Secret& secret : ever_used_) {
    const std::string& hidden = secret.reveal();
    if (hidden.size() < kShortestHidden) continue;
    for (auto at = text.find(hidden); at != std::string::npos; at = text.find(hidden, at + 3)) {
      text.replace(at, hidden.size(), "***");
    }
  }
  return text;
}

}  // namespace surgeproof::k8s
