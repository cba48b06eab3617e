"""connections.direct: the pods of a Service are addressed themselves, past the load balancer."""
import json
import subprocess
import time
import unittest

from demo_cluster import DemoCluster
from surgeproof import PROGRAM, ProgramTest, run

# The name is nobody's: it is for the Host header only.
SCENARIO = """\
target: http://todo.example.invalid
cluster: {{namespace: todo}}
{watch}
connections: {{direct: {direct}}}
load: [{{hold: {rate}/s, for: {seconds}s}}]
criteria: [{{dropped_requests: 0}}]
"""


class Direct(ProgramTest):
    def setUp(self):
        super().setUp()
        self.cluster = DemoCluster(self.directory)
        self.addCleanup(self.cluster.stop)

    def scenario(self, direct="todo", rate=20, seconds=2, watch="watch: {hpa: todo}"):
        return self.write("direct.yaml", SCENARIO.format(direct=direct, rate=rate, seconds=seconds, watch=watch))

    def run_it(self, scenario, *arguments):
        return run("run", scenario, "--kubeconfig", self.cluster.kubeconfig, "--out", self.directory / "run", *arguments)

    def records(self, file, kind):
        lines = (self.directory / "run" / file).read_text().splitlines()[1:]
        return [r for r in map(json.loads, lines) if r["record"] == kind]

    def test_a_new_pod_gets_traffic_within_a_second_of_becoming_ready(self):
        rate = 30
        scenario = self.scenario(rate=rate, seconds=10)
        process = subprocess.Popen([PROGRAM, "run", str(scenario), "--kubeconfig", str(self.cluster.kubeconfig), "--plain",
                                    "--out", str(self.directory / "run")], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        time.sleep(2)
        self.cluster.patch("/apis/autoscaling/v2/namespaces/todo/horizontalpodautoscalers/todo", {"spec": {"minReplicas": 3}})
        out = process.communicate(timeout=60)[0]
        self.assertEqual(process.returncode, 0, out)
        ready = {}
        for slice_ in self.records("cluster.ndjson", "endpoint_slice"):
            for endpoint in slice_["endpoints"]:
                if endpoint["ready"]:
                    ready.setdefault(endpoint["pod"], slice_["at"]["observed_ns"] / 1e9)
        self.assertEqual(len(ready), 3, out)
        answered = {}
        for window in self.records("load.ndjson", "peer_window"):
            self.assertTrue(window["peer"].startswith("127."), window)
            answered.setdefault(window["pod"], []).append((window["begin_ns"] / 1e9, window["answered"]))
        self.assertEqual(set(answered), set(ready), "every answer is counted by its pod, without a response header")
        newest = max(ready, key=ready.get)
        begin, count = answered[newest][0]
        first = begin + 1 - count / (rate / 3)  # of the window's end, as many as came at its share of the rate
        self.assertLess(first, ready[newest] + 1, answered[newest])
        last = {pod: windows[-2][1] for pod, windows in answered.items()}
        self.assertLess(max(last.values()) - min(last.values()), rate / 3, last)
        report = (self.directory / "run" / "report.md").read_text()
        self.assertIn(newest, report)

    def test_without_anything_watched(self):
        ended = self.run_it(self.scenario(watch="", direct="{service: todo, namespace: todo, port: http}"), "--plain")
        self.assertEqual(ended.code, 0, ended.text)
        self.assertEqual(len({w["pod"] for w in self.records("load.ndjson", "peer_window")}), 2)
        self.assertEqual(run("analyze", self.directory / "run").code, 0)

    def test_a_service_that_is_not_there(self):
        self.assert_one_clear_message(self.run_it(self.scenario(direct="tudo")), 2, 'Service "tudo"', 'did you mean "todo"?')
        self.assertFalse((self.directory / "run").exists())

    def test_a_port_that_is_not_there(self):
        ended = self.run_it(self.scenario(direct="{service: todo, port: grpc}"))
        self.assert_one_clear_message(ended, 2, 'has no port "grpc"', "connections.direct.port")

    def test_pods_that_refuse(self):
        ended = self.run_it(self.scenario(direct="{service: todo, port: 1}"))
        self.assert_one_clear_message(ended, 3, "the pods of Service todo", "refused")

    def test_doctor_looks_at_the_pods(self):
        for scenario, codes, words in (
                ({}, (0, 4), "2 ready pods of Service todo/todo, one of them connected in"),
                ({"direct": "{service: todo, port: 1}", "watch": ""}, (3,), "2 ready pods of Service todo/todo, but"),
                ({"direct": "tudo", "watch": ""}, (3,), "no pod of Service todo/tudo is ready")):
            ended = run("doctor", self.scenario(**scenario), "--kubeconfig", self.cluster.kubeconfig)
            self.assertIn(ended.code, codes, ended.text)
            self.assertIn(words, " ".join(ended.out.split()))

    def test_print_rbac_asks_for_endpoint_slices(self):
        scenario = self.scenario(watch="", direct="{service: todo, namespace: shop}")
        printed = run("print-rbac", scenario, env={"KUBECONFIG": "/nonexistent", "HOME": str(self.directory)})
        self.assertEqual(printed.code, 0, printed.text)
        self.assertIn("namespace: shop", printed.out)
        self.assertIn("resources: [endpointslices]", printed.out)
        self.assertNotIn("horizontalpodautoscalers", printed.out)


if __name__ == "__main__":
    unittest.main()
