"""The todo application in a namespace of its own."""
import contextlib
import json
import string
import time

from .cluster import kubectl
from .layout import MANIFESTS, Trouble


class Todo:
    """`address`: of its Service, fixed so that scenarios can name it."""

    def __init__(self, namespace: str, address: str, **settings: str):
        self.namespace = namespace
        self.address = address
        self._settings = {"on_sigterm": "drain", "warm_up": "0s", "probe": "true", "burn": "1ms", **settings}

    def __enter__(self):
        if self.namespace in kubectl("get", "namespaces", "-o", "name"):
            self._delete(wait=True)
        kubectl("create", "namespace", self.namespace)
        manifest = string.Template((MANIFESTS / "todo.yaml").read_text()).substitute(self._settings, address=self.address)
        kubectl("apply", "-n", self.namespace, "-f", "-", text=manifest)
        return self

    def __exit__(self, *_):
        with contextlib.suppress(Trouble):
            self._delete(wait=False)

    def _delete(self, wait: bool) -> None:
        kubectl("delete", "namespace", self.namespace, "--ignore-not-found", f"--wait={'true' if wait else 'false'}",
                "--timeout=60s")

    def kubectl(self, *arguments: str, text: str | None = None) -> str:
        return kubectl("-n", self.namespace, *arguments, text=text)

    def pods(self) -> list[str]:
        return self.kubectl("get", "pods", "-l", "app=todo", "-o", "name").split()

    def wait_until_scaling(self, seconds: float = 120) -> None:
        """Two ready pods, and an autoscaler that has read their metrics."""
        deadline = time.monotonic() + seconds
        state = "nothing"
        while time.monotonic() < deadline:
            hpa = json.loads(self.kubectl("get", "hpa", "todo", "-o", "json")).get("status", {})
            ready = self.kubectl("get", "deployment", "todo", "-o", "jsonpath={.status.readyReplicas}")
            active = [c for c in hpa.get("conditions", []) if c["type"] == "ScalingActive"]
            state = f"{ready or 0} ready pods, ScalingActive {active[0]['reason'] if active else 'unknown'}"
            if ready == "2" and active and active[0]["status"] == "True" and hpa.get("desiredReplicas") == 2:
                return
            time.sleep(0.5)
        raise Trouble(f"the autoscaler of {self.namespace} did not become active: {state}")
