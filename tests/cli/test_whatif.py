"""simulate and tune from tables of load, plans and saved objects; and bad input."""
import json
import pathlib
import unittest

from surgeproof import ProgramTest, run

HPA = pathlib.Path(__file__).parents[1] / "k8s" / "hpa" / "transcripts" / "maximum.json"  # 2 to 5, 70 %, 200m
POD = ["--file", HPA, "--set", "cpu-per-request=5ms", "--set", "pod-limit=500m"]

PLAN = """\
target: http://127.0.0.1:1
watch: [{hpa: web}]
load:
  stages:
    - {name: calm, hold: 40/s, for: 1m}
    - {name: surge, step: 140/s, for: 5m}
    - {name: after, step: 40/s, for: 10m}
criteria:
  - scale_up: {to: 5, within: 2m}
  - scale_down: {to: 2, within: 7m}
"""


class Simulate(ProgramTest):
    def simulate(self, *arguments):
        ended = run("simulate", *arguments, *POD, "-o", "json")
        self.assertEqual(ended.code, 0, ended.err)
        return json.loads(ended.out)["results"]["simulated"]

    def test_a_table_of_load(self):
        table = self.write("day.csv", "time,rate\n0,40\n60,140\n6m,40\n20m,40\n")
        as_it_is = self.simulate(table)
        self.assertEqual(as_it_is["most_ready"], 5)
        limited = self.simulate(table, "--set", "maxReplicas=3")
        self.assertEqual(limited["most_ready"], 3)
        self.assertLess(limited["replica_seconds"], as_it_is["replica_seconds"])

    def test_a_plan_and_its_criteria(self):
        plan = self.write("plan.yaml", PLAN)
        met = {c["id"]: c["met"] for c in self.simulate(plan)["criteria"]}
        self.assertEqual(met, {"scale_up web": True, "scale_down web": True})
        met = {c["id"]: c["met"] for c in self.simulate(plan, "--set", "pod-start=3m")["criteria"]}
        self.assertFalse(met["scale_up web"])

    def test_a_picture(self):
        page = self.directory / "picture.html"
        ended = run("simulate", self.write("plan.yaml", PLAN), *POD, "--html", page)
        self.assertEqual(ended.code, 0, ended.err)
        text = page.read_text()
        self.assertIn("<svg", text)
        self.assertNotIn("http://", text)
        for words in ("time to 5 ready pods", "replica-seconds", "Criteria"):
            self.assertIn(words, ended.out)

    def test_bad_input(self):
        good = self.write("x.csv", "0,10\n60,20\n")
        rows = [
            ([good], "--like RUN"),
            ([self.write("a.csv", "0,10\n5\n"), *POD], "a.csv:2: there is only one column"),
            ([self.write("b.csv", "time,rate\n0,10\nsoon,5\n"), *POD], "b.csv:3: the first column is no time"),
            ([self.write("c.csv", "0,10\n60,-1\n"), *POD], "c.csv:2: the second column is no rate"),
            ([self.write("d.csv", "0,10\n0,20\n"), *POD], "d.csv:2: times must ascend"),
            ([self.write("e.csv", "\n"), *POD], "no line of time,rate"),
            (["/nowhere.csv", *POD], "No such file"),
            ([good, "--file", HPA], "--set cpu-per-request=5ms"),
            ([good, *POD, "--set", "maxReplica=4"], "did you mean maxReplicas"),
            ([good, *POD, "--set", "maxReplicas=1"], "below minReplicas"),
            ([good, *POD, "--hpa", "other"], "no such HorizontalPodAutoscaler"),
            ([self.write("f.yaml", "target: x\n"), *POD], "f.yaml"),
            ([self.directory, *POD], str(self.directory)),
        ]
        for arguments, words in rows:
            with self.subTest(words):
                self.assert_one_clear_message(run("simulate", *arguments), 2, words)

    def test_check_says_what_cannot_be_met(self):
        plan = self.write("plan.yaml", PLAN)
        ended = run("check", plan, "--objects", HPA)
        self.assertEqual(ended.code, 0, ended.err)
        self.assertRegex(ended.out, "ok .*5 ready pods come between")
        ended = run("check", self.write("fast.yaml", PLAN.replace("within: 2m", "within: 5s")), "--objects", HPA)
        self.assertEqual(ended.code, 1, ended.err)
        self.assertRegex(ended.out, "INFEASIBLE .*within 5s cannot be met with this configuration: at least .*because")
        ended = run("check", self.write("many.yaml", PLAN.replace("to: 5", "to: 9")), "--objects", HPA)
        self.assertIn("maxReplicas is 5", ended.out)
        self.assert_one_clear_message(run("check", plan, "--objects", "/nowhere.json"), 2, "No such file")

    def test_tune_needs_a_recording(self):
        self.assert_one_clear_message(run("tune", self.directory / "nothing"), 2, "nothing")


if __name__ == "__main__":
    unittest.main()
