// Which samples metrics-server served when, as a recording shows it: no single lag stands for them. Each pod is
// measured in its own time and over its own window, and a sample waits for metrics-server's next round.
#pragma once

#include <string>
#include <vector>

#include "analyzers/timeline.h"
#include "analyzers/whatif/service.h"
#include "k8s/hpa/settings.h"

namespace surgeproof::whatif {

/// One round for each poll of the watcher that brought something, and one for each sync that the HPA's status tells of:
/// with the samples that explain what the controller decided. By time. Empty without pod metrics. Pure.
/// `started`: wall time of the recording's zero.
std::vector<MetricRound> recorded_rounds(const Timeline& timeline, const HpaTrack& track, WallTime started,
                                         const hpa::Settings& settings);

/// "samples as recorded, over 10s to 19.7s and 1.5s to 26s old; …": what the loop's syncs find.
std::string sample_words(const Loop& loop);

}  // namespace surgeproof::whatif
