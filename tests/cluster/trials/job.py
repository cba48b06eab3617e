"""Surgeproof as a Job, from its own image, with a service account of least privilege, against the ClusterIP Service."""
import json
import pathlib
import subprocess
import sys
import tempfile
import time

from kit import cluster
from kit.layout import ROOT, Trouble
from kit.proof import PROGRAM
from kit.todo import Todo

from . import Undecided

# As k8s/manifests/job/scenario.yaml, but short. There is no DNS in this cluster: the Service's variables name it.
_SCENARIO = """name: surge from inside
target: http://${TODO_SERVICE_HOST}
watch: {hpa: todo}
connections: {max: 64, max_age: 2s}
load:
  - {name: before, hold: 10/s, for: 5s}
  - {name: surge, step: 150/s, for: 45s}
criteria:
  - {scale_up: {to: 3, within: 45s, from: surge}}
  - {dropped_requests: 0}
"""


# Nobody answers 404 within this application's contract: the Job must fail, and say 1.
_BROKEN = """name: a page that is not there
target: http://${TODO_SERVICE_HOST}/no-such-page
watch: {hpa: todo}
load: [{hold: 10/s, for: 5s}]
criteria: [{error_rate: 0%}]
"""


def _image(directory: pathlib.Path) -> None:
    archive = directory / "surgeproof.tar"
    for number in (1, 2):  # the second must be the same to the byte
        subprocess.run([sys.executable, ROOT / "script/image.py", PROGRAM, archive, "localhost/surgeproof:trial"], check=True)
        archive.rename(directory / f"{number}.tar")
    if (directory / "1.tar").read_bytes() != (directory / "2.tar").read_bytes():
        raise AssertionError("two images of the same program differ")
    cluster.load_image(str(directory / "1.tar"))


def _manifests(directory: pathlib.Path, todo: Todo, scenario: str, name: str) -> None:
    """The manifests that ship, with another namespace, image and scenario: as a user would overlay them."""
    overlay = directory / name
    overlay.mkdir()
    shipped = ROOT / "k8s/manifests/job"
    for file in shipped.iterdir():
        (overlay / file.name).write_bytes(file.read_bytes())
    (overlay / "scenario.yaml").write_text(scenario)
    text = (overlay / "kustomization.yaml").read_text()
    text = text.replace("namespace: todo", f"namespace: {todo.namespace}").replace("newTag: 0.1.0", "newTag: trial")
    (overlay / "kustomization.yaml").write_text(text)
    cluster.kubectl("apply", "-k", str(overlay))


def _ended(todo: Todo, seconds: float) -> tuple[int, str, dict]:
    """(exit code of the container, log, status of the Job)"""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        status = json.loads(todo.kubectl("get", "job", "surgeproof", "-o", "json")).get("status", {})
        if any(c["type"] in ("Complete", "Failed") and c["status"] == "True" for c in status.get("conditions", [])):
            code = todo.kubectl("get", "pods", "-l", "job-name=surgeproof", "-o",
                                "jsonpath={.items[0].status.containerStatuses[0].state.terminated.exitCode}")
            return int(code), todo.kubectl("logs", "job/surgeproof"), status
        time.sleep(1)
    raise Trouble("the Job did not end: " + todo.kubectl("describe", "pods", "-l", "job-name=surgeproof")[-1500:])


def job() -> list[str]:
    wrong = []
    with tempfile.TemporaryDirectory() as name, Todo("job", "198.18.2.41") as todo:
        directory = pathlib.Path(name)
        _image(directory)
        todo.wait_until_scaling()
        _manifests(directory, todo, _SCENARIO, "passes")
        code, log, status = _ended(todo, 180)
        print(log)
        if code == 4 and "requests left late" in log:
            raise Undecided("the generator was starved")
        if code != 0 or status.get("succeeded") != 1:
            wrong.append(f"exit {code}, job {status}")
        if "PASS: surge from inside" not in log or "all 2 criteria met" not in log:
            wrong.append("the log does not hold the verdict")
        todo.kubectl("delete", "job", "surgeproof")
        _manifests(directory, todo, _BROKEN, "fails")
        code, log, status = _ended(todo, 120)
        print(log)
        if code != 1 or status.get("failed") != 1:
            wrong.append(f"exit {code}, not 1, job {status}")
    return wrong
