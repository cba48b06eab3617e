"""Steady traffic while a rollout, a deletion or a failure of the cluster's own parts happens."""
import time

from kit import cluster
from kit.proof import Proof
from kit.todo import Todo

from . import Undecided

OUTAGE_S = 20


def _settled(proof: Proof) -> Proof:
    print(proof.text)
    if proof.trouble:
        raise proof.trouble
    if proof.starved():
        raise Undecided("the generator was starved")
    return proof


def _steady(name: str, address: str, disturb, **settings: str) -> tuple[Proof, list[str]]:
    with Todo(name, address, **settings) as todo:
        todo.wait_until_scaling()
        before = todo.pods()
        proof = _settled(Proof(name, todo, "steady.yaml", disturb=lambda: disturb(todo)))
    return proof, [pod.removeprefix("pod/") for pod in before]


def _restart(todo: Todo) -> None:
    time.sleep(12)
    todo.kubectl("rollout", "restart", "deployment/todo")


def rollout() -> list[str]:
    """A rolling restart of the graceful application loses nothing."""
    proof, _ = _steady("rollout", "198.18.2.31", _restart)
    return [] if proof.code == 0 else [f"exit {proof.code}, not 0: {proof.statuses()}; causes {proof.causes()}"]


def rollout_abrupt() -> list[str]:
    """The same of the one that exits at once is caught, and the old pods are blamed."""
    proof, old = _steady("rollout-abrupt", "198.18.2.32", _restart, on_sigterm="exit")
    if proof.code != 1 or not {"termination_race", "keep_alive_reset"} & set(proof.causes()):
        return [f"exit {proof.code}, not 1 with termination_race or keep_alive_reset: {proof.statuses()}; causes {proof.causes()}"]
    evidence = " ".join(proof.verdict["causes"][0]["evidence"])
    return [] if any(pod in evidence for pod in old) else [f"none of the old pods {old} is in the evidence: {evidence}"]


def _delete_one(todo: Todo) -> None:
    time.sleep(12)
    todo.kubectl("delete", todo.pods()[0], "--wait=false")


def deletion() -> list[str]:
    proof, _ = _steady("deletion", "198.18.2.33", _delete_one)
    return [] if proof.code == 0 else [f"exit {proof.code}, not 0: {proof.statuses()}; causes {proof.causes()}"]


def _outage(todo: Todo) -> None:
    time.sleep(12)
    cluster.halt("kube-apiserver", "kill")
    try:
        time.sleep(OUTAGE_S)
    finally:
        cluster.halt("kube-apiserver", "run")


def api_outage() -> list[str]:
    """The run survives, traffic is not disturbed, and what could not be seen is said."""
    proof, _ = _steady("api-outage", "198.18.2.34", _outage)
    wrong = []
    if not proof.verdict:
        return [f"exit {proof.code}, and no verdict"]
    for resource in ("pods", "horizontalpodautoscalers", "endpointslices"):
        gaps = proof.gaps(resource)
        if not any(OUTAGE_S - 5 <= end - begin <= OUTAGE_S + 25 and begin < 20 for begin, end in gaps):
            wrong.append(f"the gap in {resource} is not marked: {gaps}")
    if proof.criterion("dropped_requests")["status"] != "pass":
        wrong.append(f"dropped_requests: {proof.criterion('dropped_requests')}")
    # Ready pods could not be counted meanwhile: a pass of `replicas` would be a guess.
    if proof.criterion("replicas")["status"] != "inconclusive" or proof.code != 4:
        wrong.append(f"exit {proof.code}, not 4, or replicas is not inconclusive: {proof.statuses()}")
    return wrong


def blind() -> list[str]:
    """metrics-server is gone: the HPA cannot act, which is said as the cause, never passed over."""
    with Todo("blind", "198.18.2.35") as todo:
        todo.wait_until_scaling()
        cluster.halt("metrics-server", "kill")
        try:
            proof = _settled(Proof("blind", todo, "blind.yaml"))
        finally:
            cluster.halt("metrics-server", "run")
    if proof.code == 0 or proof.criterion("scale_up")["status"] == "pass":
        return [f"a false pass: exit {proof.code}, {proof.statuses()}"]
    if proof.code == 1 and "metrics_unavailable" not in proof.causes():
        return [f"failed without the reason: {proof.statuses()}; causes {proof.causes()}"]
    return []
