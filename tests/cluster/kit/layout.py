"""Where everything lies, and the addresses; no decisions."""
import os
import pathlib

HERE = pathlib.Path(__file__).resolve().parent.parent   # tests/cluster
ROOT = HERE.parent.parent
PROGRAMS = HERE / "programs"
MANIFESTS = HERE / "manifests"

_cache = os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache"
CACHE = pathlib.Path(os.environ.get("SURGEPROOF_CLUSTER_DIR") or pathlib.Path(_cache) / "surgeproof-cluster").resolve()
BIN = CACHE / "bin"          # built once
IMAGES = CACHE / "images"    # built once
STATE = CACHE / "state"      # one cluster's life
PKI = STATE / "pki"
LOG = STATE / "log"
HALTED = STATE / "halted"    # a file per program that shall not run, see node.py
KUBECONFIG = STATE / "admin.kubeconfig"

KUBERNETES = "v1.36.3"       # as in programs/go.mod
NODE = "node-1"
CGROUP = "surgeproof-cluster"

# RFC 2544's range for benchmarks: no network uses it, so a stray packet meets nobody.
CLIENT_IP = "198.18.0.1"     # where the load comes from
NODE_IP = "198.18.0.2"       # the node, the API server, the node ports
LINK_BITS = 30
PODS = "198.18.1.0/24"
SERVICES = "198.18.2.0/24"
API_SERVICE_IP = "198.18.2.1"
EVERYTHING = "198.18.0.0/16"
API = f"https://{NODE_IP}:6443"

NO_LOAD = 90                 # guard.py's exit code, none of Surgeproof's


class Trouble(Exception):
    """The cluster cannot be built or brought up here. Says nothing about Surgeproof."""
