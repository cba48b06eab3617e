#include "k8s/demo/pod_spec.h"

#include <boost/json.hpp>
#include <charconv>

#include "base/duration.h"
#include "base/quantity.h"
#include "k8s/demo/api/json_path.h"

namespace surgeproof::demo {
namespace json = boost::json;
namespace {

std::chrono::seconds seconds_at(const json::object& o, std::string_view path, std::int64_t otherwise) {
  return std::chrono::seconds{int_at(o, path).value_or(otherwise)};
}

/// The environment variable's value; empty without one.
std::string_view variable(const json::object& container, std::string_view name) {
  for (const json::value& v : array_at(container, "env")) {
    if (v.is_object() && text_at(v.get_object(), "name") == name) return text_at(v.get_object(), "value");
  }
  return {};
}

std::chrono::nanoseconds duration_of(const json::object& container, std::string_view name) {
  return parse_duration(variable(container, name)).value_or(std::chrono::nanoseconds{0});
}

/// The number after "sleep" in ["sleep", "5"] or ["/bin/sh", "-c", "sleep 5"].
std::chrono::seconds sleep_of(const json::array& command) {
  std::string words;
  for (const json::value& v : command) {
    if (v.is_string()) words += " " + std::string{v.get_string()};
  }
  const auto found = words.find("sleep ");
  std::int64_t n = 0;
  if (found != std::string::npos) std::from_chars(words.data() + found + 6, words.data() + words.size(), n);
  return std::chrono::seconds{n};
}

std::uint16_t first_port(const json::object& container) {
  const json::array& ports = array_at(container, "ports");
  if (ports.empty() || !ports.front().is_object()) return 80;
  return static_cast<std::uint16_t>(int_at(ports.front().get_object(), "containerPort").value_or(80));
}

std::optional<ProbeSpec> readiness_of(const json::object& container) {
  const json::object& probe = object_at(container, "readinessProbe");
  if (find_at(probe, "httpGet") == nullptr) return std::nullopt;
  ProbeSpec p;
  p.http.path = text_at(probe, "httpGet.path");
  if (p.http.path.empty()) p.http.path = "/";
  const auto port = int_at(probe, "httpGet.port");
  p.http.port = port ? static_cast<std::uint16_t>(*port) : first_port(container);
  p.http.timeout = seconds_at(probe, "timeoutSeconds", 1);
  p.initial_delay = seconds_at(probe, "initialDelaySeconds", 0);
  p.period = std::max(seconds_at(probe, "periodSeconds", 10), std::chrono::seconds{1});
  p.failure_threshold = static_cast<int>(int_at(probe, "failureThreshold").value_or(3));
  p.success_threshold = static_cast<int>(int_at(probe, "successThreshold").value_or(1));
  return p;
}

}  // namespace

PodSpec read_pod_spec(const json::object& pod) {
  const json::array& containers = array_at(pod, "spec.containers");
  const json::object none;
  const json::object& c =
      containers.empty() || !containers.front().is_object() ? none : containers.front().get_object();
  PodSpec s;
  s.ns = text_at(pod, "metadata.namespace");
  s.name = text_at(pod, "metadata.name");
  s.uid = text_at(pod, "metadata.uid");
  s.container = text_at(c, "name");
  s.image = text_at(c, "image");
  s.readiness = readiness_of(c);
  s.prestop = seconds_at(c, "lifecycle.preStop.sleep.seconds", 0);
  if (s.prestop.count() == 0) s.prestop = sleep_of(array_at(c, "lifecycle.preStop.exec.command"));
  s.run = {.pod = s.name, .ns = s.ns, .container = s.container, .uid = s.uid, .ip = {}, .port = first_port(c)};
  if (const auto limit = parse_quantity_milli(text_at(c, "resources.limits.cpu")); limit && *limit > 0) {
    s.run.cpu_limit = Millicores{*limit};
  }
  s.run.cpu_per_request = duration_of(c, "CPU_PER_REQUEST");
  s.run.wait_per_request = duration_of(c, "WAIT_PER_REQUEST");
  s.run.start_delay = duration_of(c, "START_DELAY");
  s.run.drains = variable(c, "ON_SIGTERM") != "abrupt";
  return s;
}

}  // namespace surgeproof::demo
