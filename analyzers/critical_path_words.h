// What a stage of the critical path is called, what shows it, and what would shorten it.
#pragma once

#include <string>
#include <string_view>

namespace surgeproof {

struct HpaTrack;
struct PathStep;
struct PodLife;
struct Timeline;

/// "its containers start"
std::string_view words_for_stage(std::string_view code);
/// "the start of the containers"
std::string_view noun_for_stage(std::string_view code);
/// An imperative without a full stop.
std::string_view remedy_for(std::string_view code);
/// Of one pod, not of the HPA or the service.
bool is_of_a_pod(std::string_view code);

/// What the recording shows of the end of that step; empty when there is nothing to add. `pod` may be null.
std::string evidence_for(const Timeline& timeline, const HpaTrack& hpa, const PodLife* pod, const PathStep& step);

}  // namespace surgeproof
