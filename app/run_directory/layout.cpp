#include "app/run_directory/layout.h"

namespace surgeproof {

std::size_t recording_file_of(const Record& record) {
  struct File {
    std::size_t operator()(const LoadMark&) const { return 0; }
    std::size_t operator()(const LoadWindow&) const { return 0; }
    std::size_t operator()(const FailureOverflow&) const { return 0; }
    std::size_t operator()(const PeerWindow&) const { return 0; }
    std::size_t operator()(const GeneratorSample&) const { return 0; }
    std::size_t operator()(const RequestFailure&) const { return 1; }
    std::size_t operator()(const SlowRequest&) const { return 1; }
    std::size_t operator()(const HpaSample&) const { return 2; }
    std::size_t operator()(const ScaleTargetSample&) const { return 2; }
    std::size_t operator()(const PodSample&) const { return 2; }
    std::size_t operator()(const EndpointSliceSample&) const { return 2; }
    std::size_t operator()(const ClusterEvent&) const { return 2; }
    std::size_t operator()(const PodMetricsSample&) const { return 2; }
    std::size_t operator()(const WatchState&) const { return 2; }
    std::size_t operator()(const ReplicaSetSample&) const { return 2; }
    std::size_t operator()(const NodeSample&) const { return 2; }
    std::size_t operator()(const HpaMetricSample&) const { return 2; }
    std::size_t operator()(const SignalSample&) const { return 2; }
    std::size_t operator()(const LogLine&) const { return 2; }
    std::size_t operator()(const ActionSample&) const { return 2; }
  };
  return std::visit(File{}, record);
}

}  // namespace surgeproof
