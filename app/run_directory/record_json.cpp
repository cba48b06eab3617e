#include "app/run_directory/record_json.h"

#include <boost/json.hpp>
#include <boost/mp11.hpp>

#include "app/run_directory/describe.h"
#include "base/wall_time.h"

namespace surgeproof {
namespace {

namespace json = boost::json;
namespace describe = boost::describe;

// ---- names ------------------------------------------------------------------------------------------------------

constexpr std::array<std::string_view, 20> kTypes{"load_mark",   "load_window",    "failure",     "failure_overflow",
                                                  "peer_window", "generator",      "hpa",         "scale_target",
                                                  "pod",         "endpoint_slice", "event",       "pod_metrics",
                                                  "watch_state", "slow_request",   "replica_set", "node",
                                                  "hpa_metric",  "signal",         "log_line",    "action"};
static_assert(kTypes.size() == std::variant_size_v<Record>);

constexpr std::array<std::string_view, 3> kLoadMarkKinds{"started", "finished", "interrupted"};
constexpr std::array<std::string_view, 4> kWatchStateKinds{"synced", "lost", "forbidden", "missing"};

template <class T>
constexpr bool is_duration = false;
template <class R, class P>
constexpr bool is_duration<std::chrono::duration<R, P>> = true;
template <class T>
constexpr bool is_optional = false;
template <class T>
constexpr bool is_optional<std::optional<T>> = true;
template <class T>
constexpr bool is_vector = false;
template <class T>
constexpr bool is_vector<std::vector<T>> = true;

template <class T>
struct Bare {
  using type = T;
};
template <class T>
struct Bare<std::optional<T>> {
  using type = T;
};

/// The key of a member: its name, and the unit where the type has one.
template <class T>
std::string key_of(const char* name) {
  return is_duration<typename Bare<T>::type> ? std::string{name} + "_ns" : std::string{name};
}

template <class T, class F>
void for_each_member(F f) {
  using Members = describe::describe_members<T, describe::mod_public>;
  boost::mp11::mp_for_each<Members>([&](auto member) { f(member.name, member.pointer); });
}

// ---- writing ----------------------------------------------------------------------------------------------------

template <class T>
json::value write(const T& value);

json::value write(const std::string& v) { return json::string{v}; }
json::value write(const WallTime& v) { return json::string{format_rfc3339(v, 9)}; }
json::value write(const Outcome& v) { return json::string{name_of(v)}; }
json::value write(const LoadMark::Kind& v) { return json::string{kLoadMarkKinds.at(static_cast<std::size_t>(v))}; }
json::value write(const WatchState::Kind& v) { return json::string{kWatchStateKinds.at(static_cast<std::size_t>(v))}; }

json::value write(const ActionSample::State& v) { return json::string{name_of(v)}; }

json::value write(const std::array<std::uint64_t, kOutcomes>& counts) {
  json::object o;
  for (std::size_t i = 0; i < kOutcomes; ++i) {
    if (counts[i] != 0) o[name_of(static_cast<Outcome>(i))] = counts[i];
  }
  return o;
}

json::value write(const std::map<int, std::uint64_t>& counts) {
  json::object o;
  for (const auto& [key, n] : counts) o[std::to_string(key)] = n;
  return o;
}

json::value write(const std::map<int, SparseHistogram>& histograms);

json::value write(const std::map<std::string, std::string>& texts) {
  json::object o;
  for (const auto& [key, text] : texts) o[key] = text;
  return o;
}

json::value write(const std::pair<std::uint32_t, std::uint64_t>& bucket) {
  return json::array{bucket.first, bucket.second};
}

/// Left out of the object: what says nothing.
template <class T>
bool says_nothing(const T& value) {
  if constexpr (is_optional<T>) {
    return !value.has_value();
  } else if constexpr (std::is_same_v<T, std::string> || is_vector<T> ||
                       std::is_same_v<T, std::map<int, SparseHistogram>>) {
    return value.empty();
  } else if constexpr (std::is_same_v<T, bool>) {
    return !value;
  } else if constexpr (std::is_same_v<T, SparseHistogram>) {
    return value.buckets.empty();
  } else {
    return false;
  }
}

template <class T>
json::object write_members(const T& value) {
  json::object o;
  for_each_member<T>([&](const char* name, auto pointer) {
    const auto& member = value.*pointer;
    using Member = std::remove_cvref_t<decltype(member)>;
    // A true default must survive being left out.
    if (says_nothing(member) && !(std::is_same_v<T, Endpoint> && std::is_same_v<Member, bool>)) return;
    o[key_of<Member>(name)] = write(member);
  });
  return o;
}

template <class T>
json::value write(const T& value) {
  if constexpr (is_optional<T>) {
    return write(*value);
  } else if constexpr (is_duration<T>) {
    return std::chrono::duration_cast<std::chrono::nanoseconds>(value).count();
  } else if constexpr (is_vector<T>) {
    json::array a;
    a.reserve(value.size());
    for (const auto& item : value) a.push_back(write(item));
    return a;
  } else if constexpr (std::is_arithmetic_v<T>) {
    return value;
  } else {
    return write_members(value);
  }
}

json::value write(const std::map<int, SparseHistogram>& histograms) {
  json::object o;
  for (const auto& [key, histogram] : histograms) o[std::to_string(key)] = write_members(histogram);
  return o;
}

// ---- reading: false when the JSON does not fit -----------------------------------------------------------------

template <class T>
bool read(const json::value& j, T& value);

bool read(const json::value& j, std::string& v) {
  if (!j.is_string()) return false;
  v.assign(j.get_string().data(), j.get_string().size());
  return true;
}

bool read(const json::value& j, WallTime& v) {
  if (!j.is_string()) return false;
  const auto t = parse_rfc3339({j.get_string().data(), j.get_string().size()});
  if (t) v = *t;
  return t.has_value();
}

bool read(const json::value& j, Outcome& v) {
  const auto o = j.is_string() ? outcome_from_name({j.get_string().data(), j.get_string().size()}) : std::nullopt;
  if (o) v = *o;
  return o.has_value();
}

template <class Kind, std::size_t N>
bool read_kind(const json::value& j, Kind& v, const std::array<std::string_view, N>& names) {
  if (!j.is_string()) return false;
  for (std::size_t i = 0; i < N; ++i) {
    if (j.get_string() == names[i]) {
      v = static_cast<Kind>(i);
      return true;
    }
  }
  return false;
}
bool read(const json::value& j, LoadMark::Kind& v) { return read_kind(j, v, kLoadMarkKinds); }
bool read(const json::value& j, WatchState::Kind& v) { return read_kind(j, v, kWatchStateKinds); }

bool read(const json::value& j, ActionSample::State& v) {
  static const auto kNames = [] {
    std::array<std::string_view, 8> names;
    for (std::size_t i = 0; i < names.size(); ++i) names[i] = name_of(static_cast<ActionSample::State>(i));
    return names;
  }();
  return read_kind(j, v, kNames);
}

bool read(const json::value& j, std::array<std::uint64_t, kOutcomes>& counts) {
  if (!j.is_object()) return false;
  for (const auto& [key, n] : j.get_object()) {
    const auto o = outcome_from_name({key.data(), key.size()});
    boost::system::error_code error;
    const auto count = n.to_number<std::uint64_t>(error);
    if (error) return false;
    if (o) counts[static_cast<std::size_t>(*o)] = count;
  }
  return true;
}

bool read(const json::value& j, std::map<int, std::uint64_t>& counts) {
  if (!j.is_object()) return false;
  for (const auto& [key, n] : j.get_object()) {
    boost::system::error_code error;
    const auto count = n.to_number<std::uint64_t>(error);
    if (error) return false;
    counts[std::atoi(std::string{key}.c_str())] = count;
  }
  return true;
}

bool read(const json::value& j, std::map<int, SparseHistogram>& histograms);

bool read(const json::value& j, std::map<std::string, std::string>& texts) {
  if (!j.is_object()) return false;
  for (const auto& [key, text] : j.get_object()) {
    if (!read(text, texts[std::string{key}])) return false;
  }
  return true;
}

bool read(const json::value& j, std::pair<std::uint32_t, std::uint64_t>& bucket) {
  if (!j.is_array() || j.get_array().size() != 2) return false;
  return read(j.get_array()[0], bucket.first) && read(j.get_array()[1], bucket.second) &&
         bucket.first < Histogram::kBuckets;
}

template <class T>
bool read_members(const json::value& j, T& value) {
  if (!j.is_object()) return false;
  const auto& o = j.get_object();
  bool good = true;
  for_each_member<T>([&](const char* name, auto pointer) {
    auto& member = value.*pointer;
    using Member = std::remove_cvref_t<decltype(member)>;
    const auto found = o.find(key_of<Member>(name));
    if (good && found != o.end()) good = read(found->value(), member);
  });
  return good;
}

template <class T>
bool read(const json::value& j, T& value) {
  if constexpr (is_optional<T>) {
    return read(j, value.emplace());
  } else if constexpr (is_duration<T>) {
    std::int64_t ns = 0;
    if (!read(j, ns)) return false;
    value = std::chrono::duration_cast<T>(std::chrono::nanoseconds{ns});
    return true;
  } else if constexpr (is_vector<T>) {
    if (!j.is_array()) return false;
    for (const auto& item : j.get_array()) {
      if (!read(item, value.emplace_back())) return false;
    }
    return true;
  } else if constexpr (std::is_same_v<T, bool>) {
    if (!j.is_bool()) return false;
    value = j.get_bool();
    return true;
  } else if constexpr (std::is_arithmetic_v<T>) {
    boost::system::error_code error;
    value = j.to_number<T>(error);
    return !error;
  } else {
    return read_members(j, value);
  }
}

template <std::size_t I>
std::optional<Record> read_as(const json::value& j) {
  std::variant_alternative_t<I, Record> record;
  if (!read(j, record)) return std::nullopt;
  return Record{std::move(record)};
}

bool read(const json::value& j, std::map<int, SparseHistogram>& histograms) {
  if (!j.is_object()) return false;
  for (const auto& [key, histogram] : j.get_object()) {
    if (!read_members(histogram, histograms[std::atoi(std::string{key}.c_str())])) return false;
  }
  return true;
}

}  // namespace

std::string record_to_json(const Record& record) {
  json::object line{{"record", kTypes.at(record.index())}};
  std::visit(
      [&](const auto& r) {
        for (auto& [key, value] : write_members(r)) line[key] = std::move(value);
      },
      record);
  return json::serialize(line);
}

std::optional<Record> record_from_json(std::string_view line) {
  boost::system::error_code error;
  const auto j = json::parse(line, error);
  if (error || !j.is_object()) return std::nullopt;
  const auto* type = j.get_object().if_contains("record");
  if (type == nullptr || !type->is_string()) return std::nullopt;
  std::optional<Record> record;
  boost::mp11::mp_for_each<boost::mp11::mp_iota_c<std::variant_size_v<Record>>>([&](auto i) {
    if (type->get_string() == kTypes[i]) record = read_as<i>(j);
  });
  return record;
}

std::string run_info_to_json(const RunInfo& info) { return json::serialize(write_members(info)); }

std::optional<RunInfo> run_info_from_json(std::string_view text) {
  boost::system::error_code error;
  const auto j = json::parse(text, error);
  RunInfo info;
  info.schema_version = 0;
  if (error || !read_members(j, info)) return std::nullopt;
  return info;
}

}  // namespace surgeproof
