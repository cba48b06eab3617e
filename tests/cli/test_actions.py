"""Actions on the embedded cluster, under load: a rolling restart and a pod's deletion, gracefully and not."""
import json
import pathlib
import unittest

from demo_cluster import DemoCluster
from surgeproof import ProgramTest, run

SCENARIO = """\
name: actions
target: {target}
cluster: {{namespace: todo}}
watch: {{hpa: todo}}
connections: {{max: 128, max_age: 1s}}
client: {{timeout: 5s, pod_header: X-Pod}}
load: [{{name: steady, hold: 60/s, for: {length}s}}]
actions:
{actions}
criteria:
  - dropped_requests: 0
"""

RESTART = "  - {name: deploy, at: steady + 2s, restart: deployment/todo}\n"
DELETE = "  - {at: steady + 18s, delete_pod: {hpa: todo, pick: oldest}}\n"
DELETION = "delete the oldest pod of todo"


class Actions(ProgramTest):
    def start(self, *arguments):
        self.cluster = DemoCluster(self.directory, *arguments)
        self.addCleanup(self.cluster.stop)

    def pods(self) -> set[str]:
        _, answer = self.cluster.request("GET", "/api/v1/namespaces/todo/pods")
        return {pod["metadata"]["name"] for pod in answer["items"]}

    def run_scenario(self, actions: str, *arguments, length=24):
        """How it ended, its verdict, and its action records."""
        scenario = self.write("actions.yaml", SCENARIO.format(target=self.cluster.service, actions=actions, length=length))
        out = self.directory / "out"
        ended = run("run", scenario, "--kubeconfig", self.cluster.kubeconfig, "--plain", "--out", out, *arguments, timeout=120)
        self.assertTrue((out / "verdict.json").exists(), ended.text)
        verdict = json.loads((out / "verdict.json").read_text())
        records = [json.loads(line) for line in (out / "cluster.ndjson").read_text().splitlines()]
        records = [r for r in records if r.get("record") == "action"]
        again = run("analyze", "--no-write", out)
        self.assertEqual(again.code, ended.code, again.text)
        return ended, verdict, records

    def states(self, records, name):
        return [r["state"] for r in records if r["name"] == name]

    def test_graceful_pods_lose_nothing(self):
        self.start()
        before = self.pods()
        ended, verdict, records = self.run_scenario(RESTART + DELETE)
        self.assertEqual(ended.code, 0, ended.text)
        self.assertIn("action deploy was carried out: a new rollout began", ended.out)
        for name in ("deploy", DELETION):
            self.assertEqual(self.states(records, name), ["planned", "begun", "done"])
            self.assertIn(name, (self.directory / "out" / "report.html").read_text())
        self.assertFalse(before & self.pods(), "every pod was replaced")
        marks = {a["name"]: a for a in verdict["actions"]}
        self.assertEqual({a["state"] for a in marks.values()}, {"done"})
        self.assertAlmostEqual(marks["deploy"]["begun_s"], 2, delta=0.5)
        self.assertRegex(marks[DELETION]["object"], r"^Pod/todo/todo-")
        health = {h["id"]: h for h in verdict["health"]}
        self.assertEqual(health["action deploy"]["status"], "pass")
        self.assertEqual(health["action " + DELETION]["status"], "pass")

    def test_abrupt_pods_drop_requests_and_the_action_is_named(self):
        self.start("--break", "no-prestop")
        ended, verdict, _ = self.run_scenario(RESTART + DELETE)
        self.assertEqual(ended.code, 1, ended.text)
        self.assertIn(verdict["causes"][0]["code"], ("termination_race", "keep_alive_reset"))
        pods = [pod for cause in verdict["drops"]["causes"] for pod in cause["pods"]]
        by = {name: {p["pod"] for p in pods if p["example"].endswith("by action " + name)} for name in ("deploy", DELETION)}
        victim = {a["name"]: a["object"] for a in verdict["actions"]}[DELETION].rsplit("/", 1)[1]
        self.assertEqual(by[DELETION], {victim}, verdict["drops"])
        self.assertTrue(by["deploy"], verdict["drops"])
        self.assertIn("by action deploy", ended.out)

    def test_what_cannot_be_done_is_loud_and_proves_nothing(self):
        self.start()
        absent = "  - {name: deploy, at: steady + 1s, restart: deployment/absent}\n"
        before = self.pods()
        ended, verdict, records = self.run_scenario(absent, length=4)
        self.assertEqual(ended.code, 4, ended.text)
        self.assertIn("warning: action deploy failed: ", ended.err)
        self.assertIn("absent", ended.err)
        self.assertEqual(self.states(records, "deploy"), ["planned", "begun", "failed"])
        self.assertIn("action deploy failed", verdict["verdict"]["headline"])
        self.assertEqual(self.pods(), before)

    def test_left_out_on_wish(self):
        self.start()
        before = self.pods()
        ended, verdict, records = self.run_scenario(RESTART, "--no-actions", length=5)
        self.assertEqual(ended.code, 0, ended.text)
        self.assertEqual(self.states(records, "deploy"), ["left_out"])
        self.assertEqual(verdict["actions"][0]["state"], "left_out")
        self.assertIn("--no-actions", ended.out)
        self.assertEqual(self.pods(), before)

    def test_rights_are_asked_for_apart(self):
        scenario = self.write("a.yaml", SCENARIO.format(target="http://127.0.0.1:1", actions=RESTART + DELETE, length=24))
        printed = run("print-rbac", scenario, "--kubeconfig", pathlib.Path("/nonexistent"))
        self.assertEqual(printed.code, 0, printed.text)
        head, _, tail = printed.out.partition("surgeproof-actions")
        self.assertNotIn("delete", head)
        self.assertNotIn("patch", head)
        self.assertIn("delete", tail)
        self.assertIn("patch", tail)


if __name__ == "__main__":
    unittest.main()
