#include "tests/analyzers/truth/world.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>

#include "tests/analyzers/truth/narrator.h"

namespace surgeproof::truth {
namespace {

constexpr double kLength = 100;  // seconds
constexpr double kRate = 100;    // requests per second
constexpr int kSlots = 48;       // kept-alive connections
constexpr double kNever = std::numeric_limits<double>::infinity();

struct Connection {
  int pod = -1;
  double opened = 0;
  std::uint32_t served = 0;
  std::uint64_t id = 0;
  bool dead = false;  // closed by the other side, and the client has not noticed
  Injected why{};
};

class World {
 public:
  World(const std::vector<Injected>& causes, std::uint64_t seed, bool pods_known)
      : random_(seed), narrator_(seed, pods_known), slots_(kSlots) {
    for (int i = 0; i < 6; ++i) add_pod(-30, i % 3);
    double at = uniform(25, 40);
    for (const Injected cause : causes) {
      inject(cause, at);
      at += uniform(0, 12);
    }
  }

  Told run() {
    const int n = static_cast<int>(kLength * kRate);
    for (int i = 0; i < n; ++i) request(i / kRate + uniform(0, 0.005));
    return narrator_.finish(pods_, kLength);
  }

 private:
  double uniform(double a, double b) { return std::uniform_real_distribution<double>{a, b}(random_); }
  bool chance(double p) { return uniform(0, 1) < p; }

  int add_pod(double created, int node) {
    SimPod p;
    const auto n = static_cast<int>(pods_.size());
    p.name = fmt::format("app-{}", n);
    p.ip = fmt::format("10.1.{}.{}", node, n + 10);
    p.node = fmt::format("node-{}", node);
    p.created = created;
    p.ready = created + 5;
    p.serves = created + 4;
    p.in_proxy = p.ready + uniform(0.1, 0.8);
    pods_.push_back(p);
    return n;
  }

  void remove(SimPod& p, double at, double stops_after, Injected why) {
    p.deletion = at;
    p.closes = at + stops_after;
    p.ended = p.closes + uniform(0, 0.1);
    p.out_of_proxy = at + uniform(0.3, 1.5);
    p.why = why;
  }

  SimPod& some_pod() {
    for (;;) {
      SimPod& p = pods_[std::uniform_int_distribution<std::size_t>{0, 5}(random_)];
      if (!p.touched) {
        p.touched = true;
        return p;
      }
    }
  }

  void inject(Injected cause, double at) {
    switch (cause) {
      case Injected::termination_race:
        remove(some_pod(), at, uniform(0, 0.1), cause);
        new_connections_ = true;
        break;
      case Injected::keep_alive_reset:
        remove(some_pod(), at, uniform(3, 6), cause);
        notices_ = 0.3;
        break;
      case Injected::killed_in_flight: {
        SimPod& p = some_pod();
        remove(p, at, uniform(8, 20), cause);
        p.drains = true;
        long_requests_ = 0.02;
        break;
      }
      case Injected::load_balancer_lag: {
        const int n = add_pod(-30, 7);
        SimPod& p = pods_[static_cast<std::size_t>(n)];
        p.touched = true;
        remove(p, at, 30, cause);
        p.drains = true;
        p.out_of_proxy = at + uniform(9, 15);  // probe interval × threshold
        p.node_drops = at;                     // externalTrafficPolicy: Local: no ready pod, no answer
        break;
      }
      case Injected::node_trouble: {
        const int node = 8;
        for (int i = 0; i < 2; ++i) {
          SimPod& p = pods_[static_cast<std::size_t>(add_pod(-30, node))];
          p.touched = true;
          remove(p, at + uniform(1, 3), uniform(0, 0.2), cause);
        }
        narrator_.node_event(fmt::format("node-{}", node), at, "ScaleDown", "node removed by cluster autoscaler");
        break;
      }
      case Injected::premature_ready: {
        const int n = add_pod(at - 5, 1);
        SimPod& p = pods_[static_cast<std::size_t>(n)];
        p.touched = true;
        p.serves = p.ready + uniform(4, 9);
        p.why = cause;
        break;
      }
      case Injected::container_crashed: {
        SimPod& p = some_pod();
        p.crashed = at;
        p.restarted = at + uniform(3, 6);
        p.why = cause;
        break;
      }
      case Injected::saturation:
        saturated_from_ = at;
        saturated_to_ = at + 15;
        narrator_.saturated(at - 10, at + 20);
        break;
      case Injected::no_endpoints:
        nothing_from_ = at;
        nothing_to_ = at + uniform(3, 6);
        for (SimPod& p : pods_) p.unready = {nothing_from_ - 0.2, nothing_to_ + 0.2};
        break;
      case Injected::idle_timeout_race:
        idle_from_ = at;
        idle_to_ = at + 10;
        break;
      case Injected::generator:
        portless_from_ = at;
        portless_to_ = at + 10;
        break;
      case Injected::unknown:
        odd_from_ = at;
        odd_to_ = at + 10;
        break;
    }
  }

  void request(double t) {
    if (t >= odd_from_ && t < odd_to_ && chance(0.01)) {
      fail(t, t + 0.01, chance(0.5) ? Outcome::tls_failed : Outcome::malformed, {}, nullptr, Injected::unknown, 0);
      return;
    }
    if (t >= portless_from_ && t < portless_to_ && chance(0.02)) {
      const Outcome o = chance(0.7) ? Outcome::generator_error : Outcome::unsent;
      fail(t, t + 0.01, o, {}, nullptr, Injected::generator, 0);
      return;
    }
    if (t >= saturated_from_ && t < saturated_to_ && chance(0.05)) {
      Connection c = slots_[static_cast<std::size_t>(uniform(0, kSlots))];
      const SimPod* pod = c.pod < 0 ? nullptr : &pods_[static_cast<std::size_t>(c.pod)];
      // A pod that is about to go is no witness of a queue.
      if (pod && pod->why == Injected::unknown) {
        fail(t, t + 10, Outcome::timeout, c, pod, Injected::saturation, 0);
        return;
      }
    }
    const bool fresh = new_connections_ ? chance(0.5) : chance(0.05);
    Connection& slot = slots_[static_cast<std::size_t>(uniform(0, kSlots))];
    if (fresh || slot.pod < 0) {
      Connection c;
      if (!connect(t, c)) return;
      slot = c;
    }
    serve(t, slot);
  }

  // A new connection, to any pod that the proxy believes in; false when it failed.
  bool connect(double t, Connection& c) {
    c.opened = t;
    c.id = ++connections_;
    if (t >= nothing_from_ && t < nothing_to_) {
      fail(t, t + 0.002, Outcome::connect_refused, c, nullptr, Injected::no_endpoints, 0);
      return false;
    }
    std::vector<int> known;
    for (std::size_t i = 0; i < pods_.size(); ++i) {
      const SimPod& p = pods_[i];
      const bool crashed = t >= p.crashed + 2 && t < p.restarted + 1;  // its readiness probe has failed
      if (t >= p.in_proxy && t < p.out_of_proxy && !crashed) known.push_back(static_cast<int>(i));
    }
    c.pod = known[static_cast<std::size_t>(uniform(0, static_cast<double>(known.size())))];
    const SimPod& p = pods_[static_cast<std::size_t>(c.pod)];
    if (t >= p.node_drops) {
      fail(t, t + 3, Outcome::connect_timeout, c, nullptr, p.why, 0);
      return false;
    }
    const bool deaf = t < p.serves || t >= p.closes || (t >= p.crashed && t < p.restarted);
    if (deaf) {
      const Outcome o = chance(0.7) ? Outcome::connect_refused : Outcome::reset;
      fail(t, t + 0.003, o, c, &p, p.why, 0);
      return false;
    }
    return true;
  }

  void serve(double t, Connection& c) {
    const SimPod& p = pods_[static_cast<std::size_t>(c.pod)];
    if (c.served > 0 && t >= idle_from_ && t < idle_to_ && p.why == Injected::unknown && chance(0.01)) {
      fail(t, t + 0.002, Outcome::closed, c, &p, Injected::idle_timeout_race, 0);
      c = {};
      return;
    }
    const bool gone = t >= p.closes || (c.opened < p.crashed && t >= p.crashed);
    if (gone) {
      const bool noticed = p.drains || chance(notices_);
      // A connection that is older than the deletion and breaks is a keep-alive reset by its definition.
      const bool kept = p.why == Injected::termination_race && c.served > 0 && c.opened <= p.closes;
      const Injected why = kept ? Injected::keep_alive_reset : p.why;
      if (!noticed) fail(t, t + 0.002, chance(0.6) ? Outcome::reset : Outcome::closed, c, &p, why, 0);
      const Connection fresh_start{};
      c = fresh_start;
      if (noticed) {
        Connection next;
        if (connect(t, next)) c = next;
      }
      return;
    }
    const bool is_long = chance(long_requests_);
    const double takes = is_long ? uniform(4, 25) : uniform(0.002, 0.03);
    const double cut = std::min(p.ended, p.crashed > t ? p.crashed : kNever);
    if (t + takes > cut) {
      // A short request is let go at the end; of a crash nothing is.
      const bool crash = cut < p.ended;
      if (is_long || crash) {
        const bool partial = chance(0.5);
        fail(t, cut + 0.002, partial ? Outcome::truncated : Outcome::reset, c, &p,
             crash                                   ? Injected::container_crashed
             : p.deletion < kNever && !is_of_node(p) ? Injected::killed_in_flight
                                                     : p.why,
             partial ? 512 : 0);
        c = {};
      }
      return;
    }
    ++c.served;
    narrator_.answered(t, p);
  }

  static bool is_of_node(const SimPod& p) { return p.why == Injected::node_trouble; }

  void fail(double t, double ended, Outcome o, const Connection& c, const SimPod* pod, Injected why,
            std::uint64_t received) {
    narrator_.failed(t, ended, o, {c.id, c.opened, c.served, received}, pod, why);
  }

  std::mt19937_64 random_;
  Narrator narrator_;
  std::vector<SimPod> pods_;
  std::vector<Connection> slots_;
  std::uint64_t connections_ = 0;
  double notices_ = 0.9;  // share of closed connections that the client sees in time
  double long_requests_ = 0;
  bool new_connections_ = false;
  double saturated_from_ = kNever, saturated_to_ = kNever;
  double nothing_from_ = kNever, nothing_to_ = kNever;
  double idle_from_ = kNever, idle_to_ = kNever;
  double odd_from_ = kNever, odd_to_ = kNever;
  double portless_from_ = kNever, portless_to_ = kNever;
};

}  // namespace

std::string_view name_of(Injected cause) {
  constexpr std::array<std::string_view, kInjected> kNames{"termination_race",  "keep_alive_reset", "killed_in_flight",
                                                           "load_balancer_lag", "node_trouble",     "premature_ready",
                                                           "container_crashed", "saturation",       "no_endpoints",
                                                           "idle_timeout_race", "generator",        "unknown"};
  return kNames.at(static_cast<std::size_t>(cause));
}

Told tell_run(const std::vector<Injected>& causes, std::uint64_t seed, bool pods_known) {
  return World(causes, seed, pods_known).run();
}

}  // namespace surgeproof::truth
