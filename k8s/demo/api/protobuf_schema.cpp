#include "k8s/demo/api/protobuf_schema.h"

#include <array>

namespace surgeproof::demo {
namespace {

using F = ProtobufField;
using K = ProtobufField::Kind;

constexpr F text(std::uint32_t number, std::string_view name) { return {number, name}; }
constexpr F texts(std::uint32_t number, std::string_view name) { return {number, name, K::text, true}; }
constexpr F simple(std::uint32_t number, std::string_view name, K kind) { return {number, name, kind}; }
constexpr F part(std::uint32_t number, std::string_view name, const ProtobufMessage& m) {
  return {number, name, K::message, false, &m};
}
constexpr F parts(std::uint32_t number, std::string_view name, const ProtobufMessage& m) {
  return {number, name, K::message, true, &m};
}

// k8s.io/apimachinery/pkg/apis/meta/v1
constexpr std::array kMetaFields{text(1, "name"),
                                 text(2, "generateName"),
                                 text(3, "namespace"),
                                 text(4, "selfLink"),
                                 text(5, "uid"),
                                 text(6, "resourceVersion"),
                                 simple(7, "generation", K::number),
                                 simple(8, "creationTimestamp", K::ignored),
                                 simple(11, "labels", K::text_map),
                                 simple(12, "annotations", K::text_map),
                                 texts(14, "finalizers")};
constexpr ProtobufMessage kMeta{"ObjectMeta", kMetaFields};
constexpr std::array kExpressionFields{text(1, "key"), text(2, "operator"), texts(3, "values")};
constexpr ProtobufMessage kExpression{"LabelSelectorRequirement", kExpressionFields};
constexpr std::array kSelectorFields{simple(1, "matchLabels", K::text_map), parts(2, "matchExpressions", kExpression)};
constexpr ProtobufMessage kSelector{"LabelSelector", kSelectorFields};
constexpr std::array kPreconditionFields{text(1, "uid"), text(2, "resourceVersion")};
constexpr ProtobufMessage kPreconditions{"Preconditions", kPreconditionFields};
constexpr std::array kDeleteFields{simple(1, "gracePeriodSeconds", K::optional),
                                   part(2, "preconditions", kPreconditions), simple(3, "orphanDependents", K::flag),
                                   text(4, "propagationPolicy"), texts(5, "dryRun")};
constexpr ProtobufMessage kDelete{"DeleteOptions", kDeleteFields};

// k8s.io/api/core/v1
constexpr std::array kNamespaceFields{part(1, "metadata", kMeta), simple(2, "spec", K::ignored),
                                      simple(3, "status", K::ignored)};
constexpr ProtobufMessage kNamespace{"Namespace", kNamespaceFields};
constexpr std::array kConfigMapFields{part(1, "metadata", kMeta), simple(2, "data", K::text_map)};
constexpr ProtobufMessage kConfigMap{"ConfigMap", kConfigMapFields};
constexpr std::array kPortFields{text(1, "name"), simple(2, "hostPort", K::number),
                                 simple(3, "containerPort", K::number), text(4, "protocol"), text(5, "hostIP")};
constexpr ProtobufMessage kPort{"ContainerPort", kPortFields};
constexpr std::array kEnvFields{text(1, "name"), text(2, "value")};
constexpr ProtobufMessage kEnv{"EnvVar", kEnvFields};
constexpr std::array kResourceFields{simple(1, "limits", K::quantity_map), simple(2, "requests", K::quantity_map)};
constexpr ProtobufMessage kResources{"ResourceRequirements", kResourceFields};
constexpr std::array kContainerFields{text(1, "name"),
                                      text(2, "image"),
                                      texts(3, "command"),
                                      texts(4, "args"),
                                      text(5, "workingDir"),
                                      parts(6, "ports", kPort),
                                      parts(7, "env", kEnv),
                                      part(8, "resources", kResources),
                                      text(13, "terminationMessagePath"),
                                      text(14, "imagePullPolicy"),
                                      simple(16, "stdin", K::flag),
                                      simple(17, "stdinOnce", K::flag),
                                      simple(18, "tty", K::flag),
                                      text(20, "terminationMessagePolicy")};
constexpr ProtobufMessage kContainer{"Container", kContainerFields};
constexpr std::array kPodSpecFields{parts(2, "containers", kContainer),
                                    text(3, "restartPolicy"),
                                    simple(4, "terminationGracePeriodSeconds", K::optional),
                                    text(6, "dnsPolicy"),
                                    simple(7, "nodeSelector", K::text_map),
                                    text(8, "serviceAccountName"),
                                    text(9, "serviceAccount"),
                                    text(10, "nodeName"),
                                    simple(11, "hostNetwork", K::flag),
                                    simple(12, "hostPID", K::flag),
                                    simple(13, "hostIPC", K::flag),
                                    simple(14, "securityContext", K::ignored),
                                    text(16, "hostname"),
                                    text(17, "subdomain"),
                                    text(19, "schedulerName"),
                                    parts(20, "initContainers", kContainer),
                                    text(24, "priorityClassName")};
constexpr ProtobufMessage kPodSpec{"PodSpec", kPodSpecFields};
constexpr std::array kPodFields{part(1, "metadata", kMeta), part(2, "spec", kPodSpec), simple(3, "status", K::ignored)};
constexpr ProtobufMessage kPod{"Pod", kPodFields};
constexpr std::array kTemplateFields{part(1, "metadata", kMeta), part(2, "spec", kPodSpec)};
constexpr ProtobufMessage kTemplate{"PodTemplateSpec", kTemplateFields};
constexpr std::array kServicePortFields{text(1, "name"), text(2, "protocol"), simple(3, "port", K::number),
                                        simple(4, "targetPort", K::int_or_string), simple(5, "nodePort", K::number)};
constexpr ProtobufMessage kServicePort{"ServicePort", kServicePortFields};
constexpr std::array kServiceSpecFields{parts(1, "ports", kServicePort),
                                        simple(2, "selector", K::text_map),
                                        text(3, "clusterIP"),
                                        text(4, "type"),
                                        texts(5, "externalIPs"),
                                        text(7, "sessionAffinity"),
                                        text(8, "loadBalancerIP"),
                                        text(10, "externalName"),
                                        text(11, "externalTrafficPolicy"),
                                        simple(12, "healthCheckNodePort", K::number),
                                        simple(13, "publishNotReadyAddresses", K::flag)};
constexpr ProtobufMessage kServiceSpec{"ServiceSpec", kServiceSpecFields};
constexpr std::array kServiceFields{part(1, "metadata", kMeta), part(2, "spec", kServiceSpec),
                                    simple(3, "status", K::ignored)};
constexpr ProtobufMessage kService{"Service", kServiceFields};

// k8s.io/api/apps/v1
constexpr std::array kRollingFields{simple(1, "maxUnavailable", K::int_or_string),
                                    simple(2, "maxSurge", K::int_or_string)};
constexpr ProtobufMessage kRolling{"RollingUpdateDeployment", kRollingFields};
constexpr std::array kStrategyFields{text(1, "type"), part(2, "rollingUpdate", kRolling)};
constexpr ProtobufMessage kStrategy{"DeploymentStrategy", kStrategyFields};
constexpr std::array kDeploymentSpecFields{simple(1, "replicas", K::optional),
                                           part(2, "selector", kSelector),
                                           part(3, "template", kTemplate),
                                           part(4, "strategy", kStrategy),
                                           simple(5, "minReadySeconds", K::number),
                                           simple(6, "revisionHistoryLimit", K::optional),
                                           simple(7, "paused", K::flag),
                                           simple(9, "progressDeadlineSeconds", K::optional)};
constexpr ProtobufMessage kDeploymentSpec{"DeploymentSpec", kDeploymentSpecFields};
constexpr std::array kDeploymentFields{part(1, "metadata", kMeta), part(2, "spec", kDeploymentSpec),
                                       simple(3, "status", K::ignored)};
constexpr ProtobufMessage kDeployment{"Deployment", kDeploymentFields};

// k8s.io/api/autoscaling
constexpr std::array kReferenceFields{text(1, "kind"), text(2, "name"), text(3, "apiVersion")};
constexpr ProtobufMessage kReference{"CrossVersionObjectReference", kReferenceFields};
constexpr std::array kTargetFields{text(1, "type"), simple(2, "value", K::quantity),
                                   simple(3, "averageValue", K::quantity),
                                   simple(4, "averageUtilization", K::optional)};
constexpr ProtobufMessage kTarget{"MetricTarget", kTargetFields};
constexpr std::array kResourceSourceFields{text(1, "name"), part(2, "target", kTarget)};
constexpr ProtobufMessage kResourceSource{"ResourceMetricSource", kResourceSourceFields};
constexpr std::array kMetricFields{text(1, "type"), part(4, "resource", kResourceSource)};
constexpr ProtobufMessage kMetric{"MetricSpec", kMetricFields};
constexpr std::array kHpaSpecFields{part(1, "scaleTargetRef", kReference), simple(2, "minReplicas", K::optional),
                                    simple(3, "maxReplicas", K::number), parts(4, "metrics", kMetric)};
constexpr ProtobufMessage kHpaSpec{"HorizontalPodAutoscalerSpec", kHpaSpecFields};
constexpr std::array kHpaFields{part(1, "metadata", kMeta), part(2, "spec", kHpaSpec), simple(3, "status", K::ignored)};
constexpr ProtobufMessage kHpa{"HorizontalPodAutoscaler", kHpaFields};
constexpr std::array kHpaV1SpecFields{part(1, "scaleTargetRef", kReference), simple(2, "minReplicas", K::optional),
                                      simple(3, "maxReplicas", K::number),
                                      simple(4, "targetCPUUtilizationPercentage", K::optional)};
constexpr ProtobufMessage kHpaV1Spec{"HorizontalPodAutoscalerSpec", kHpaV1SpecFields};
constexpr std::array kHpaV1Fields{part(1, "metadata", kMeta), part(2, "spec", kHpaV1Spec),
                                  simple(3, "status", K::ignored)};
constexpr ProtobufMessage kHpaV1{"HorizontalPodAutoscaler", kHpaV1Fields};

// k8s.io/api/policy/v1
constexpr std::array kEvictionFields{part(1, "metadata", kMeta), part(2, "deleteOptions", kDelete)};
constexpr ProtobufMessage kEviction{"Eviction", kEvictionFields};

}  // namespace

const ProtobufMessage* find_protobuf_message(std::string_view api_version, std::string_view kind) {
  struct Known {
    std::string_view api_version;
    const ProtobufMessage* message;
  };
  static constexpr std::array kKnown{
      Known{"v1", &kNamespace},         Known{"v1", &kConfigMap},       Known{"v1", &kPod},
      Known{"v1", &kService},           Known{"apps/v1", &kDeployment}, Known{"autoscaling/v2", &kHpa},
      Known{"autoscaling/v1", &kHpaV1}, Known{"policy/v1", &kEviction}};
  for (const Known& known : kKnown) {
    if (known.api_version == api_version && known.message->name == kind) return known.message;
  }
  return kind == kDelete.name ? &kDelete : nullptr;  // comes under the version of what is deleted
}

}  // namespace surgeproof::demo
