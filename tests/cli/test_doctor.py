"""doctor and preflight against answers that a healthy cluster never gives."""
import json
import socket
import unittest

from scripted_api import HPA, ScriptedApi, forbidden, status_body, usual
from surgeproof import ProgramTest, run

SCENARIO = """\
target: http://127.0.0.1:{port}
watch: {{namespace: todo, hpa: web}}
load:
  - {{name: before, hold: 1/s, for: 1m}}
  - {{name: surge, step: 100/s, for: 3m}}
  - {{name: after, hold: 1/s, for: 8m}}
connections: {{max: {connections}, max_age: 10s}}
criteria:
  - scale_up: {{to: 5, within: 60s}}
  - dropped_requests: 0
"""


class Scripted(ProgramTest):
    def setUp(self):
        super().setUp()
        self.target = socket.socket()
        self.target.bind(("127.0.0.1", 0))
        self.target.listen(16)
        self.addCleanup(self.target.close)

    def scenario(self, connections=100, port=None):
        return self.write("x.yaml", SCENARIO.format(port=port or self.target.getsockname()[1], connections=connections))

    def ask(self, command, answers, denied=(), scenario=None):
        api = ScriptedApi(answers, denied)
        try:
            arguments = [command, scenario or self.scenario(), "--kubeconfig", self.write("kubeconfig", api.kubeconfig())]
            ended = run(*arguments, "--output", "json")
            text = run(*arguments)
        finally:
            api.stop()
        document = json.loads(ended.out)
        self.assertEqual(ended.code, document["exit_code"])
        self.assertEqual(text.code, ended.code)
        self.assertLessEqual(max(map(len, text.out.splitlines())), 80, text.out)
        return ended.code, {c["id"]: c for c in document["checks"]}


class Doctor(Scripted):
    def test_a_reader_of_one_namespace_can_run(self):
        code, checks = self.ask("doctor", usual())
        self.assertEqual(code, 0, checks)
        self.assertIn("v1.34.0", checks["server"]["sentence"])
        self.assertEqual(checks["pods"]["sentence"], "get, list, watch")
        self.assertEqual(checks["connection"]["level"], "ok")
        self.assertIn("clock", checks)

    def test_rights(self):
        code, checks = self.ask("doctor", usual(), denied=[("events", "list"), ("events", "watch")])
        self.assertEqual((code, checks["events"]["level"]), (0, "warning"))
        self.assertIn("not allowed to list, watch", checks["events"]["sentence"])
        code, checks = self.ask("doctor", usual(), denied=[("pods", "watch")])
        self.assertEqual((code, checks["pods"]["level"]), (4, "failure"))
        self.assertIn("print-rbac", checks["pods"]["remedy"])

    def test_no_metrics_api_and_why(self):
        answers = usual()
        answers["/apis/metrics.k8s.io/v1beta1"] = (503, status_body(503, "the server is currently unable to handle the request"))
        answers["/apis/apiregistration.k8s.io/v1/apiservices/v1beta1.metrics.k8s.io"] = (200, {"status": {"conditions": [
            {"type": "Available", "status": "False", "reason": "MissingEndpoints", "message": "endpoints have no addresses"}]}})
        code, checks = self.ask("doctor", answers)
        self.assertEqual((code, checks["metrics.k8s.io"]["level"]), (4, "failure"))
        self.assertIn("MissingEndpoints", checks["metrics.k8s.io"]["sentence"])

    def test_a_target_that_is_not_there(self):
        with socket.socket() as s:
            s.bind(("127.0.0.1", 0))
            port = s.getsockname()[1]
        code, checks = self.ask("doctor", usual(), scenario=self.scenario(port=port))
        self.assertEqual((code, checks["connection"]["level"]), (3, "failure"))

    def test_more_connections_than_files(self):
        code, checks = self.ask("doctor", usual(), scenario=self.scenario(connections=100000))
        self.assertEqual((code, checks["local ports"]["level"]), (4, "failure"))

    def test_no_cluster(self):
        nowhere = {"KUBECONFIG": str(self.directory / "none"), "HOME": str(self.directory), "KUBERNETES_SERVICE_HOST": ""}
        ended = run("doctor", env=nowhere)
        self.assertEqual(ended.code, 3, ended.text)
        self.assertIn("configuration", ended.out)
        self.assertIn("This machine", ended.out)

    def test_credentials_that_are_refused(self):
        answers = dict(usual(), **{"/version": (401, status_body(401, "Unauthorized"))})
        code, checks = self.ask("doctor", answers)
        self.assertEqual((code, checks["server"]["level"]), (3, "failure"))


class Preflight(Scripted):
    def test_what_a_namespaced_reader_cannot_see_is_said(self):
        code, checks = self.ask("preflight", usual())
        self.assertEqual(code, 0, checks)
        for unseen in ("quota", "limit_range", "nodes", "metrics"):
            self.assertEqual(checks[unseen]["level"], "note", unseen)
            self.assertIn("forbidden", checks[unseen]["sentence"])

    def test_a_hidden_hpa(self):
        answers = dict(usual(), **{"/apis/autoscaling/v2/namespaces/todo/horizontalpodautoscalers": forbidden("horizontalpodautoscalers")})
        code, checks = self.ask("preflight", answers)
        self.assertEqual((code, checks["exists"]["level"]), (4, "unseen"))

    def test_hidden_pods(self):
        code, checks = self.ask("preflight", dict(usual(), **{"/api/v1/namespaces/todo/pods": forbidden("pods")}))
        self.assertEqual((code, checks["pods"]["level"]), (4, "unseen"))

    def test_a_server_of_autoscaling_v1_only(self):
        answers = usual()
        del answers["/apis/autoscaling/v2/namespaces/todo/horizontalpodautoscalers"]
        v1 = dict(HPA, spec={**{k: v for k, v in HPA["spec"].items() if k != "metrics"}, "targetCPUUtilizationPercentage": 70})
        annotations = {"autoscaling.alpha.kubernetes.io/conditions":
                       json.dumps([{"type": "ScalingActive", "status": "True", "reason": "ValidMetricFound"}])}
        v1["metadata"] = dict(HPA["metadata"], annotations=annotations)
        answers["/apis/autoscaling/v1/namespaces/todo/horizontalpodautoscalers"] = (200, {"items": [v1]})
        code, checks = self.ask("preflight", answers)
        self.assertEqual(code, 0, checks)
        self.assertEqual(checks["active"]["level"], "ok")

    def test_the_server_fails(self):
        answers = dict(usual(), **{"/apis/autoscaling/v2/namespaces/todo/horizontalpodautoscalers": (500, status_body(500, "etcd"))})
        api = ScriptedApi(answers)
        self.addCleanup(api.stop)
        ended = run("preflight", self.scenario(), "--kubeconfig", self.write("kubeconfig", api.kubeconfig()))
        self.assert_one_clear_message(ended, 3, "etcd")


class Init(Scripted):
    def init(self, *arguments, answers=None):
        api = ScriptedApi(answers or usual())
        try:
            return run("init", "--hpa", "web", "--url", "http://127.0.0.1:1", *arguments,
                       "--kubeconfig", self.write("kubeconfig", api.kubeconfig()))
        finally:
            api.stop()

    def test_rates(self):
        for arguments, words in ((["--rate-per-pod", "50/s"], "as given"), (["--rate-now", "100/s"], "35 % of the CPU request"),
                                 ([], "This figure is a guess")):
            ended = self.init(*arguments)
            self.assertEqual(ended.code, 0, ended.err)
            self.assertIn(words, ended.out.replace("\n  # ", " "))
        # 100/s over 2 pods at 35 %: 100/s each at 70 %; the maximum needs 4 × 100 × 1.15.
        self.assertIn("ramp: 460/s", self.init("--rate-now", "100/s").out)

    def test_prometheus(self):
        query = ScriptedApi({"/api/v1/query": (200, {"status": "success", "data": {"result": [{"value": [1, "60"]}, {"value": [1, "40"]}]}})})
        self.addCleanup(query.stop)
        url = f"http://127.0.0.1:{query.server.server_address[1]}"
        self.assertIn("ramp: 460/s", self.init("--prometheus", url, "--rate-query", "sum by (pod) (rate(x[5m]))").out)
        ended = self.init("--prometheus", "http://127.0.0.1:9", "--rate-query", "x")
        self.assertEqual(ended.code, 0)
        self.assertIn("a figure is assumed", ended.err)

    def test_mistakes(self):
        self.assertEqual(self.init("--rate-per-pod", "50").code, 2)
        empty = dict(usual(), **{"/apis/autoscaling/v2/namespaces/todo/horizontalpodautoscalers": (200, {"items": []})})
        self.assert_one_clear_message(self.init(answers=empty), 2, "has no HPA web")

    def test_never_over_a_file(self):
        path = self.write("mine.yaml", "precious")
        self.assert_one_clear_message(self.init("-o", path), 2, "exists already", "--force")
        self.assertEqual(path.read_text(), "precious")
        self.assertEqual(self.init("-o", path, "--force").code, 0)
        self.assertIn("scale_up", path.read_text())


if __name__ == "__main__":
    unittest.main()
