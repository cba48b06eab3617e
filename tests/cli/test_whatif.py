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
        for words in ("Criteria, as far as a simulation can tell", "2 of 2 criteria would be met.", "scale up"):
            self.assertIn(words, text)

    def test_what_cannot_be_told(self):
        plan = self.write("plan.yaml", PLAN + "  - latency: {p99: 1s}\n  - dropped_requests: 0\n"
                          "  - logs: {absent: [ERROR]}\nprice: 0.1 EUR/h\n")
        criteria = {c["id"]: c for c in self.simulate(plan)["criteria"]}
        latency = criteria["latency p99"]
        self.assertEqual((latency["judged"], latency["observed"]), (False, ""))
        self.assertIn("at rest was not measured", latency["note"])
        self.assertFalse(criteria["dropped_requests"]["judged"])
        self.assertIn("what pods drop as they end", criteria["dropped_requests"]["note"])
        self.assertIn("no logs", next(c for i, c in criteria.items() if i.startswith("logs"))["note"])
        text = run("simulate", plan, *POD).out
        self.assertIn("2 of 5 criteria would be met, 3 cannot be told from a simulation.", text)
        self.assertIn("cost, EUR", text)
        slow = {c["id"]: c for c in self.simulate(plan, "--set", "maxReplicas=2", "--set", "load-scale=20")["criteria"]}
        self.assertEqual((slow["latency p99"]["judged"], slow["latency p99"]["met"]), (True, False), "the wait alone is too long")
        self.assertEqual((slow["dropped_requests"]["judged"], slow["dropped_requests"]["met"]), (True, False), "it grows too long")

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
        external = json.loads(HPA.read_text().replace('"Resource"', '"External"').replace('"resource":', '"external":'))
        other = run("check", plan, "--objects", self.write("other.json", json.dumps(external)))
        self.assertEqual(other.code, 0, "a metric that cannot be foretold is no objection: " + other.text)
        self.assertRegex(other.out, r"\?  .*no time can be said: the HPA has no CPU metric")
        self.assert_one_clear_message(run("check", plan, "--objects", "/nowhere.json"), 2, "No such file")

    def test_tune_needs_a_recording(self):
        self.assert_one_clear_message(run("tune", self.directory / "nothing"), 2, "nothing")


RUN = pathlib.Path(__file__).parent / "recordings" / "max-replicas"


class Recording(ProgramTest):
    def test_every_sync_is_explained(self):
        log = json.loads(run("explain", RUN, "-o", "json").out)
        self.assertEqual((log["syncs"], log["equal"], log["unexplained"]), (26, 26, 0))
        self.assertEqual([(d["from"], d["to"]) for d in log["decisions"]], [(2, 3), (3, 2)])
        self.assertIn("the maximum is 3", log["decisions"][0]["text"])
        text = run("explain", RUN).out
        self.assertIn("2 -> 3", text)
        self.assertIn("26 syncs seen in its status (one every 2s)", text)

    def test_one_sync_by_any_kind_of_instant(self):
        answers = [run("explain", RUN, "--at", at) for at in ("+15s", "11:55:04", "2026-11-21T11:55:04Z")]
        for ended in answers:
            self.assertEqual(ended.code, 0, ended.err)
            self.assertIn("Maximum: 3.", ended.out)
            self.assertIn("True TooManyReplicas", ended.out)
        for at, words in (("soon", "write +95s"), ("+1h", "the recording lasts from"), ("09:00:00", "the recording lasts")):
            self.assert_one_clear_message(run("explain", RUN, "--at", at), 2, words)
        self.assert_one_clear_message(run("explain", RUN, "--hpa", "web"), 2, "there are todo")

    def test_its_own_settings_reproduce_it(self):
        result = json.loads(run("simulate", RUN, "-o", "json").out)
        self.assertGreaterEqual(result["reproduction"]["equal"], 0.9 * result["reproduction"]["syncs"])
        self.assertGreaterEqual(result["reproduction"]["syncs"], 30)
        recorded, own = result["results"]["recorded"], result["results"]["as it is"]
        self.assertAlmostEqual(recorded["replica_seconds"], own["replica_seconds"], delta=5)
        hpa = json.loads(run("report", RUN, "--format", "json").out)["hpas"][0]
        self.assertEqual(hpa["own_simulation"], result["reproduction"], "the report says the same")
        more = json.loads(run("simulate", RUN, "--set", "maxReplicas=5", "-o", "json").out)["results"]["simulated"]
        self.assertLess(more["time_to_s"], 20)

    def test_tune_finds_what_it_lacked(self):
        patch = self.directory / "patch.yaml"
        ended = run("tune", RUN, "--candidates", "3000", "--patch", patch)
        self.assertEqual(ended.code, 0, ended.err)
        self.assertRegex(ended.out, "maxReplicas 3 → [56]")
        self.assertRegex(patch.read_text(), "maxReplicas: [56]")
        self.assertIn("every criterion met", ended.out)


if __name__ == "__main__":
    unittest.main()
