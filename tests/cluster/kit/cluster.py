"""Up, down and what lies between. May be called again at any time: it does what is left to do."""
import contextlib
import os
import shutil
import subprocess
import sys
import time

from . import cgroups, daemons, identities, needs, network
from .layout import BIN, CACHE, HALTED, HERE, KUBECONFIG, LOG, NODE, PKI, STATE, Trouble

_CLIENT, _NODE_PROCESS = "client.pid", "node.pid"


def _pid(name: str) -> int | None:
    """The recorded process, if it is still that one: its control group proves it."""
    with contextlib.suppress(OSError, ValueError):
        pid = int((STATE / name).read_text())
        return pid if cgroups.holds(pid) else None
    return None


def is_up() -> bool:
    return _pid(_CLIENT) is not None and _pid(_NODE_PROCESS) is not None


def _start(name: str, command: list[str], log: str) -> int:
    with open(LOG / log, "wb") as out:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=out, start_new_session=True,
                                   cwd="/", env=dict(os.environ, PYTHONPATH=str(HERE), PYTHONDONTWRITEBYTECODE="1"),
                                   preexec_fn=cgroups.enter)
    (STATE / name).write_text(str(process.pid))
    deadline = time.monotonic() + 20
    while os.readlink(f"/proc/{process.pid}/ns/net") == os.readlink("/proc/self/ns/net"):
        if process.poll() is not None or time.monotonic() > deadline:
            raise Trouble(f"no namespaces: {(LOG / log).read_text()[-200:]}")
        time.sleep(0.02)
    return process.pid


def in_client(command: list[str]) -> list[str]:
    """The command line that runs `command` where the load comes from."""
    pid = _pid(_CLIENT)
    if pid is None or _pid(_NODE_PROCESS) is None:
        raise Trouble("the cluster is down (script/cluster up)")
    return ["nsenter", f"--net=/proc/{pid}/ns/net", *command]


def environment() -> dict[str, str]:
    """kubectl's own cache would remember the APIs of another cluster at the same address."""
    return dict(os.environ, PATH=f"{BIN}:{os.environ.get('PATH', '')}:/usr/sbin:/sbin", KUBECONFIG=str(KUBECONFIG),
                KUBECACHEDIR=str(STATE / "kubectl"), PYTHONPATH=str(HERE), PYTHONDONTWRITEBYTECODE="1")


def kubectl(*arguments: str, text: str | None = None, check: bool = True) -> str:
    done = subprocess.run(in_client(["kubectl", *arguments]), env=environment(), input=text, capture_output=True,
                          text=True, timeout=300, check=False)
    if check and done.returncode != 0:
        raise Trouble(f"kubectl {' '.join(arguments)}: {done.stderr.strip()}")
    return done.stdout


def _succeeds(*arguments: str) -> bool:
    with contextlib.suppress(Trouble, subprocess.TimeoutExpired):
        kubectl(*arguments)
        return True
    return False


def _wait_for(what: str, seconds: float, *arguments: str) -> None:
    deadline = time.monotonic() + seconds
    while not _succeeds(*arguments):
        if not is_up():
            raise Trouble(f"the cluster ended while it came up: {_last_words()}")
        if time.monotonic() > deadline:
            raise Trouble(f"no {what} within {seconds:.0f} s; logs: {LOG}")
        time.sleep(0.3)


def _last_words() -> str:
    with contextlib.suppress(OSError):
        return (LOG / "node.log").read_text().strip().splitlines()[-1]
    return f"no word of it in {LOG}"


def up() -> None:
    """What does not come up is taken down again; its logs stay."""
    needs.check()
    if not (CACHE / "node.stamp").exists() or not (CACHE / "images.stamp").exists():
        raise Trouble("not built yet (script/cluster build)")
    try:
        _up()
    except BaseException:
        down()
        raise


def _up() -> None:
    started = time.monotonic()
    if not is_up():
        down()
        shutil.rmtree(STATE, ignore_errors=True)
        for directory in (STATE, PKI, LOG, HALTED):
            directory.mkdir(mode=0o700, parents=True)
        identities.make()
        cgroups.make()
        client = _start(_CLIENT, ["unshare", "--net", "sleep", "infinity"], "client.log")
        node = _start(_NODE_PROCESS, ["unshare", "--mount", "--net", "--pid", "--fork", "--kill-child", "--mount-proc",
                                      sys.executable, "-m", "kit.node"], "node.log")
        network.connect(client, node)
    _wait_for("API server", 120, "get", "--raw", "/readyz")
    kubectl("apply", "-f", "-", text=daemons.metrics_api())
    _wait_for("ready node", 120, "wait", "--for=condition=Ready", f"node/{NODE}", "--timeout=2s")
    _wait_for("metrics", 120, "top", "node", NODE)
    print(f"cluster: up in {time.monotonic() - started:.0f} s", file=sys.stderr)


def down() -> None:
    """Leaves what was built, and the logs."""
    cgroups.clear()
    for secret in [STATE / _CLIENT, STATE / _NODE_PROCESS, *STATE.glob("*.kubeconfig")]:
        secret.unlink(missing_ok=True)
    shutil.rmtree(PKI, ignore_errors=True)


def load_image(archive: str) -> None:
    """The archive comes by standard input, because the node has a mount namespace of its own."""
    node = _pid(_NODE_PROCESS)
    if node is None:
        raise Trouble("the cluster is down (script/cluster up)")
    with open(archive, "rb") as content:
        done = subprocess.run(["nsenter", f"--mount=/proc/{node}/ns/mnt", f"--net=/proc/{node}/ns/net", "ctr", "--namespace",
                               "k8s.io", "images", "import", "-"], stdin=content,
                              capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise Trouble(f"cannot import {archive}: {done.stderr.strip()}")


def halt(name: str, how: str) -> None:
    """`how`: kill, freeze or run. See node.py."""
    if name not in {program.name for program in daemons.all_of_them("10s")}:
        raise Trouble(f"no such program: {name}")
    if how == "run":
        (HALTED / name).unlink(missing_ok=True)
    else:
        (HALTED / f".{name}").write_text(how)
        (HALTED / f".{name}").rename(HALTED / name)
