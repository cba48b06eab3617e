#include "k8s/reflector.h"

#include <algorithm>
#include <cmath>

namespace surgeproof::k8s {

Reflector::Action Reflector::next() {
  Action out;
  if (wait_) {
    out.kind = Action::Kind::wait;
    out.delay = *wait_;
    wait_.reset();
  } else if (listing_) {
    out.kind = Action::Kind::list;
    out.continue_token = continue_token_;
  } else {
    out.kind = Action::Kind::watch;
    out.resource_version = resource_version_;
    std::uniform_int_distribution<std::int64_t> spread(limits_.watch_least.count(), limits_.watch_most.count());
    out.watch_timeout = std::chrono::seconds{spread(random_)};
  }
  return out;
}

void Reflector::listed(std::string continue_token, std::string resource_version) {
  continue_token_ = std::move(continue_token);
  if (!continue_token_.empty()) return;
  listing_ = false;
  resource_version_ = std::move(resource_version);
}

void Reflector::seen(std::string resource_version) {
  if (!resource_version.empty()) resource_version_ = std::move(resource_version);
  failures_ = 0;
  anew_ = false;
}

void Reflector::closed(std::chrono::nanoseconds open_for, bool had_events) {
  if (open_for >= std::chrono::seconds{1} || had_events) {
    failures_ = 0;
    anew_ = false;
    return;
  }
  // A server (or a proxy before it) that closes at once does not serve this watch; the list shows whether it serves
  // anything at all.
  back_off(std::nullopt, false);
  list_anew();
}

void Reflector::failed(const ReflectorFailure& failure) {
  if (failure.status == 410) return expired(failure);
  // A right that is missing, or an API that is not served, rarely comes back within seconds.
  const bool slow = failure.status == 401 || failure.status == 403 || failure.status == 404;
  back_off(failure.retry_after, slow);
  if (slow) list_anew();
  if (listing_) continue_token_.clear();
}

void Reflector::expired(const ReflectorFailure& failure) {
  // 410 Gone is the ordinary end of an old resource version: list again at once, but never in a tight loop.
  if (failure.status != 410 || anew_) back_off(failure.retry_after, false);
  anew_ = true;
  list_anew();
}

void Reflector::list_anew() {
  listing_ = true;
  continue_token_.clear();
  resource_version_.clear();
}

void Reflector::back_off(std::optional<std::chrono::seconds> retry_after, bool slow) {
  failures_ = std::min(failures_ + 1, 30);
  const double first = static_cast<double>(limits_.backoff_first.count());
  const double last = static_cast<double>(limits_.backoff_last.count());
  const double top = slow ? last : std::min(last, first * std::pow(2.0, failures_));
  // Jitter within [top/2, top], so that many watches do not come back together: 0.8 to 1.6 s, 1.6 to 3.2 s, …
  std::uniform_real_distribution<double> spread(top / 2, top);
  wait_ = std::chrono::milliseconds{static_cast<std::int64_t>(spread(random_))};
  if (retry_after) wait_ = std::max<std::chrono::milliseconds>(*wait_, *retry_after);
}

}  // namespace surgeproof::k8s
