#include "k8s/answer_reader.h"

#include <fmt/format.h>

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <charconv>

#include "base/wall_time.h"

namespace surgeproof::k8s {
namespace http = boost::beast::http;

struct AnswerReader::Parser {
  std::optional<http::response_parser<http::string_body>> http;
  std::string pending;  // bytes that the parser wants to see together with the next ones (an incomplete line)

  Parser() { renew(); }

  void renew() {
    http.emplace();
    http->body_limit(boost::none);
    http->header_limit(64 * 1024);
    http->eager(true);
  }
};

AnswerReader::AnswerReader() : parser_(std::make_unique<Parser>()) {}
AnswerReader::~AnswerReader() = default;
AnswerReader::AnswerReader(AnswerReader&&) noexcept = default;
AnswerReader& AnswerReader::operator=(AnswerReader&&) noexcept = default;

std::expected<void, std::string> AnswerReader::feed(std::string_view bytes) {
  parser_->pending += bytes;
  while (!parser_->pending.empty() && !complete()) {
    boost::beast::error_code error;
    const std::size_t used = parser_->http->put(boost::asio::buffer(parser_->pending), error);
    parser_->pending.erase(0, used);
    if (error && error != http::error::need_more) return std::unexpected("the answer is not HTTP: " + error.message());
    if (parser_->http->is_done() && status() / 100 == 1) {
      parser_->renew();  // an interim answer (100 Continue); the real one follows
      continue;
    }
    if (error == http::error::need_more || used == 0) break;
  }
  return {};
}

std::expected<void, std::string> AnswerReader::end() {
  if (complete()) return {};
  boost::beast::error_code error;
  if (head_complete()) parser_->http->put_eof(error);
  if (!head_complete() || error) return std::unexpected("the connection was closed within the answer");
  return {};
}

bool AnswerReader::head_complete() const { return parser_->http->is_header_done(); }
bool AnswerReader::complete() const { return parser_->http->is_done(); }
int AnswerReader::status() const { return static_cast<int>(parser_->http->get().result_int()); }

std::optional<std::chrono::seconds> AnswerReader::retry_after() const {
  const auto field = parser_->http->get()[http::field::retry_after];
  unsigned seconds = 0;
  const auto [end, error] = std::from_chars(field.data(), field.data() + field.size(), seconds);
  if (field.empty() || error != std::errc{} || end != field.data() + field.size()) return std::nullopt;
  return std::chrono::seconds{std::min(seconds, 3600u)};
}

std::optional<WallTime> AnswerReader::date() const {
  // RFC 9110, 5.6.7: "Sun, 06 Nov 1994 08:49:37 GMT"; the obsolete forms are not worth reading.
  const std::string_view text = parser_->http->get()[http::field::date];
  constexpr std::string_view kMonths = "JanFebMarAprMayJunJulAugSepOctNovDec";
  if (text.size() != 29 || !text.ends_with(" GMT")) return std::nullopt;
  const auto month = kMonths.find(text.substr(8, 3));
  if (month == std::string_view::npos || month % 3 != 0) return std::nullopt;
  return parse_rfc3339(
      fmt::format("{}-{:02}-{}T{}Z", text.substr(12, 4), month / 3 + 1, text.substr(5, 2), text.substr(17, 8)));
}

bool AnswerReader::reusable() const { return complete() && parser_->http->keep_alive() && parser_->pending.empty(); }

std::string AnswerReader::take_body() {
  std::string body = std::move(parser_->http->get().body());
  parser_->http->get().body().clear();
  return body;
}

std::size_t AnswerReader::waiting() const { return parser_->http->get().body().size(); }

}  // namespace surgeproof::k8s
