// Writes Event objects, as client-go's recorder does: the same event again raises its count.
#pragma once

#include <boost/json/fwd.hpp>
#include <string>
#include <string_view>

#include "k8s/demo/api/store.h"

namespace surgeproof::demo {

/// "Normal" or "Warning", a CamelCase reason, a sentence.
struct EventNote {
  std::string type;
  std::string reason;
  std::string message;
};

class EventRecorder {
 public:
  /// `component`: "deployment-controller", "kubelet", …
  EventRecorder(Store& store, std::string component) : store_(store), component_(std::move(component)) {}
  void record(const boost::json::object& about, const EventNote& note);

 private:
  Store& store_;
  std::string component_;
};

}  // namespace surgeproof::demo
