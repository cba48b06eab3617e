#!/usr/bin/env python3
"""Runs the named trials on the cluster that is up; without names, lists them. Exit 77: skipped, said why."""
import os
import subprocess
import sys
import time

sys.dont_write_bytecode = True  # the source tree stays clean
from kit import cluster, layout  # noqa: E402
from trials import Undecided, access, actions, disturbances, guard, job, surge  # noqa: E402

SKIPPED = 77
TRIALS = {
    "guard": guard.guard,
    "graceful": surge.graceful,
    "abrupt": surge.abrupt,
    "rollout": disturbances.rollout,
    "rollout-abrupt": disturbances.rollout_abrupt,
    "deletion": disturbances.deletion,
    "restart-action": actions.restart,
    "delete-action": actions.delete_pod,
    "api-outage": disturbances.api_outage,
    "blind": disturbances.blind,
    "job": job.job,
    "access": access.access,
    "plugins": access.plugins,
}


def tell(line: str) -> None:
    """Also to the summary that script/test-cluster prints at the end, whatever CTest shows."""
    print(line, flush=True)
    if summary := os.environ.get("SURGEPROOF_CLUSTER_SUMMARY"):
        with open(summary, "a", encoding="utf-8") as file:
            file.write(line + "\n")


def attempt(name: str) -> tuple[str, list[str]]:
    """(verdict, what is wrong or why nothing was proven)"""
    try:
        wrong = TRIALS[name]()
        return ("BAD" if wrong else "ok"), wrong
    except (Undecided, layout.Trouble, subprocess.TimeoutExpired) as why:
        return "undecided", [str(why)]


def run(name: str) -> str:
    """A second attempt, for a wrong verdict too: two cores carry cluster, application and generator at once."""
    for number in (1, 2):
        started = time.monotonic()
        verdict, why = attempt(name)
        tell(f"{name}, attempt {number}: {verdict} after {time.monotonic() - started:.0f} s  {'; '.join(why)}")
        if verdict == "ok":
            break
    return verdict


def main(names: list[str]) -> int:
    unknown = [name for name in names if name not in TRIALS]
    if not names or unknown:
        print(f"{', '.join(unknown)}: no such trial; " if unknown else "", "trials: ", " ".join(TRIALS), sep="")
        return 2
    if os.geteuid() != 0 or not cluster.is_up():
        print("SKIPPED: no test cluster is up (script/test-cluster brings one up)")
        return SKIPPED
    verdicts = [run(name) for name in names]
    if "BAD" in verdicts:
        return 1
    if "undecided" in verdicts:
        print("SKIPPED: nothing was proven, neither for nor against Surgeproof; see above")
        return SKIPPED
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
