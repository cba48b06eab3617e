"""What runs on the node, in the order in which it is started, with its configuration."""
import json
import typing

from .identities import CONTROLLERS, PROXY, SCHEDULER, embedded
from .layout import (BIN, CGROUP, EVERYTHING, KUBECONFIG, NODE, NODE_IP, PKI, PODS, SERVICES, STATE)

ETC = STATE / "etc"


class Daemon(typing.NamedTuple):
    name: str
    command: list[str]
    after: list[str] | None = None  # starts when this command succeeds


def _kubeconfig(name: str) -> str:
    return str(STATE / f"{name}.kubeconfig")


_CONTAINERD = f"""version = 2
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "localhost/pause:1"
  # Where CAP_SYS_RESOURCE is missing, runc could not lower it, and would die without a word.
  restrict_oom_score_adj = true
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "/usr/lib/cni"
    conf_dir = "{ETC}/cni"
"""

_CNI = {"cniVersion": "1.0.0", "name": "pods", "plugins": [{
    "type": "bridge", "bridge": "cni0", "isGateway": True, "hairpinMode": True,
    "ipam": {"type": "host-local", "ranges": [[{"subnet": PODS}]], "routes": [{"dst": EVERYTHING}]}}]}

# Nothing here may be evicted or deleted for want of disk: there is no registry to load an image from again.
_NEVER = {name: "0%" for name in ("memory.available", "nodefs.available", "nodefs.inodesFree", "imagefs.available",
                                  "imagefs.inodesFree")}
_KUBELET = {
    "apiVersion": "kubelet.config.k8s.io/v1beta1", "kind": "KubeletConfiguration",
    "authentication": {"anonymous": {"enabled": False}, "webhook": {"enabled": True},
                       "x509": {"clientCAFile": f"{PKI}/ca.crt"}},
    "authorization": {"mode": "Webhook"},
    "tlsCertFile": f"{PKI}/serving.crt", "tlsPrivateKeyFile": f"{PKI}/serving.key",
    "containerRuntimeEndpoint": "unix:///run/containerd/containerd.sock",
    "failCgroupV1": False,          # refused by default since 1.35
    "cgroupDriver": "cgroupfs", "cgroupRoot": f"/{CGROUP}",
    "failSwapOn": False, "oomScoreAdj": 0, "resolvConf": "", "clusterDNS": ["198.18.2.10"],  # nobody answers there
    "volumePluginDir": "/var/lib/kubelet/plugins-of-none",  # the default lies on the host
    "imageGCHighThresholdPercent": 100, "evictionHard": _NEVER,
}
_PROXY = {
    "apiVersion": "kubeproxy.config.k8s.io/v1alpha1", "kind": "KubeProxyConfiguration", "mode": "iptables",
    "clientConnection": {"kubeconfig": _kubeconfig(PROXY)}, "hostnameOverride": NODE, "clusterCIDR": PODS,
    "oomScoreAdj": 0,
    "conntrack": {"maxPerCore": 0, "tcpEstablishedTimeout": "0s", "tcpCloseWaitTimeout": "0s"},  # the kernel's own
}
_SCHEDULER = {
    "apiVersion": "kubescheduler.config.k8s.io/v1", "kind": "KubeSchedulerConfiguration",
    "clientConnection": {"kubeconfig": _kubeconfig(SCHEDULER)}, "leaderElection": {"leaderElect": False},
}


def write_configuration() -> None:
    (ETC / "cni").mkdir(parents=True)
    (ETC / "containerd.toml").write_text(_CONTAINERD)
    for name, content in (("cni/10-pods.conflist", _CNI), ("kubelet.json", _KUBELET), ("proxy.json", _PROXY),
                          ("scheduler.json", _SCHEDULER)):
        (ETC / name).write_text(json.dumps(content))


def _kubectl(*arguments: str) -> list[str]:
    return [str(BIN / "kubectl"), "--kubeconfig", str(KUBECONFIG), *arguments]


API_READY = _kubectl("get", "--raw", "/readyz")
_KUBELET_READY = _kubectl("get", "--raw", f"/api/v1/nodes/{NODE}/proxy/metrics/resource")


def _flags(**values) -> list[str]:
    return [f"--{name.replace('_', '-')}={value}" for name, value in values.items()]


_SERVING = {"tls_cert_file": f"{PKI}/serving.crt", "tls_private_key_file": f"{PKI}/serving.key"}
_TO_KUBELETS = {"kubelet_certificate_authority": f"{PKI}/ca.crt", "kubelet_preferred_address_types": "InternalIP"}


def _delegating(name: str) -> dict[str, str]:
    config = _kubeconfig(name)
    return {"kubeconfig": config, "authentication_kubeconfig": config, "authorization_kubeconfig": config}


def all_of_them(metric_resolution: str) -> list[Daemon]:
    local = "http://127.0.0.1"
    return [
        Daemon("etcd", ["etcd", "--unsafe-no-fsync", *_flags(  # the data need not outlive a power cut
            data_dir=STATE / "etcd", log_level="warn", listen_client_urls=f"{local}:2379",
            advertise_client_urls=f"{local}:2379", listen_peer_urls=f"{local}:2380")]),
        Daemon("containerd", ["containerd", "--config", str(ETC / "containerd.toml")]),
        Daemon("kube-apiserver", ["kube-apiserver", "--enable-aggregator-routing", *_flags(
            etcd_servers=f"{local}:2379", advertise_address=NODE_IP, service_cluster_ip_range=SERVICES, **_SERVING,
            client_ca_file=f"{PKI}/ca.crt", authorization_mode="Node,RBAC", enable_admission_plugins="NodeRestriction",
            service_account_issuer="https://kubernetes.default.svc", service_account_key_file=f"{PKI}/tokens.pub",
            service_account_signing_key_file=f"{PKI}/tokens.key", **_TO_KUBELETS,
            kubelet_client_certificate=f"{PKI}/admin.crt", kubelet_client_key=f"{PKI}/admin.key",
            requestheader_client_ca_file=f"{PKI}/ca.crt", requestheader_allowed_names="aggregator",
            requestheader_username_headers="X-Remote-User", requestheader_group_headers="X-Remote-Group",
            requestheader_extra_headers_prefix="X-Remote-Extra-",
            proxy_client_cert_file=f"{PKI}/aggregator.crt", proxy_client_key_file=f"{PKI}/aggregator.key")]),
        Daemon(CONTROLLERS, [CONTROLLERS, "--leader-elect=false", "--use-service-account-credentials", *_flags(
            **_delegating(CONTROLLERS), root_ca_file=f"{PKI}/ca.crt",
            service_account_private_key_file=f"{PKI}/tokens.key",
            flex_volume_plugin_dir="/var/lib/kubelet/plugins-of-none")], after=API_READY),
        Daemon(SCHEDULER, [SCHEDULER, f"--config={ETC}/scheduler.json"]),
        Daemon("kubelet", ["kubelet", *_flags(config=ETC / "kubelet.json", kubeconfig=_kubeconfig("kubelet"),
                                              hostname_override=NODE, node_ip=NODE_IP)]),
        Daemon(PROXY, [PROXY, f"--config={ETC}/proxy.json"]),
        # It scrapes at its start and then once in a resolution, and a rate needs two scrapes: an early start is a late one.
        Daemon("metrics-server", ["metrics-server", *_flags(
            secure_port=4443, metric_resolution=metric_resolution, kubelet_request_timeout="5s", **_SERVING,
            **_delegating("admin"), **_TO_KUBELETS)], after=_KUBELET_READY),
    ]


def metrics_api() -> str:
    """metrics-server runs on the node, not in a pod: a Service without selector leads to it."""
    service = {"name": "metrics-server", "namespace": "kube-system"}
    objects = [
        {"apiVersion": "v1", "kind": "Service", "metadata": service,
         "spec": {"ports": [{"name": "https", "port": 443, "targetPort": 4443}]}},
        {"apiVersion": "discovery.k8s.io/v1", "kind": "EndpointSlice", "addressType": "IPv4",
         "metadata": {**service, "labels": {"kubernetes.io/service-name": "metrics-server"}},
         "ports": [{"name": "https", "port": 4443}], "endpoints": [{"addresses": [NODE_IP], "conditions": {"ready": True}}]},
        {"apiVersion": "apiregistration.k8s.io/v1", "kind": "APIService", "metadata": {"name": "v1beta1.metrics.k8s.io"},
         "spec": {"group": "metrics.k8s.io", "version": "v1beta1", "service": service, "caBundle": embedded("ca.crt"),
                  "groupPriorityMinimum": 100, "versionPriority": 100}},
    ]
    return json.dumps({"apiVersion": "v1", "kind": "List", "items": objects})
