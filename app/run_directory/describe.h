// Names of the members of every record, so that one piece of code reads and writes them all (Boost.Describe).
// A member added to a record is added here too; tests/app/record_json_test.cpp fails until it is.
#pragma once

#include <boost/describe.hpp>

#include "base/records.h"
#include "base/run_info.h"

namespace surgeproof {

BOOST_DESCRIBE_STRUCT(Stamp, (), (observed, reported))
BOOST_DESCRIBE_STRUCT(SparseHistogram, (), (buckets, clamped, sum_us, max_us))

BOOST_DESCRIBE_STRUCT(LoadMark, (), (at, kind))
BOOST_DESCRIBE_STRUCT(LoadWindow, (),
                      (begin, length, stage, request, planned, sent, outcomes, statuses, bytes_received, latency,
                       service_time, class_latency, closed_loop))
BOOST_DESCRIBE_STRUCT(RequestFailure, (),
                      (outcome, stage, request, planned, sent, first_byte, ended, status, error_number, error, phase,
                       connection, connection_opened, requests_on_connection, bytes_sent, bytes_received, peer, pod,
                       server, trace_id))
BOOST_DESCRIBE_STRUCT(SlowRequest, (),
                      (stage, request, planned, sent, first_byte, ended, status, connection, requests_on_connection,
                       bytes_received, peer, pod, trace_id))
BOOST_DESCRIBE_STRUCT(FailureOverflow, (), (at, outcomes))
BOOST_DESCRIBE_STRUCT(PeerWindow, (), (begin, length, peer, pod, answered))
BOOST_DESCRIBE_STRUCT(GeneratorSample, (),
                      (begin, length, schedule_error, busiest_worker, backlog, in_flight, connections))

BOOST_DESCRIBE_STRUCT(ObjectRef, (), (kind, ns, name))
BOOST_DESCRIBE_STRUCT(Condition, (), (type, status, reason, message, last_transition))
BOOST_DESCRIBE_STRUCT(HpaMetric, (),
                      (type, name, container, target_utilization_percent, current_utilization_percent,
                       target_average_milli, current_average_milli, target_value_milli, current_value_milli))
BOOST_DESCRIBE_STRUCT(HpaSample, (),
                      (at, ns, name, uid, target, min_replicas, max_replicas, current_replicas, desired_replicas,
                       metrics, conditions, last_scale_time, scale_down_window, scale_up_window, spec_json, deleted))
BOOST_DESCRIBE_STRUCT(ScaleTargetSample, (),
                      (at, ref, spec_replicas, status_replicas, ready_replicas, updated_replicas, available_replicas,
                       generation, template_hash, selector, deleted))
BOOST_DESCRIBE_STRUCT(ContainerState, (),
                      (name, sidecar, ready, restarts, state, reason, exit_code, started, finished, last_reason,
                       last_exit_code, last_finished, cpu_request_millicores, cpu_limit_millicores,
                       readiness_initial_delay_s, has_readiness_probe, has_prestop))
BOOST_DESCRIBE_STRUCT(PodSample, (),
                      (at, ns, name, uid, owner, hpa, phase, reason, node, ip, ready, created, scheduled, initialized,
                       ready_changed, started, deletion_requested, deletion_grace, scheduling_message, containers,
                       deleted))
BOOST_DESCRIBE_STRUCT(Endpoint, (), (address, pod, ready, serving, terminating))
BOOST_DESCRIBE_STRUCT(EndpointPort, (), (name, port))
BOOST_DESCRIBE_STRUCT(EndpointSliceSample, (), (at, ns, service, slice, endpoints, ports, change_trigger, deleted))
BOOST_DESCRIBE_STRUCT(ClusterEvent, (), (at, uid, type, reason, message, regarding, component, count))
BOOST_DESCRIBE_STRUCT(ContainerUsage, (), (name, cpu_nanocores, memory_bytes))
BOOST_DESCRIBE_STRUCT(PodMetricsSample, (), (observed, ns, pod, timestamp, window, containers))
BOOST_DESCRIBE_STRUCT(WatchState, (), (at, resource, kind, message, ns, hpa))
BOOST_DESCRIBE_STRUCT(ReplicaSetSample, (),
                      (at, ns, name, uid, owner, hpa, revision, spec_replicas, status_replicas, ready_replicas,
                       available_replicas, created, deleted))
BOOST_DESCRIBE_STRUCT(NodeSample, (),
                      (at, name, ready, unschedulable, allocatable_cpu_millicores, allocatable_memory_bytes,
                       allocatable_pods, taints, deleted))
BOOST_DESCRIBE_STRUCT(HpaMetricSample, (),
                      (observed, ns, hpa, type, name, object, labels, value_milli, timestamp, window))
BOOST_DESCRIBE_STRUCT(SignalSample, (), (observed, name, value, timestamp, asked))
BOOST_DESCRIBE_STRUCT(ActionSample, (), (at, name, kind, what, state, planned, begun, ended, object, result, error))
BOOST_DESCRIBE_STRUCT(LogLine, (), (observed, ns, pod, container, pattern, line, timestamp, count, selector))

BOOST_DESCRIBE_STRUCT(RunInfo, (),
                      (schema_version, name, scenario_file, target, tool_version, started, environment, notes))

}  // namespace surgeproof
