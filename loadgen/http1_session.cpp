#include "loadgen/http1_session.h"

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <cassert>
#include <optional>
#include <utility>

#include "loadgen/response_scanner.h"

namespace surgeproof::loadgen {

namespace beast = boost::beast;
namespace http = beast::http;
using beast::error_code;
using beast::string_view;

// Beast's parser, one object for each answer, in place: keeps the status and two headers, drops everything else.
class Http1Session::Parser {
 public:
  class Answer final : public http::basic_parser<false> {
   public:
    explicit Answer(Http1Session& session) : session_(session) {
      eager(true);
      header_limit(kMaxHeld);
      body_limit(boost::none);
    }

   private:
    void on_request_impl(http::verb, string_view, string_view, int, error_code&) override {}
    void on_response_impl(int status, string_view, int, error_code&) override { read_status_ = status; }
    void on_field_impl(http::field name, string_view text, string_view value, error_code&) override {
      if (name == http::field::server) session_.server_.assign(value.data(), value.size());
      if (!session_.pod_header_.empty() && beast::iequals(text, session_.pod_header_)) {
        session_.pod_.assign(value.data(), value.size());
      }
    }
    void on_header_impl(error_code&) override { session_.status_ = read_status_; }
    void on_body_init_impl(const boost::optional<std::uint64_t>&, error_code&) override {}
    std::size_t on_body_impl(string_view body, error_code&) override { return body.size(); }
    void on_chunk_header_impl(std::uint64_t, string_view, error_code&) override {}
    std::size_t on_chunk_body_impl(std::uint64_t, string_view body, error_code&) override { return body.size(); }
    void on_finish_impl(error_code&) override {}

    Http1Session& session_;
    int read_status_ = 0;  // counts once the header is whole
  };

  std::optional<Answer> answer;
};

Http1Session::Http1Session(std::string pod_header, Parsing parsing)
    : parsing_(parsing), pod_header_(std::move(pod_header)) {}

Http1Session::~Http1Session() = default;

void Http1Session::restart_parser() {
  if (!parser_) parser_ = std::make_unique<Parser>();
  parser_->answer.emplace(*this);
  parser_->answer->skip(to_head_);
}

void Http1Session::expect_answer(bool to_head_request) {
  assert(state_ == State::idle || (state_ == State::complete && reusable_));
  state_ = State::waiting;
  to_head_ = to_head_request;
  status_ = 0;
  bytes_ = 0;
  server_.clear();
  pod_.clear();
  scanned_ = false;
}

void Http1Session::fail(std::string why) {
  state_ = State::malformed;
  reusable_ = false;
  error_ = std::move(why);
  held_.clear();
}

Http1Session::State Http1Session::receive(std::string_view bytes) {
  if (bytes.empty()) return state_;
  if (state_ == State::idle || state_ == State::complete || state_ == State::malformed) {
    reusable_ = false;  // nobody asked
    return state_;
  }
  bytes_ += bytes.size();
  if (state_ == State::waiting) {
    state_ = State::reading;
    scanned_ = parsing_ == Parsing::scanned && !to_head_ && scan(bytes);
    if (scanned_) return state_;
    restart_parser();
  } else if (scanned_) {
    take_body(bytes);
    return state_;
  }
  if (held_.empty()) {
    const std::string_view rest = consume(bytes);
    held_.assign(rest);
  } else {
    held_.append(bytes);
    const std::size_t rest = consume(held_).size();
    held_.erase(0, held_.size() - rest);
  }
  if (state_ == State::reading && held_.size() > kMaxHeld) fail("a line of the answer has no end");
  if (state_ != State::reading) held_.clear();
  return state_;
}

// The header of the common answer, and what of its body came with it. False: not that.
bool Http1Session::scan(std::string_view bytes) {
  const auto header = scan_header(bytes, pod_header_);
  if (!header) return false;
  status_ = header->status;
  server_ = header->server;
  pod_ = header->pod;
  keep_alive_ = header->keep_alive;
  body_left_ = header->body_size;
  take_body(bytes.substr(header->size));
  return true;
}

void Http1Session::take_body(std::string_view bytes) {
  const std::uint64_t of_it = std::min<std::uint64_t>(bytes.size(), body_left_);
  body_left_ -= of_it;
  if (body_left_ > 0) return;
  state_ = State::complete;
  reusable_ = keep_alive_ && bytes.size() == of_it;
}

// Feeds the parser; returns what it could not use yet. Changes state_ when the answer is complete or malformed.
std::string_view Http1Session::consume(std::string_view bytes) {
  while (!bytes.empty()) {
    // The end of an empty chunked body, but not all of it: Beast 1.81 asserts that it sees these five bytes at once.
    const bool half_an_end = bytes.size() < 5 && bytes.starts_with("0\r\n");
    if (half_an_end && parser_->answer->is_header_done() && parser_->answer->chunked()) return bytes;
    error_code ec;
    const std::size_t used = parser_->answer->put(boost::asio::buffer(bytes.data(), bytes.size()), ec);
    bytes.remove_prefix(used);
    if (ec == http::error::need_more) return bytes;
    if (ec) {
      fail(ec.message());
      return {};
    }
    if (!parser_->answer->is_done()) continue;
    const bool interim = status_ >= 100 && status_ < 200 && status_ != 101;
    if (interim) {
      status_ = 0;
      restart_parser();
      continue;
    }
    state_ = State::complete;
    reusable_ = bytes.empty() && status_ != 101 && parser_->answer->keep_alive();
    return {};
  }
  return bytes;
}

Http1Session::State Http1Session::end_of_stream() {
  reusable_ = false;
  if (state_ != State::reading || scanned_ || !parser_->answer->is_header_done() || !parser_->answer->need_eof())
    return state_;
  error_code ec;
  parser_->answer->put_eof(ec);
  if (!ec) state_ = State::complete;
  return state_;
}

}  // namespace surgeproof::loadgen
