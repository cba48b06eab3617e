#include "k8s/credentials.h"

#include <algorithm>
#include <fstream>

namespace surgeproof::k8s {
namespace {

constexpr auto kReadAgain = std::chrono::minutes{1};
constexpr std::size_t kMaxToken = 256 * 1024;

Secret trimmed(std::string text) {
  constexpr std::string_view kSpace = " \t\r\n";
  text.erase(text.find_last_not_of(kSpace) + 1);
  text.erase(0, text.find_first_not_of(kSpace));
  return Secret(std::move(text));
}

}  // namespace

Credentials::Credentials(const ClusterConfig& config)
    : file_(config.token_file), token_(trimmed(config.token.reveal())), read_at_(Clock::time_point::min()) {}

void Credentials::read(Clock::time_point now) {
  read_at_ = now;
  std::ifstream file(file_, std::ios::binary);
  std::string text(kMaxToken, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(file.gcount()));
  if (Secret fresh = trimmed(std::move(text)); !fresh.empty()) token_ = std::move(fresh);
}

const Secret& Credentials::token(Clock::time_point now) {
  if (!file_.empty() && (read_at_ == Clock::time_point::min() || now - read_at_ >= kReadAgain)) read(now);
  return token_;
}

bool Credentials::refresh(Clock::time_point now) {
  if (file_.empty()) return false;
  const std::string old = token_.reveal();
  read(now);
  return token_.reveal() != old;
}

std::string Credentials::problem() const {
  const bool plain = std::ranges::all_of(token_.reveal(), [](unsigned char c) { return c > ' ' && c < 0x7f; });
  return plain ? "" : "the token has characters that a token cannot have (spaces, line breaks, non-ASCII)";
}

std::string Credentials::redacted(std::string text) const {
  const std::string& token = token_.reveal();
  if (token.size() < 4) return text;
  for (auto at = text.find(token); at != std::string::npos; at = text.find(token, at))
    text.replace(at, token.size(), "***");
  return text;
}

}  // namespace surgeproof::k8s
