"""preflight and print-rbac against the embedded cluster, with obstacles put into it one by one."""
import json
import shutil
import subprocess
import unittest

from demo_cluster import DemoCluster
from surgeproof import ProgramTest, run

HPA = "/apis/autoscaling/v2/namespaces/todo/horizontalpodautoscalers/todo"
DEPLOYMENT = "/apis/apps/v1/namespaces/todo/deployments/todo"

SCENARIO = """\
target: {target}
watch: {{namespace: todo, hpa: todo}}
load:
  - {{ramp: 60/s, over: 5s}}
  - {{hold: 60/s, for: 20s}}
  - {{hold: 2/s, for: 90s}}
criteria:
  - scale_up: {{to: {to}, within: 60s}}
  - latency: {{p99: 1s, during: scaling}}
  - scale_down: {{to: 2, not_before: 5s, within: {down}}}
  - dropped_requests: 0
"""


class AgainstTheDemoCluster(ProgramTest):
    def setUp(self):
        super().setUp()
        self.cluster = None

    def tearDown(self):
        if self.cluster:
            self.cluster.stop()

    def start(self, *arguments):
        self.cluster = DemoCluster(self.directory, *arguments)
        self.scenario = self.write("surge.yaml", SCENARIO.format(target=self.cluster.service, to=5, down="100s"))

    def preflight(self, scenario=None):
        ended = run("preflight", scenario or self.scenario, "--kubeconfig", self.cluster.kubeconfig, "--output", "json")
        self.assertTrue(ended.out, ended.err)
        document = json.loads(ended.out)
        self.assertEqual(document["exit_code"], ended.code)
        return ended.code, {c["id"]: c for c in document["checks"] if c["level"] in ("failure", "warning", "unseen")}

    def wait_until_fine(self):
        """The first metrics and the HPA's first look take a moment."""
        for _ in range(100):
            code, found = self.preflight()
            if code == 0 and not set(found) & {"active", "samples", "pods", "rollout"}:
                return found
        self.fail(f"never fine: {found}")

    def test_a_healthy_cluster_and_obstacles_one_by_one(self):
        self.start()
        self.wait_until_fine()
        text = run("preflight", self.scenario, "--kubeconfig", self.cluster.kubeconfig).out
        self.assertIn("HPA todo/todo", text)
        self.assertLessEqual(max(map(len, text.splitlines())), 80)

        self.cluster.create("/api/v1/namespaces/todo/resourcequotas",
                            {"metadata": {"name": "small"}, "spec": {"hard": {"requests.cpu": "500m"}}})
        code, found = self.preflight()
        self.assertEqual((code, found["quota"]["level"]), (1, "failure"))
        self.assertIn("enough for 2 pods more, 3 needed", found["quota"]["sentence"])
        self.assertTrue(found["quota"]["remedy"])
        self.cluster.request("DELETE", "/api/v1/namespaces/todo/resourcequotas/small")

        self.cluster.create("/apis/policy/v1/namespaces/todo/poddisruptionbudgets",
                            {"metadata": {"name": "all"}, "spec": {"selector": {"matchLabels": {"app": "todo"}}},
                             "status": {"disruptionsAllowed": 0, "currentHealthy": 2, "desiredHealthy": 2}})
        code, found = self.preflight()
        self.assertEqual((code, found["budget"]["level"]), (0, "warning"))

        code, found = self.preflight(self.write("high.yaml", SCENARIO.format(target=self.cluster.service, to=9, down="100s")))
        self.assertEqual((code, found["max_replicas"]["level"]), (1, "failure"))
        self.assertIn("maximum is 5", found["max_replicas"]["sentence"])

        code, found = self.preflight(self.write("hasty.yaml", SCENARIO.format(target=self.cluster.service, to=5, down="8s")))
        self.assertEqual((code, found["scale_down_window"]["level"]), (1, "failure"))

        text = SCENARIO.format(target=self.cluster.service, to=5, down="100s").replace("within: 60s", "within: 1s")
        impatient = self.write("impatient.yaml", text)
        code, found = self.preflight(impatient)
        self.assertEqual((code, found["feasible"]["level"]), (1, "failure"))
        self.assertRegex(found["feasible"]["sentence"],
                         "5 ready pods within 1s cannot be met with this configuration: at least .*, because .* until a "
                         "sync sees the surge in the metrics, .* until the last pod is ready")
        self.assertRegex(found["feasible"]["remedy"], "within: [0-9]+s")
        lines = run("preflight", self.scenario, "--kubeconfig", self.cluster.kubeconfig, "--sync-period", "2s").out
        self.assertRegex(" ".join(lines.split()), "5 ready pods come between .* and .* after the surge: until a sync sees")

        refused = run("run", impatient, "--kubeconfig", self.cluster.kubeconfig, "--preflight",
                      "--out", self.directory / "refused")
        self.assert_one_clear_message(refused, 1, "cannot be met with this configuration",
                                      "nothing was sent; without --preflight it runs all the same")
        self.assertFalse((self.directory / "refused").exists())
        self.assertEqual(refused.out, "")

        # A warning does not keep it from running, and stands in the report.
        brief = self.write("brief.yaml", f"""\
target: {self.cluster.service}
watch: {{namespace: todo, hpa: todo}}
load: [{{hold: 5/s, for: 2s}}]
criteria: [error_rate: 0%]
""")
        ended = run("run", brief, "--kubeconfig", self.cluster.kubeconfig, "--preflight", "--out", self.directory / "ran")
        self.assertEqual(ended.code, 0, ended.text)
        self.assertIn("allows no disruption now", " ".join(ended.err.split()))
        notes = json.loads((self.directory / "ran" / "verdict.json").read_text())["notes"]
        self.assertTrue(any(n.startswith("preflight, HPA todo/todo: ") and "no disruption" in n for n in notes), notes)

        self.cluster.patch(HPA, {"spec": {"maxReplicas": 2}})
        code, found = self.preflight()
        self.assertEqual((code, found["min_equals_max"]["level"]), (1, "failure"))

    def test_no_requests(self):
        self.start("--break", "no-requests")
        for _ in range(100):
            code, found = self.preflight()
            if "active" in found and found["active"]["level"] == "failure":
                break
        self.assertEqual(code, 1)
        self.assertEqual(found["requests"]["level"], "failure")
        self.assertIn("app", found["requests"]["sentence"])

    def test_no_metrics(self):
        self.start("--break", "no-metrics")
        code, found = self.preflight()
        self.assertEqual((code, found["metrics"]["level"]), (1, "failure"))
        self.assertIn("metrics-server", found["metrics"]["remedy"])

    def test_an_hpa_that_is_not_there(self):
        self.start()
        text = SCENARIO.format(target=self.cluster.service, to=5, down="100s").replace("hpa: todo", "hpa: tudo")
        code, found = self.preflight(self.write("typo.yaml", text))
        self.assertEqual(code, 1)
        self.assertIn("has no HPA tudo: there is todo", found["exists"]["sentence"])

    def test_print_rbac_is_accepted_by_kubectl(self):
        self.start()
        printed = run("print-rbac", self.scenario, "--kubeconfig", self.cluster.kubeconfig, "--look-up", "--nodes", "--preflight")
        self.assertEqual(printed.code, 0, printed.err)
        self.assertIn("resources: [deployments, replicasets]", printed.out)
        self.assertLessEqual(max(map(len, printed.out.splitlines())), 100)
        kubectl = shutil.which("kubectl")
        if not kubectl:
            self.skipTest("no kubectl in PATH, so the Roles were not applied")
        for mode in ("--dry-run=client", "--dry-run=none"):
            done = subprocess.run([kubectl, "--kubeconfig", str(self.cluster.kubeconfig), "apply", mode, "-f", "-"],
                                  input=printed.out, capture_output=True, text=True, timeout=120, check=False,
                                  env={"HOME": str(self.directory), "PATH": "/usr/bin:/bin"})
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
            for kind in ("serviceaccount/", "role.rbac", "rolebinding.rbac", "clusterrole.rbac", "clusterrolebinding.rbac"):
                self.assertIn(kind, done.stdout)


class WithoutACluster(ProgramTest):
    def test_print_rbac_needs_none(self):
        scenario = self.write("surge.yaml", SCENARIO.format(target="http://127.0.0.1:1", to=5, down="100s"))
        printed = run("print-rbac", scenario, env={"KUBECONFIG": "/nonexistent", "HOME": str(self.directory)})
        self.assertEqual(printed.code, 0, printed.text)
        self.assertIn("Written without looking at the cluster", printed.out)
        self.assertIn("statefulsets", printed.out)

    def test_a_scenario_that_watches_nothing(self):
        text = SCENARIO.format(target="http://127.0.0.1:1", to=5, down="100s")
        text = "".join(l for l in text.splitlines(True) if "watch" not in l and "scal" not in l)
        scenario = self.write("plain.yaml", text)
        self.assertIn("needs no right", run("print-rbac", scenario).out)
        self.assert_one_clear_message(run("preflight", scenario), 2, "watches no HPA")
        self.assert_one_clear_message(run("run", scenario, "--preflight"), 2, "watches no HPA")

    def test_preflight_without_a_cluster(self):
        kubeconfig = self.write("nowhere", """\
apiVersion: v1
kind: Config
clusters: [{name: c, cluster: {server: "http://127.0.0.1:9"}}]
contexts: [{name: c, context: {cluster: c, user: u}}]
users: [{name: u, user: {}}]
current-context: c
""")
        scenario = self.write("surge.yaml", SCENARIO.format(target="http://127.0.0.1:1", to=5, down="100s"))
        self.assert_one_clear_message(run("preflight", scenario, "--kubeconfig", kubeconfig), 3, "127.0.0.1:9")
        self.assert_one_clear_message(run("run", scenario, "--kubeconfig", kubeconfig, "--preflight"), 3, "127.0.0.1:9")
        self.assert_one_clear_message(run("preflight", scenario, "--kubernetes", "1.12"), 2, "--kubernetes 1.12")


if __name__ == "__main__":
    unittest.main()
