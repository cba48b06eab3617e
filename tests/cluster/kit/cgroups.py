"""The cluster's control groups: all of it below one directory, so that it can be found and ended."""
import os
import pathlib
import signal
import time

from .layout import CGROUP, Trouble

_MOUNT = pathlib.Path("/sys/fs/cgroup")
_V2 = (_MOUNT / "cgroup.controllers").exists()
_NEEDED = ("cpu", "memory", "cpuset", "pids")


def _hierarchies() -> list[pathlib.Path]:
    """Version 2 has one, version 1 one for each controller."""
    if _V2:
        return [_MOUNT]
    return [path for path in sorted(_MOUNT.iterdir()) if not path.is_symlink() and os.access(path / "cgroup.procs", os.W_OK)]


def roots() -> list[pathlib.Path]:
    return [path / CGROUP for path in _hierarchies()]


def make() -> None:
    """The directory, and in it one for the daemons; the kubelet puts the pods beside that."""
    if not _V2 and not all((_MOUNT / name).is_dir() for name in _NEEDED):
        raise Trouble(f"no cgroup controllers {', '.join(_NEEDED)} in {_MOUNT}")
    try:
        for root in roots():
            system = root / "system"
            if _V2:
                (root.parent / "cgroup.subtree_control").write_text(" ".join(f"+{name}" for name in _NEEDED))
                root.mkdir(exist_ok=True)
                (root / "cgroup.subtree_control").write_text(" ".join(f"+{name}" for name in _NEEDED))
            system.mkdir(parents=True, exist_ok=True)
            for inherited in ("cpuset.cpus", "cpuset.mems"):  # version 1 lets nothing in as long as they are empty
                if not _V2 and (root / inherited).exists():
                    value = (root.parent / inherited).read_text()
                    (root / inherited).write_text(value)
                    (system / inherited).write_text(value)
            # A compiler beside it must not look like a slow autoscaler.
            for share, value in (("cpu.shares", "8192"), ("cpu.weight", "800")):
                if (root / share).exists():
                    (root / share).write_text(value)
    except OSError as error:
        raise Trouble(f"cannot make control groups: {error}") from error


def enter() -> None:
    """Moves the calling process among the daemons."""
    for root in roots():
        (root / "system/cgroup.procs").write_text(str(os.getpid()))


def members() -> set[int]:
    found: set[int] = set()
    for root in roots():
        for directory, _, _ in os.walk(root):  # unlike rglob it does not mind a pod's directory that has just gone
            try:
                found.update(int(line) for line in pathlib.Path(directory, "cgroup.procs").read_text().split())
            except OSError:
                pass  # likewise
    return found - {0}


def holds(pid: int) -> bool:
    return pid in members()


def clear() -> None:
    """Ends every process in them and removes the directories."""
    deadline = time.monotonic() + 20
    while left := members():
        if time.monotonic() > deadline:
            raise Trouble(f"these do not end: {sorted(left)}")
        for pid in left:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        time.sleep(0.05)
    for root in roots():
        for directory in sorted((path for path in root.rglob("*") if path.is_dir()), reverse=True):
            directory.rmdir()
        if root.exists():
            root.rmdir()
