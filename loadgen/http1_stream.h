// Http1Session behind the interface that all protocols share: one request at a time.
#pragma once

#include <string>

#include "loadgen/http1_session.h"
#include "loadgen/session.h"

namespace surgeproof::loadgen {

class Http1Stream final : public Session {
 public:
  /// `plan` must outlive it.
  explicit Http1Stream(const Plan& plan) : plan_(plan), session_(plan.client.pod_header) {}

  [[nodiscard]] std::uint32_t room() const override { return in_flight_ || closing() ? 0 : 1; }
  [[nodiscard]] bool closing() const override { return broken_ || !session_.reusable(); }
  void submit(std::uint32_t stream, const Ticket& ticket) override;
  bool abandon(std::uint32_t /*stream*/) override { return false; }
  [[nodiscard]] std::string_view output() override { return std::string_view{out_}.substr(written_); }
  void wrote(std::size_t bytes) override { written_ += bytes; }
  bool receive(std::string_view bytes, SessionEvents& events) override;
  void end_of_stream(SessionEvents& events) override;
  [[nodiscard]] std::string_view error() const override { return session_.error(); }
  [[nodiscard]] Answer partial(std::uint32_t stream) const override;
  [[nodiscard]] std::uint64_t bytes_sent(std::uint32_t /*stream*/) const override { return written_; }

 private:
  void complete(SessionEvents& events);

  const Plan& plan_;
  Http1Session session_;
  bool in_flight_ = false;
  bool broken_ = false;  // an answer came before its request was written
  std::string out_;
  std::size_t written_ = 0;
};

}  // namespace surgeproof::loadgen
