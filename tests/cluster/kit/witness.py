"""What kubectl saw meanwhile: a second opinion on the times that Surgeproof reports."""
import subprocess
import threading
import time

from . import cluster

_COLUMNS = "NAME:.metadata.name,READY:.status.conditions[?(@.type=='Ready')].status,GOES:.metadata.deletionTimestamp"


class Witness:
    """Follows the pods of the todo application while it is entered."""

    def __init__(self, namespace: str):
        self._namespace = namespace
        self._ready: set[str] = set()
        self.counts: list[tuple[float, int]] = []  # wall time, ready pods that nobody has deleted
        self.deleted: list[str] = []               # in the order in which it was noticed

    def __enter__(self):
        self._process = subprocess.Popen(
            cluster.in_client(["kubectl", "-n", self._namespace, "get", "pods", "-l", "app=todo", "--watch", "--no-headers",
                               "-o", f"custom-columns={_COLUMNS}"]),
            env=cluster.environment(), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self._thread = threading.Thread(target=self._read)
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._process.kill()
        self._thread.join()
        self._process.stdout.close()
        self._process.wait()

    def _read(self) -> None:
        for line in self._process.stdout:
            name, ready, goes = (line.split() + ["<none>"] * 3)[:3]
            if goes != "<none>" and name not in self.deleted:
                self.deleted.append(name)
            (self._ready.add if ready == "True" and goes == "<none>" else self._ready.discard)(name)
            self.counts.append((time.time(), len(self._ready)))

    def first_with(self, pods: int, after: float = 0) -> float | None:
        return next((at for at, count in self.counts if count >= pods and at >= after), None)
