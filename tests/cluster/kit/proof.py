"""One run of `surgeproof run` on the cluster, as a user starts it, and what came of it."""
import json
import os
import shutil
import subprocess
import threading

from . import cluster
from .layout import HERE, NO_LOAD, ROOT, Trouble
from .todo import Todo

PROGRAM = os.environ.get("SURGEPROOF", "build/release/surgeproof")


def surgeproof(*arguments: str, environment: dict | None = None, timeout: float = 60) -> subprocess.CompletedProcess:
    """A short command, from the client's namespace."""
    return subprocess.run(cluster.in_client([PROGRAM, *arguments]), env=environment or cluster.environment(),
                          capture_output=True, text=True, timeout=timeout, check=False)


class Proof:
    """`disturb` is called in a thread of its own after the run has started; it may sleep."""

    def __init__(self, name: str, todo: Todo, scenario: str, disturb=None, arguments: tuple[str, ...] = (), **variables: str):
        self.out = ROOT / "build/cluster-runs" / name   # stays, for whoever wants to look
        self.out.parent.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(self.out, ignore_errors=True)
        self.trouble: Exception | None = None
        values = {"ADDRESS": todo.address, "NAMESPACE": todo.namespace, **variables}
        settings = [word for key, value in values.items() for word in ("--var", f"{key}={value}")]
        command = cluster.in_client(["nice", "-n", "-10", "python3", "-m", "kit.guard", todo.address, PROGRAM, "run",
                                     str(HERE / "scenarios" / scenario), "--plain", "--out", str(self.out), *settings,
                                     *arguments])
        thread = threading.Thread(target=self._disturb, args=(disturb,)) if disturb else None
        process = subprocess.Popen(command, env=cluster.environment(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if thread:
            thread.start()
        try:
            self.text = process.communicate(timeout=420)[0]
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            raise
        if thread:
            thread.join()
        self.code = process.returncode
        if self.out.exists():
            (self.out / "console.txt").write_text(self.text)
        if self.code == NO_LOAD:
            raise Trouble(self.text.strip())
        file = self.out / "verdict.json"
        self.verdict = json.loads(file.read_text()) if file.exists() else {}

    def _disturb(self, disturb) -> None:
        try:
            disturb()
        except Exception as error:  # it is told in the main thread
            self.trouble = error

    def criterion(self, kind: str) -> dict:
        return next((c for c in self.verdict.get("criteria", []) if c["id"].split()[0] == kind), {"status": "none", "reason": ""})

    def statuses(self) -> str:
        return ", ".join(f"{c['id']}: {c['status']} ({c['reason']}) {c['observed']}" for c in self.verdict.get("criteria", []))

    def causes(self) -> list[str]:
        return [cause["code"] for cause in self.verdict.get("causes", [])]

    def gaps(self, resource: str) -> list[tuple[float, float]]:
        return [(g["begin_s"], g["end_s"]) for g in self.verdict.get("gaps", []) if g["resource"] == resource]

    def starved(self) -> bool:
        """The generator itself could not keep the plan: the run says so, and proves nothing about anybody."""
        sick = {"generator schedule", "generator cpu", "generator demand"}
        return any(h["id"] in sick and h["status"] != "pass" for h in self.verdict.get("health", []))
