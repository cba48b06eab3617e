#include "k8s/actions/runner.h"

#include <fmt/format.h>

namespace surgeproof::k8s {
namespace {

using State = ActionSample::State;
using Clock = std::chrono::steady_clock;

std::vector<RunTime> times_of(const std::vector<ActionRequest>& requests) {
  std::vector<RunTime> due;
  for (const auto& r : requests) due.push_back(r.due);
  return due;
}

std::string_view word_for(ActionRequest::Kind kind) {
  switch (kind) {
    case ActionRequest::Kind::restart:
      return "restart";
    case ActionRequest::Kind::delete_pod:
      return "delete_pod";
    case ActionRequest::Kind::scale:
      break;
  }
  return "scale";
}

}  // namespace

ActionSample planned_sample(const ActionRequest& request, ActionSample::State state) {
  ActionSample s;
  s.name = request.name;
  s.kind = word_for(request.kind);
  s.what = request.what;
  s.state = state;
  s.planned = request.due;
  const bool of_hpa = request.kind == ActionRequest::Kind::delete_pod;
  s.object = {of_hpa ? "HorizontalPodAutoscaler" : request.object_kind, request.ns, request.object};
  return s;
}

ActionRunner::ActionRunner(std::vector<ActionRequest> requests, ClockAnchor anchor, RecordSink sink, Perform perform)
    : requests_(std::move(requests)),
      anchor_(anchor),
      sink_(std::move(sink)),
      perform_(std::move(perform)),
      schedule_(times_of(requests_)) {}

ActionRunner::~ActionRunner() { stop(); }

void ActionRunner::start() {
  for (const auto& r : requests_) {
    ActionSample s = planned_sample(r, State::planned);
    s.at = now();
    sink_(std::move(s));
  }
  thread_ = std::thread([this] { serve(); });
}

void ActionRunner::end() {
  {
    const std::lock_guard lock(mutex_);
    over_ = true;
  }
  wake_.notify_all();
}

void ActionRunner::stop() {
  end();
  if (thread_.joinable()) thread_.join();
}

void ActionRunner::serve() {
  using Kind = ActionSchedule::Step::Kind;
  while (true) {
    ActionSchedule::Step step;
    {
      std::unique_lock lock(mutex_);
      step = schedule_.next(now(), over_);
      if (step.kind == Kind::wait) {
        wake_.wait_until(lock, anchor_.steady + step.until, [this] { return over_; });
        continue;
      }
    }
    if (step.kind == Kind::finished) break;
    if (step.kind == Kind::perform) {
      carry_out(step.action);
    } else if (step.kind == Kind::missed) {
      give_up(step.action, State::missed, "the load was over before its time came");
    } else {
      give_up(step.action, State::failed,
              fmt::format("it was more than {}s late, because the one before it took so long",
                          ActionSchedule::kLatest.count()));
    }
  }
  finished_ = true;
}

void ActionRunner::carry_out(std::size_t index) {
  ActionSample s = planned_sample(requests_[index], State::begun);
  s.at = now();
  s.begun = s.at;
  sink_(s);
  try {
    auto outcome = perform_(requests_[index]);
    s.state = outcome.state;
    if (!outcome.object.name.empty()) s.object = std::move(outcome.object);
    s.result = std::move(outcome.result);
    s.error = std::move(outcome.error);
  } catch (const std::exception& e) {
    s.state = State::unknown;
    s.error = e.what();
  }
  s.at = now();
  s.ended = s.at;
  sink_(std::move(s));
}

void ActionRunner::give_up(std::size_t index, State state, std::string why) {
  ActionSample s = planned_sample(requests_[index], state);
  s.at = now();
  s.error = std::move(why);
  sink_(std::move(s));
}

}  // namespace surgeproof::k8s
