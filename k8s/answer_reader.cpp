#include "k8s/answer_reader.h"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <charconv>

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

bool AnswerReader::reusable() const { return complete() && parser_->http->keep_alive() && parser_->pending.empty(); }

std::string AnswerReader::take_body() {
  std::string body = std::move(parser_->http->get().body());
  parser_->http->get().body().clear();
  return body;
}

std::size_t AnswerReader::waiting() const { return parser_->http->get().body().size(); }

}  // namespace surgeproof::k8s
