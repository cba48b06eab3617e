#include "loadgen/address_book.h"

#include <algorithm>
#include <boost/asio/ip/address.hpp>
#include <charconv>
#include <utility>

namespace surgeproof::loadgen {

std::vector<PodEndpoint> parse_endpoints(const std::vector<PodAddress>& pods) {
  std::vector<PodEndpoint> endpoints;
  for (const auto& [text, pod] : pods) {
    const auto colon = text.rfind(':');
    if (colon == std::string::npos) continue;
    std::string host = text.substr(0, colon);
    if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
    boost::system::error_code ec;
    const auto address = boost::asio::ip::make_address(host, ec);
    std::uint16_t port = 0;
    const char* end = text.data() + text.size();
    const auto read = std::from_chars(text.data() + colon + 1, end, port);
    if (ec || read.ec != std::errc{} || read.ptr != end || port == 0) continue;
    endpoints.push_back({.endpoint = {address, port}, .pod = pod});
  }
  return endpoints;
}

void AddressBook::replace(const std::vector<PodEndpoint>& endpoints) {
  const std::vector<Address> before = std::exchange(addresses_, {});
  std::vector<std::size_t> now_at(before.size(), kNone);
  for (const PodEndpoint& at : endpoints) {
    if (contains(at.endpoint)) continue;
    Address address{.at = at};
    const auto old = std::ranges::find(before, at.endpoint, [](const Address& a) { return a.at.endpoint; });
    if (old != before.end()) {
      address = *old;
      address.at.pod = at.pod;
      now_at[static_cast<std::size_t>(old - before.begin())] = addresses_.size();
    }
    addresses_.push_back(std::move(address));
  }
  for (Assignment& slot : slots_) {
    if (slot.address != kNone) slot.address = now_at[slot.address];
  }
}

bool AddressBook::contains(const Endpoint& endpoint) const {
  return std::ranges::find(addresses_, endpoint, [](const Address& a) { return a.at.endpoint; }) != addresses_.end();
}

std::size_t AddressBook::choose() {
  const std::size_t turn = turn_++ % addresses_.size();
  if (addresses_[turn].refused) return turn;
  std::size_t best = turn;
  for (std::size_t i = 1; i < addresses_.size(); ++i) {
    const std::size_t other = (turn + i) % addresses_.size();
    if (!addresses_[other].refused && addresses_[other].connections < addresses_[best].connections) best = other;
  }
  return best;
}

std::vector<AddressBook::Endpoint> AddressBook::assign(std::uint32_t slot, std::size_t most) {
  if (slot >= slots_.size()) slots_.resize(slot + 1);
  const std::size_t chosen = choose();
  ++addresses_[chosen].connections;
  slots_[slot] = {.address = chosen, .reached = false, .pod = addresses_[chosen].at.pod};
  std::vector<Endpoint> candidates;
  for (std::size_t i = 0; i < std::min(addresses_.size(), most + 1); ++i) {
    candidates.push_back(addresses_[(chosen + i) % addresses_.size()].at.endpoint);
  }
  return candidates;
}

void AddressBook::reached(std::uint32_t slot) {
  slots_[slot].reached = true;
  if (slots_[slot].address != kNone) addresses_[slots_[slot].address].refused = false;
}

bool AddressBook::release(std::uint32_t slot, RunTime now) {
  if (slot >= slots_.size() || slots_[slot].address == kNone) return false;
  Address& address = addresses_[slots_[slot].address];
  slots_[slot].address = kNone;
  --address.connections;
  if (!slots_[slot].reached && address.connections == 0) {
    address.refused = true;
    address.refused_at = now;
  }
  return address.connections == 0 && !address.refused;
}

const std::string& AddressBook::pod(std::uint32_t slot) const {
  static const std::string kUnknown;
  return slot < slots_.size() ? slots_[slot].pod : kUnknown;
}

std::size_t AddressBook::unused() const {
  return static_cast<std::size_t>(
      std::ranges::count_if(addresses_, [](const Address& a) { return a.connections == 0 && !a.refused; }));
}

std::vector<std::uint32_t> AddressBook::surplus() const {
  std::vector<std::uint32_t> slots;
  if (addresses_.size() < 2) return slots;
  std::size_t all = 0;
  for (const Address& a : addresses_) all += a.connections;
  const std::size_t share = (all + addresses_.size() - 1) / addresses_.size();
  std::vector<std::size_t> kept(addresses_.size());
  for (std::uint32_t slot = 0; slot < slots_.size(); ++slot) {
    if (slots_[slot].address != kNone && ++kept[slots_[slot].address] > share) slots.push_back(slot);
  }
  return slots;
}

bool AddressBook::second_chance(RunTime now) {
  bool any = false;
  for (Address& a : addresses_) {
    if (!a.refused || now < a.refused_at + kSecondChance) continue;
    a.refused = false;
    any = any || a.connections == 0;
  }
  return any;
}

}  // namespace surgeproof::loadgen
