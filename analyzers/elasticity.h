// How well supply followed demand: the elasticity metrics of the SPEC Research Group.
//
//   N. Herbst, S. Kounev, R. Reussner, "Elasticity in Cloud Computing: What It Is, and What It Is Not", ICAC 2013;
//   N. Herbst et al., "BUNGEE: An Elasticity Benchmark for Self-Adaptive IaaS Cloud Environments", SEAMS 2015;
//   N. Herbst et al., "Ready for Rain? A View from SPEC Research on the Future of Cloud Metrics", 2016.
//
//   supply s(t)   ready replicas
//   demand d(t)   the fewest replicas that serve the offered load λ(t) well: ⌈λ(t) / capacity⌉, within min and max
//
//   accuracy  U = 1/T ∫ max(d − s, 0) dt     O = 1/T ∫ max(s − d, 0) dt     in replicas
//   timeshare U = share of time with d > s   O = share of time with s > d
//   jitter      = (changes of supply − changes of demand) / T, per minute: above 0 it oscillates, below 0 it is inert
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/run_time.h"

namespace surgeproof {

struct Scenario;
struct Timeline;

struct Elasticity {
  std::string ns;
  std::string hpa;
  Interval span{};                    ///< of the load
  double replica_seconds = 0;         ///< ∫ s(t) dt
  std::optional<double> cost;         ///< of those, in the scenario's currency; empty without a price
  std::optional<double> wasted;       ///< of the cost, for replicas beyond the demand; empty without scores or a price
  std::string currency;               ///< "EUR"; may be empty
  std::string demand_from;            ///< how demand was obtained; why not, when `scores` is empty
  std::optional<double> per_replica;  ///< requests per second that one replica serves well
  struct Scores {
    double under_replicas = 0;  ///< accuracy U
    double over_replicas = 0;   ///< accuracy O
    double under_percent_of_demand = 0;
    double over_percent_of_demand = 0;
    double under_time_share = 0;  ///< 0 to 1
    double over_time_share = 0;
    double jitter_per_minute = 0;
    double over_provisioned_share = 0;  ///< of the replica-seconds
    bool operator==(const Scores&) const = default;
  };
  std::optional<Scores> scores;
  bool operator==(const Elasticity&) const = default;
};

/// One per watched HPA. Demand is known when some seconds kept the latency limit under load (capacity is the most
/// requests per second and ready replica that did); with several HPAs the same load is taken to pass through each.
std::vector<Elasticity> elasticity_of(const Scenario& scenario, const Timeline& timeline);

/// Elastic speedup: the geometric mean of the four ratios without scaler / with scaler. Terms below `floor` (a zero is
/// no ratio) count as it: above 1 the scaler is a gain.
double elastic_speedup(const Elasticity::Scores& without, const Elasticity::Scores& with, double floor = 0.001);

}  // namespace surgeproof
