#include "k8s/actions/schedule.h"

namespace surgeproof::k8s {

ActionSchedule::Step ActionSchedule::next(RunTime now, bool over) {
  using Kind = Step::Kind;
  if (next_ == due_.size()) return {Kind::finished};
  if (over) return {Kind::missed, next_++};
  const RunTime due = due_[next_];
  if (now < due) return {Kind::wait, next_, due};
  return {now > due + kLatest ? Kind::too_late : Kind::perform, next_++};
}

}  // namespace surgeproof::k8s
