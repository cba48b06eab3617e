// The addresses of the target: of its name, looked up on the worker's own io_context, or given from outside.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/run_time.h"
#include "loadgen/address_book.h"
#include "loadgen/target.h"

namespace surgeproof::loadgen {

class Addresses {
 public:
  using Endpoint = boost::asio::ip::tcp::endpoint;
  enum class State {
    resolving,  ///< the first look-up is under way
    known,
    failed,  ///< there never was an answer; error() says why
  };
  /// Tried for one connection, at most.
  static constexpr std::size_t kMaxCandidates = 8;

  /// `changed` is called after each look-up, unless `target` is an address: then there is nothing to look up.
  /// `first`: where to begin among the addresses, so that workers do not all begin with the same one.
  /// `all`: false keeps only the first address of each answer.
  Addresses(boost::asio::io_context& io, const Target& target, std::size_t first, std::function<void()> changed,
            bool all = true);

  /// Looks the name up (again) unless that is under way. Addresses known before stay until there are new ones.
  void look_up(RunTime now);
  void cancel() { resolver_.cancel(); }
  [[nodiscard]] bool busy() const { return busy_; }

  /// Nothing is looked up from now on: the addresses come from outside.
  void await_endpoints();
  /// These; none: failed, and `why` is the error.
  void set_endpoints(const std::vector<PodEndpoint>& endpoints, const std::string& why);

  [[nodiscard]] State state() const { return state_; }
  [[nodiscard]] bool literal() const { return literal_; }
  [[nodiscard]] RunTime looked_up() const { return looked_up_; }  ///< when the last look-up began
  [[nodiscard]] const std::string& error() const { return error_; }
  /// Which of them carries which connection.
  [[nodiscard]] AddressBook& book() { return book_; }
  [[nodiscard]] const AddressBook& book() const { return book_; }
  /// For a new connection in `slot`: its address, then those that may do instead. Of addresses from outside none may:
  /// that a pod refuses is to be seen.
  std::vector<Endpoint> candidates(std::uint32_t slot) { return book_.assign(slot, given_ ? 0 : kMaxCandidates - 1); }

 private:
  boost::asio::ip::tcp::resolver resolver_;
  const Target& target_;
  std::function<void()> changed_;
  State state_ = State::resolving;
  bool all_;
  bool literal_ = false;
  bool busy_ = false;
  bool given_ = false;  // from outside
  RunTime looked_up_{};
  std::string error_;
  AddressBook book_;
};

}  // namespace surgeproof::loadgen
