"""A service account with the rights that `surgeproof print-rbac` prints for a scenario, and no others."""
import json
import pathlib

from . import identities
from .layout import HERE, Trouble
from .proof import surgeproof
from .todo import Todo

_ACTIONS = "name: surgeproof-actions\n"


class Account:
    """`directory`: for its kubeconfig, which knows nothing but the account's token."""

    def __init__(self, todo: Todo, scenario: str, directory: pathlib.Path):
        self._todo = todo
        self._scenario = str(HERE / "scenarios" / scenario)
        self._variables = ["--var", f"ADDRESS={todo.address}", "--var", f"NAMESPACE={todo.namespace}"]
        printed = surgeproof("print-rbac", self._scenario, *self._variables)
        if printed.returncode != 0:
            raise AssertionError(f"print-rbac: exit {printed.returncode}: {printed.stderr}")
        parts = printed.stdout.split("---\n")
        self._reading = "---\n".join(p for p in parts if _ACTIONS not in p)
        self._acting = "---\n".join(p for p in parts if _ACTIONS in p)
        if not self._acting:
            raise AssertionError("print-rbac prints no Role of its own for the actions")
        todo.kubectl("apply", "-f", "-", text=self._reading)
        token = todo.kubectl("create", "token", "surgeproof").strip()
        self._config = directory / "config"
        self._config.touch(mode=0o600)
        self._config.write_text(identities.kubeconfig(f"{{token: {token}}}", todo.namespace))

    @property
    def arguments(self) -> tuple[str, ...]:
        """For a command line of Surgeproof."""
        return "--kubeconfig", str(self._config)

    def may_act(self) -> None:
        self._todo.kubectl("apply", "-f", "-", text=self._acting)

    def may_no_longer_read(self, resource: str) -> None:
        role = json.loads(self._todo.kubectl("get", "role", "surgeproof", "-o", "json"))
        kept = [rule for rule in role["rules"] if resource not in rule["resources"]]
        if len(kept) == len(role["rules"]):
            raise AssertionError(f"print-rbac grants nothing on {resource}")
        self._todo.kubectl("replace", "-f", "-", text=json.dumps({**role, "rules": kept}))

    def doctor(self) -> tuple[int, dict[str, dict]]:
        """(exit code, what it says of each right, connection and so on, by its id)"""
        done = surgeproof("doctor", self._scenario, *self._variables, *self.arguments, "--output", "json")
        try:
            return done.returncode, {check["id"]: check for check in json.loads(done.stdout)["checks"]}
        except (ValueError, KeyError) as error:
            raise Trouble(f"doctor: exit {done.returncode}: {done.stdout}{done.stderr}") from error
