"""What the machine must offer. Asked first, so that a machine that cannot do it is told so, and nothing half is left."""
import os
import shutil
import subprocess

from .layout import CACHE, Trouble

_PROGRAMS = ("containerd", "ctr", "runc", "ip", "iptables", "openssl", "nsenter", "unshare", "mount")
_TAKEN_OVER = ("/run", "/var/run", "/var/lib", "/var/log")  # the cluster mounts its own there


def check() -> None:
    if os.geteuid() != 0:
        raise Trouble("namespaces, mounts and control groups need root")
    path = os.environ.get("PATH", "") + ":/usr/sbin:/sbin"
    missing = [name for name in _PROGRAMS if not shutil.which(name, path=path)]
    if missing:
        raise Trouble(f"not installed: {', '.join(missing)} (script/bootstrap cluster)")
    if not os.path.isdir("/usr/lib/cni"):
        raise Trouble("not installed: containernetworking-plugins (script/bootstrap cluster)")
    for place in _TAKEN_OVER:
        if CACHE.is_relative_to(os.path.realpath(place)):
            raise Trouble(f"{CACHE} lies below {place}: set SURGEPROOF_CLUSTER_DIR to another place")
    # What the node does, in small: namespaces, a mount, a link of its own.
    trial = "mount -t tmpfs tmpfs /run && ip link add eth0 type veth peer name eth1 && iptables -t nat -L -n"
    done = subprocess.run(["unshare", "--mount", "--net", "--pid", "--fork", "--mount-proc", "sh", "-c", trial],
                          capture_output=True, text=True, check=False, env=dict(os.environ, PATH=path))
    if done.returncode != 0:
        raise Trouble(f"no namespaces, mounts or links here: {(done.stderr or done.stdout).strip()[-200:]}")
