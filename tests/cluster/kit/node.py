"""Process 1 of the cluster's namespaces: prepares them, starts the daemons, and ends when one of them does; the kernel
then ends all the rest. A file HALTED/NAME stops that daemon as long as it is there: killed if the file says "kill", held
(SIGSTOP) if it says "freeze". Half a cluster that nobody ordered would only look like a fault of something else."""
import os
import pathlib
import signal
import subprocess
import time

from . import daemons
from .layout import BIN, HALTED, IMAGES, LINK_BITS, LOG, NODE_IP, SERVICES, STATE

_ENVIRONMENT = dict(os.environ, PATH=f"{BIN}:{os.environ.get('PATH', '')}:/usr/sbin:/sbin", HOME="/root")


def _run(*command: str) -> None:
    subprocess.run(command, check=True, env=_ENVIRONMENT)


def _own_directories() -> None:
    """The daemons keep their standard paths, and the host its files."""
    _run("mount", "--make-rshared", "/")
    _run("mount", "-t", "tmpfs", "-o", "mode=755", "tmpfs", "/run")
    for path in ("lib", "log"):
        (STATE / "var" / path).mkdir(parents=True)
        _run("mount", "--bind", str(STATE / "var" / path), f"/var/{path}")


def _network() -> None:
    deadline = time.monotonic() + 20
    while not pathlib.Path("/proc/sys/net/ipv4/conf/eth0").exists():   # the link is made from outside
        if time.monotonic() > deadline:
            raise SystemExit("nobody made the link to the client")
        time.sleep(0.02)
    _run("ip", "link", "set", "lo", "up")
    _run("ip", "address", "add", f"{NODE_IP}/{LINK_BITS}", "dev", "eth0")
    _run("ip", "link", "set", "eth0", "up")
    # Service addresses exist in kube-proxy's rules only, and those come after the routing decision.
    _run("ip", "route", "add", SERVICES, "dev", "eth0", "src", NODE_IP)
    pathlib.Path("/proc/sys/net/ipv4/ip_forward").write_text("1")
    bridged = pathlib.Path("/proc/sys/net/bridge/bridge-nf-call-iptables")
    if bridged.exists():  # else a pod that reaches its neighbour by the Service gets answers from a stranger
        bridged.write_text("1")


class Node:
    def __init__(self, programs: list[daemons.Daemon]):
        self._commands = {program.name: program.command for program in programs}
        self._running: dict[int, str] = {}
        self._halted: dict[str, str] = {}  # what was done to it

    def start(self, name: str) -> None:
        with open(LOG / f"{name}.log", "ab") as log:
            process = subprocess.Popen(self._commands[name], stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                       env=_ENVIRONMENT, cwd="/")
        self._running[process.pid] = name
        process.returncode = 0  # we wait for all children ourselves

    def _signal(self, name: str, what: signal.Signals) -> None:
        for pid, running in self._running.items():
            if running == name:
                os.kill(pid, what)

    def _obey(self) -> None:
        """Makes what runs agree with what shall run."""
        wanted = {file.name: file.read_text().strip() for file in HALTED.iterdir() if file.name in self._commands}
        for name, how in wanted.items():
            if name not in self._halted and how:
                self._halted[name] = how
                self._signal(name, signal.SIGSTOP if how == "freeze" else signal.SIGKILL)
        for name in [name for name in self._halted if name not in wanted]:
            if self._halted.pop(name) == "freeze":
                self._signal(name, signal.SIGCONT)
            elif name not in self._running.values():
                self.start(name)

    def _bury(self) -> bool:
        """Takes note of one that ended; ends everything if nobody asked for it."""
        pid, status = os.waitpid(-1, os.WNOHANG)
        name = self._running.pop(pid, None)  # None: a container's shim, which was left to process 1
        if name and self._halted.get(name) != "kill":
            raise SystemExit(f"{name} ended with status {status}; its log: {LOG / name}.log")
        return pid != 0

    def wait_until(self, seconds: float, command: list[str]) -> None:
        deadline = time.monotonic() + seconds
        while subprocess.run(command, env=_ENVIRONMENT, capture_output=True, check=False).returncode != 0:
            self._bury()
            if time.monotonic() > deadline:
                raise SystemExit(f"this never worked: {' '.join(command)}")
            time.sleep(0.1)

    def watch(self) -> None:
        while True:
            self._obey()
            if not self._bury():
                time.sleep(0.1)


def main() -> None:
    _own_directories()
    _network()
    daemons.write_configuration()
    programs = daemons.all_of_them(os.environ.get("SURGEPROOF_CLUSTER_METRICS", "10s"))
    node = Node(programs)
    for program in programs:
        if program.after:
            node.wait_until(90, program.after)
        node.start(program.name)
        if program.name == "containerd":
            node.wait_until(60, ["ctr", "version"])
            for image in sorted(IMAGES.glob("*.tar")):
                _run("ctr", "--namespace", "k8s.io", "images", "import", str(image))
    node.watch()


if __name__ == "__main__":
    main()
