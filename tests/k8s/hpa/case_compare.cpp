#include "tests/k8s/hpa/case_compare.h"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <set>

namespace surgeproof::hpa {
namespace {

namespace json = boost::json;
using Lines = std::vector<std::string>;

void differ(Lines& out, const std::string& path, const json::value& expected, const json::value& actual) {
  out.push_back(fmt::format("{}: expected {}, got {}", path, json::serialize(expected), json::serialize(actual)));
}

void compare_exactly(Lines& out, const std::string& path, const json::value& expected, const json::value& actual) {
  if (expected != actual) differ(out, path, expected, actual);
}

void compare_nullness(Lines& out, const std::string& path, const json::value& expected, const json::value& actual) {
  if (expected.is_null() != actual.is_null()) differ(out, path, expected, actual);
}

/// The reason without the selector in brackets behind an external metric's name.
json::value without_selector(const json::value& reason) {
  if (!reason.is_string()) return reason;
  std::string text(reason.get_string());
  const auto open = text.find('(');
  const auto close = text.rfind(')');
  if (text.starts_with("external metric ") && open != std::string::npos && close > open) {
    text.erase(open, close - open + 1);
  }
  return json::value(text);
}

std::multiset<std::string> conditions_of(const json::value& answer) {
  std::multiset<std::string> conditions;
  for (const auto& c : answer.at("conditions").as_array()) {
    conditions.insert(fmt::format("{} {} {}", std::string(c.at("type").as_string()),
                                  std::string(c.at("status").as_string()), std::string(c.at("reason").as_string())));
  }
  return conditions;
}

Lines events_of(const json::value& answer) {
  Lines events;
  for (const auto& e : answer.at("events").as_array()) {
    events.push_back(
        fmt::format("{} {}", std::string(e.at("type").as_string()), std::string(e.at("reason").as_string())));
  }
  return events;
}

void compare_metrics(Lines& out, const std::string& path, const json::array& expected, const json::array& actual) {
  if (expected.size() != actual.size()) {
    out.push_back(fmt::format("{}: expected {} entries, got {}", path, expected.size(), actual.size()));
    return;
  }
  for (std::size_t i = 0; i < expected.size(); ++i) {
    const auto at = fmt::format("{}[{}].", path, i);
    for (const auto* name : {"proposal", "reason"}) {
      compare_exactly(out, at + name, expected[i].at(name), actual[i].at(name));
    }
    for (const auto* name : {"utilization", "rawAverage", "rawValue"}) {
      if (!expected[i].at(name).is_null()) compare_exactly(out, at + name, expected[i].at(name), actual[i].at(name));
    }
    compare_nullness(out, at + "error", expected[i].at("error"), actual[i].at("error"));
  }
}

void compare_step(Lines& out, const std::string& path, const json::value& expected, const json::value& actual) {
  compare_exactly(out, path + "desiredReplicas", expected.at("desiredReplicas"), actual.at("desiredReplicas"));
  compare_exactly(out, path + "rescaleReason", without_selector(expected.at("rescaleReason")),
                  without_selector(actual.at("rescaleReason")));
  compare_nullness(out, path + "error", expected.at("error"), actual.at("error"));
  compare_metrics(out, path + "perMetric", expected.at("perMetric").as_array(), actual.at("perMetric").as_array());
  if (conditions_of(expected) != conditions_of(actual)) {
    differ(out, path + "conditions", expected.at("conditions"), actual.at("conditions"));
  }
  if (events_of(expected) != events_of(actual)) {
    differ(out, path + "events", expected.at("events"), actual.at("events"));
  }
  compare_exactly(out, path + "status", expected.at("status"), actual.at("status"));
}

}  // namespace

std::vector<std::string> differences(const json::value& expected, const json::value& actual) {
  Lines out;
  compare_exactly(out, "id", expected.at("id"), actual.at("id"));
  const auto* steps = expected.as_object().if_contains("steps");
  if (steps == nullptr) {
    compare_step(out, "", expected, actual);
    return out;
  }
  const auto& theirs = actual.at("steps").as_array();
  if (steps->as_array().size() != theirs.size()) {
    out.push_back(fmt::format("steps: expected {}, got {}", steps->as_array().size(), theirs.size()));
    return out;
  }
  for (std::size_t i = 0; i < theirs.size(); ++i) {
    compare_step(out, fmt::format("steps[{}].", i), steps->as_array()[i], theirs[i]);
  }
  return out;
}

}  // namespace surgeproof::hpa
