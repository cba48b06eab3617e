"""The embedded cluster as a test's fixture, and a way to change what stands in it."""
import json
import pathlib
import re
import signal
import subprocess
import threading
import urllib.error
import urllib.request

from surgeproof import PROGRAM


class DemoCluster:
    """Runs `surgeproof demo cluster`; stop() ends it."""

    def __init__(self, directory: pathlib.Path, *arguments: str):
        self.kubeconfig = directory / "demo.kubeconfig"
        self.process = subprocess.Popen(
            [PROGRAM, "demo", "cluster", "--kubeconfig", str(self.kubeconfig), *arguments],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        head = []
        for line in self.process.stdout:
            head.append(line)
            if "kubectl get" in line:
                break
        else:
            raise RuntimeError(f"the cluster did not start: {''.join(head)}")
        text = "".join(head)
        self.service = re.search(r"service\s+(\S+)", text).group(1)
        self.api = re.search(r"API\s+(\S+)", text).group(1)
        self._drain = threading.Thread(target=self.process.stdout.read, daemon=True)
        self._drain.start()

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(timeout=60)
        self._drain.join(timeout=60)
        self.process.stdout.close()

    def request(self, method: str, path: str, body=None, content_type="application/json"):
        """Status and JSON of an answer."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.api + path, data=data, method=method, headers={"Content-Type": content_type})
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return answer.status, json.loads(answer.read())
        except urllib.error.HTTPError as e:
            return e.code, json.loads(e.read())

    def create(self, path: str, body):
        status, answer = self.request("POST", path, body)
        assert status == 201, answer

    def patch(self, path: str, body):
        status, answer = self.request("PATCH", path, body, "application/merge-patch+json")
        assert status == 200, answer
