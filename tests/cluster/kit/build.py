"""Builds the cluster's programs from their Go modules, and the images of the pods, into the cache."""
import hashlib
import os
import re
import shutil
import subprocess
import sys
import time

from . import layout
from .layout import BIN, CACHE, IMAGES, PROGRAMS, ROOT, Trouble

sys.path.insert(0, str(ROOT / "script"))
import oci_archive  # noqa: E402  the project's own writer of images

_VERSION = [f"-X {package}.{name}={value}" for package in ("k8s.io/component-base/version", "k8s.io/client-go/pkg/version")
            for name, value in (("gitVersion", layout.KUBERNETES), ("gitMajor", "1"),
                                ("gitMinor", layout.KUBERNETES.split(".")[1]), ("gitTreeState", "clean"))]
# No debug information at all: a third less to compile and to keep.
_FLAGS = ["-trimpath", "-buildvcs=false", "-gcflags=all=-dwarf=false", "-ldflags=-s -w " + " ".join(_VERSION)]


def _go_version(text: str) -> tuple[int, ...]:
    found = re.search(r"go ?(\d+(?:\.\d+)+)", text)
    return tuple(int(part) for part in found.group(1).split(".")) if found else (0,)


def _check_go() -> str:
    needed = _go_version((PROGRAMS / "go.mod").read_text())
    if not shutil.which("go"):
        raise Trouble(f"Go {'.'.join(map(str, needed))} or newer is needed to build Kubernetes, and there is none")
    present = subprocess.run(["go", "env", "GOVERSION"], capture_output=True, text=True, check=True, cwd="/").stdout.strip()
    if _go_version(present) < needed:
        raise Trouble(f"Go {'.'.join(map(str, needed))} or newer is needed to build Kubernetes, this is {present}")
    return present


def _stamp(*names: str) -> str:
    """Changes with everything that the result depends on, the Go release excepted: a newer one builds the same."""
    digest = hashlib.sha256(" ".join(_FLAGS).encode())
    files = [PROGRAMS / "go.mod", PROGRAMS / "go.sum", ROOT / "script/oci_archive.py"]
    for name in names:
        files += sorted((PROGRAMS / name).glob("*.go"))
    for file in files:
        digest.update(file.read_bytes())
    return digest.hexdigest()


def _go_build(name: str, out) -> None:
    started = time.monotonic()
    # With memory to spare the compiler and the linker need not collect so often: a fifth less time.
    environment = dict(os.environ, CGO_ENABLED="0", GOGC=os.environ.get("GOGC", "300"))
    done = subprocess.run(["go", "build", *_FLAGS, "-o", str(out), f"./{name}"], cwd=PROGRAMS, env=environment,
                          stderr=subprocess.PIPE, text=True, check=False)
    if done.returncode != 0:
        raise Trouble(f"go build ./{name}: {done.stderr.strip()[-500:]}")
    print(f"cluster: built {name} in {time.monotonic() - started:.0f} s", file=sys.stderr)


def _fresh(stamp_file, stamp: str) -> bool:
    return stamp_file.exists() and stamp_file.read_text() == stamp


def build_node() -> None:
    stamp_file, stamp = CACHE / "node.stamp", _stamp("node")
    if _fresh(stamp_file, stamp):
        return
    _check_go()
    stamp_file.unlink(missing_ok=True)
    BIN.mkdir(parents=True, exist_ok=True)
    _go_build("node", BIN / "node")
    for name in subprocess.run([BIN / "node", "names"], capture_output=True, text=True, check=True).stdout.split():
        (BIN / name).unlink(missing_ok=True)
        (BIN / name).symlink_to("node")
    stamp_file.write_text(stamp)


def build_images() -> None:
    stamp_file, stamp = CACHE / "images.stamp", _stamp("pause", "todo")
    if _fresh(stamp_file, stamp):
        return
    _check_go()
    IMAGES.mkdir(parents=True, exist_ok=True)
    for name in ("pause", "todo"):
        _go_build(name, IMAGES / name)
        program = oci_archive.Entry(f"/{name}", (IMAGES / name).read_bytes(), 0o755)
        oci_archive.write(IMAGES / f"{name}.tar", f"localhost/{name}:1", [program], entrypoint=[f"/{name}"])
    stamp_file.write_text(stamp)


def check() -> None:
    """Go is there, and loads the modules: a machine without a network learns it here, not after an hour."""
    if _fresh(CACHE / "node.stamp", _stamp("node")) and _fresh(CACHE / "images.stamp", _stamp("pause", "todo")):
        return
    _check_go()
    try:
        done = subprocess.run(["go", "list", "-deps", "./..."], cwd=PROGRAMS, env=dict(os.environ, CGO_ENABLED="0"),
                              stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, timeout=150, check=False)
    except subprocess.TimeoutExpired as slow:
        raise Trouble("the Go modules cannot be loaded within 150 s") from slow
    if done.returncode != 0:
        raise Trouble(f"the Go modules cannot be loaded: {done.stderr.strip()[-300:]}")


def build() -> None:
    build_node()
    build_images()
