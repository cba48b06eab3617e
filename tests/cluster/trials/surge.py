"""The seed scenario: 2 -> 5 -> 2 under load, with an application that leaves gracefully and with one that does not."""
from kit.proof import Proof, surgeproof
from kit.todo import Todo
from kit.witness import Witness

from . import Undecided

_TOLERANCE_S = 3.0  # between two watchers of one cluster on a busy machine


def _told_times_agree(proof: Proof, witness: Witness) -> list[str]:
    """Surgeproof's seconds until five pods were ready, against what kubectl saw."""
    scale_up = proof.criterion("scale_up")
    seen = witness.first_with(5)
    if seen is None:
        return [] if scale_up["status"] != "pass" else ["scale_up passed, but kubectl never saw five ready pods"]
    if scale_up["status"] != "pass":
        return [] if scale_up["reason"] == "too_late" else [f"kubectl saw five ready pods, scale_up says {scale_up['reason']}"]
    told = witness_epoch(proof) + scale_up["evidence_begin_s"] + scale_up["observed_value"]
    if abs(told - seen) > _TOLERANCE_S:
        return [f"five pods were ready {seen - told:+.1f} s from when Surgeproof says"]
    return []


def witness_epoch(proof: Proof) -> float:
    """Wall time of the run's zero."""
    import datetime
    return datetime.datetime.fromisoformat(proof.verdict["run"]["load_started"].replace("Z", "+00:00")).timestamp()


def _judged_again(proof: Proof) -> list[str]:
    """analyze and report on the recording say the same."""
    again = surgeproof("analyze", "--no-write", str(proof.out))
    wrong = [] if again.returncode == proof.code else [f"analyze exits {again.returncode}, run {proof.code}"]
    markdown = surgeproof("report", str(proof.out), "--format", "markdown")
    if markdown.returncode != 0 or proof.verdict["verdict"]["headline"][:20] not in markdown.stdout:
        wrong.append(f"report --format markdown: exit {markdown.returncode}")
    return wrong


def _slow_cluster(proof: Proof, witness: Witness) -> bool:
    """The autoscaler itself missed the time limits, and kubectl agrees."""
    late = any(proof.criterion(kind)["status"] == "fail" for kind in ("scale_up", "scale_down"))
    return late and not _told_times_agree(proof, witness)


def graceful() -> list[str]:
    with Todo("graceful", "198.18.2.21") as todo, Witness("graceful") as witness:
        todo.wait_until_scaling()
        proof = Proof("graceful", todo, "surge.yaml")
    print(proof.text)
    if proof.starved():
        raise Undecided("the generator was starved")
    wrong = _told_times_agree(proof, witness) + _judged_again(proof)
    if not wrong and _slow_cluster(proof, witness):
        raise Undecided(f"the cluster itself was slow: {proof.statuses()}")
    if proof.code != 0:
        wrong.append(f"exit {proof.code}, not 0: {proof.statuses()}; causes {proof.causes()}")
    return wrong


def abrupt() -> list[str]:
    """Exits at once on SIGTERM, without preStop: the requests that still come to it are lost."""
    with Todo("abrupt", "198.18.2.22", on_sigterm="exit") as todo, Witness("abrupt") as witness:
        todo.wait_until_scaling()
        proof = Proof("abrupt", todo, "surge.yaml")
    print(proof.text)
    if proof.starved():
        raise Undecided("the generator was starved")
    if not witness.deleted:
        raise Undecided("no pod was ever deleted, so nothing could be dropped")
    wrong = _judged_again(proof)
    if proof.code == 0 and proof.verdict["summary"]["total"]["ok_requests"] == proof.verdict["summary"]["total"]["planned_requests"]:
        raise Undecided("every single request was answered: kube-proxy was quicker than the clients this time")
    if proof.code != 1 or proof.criterion("dropped_requests")["status"] != "fail":
        wrong.append(f"exit {proof.code}, not 1 for dropped requests: {proof.statuses()}")
        return wrong
    first = proof.verdict["causes"][0] if proof.verdict["causes"] else {"code": "none", "evidence": []}
    if first["code"] not in ("termination_race", "keep_alive_reset"):
        wrong.append(f"the first cause is {first['code']}")
    blamed = [line.split(":")[0].removeprefix("pod ") for line in first["evidence"] if line.startswith("pod ")]
    if not blamed or not set(blamed) <= set(witness.deleted):
        wrong.append(f"blamed were {blamed}, deleted {witness.deleted}")
    return wrong
