"""One certificate authority, and a certificate and kubeconfig for each program that talks to the API server."""
import base64
import subprocess

from .layout import API, API_SERVICE_IP, NODE, NODE_IP, PKI, STATE

_KEY = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "365"]
_SERVED_AS = (f"IP:{NODE_IP},IP:{API_SERVICE_IP},IP:127.0.0.1,DNS:localhost,DNS:{NODE},DNS:kubernetes,"
              "DNS:kubernetes.default,DNS:kubernetes.default.svc,DNS:metrics-server.kube-system.svc")

CONTROLLERS, SCHEDULER, PROXY = "kube-controller-manager", "kube-scheduler", "kube-proxy"


def _openssl(*arguments: str) -> None:
    subprocess.run(["openssl", *arguments], cwd=PKI, check=True, capture_output=True)


def _certificate(name: str, subject: str, names: str = "") -> None:
    extensions = ["-addext", "basicConstraints=critical,CA:FALSE"] + (["-addext", f"subjectAltName={names}"] if names else [])
    _openssl("req", "-x509", "-CA", "ca.crt", "-CAkey", "ca.key", *_KEY, "-subj", subject, *extensions,
             "-keyout", f"{name}.key", "-out", f"{name}.crt")


def embedded(file: str) -> str:
    return base64.b64encode((PKI / file).read_bytes()).decode()


def kubeconfig(user: str, namespace: str = "default") -> str:
    """`user`: a YAML flow mapping, the entry under `users`."""
    return f"""apiVersion: v1
kind: Config
current-context: test-cluster
contexts:
- {{name: test-cluster, context: {{cluster: test-cluster, user: me, namespace: {namespace}}}}}
clusters:
- {{name: test-cluster, cluster: {{server: "{API}", certificate-authority-data: {embedded("ca.crt")}}}}}
users:
- {{name: me, user: {user}}}
"""


def with_certificate(name: str) -> str:
    return f"{{client-certificate-data: {embedded(name + '.crt')}, client-key-data: {embedded(name + '.key')}}}"


def _identity(name: str, subject: str) -> None:
    _certificate(name, subject)
    path = STATE / f"{name}.kubeconfig"
    path.touch(mode=0o600)
    path.write_text(kubeconfig(with_certificate(name)))


def make() -> None:
    _openssl("req", "-x509", *_KEY, "-subj", "/CN=test-cluster-ca", "-keyout", "ca.key", "-out", "ca.crt")
    _openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-out", "tokens.key")
    _openssl("pkey", "-in", "tokens.key", "-pubout", "-out", "tokens.pub")
    _certificate("serving", f"/CN={NODE}", _SERVED_AS)  # API server, kubelet and metrics-server share node and address
    _certificate("aggregator", "/CN=aggregator")
    _identity("admin", "/O=system:masters/CN=admin")
    _identity("kubelet", f"/O=system:nodes/CN=system:node:{NODE}")
    for name in (CONTROLLERS, SCHEDULER, PROXY):
        _identity(name, f"/CN=system:{name}")
