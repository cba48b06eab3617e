"""What a scenario does to the cluster itself, what the pods' logs say of it, and the rights for both: no more than
`surgeproof print-rbac` prints."""
import pathlib
import tempfile

from kit.account import Account
from kit.proof import Proof
from kit.todo import Todo

from . import Undecided


def _prove(name: str, todo: Todo, scenario: str, account: Account, **variables: str) -> Proof:
    proof = Proof(name, todo, scenario, arguments=account.arguments, **variables)
    print(proof.text)
    if proof.starved():
        raise Undecided("the generator was starved")
    if not proof.verdict:
        raise AssertionError(f"exit {proof.code}, and no verdict")
    return proof


def _findings(proof: Proof, *expected: tuple[str, str, str]) -> list[str]:
    """`expected`: how a criterion's id begins, its status and its reason."""
    wrong = []
    for kind, status, reason in expected:
        if (status, reason) not in [(c["status"], c["reason"]) for c in proof.verdict["criteria"] if c["id"].startswith(kind)]:
            wrong.append(f"{kind} is not {status} ({reason}): {proof.statuses()}")
    return wrong


def _carried_out(proof: Proof, name: str, at_s: float) -> list[str]:
    """It stands on the timeline, once, done when the plan says."""
    marks = [a for a in proof.verdict["actions"] if a["name"] == name]
    if len(marks) == 1 and marks[0]["state"] == "done" and at_s <= marks[0]["begun_s"] <= at_s + 2:
        return []
    return [f"action {name} was not carried out once at {at_s} s: {proof.verdict['actions']}"]


def _rights(account: Account, refused: str, level: str, code: int) -> list[str]:
    """doctor names the right that is missing, says what is lost without it and how to add it; all others are there."""
    said_code, said = account.doctor()
    check = said.get(refused, {"level": "none", "sentence": "", "remedy": ""})
    others = [f"{c['id']}: {c['sentence']}" for c in said.values() if c["group"].startswith("Rights") and c["level"] != "ok"
              and c["id"] != refused]
    if said_code == code and check["level"] == level and "print-rbac" in check["remedy"] and not others:
        return []
    return [f"doctor exits {said_code}, not {code}, and of {refused} says {check}; also refused: {others}"]


def restart() -> list[str]:
    """An application that exits at once on SIGTERM, restarted by the scenario: the drops are the action's."""
    with tempfile.TemporaryDirectory() as directory, Todo("restart", "198.18.2.36", on_sigterm="exit") as todo:
        account = Account(todo, "restart.yaml", pathlib.Path(directory))
        account.may_act()
        todo.wait_until_scaling()
        proof = _prove("restart", todo, "restart.yaml", account)
    if proof.criterion("dropped_requests")["status"] == "pass":
        raise Undecided("every single request was answered: kube-proxy was quicker than the clients this time")
    wrong = _carried_out(proof, "renew", 6) + _findings(
        proof, ("dropped_requests", "fail", "dropped"), ("replicas", "pass", "within_bounds"), ("logs", "fail", "found"),
        ("logs", "pass", "present"))
    evidence = " ".join(line for cause in proof.verdict["causes"] for line in cause["evidence"])
    if proof.code != 1 or "by action renew" not in evidence:
        wrong.append(f"exit {proof.code}, not 1, or the causes do not name the action: {proof.causes()}: {evidence}")
    return wrong


def delete_pod() -> list[str]:
    """A graceful pod deleted by the scenario costs nothing. Then without the right to read logs: that one criterion is
    inconclusive by name, all else is judged, and doctor says what to add."""
    with tempfile.TemporaryDirectory() as directory, Todo("delete-pod", "198.18.2.37") as todo:
        account = Account(todo, "deletion.yaml", pathlib.Path(directory))
        todo.wait_until_scaling()
        wrong = _rights(account, "pods", "warning", 0)
        account.may_act()
        proof = _prove("delete-pod", todo, "deletion.yaml", account)
        action = "delete the oldest pod of todo"
        wrong += _carried_out(proof, action, 5) + _findings(
            proof, ("dropped_requests", "pass", "none_dropped"), ("latency", "pass", "fast_enough"),
            ("replicas", "pass", "within_bounds"), ("logs", "pass", "as_wanted"))
        if proof.code != 0:
            wrong.append(f"exit {proof.code}, not 0: {proof.statuses()}; causes {proof.causes()}")
        account.may_no_longer_read("pods/log")
        wrong += _rights(account, "pods/log", "warning", 0)
        proof = _prove("no-logs", todo, "deletion.yaml", account, FOR="8s")
        wrong += _carried_out(proof, action, 5) + _findings(
            proof, ("dropped_requests", "pass", "none_dropped"), ("replicas", "pass", "within_bounds"),
            ("logs", "inconclusive", "no_logs"))
        causes = proof.criterion("logs").get("causes", [])
        named = [c for c in causes if c["code"] == "logs_unreadable" and '"pods/log"' in c["sentence"] and "print-rbac" in c["remedy"]]
        if proof.code != 4 or not named:
            wrong.append(f"exit {proof.code}, not 4, or the right is not named: {causes}")
    return wrong
