// What the tracker's files share: comparing samples and ending them.
#pragma once

#include <optional>

#include "base/records.h"

namespace surgeproof::k8s {

/// Whether two samples differ in anything but the instants at which they were taken.
template <class Sample>
bool differs(Sample a, const Sample& b) {
  a.at = b.at;
  return a != b;
}

template <class Sample>
Sample gone(Sample sample, RunTime now) {
  sample.at = {now, std::nullopt};
  sample.deleted = true;
  return sample;
}

}  // namespace surgeproof::k8s
