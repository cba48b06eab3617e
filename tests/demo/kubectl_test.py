#!/usr/bin/env python3
"""A real kubectl against `surgeproof demo cluster`: what a user would try, and that it takes effect.

KUBECTL names other kubectl programs to try instead of the one in PATH, separated by ':'. Skips, loudly, without any.
"""
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

PROGRAM = os.environ.get("SURGEPROOF", "build/release/surgeproof")

# Arguments, patterns that the output must match. In this order.
READS = [
    ("get hpa", [r"NAME\s+REFERENCE\s+TARGETS\s+MINPODS\s+MAXPODS\s+REPLICAS\s+AGE", r"todo\s+Deployment/todo\s.*\s2\s+5\s"]),
    ("get deploy", [r"NAME\s+READY\s+UP-TO-DATE\s+AVAILABLE\s+AGE", r"todo\s+2/2\s+2\s+2\s"]),
    ("get rs", [r"NAME\s+DESIRED\s+CURRENT\s+READY\s+AGE"]),
    ("get pods", [r"NAME\s+READY\s+STATUS\s+RESTARTS\s+AGE", r"todo-\S+\s+1/1\s+Running\s+0\s"]),
    ("get pods -o wide", [r"\bIP\b\s+NODE\b", r"127\.\d+\.\d+\.\d+"]),
    ("get pods -o yaml", [r"kind: Pod\b", r"readinessProbe:"]),
    ("get pods -l app=todo -o name", [r"pod/todo-"]),
    ("get svc,endpointslices", [r"service/todo\s", r"endpointslice.discovery.k8s.io/todo-", r"ADDRESSTYPE"]),
    ("get events", [r"LAST SEEN\s+TYPE\s+REASON\s+OBJECT\s+MESSAGE", r"Started"]),
    ("get hpa,deploy,pods,endpointslices,events", [r"horizontalpodautoscaler.autoscaling/todo", r"deployment.apps/todo"]),
    ("get nodes", [r"Ready"]),
    ("get ns", [r"todo\s+Active"]),
    ("describe hpa todo", [r"Name:\s+todo", r"Deployment/todo", r"Min replicas:\s+2", r"Max replicas:\s+5", r"Events:"]),
    ("describe deploy todo", [r"Name:\s+todo", r"StrategyType:\s+RollingUpdate"]),
    ("describe pods", [r"Readiness:", r"Limits:"]),
    ("top pods", [r"NAME\s+CPU\(cores\)\s+MEMORY\(bytes\)", r"todo-\S+\s+\d+m\s+\d+Mi"]),
    ("logs deploy/todo", [r"."]),
    ("get hpa todo -o jsonpath={.spec.maxReplicas}", [r"^5$"]),
    ("auth can-i list pods", [r"yes"]),
]


class Cluster:
    def __init__(self, directory: pathlib.Path):
        self.kubeconfig = directory / "kubeconfig"
        self.process = subprocess.Popen([PROGRAM, "demo", "cluster", "--kubeconfig", str(self.kubeconfig)],
                                        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        for line in self.process.stdout:
            if "kubectl get" in line:
                return
        raise RuntimeError(f"the cluster did not start: exit {self.process.wait()}")

    def stop(self) -> int:
        self.process.send_signal(signal.SIGINT)
        self.process.stdout.read()
        return self.process.wait(timeout=20)


class Kubectl:
    def __init__(self, program: str, kubeconfig: pathlib.Path, home: pathlib.Path):
        self.program = program
        self.environment = dict(os.environ, KUBECONFIG=str(kubeconfig), HOME=str(home), KUBECACHEDIR=str(home / "cache"),
                                KUBE_EDITOR="sed -i s/maxReplicas:.6/maxReplicas:\\ 7/")

    def __call__(self, arguments: str, check=True, timeout=60) -> str:
        done = subprocess.run([self.program, *arguments.split(" ")], env=self.environment, capture_output=True, text=True,
                              timeout=timeout, check=False)
        if check and done.returncode != 0:
            raise AssertionError(f"kubectl {arguments}: exit {done.returncode}\n{done.stdout}{done.stderr}")
        return done.stdout

    def until(self, arguments: str, pattern: str, seconds: float = 30):
        """Waits until the output matches."""
        deadline = time.monotonic() + seconds
        while True:
            out = self(arguments)
            if re.search(pattern, out, re.M):
                return
            if time.monotonic() > deadline:
                raise AssertionError(f"kubectl {arguments} never matched {pattern}:\n{out}")
            time.sleep(0.2)


def try_reads(kubectl: Kubectl):
    # The metrics and the first HPA sync take a moment.
    kubectl.until("get --raw /apis/metrics.k8s.io/v1beta1/namespaces/todo/pods", r'"cpu"')
    for arguments, patterns in READS:
        out = kubectl(arguments)
        for pattern in patterns:
            assert re.search(pattern, out, re.M), f"kubectl {arguments}: no match for {pattern} in\n{out}"


def try_changes(kubectl: Kubectl):
    first = kubectl("get pods -o name").split()[0]
    kubectl(f"delete {first} --wait=false")
    kubectl.until("get pods -o name", rf"^(?!.*{re.escape(first)})[\s\S]*pod/")
    kubectl.until("get deploy todo", r"\s2/2\s")

    kubectl("patch hpa todo --type=merge -p {\"spec\":{\"minReplicas\":3}}")
    kubectl.until("get deploy todo", r"\s3/3\s")  # outside its limits the HPA acts at once
    kubectl("patch hpa todo --type=json -p [{\"op\":\"replace\",\"path\":\"/spec/minReplicas\",\"value\":2}]")
    kubectl("patch hpa todo -p {\"spec\":{\"maxReplicas\":6}}")
    kubectl("edit hpa todo")  # the editor changes 6 to 7
    assert kubectl("get hpa todo -o jsonpath={.spec.maxReplicas}") == "7"
    kubectl("scale deploy todo --replicas=4")  # the HPA soon takes it back, as it would anywhere
    kubectl.until("get events", r"Scaled up replica set todo-\S+ (from \d )?to 4")
    kubectl("annotate hpa todo note=x")
    kubectl("label pods --all tier=web")

    before = kubectl("get rs -o name").split()
    kubectl("rollout restart deploy/todo")
    assert "successfully rolled out" in kubectl("rollout status deploy/todo --timeout=60s", timeout=90)
    assert len(kubectl("get rs -o name").split()) == len(before) + 1

    bad = kubectl("patch hpa todo --type=merge -p {\"spec\":{\"maxReplicas\":1}}", check=False)
    assert kubectl("get hpa todo -o jsonpath={.spec.maxReplicas}") == "7", f"an invalid edit was accepted: {bad}"
    assert json.loads(kubectl("get --raw /version"))["gitVersion"].startswith("v1.")


def main() -> int:
    programs = [p for p in os.environ.get("KUBECTL", shutil.which("kubectl") or "").split(":") if p]
    if not programs:
        print("SKIPPED: no kubectl in PATH, so the demo cluster was not tried with one")
        return 0
    failed = 0
    for program in programs:
        with tempfile.TemporaryDirectory(prefix="surgeproof-kubectl-") as directory:
            cluster = Cluster(pathlib.Path(directory))
            try:
                kubectl = Kubectl(program, cluster.kubeconfig, pathlib.Path(directory))
                try_reads(kubectl)
                try_changes(kubectl)
                print(f"ok   {program}")
            except AssertionError as e:
                failed += 1
                print(f"BAD  {program}: {e}")
            finally:
                code = cluster.stop()
                if code != 0:
                    failed += 1
                    print(f"BAD  demo cluster ended with {code}")
    print(f"{len(programs) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
