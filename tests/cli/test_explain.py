"""explain: cases answered as the real controller answered them, saved objects, and bad input."""
import json
import os
import pathlib
import subprocess
import unittest

from surgeproof import PROGRAM, ProgramTest, run

HPA = pathlib.Path(__file__).parents[1] / "k8s" / "hpa"


def differences(wanted, got):
    """Where an answer is not the controller's, by the rules of cases/README.md."""
    if "steps" in wanted:
        if len(wanted["steps"]) != len(got["steps"]):
            return ["number of steps"]
        return [d for w, g in zip(wanted["steps"], got["steps"]) for d in differences(w, g)]
    wrong = []
    if wanted["desiredReplicas"] != got["desiredReplicas"]:
        wrong.append(f"desiredReplicas {got['desiredReplicas']}, not {wanted['desiredReplicas']}")
    if (wanted["error"] is None) != (got["error"] is None):
        wrong.append("error")
    if [m["proposal"] for m in wanted["perMetric"]] != [m["proposal"] for m in got["perMetric"]]:
        wrong.append("proposals")
    for w, g in zip(wanted["perMetric"], got["perMetric"]):
        wrong += [key for key in ("utilization", "rawAverage", "rawValue") if w[key] is not None and w[key] != g[key]]
        wrong += ["reason"] if w["reason"] != g["reason"] else []
    conditions = [{(c["type"], c["status"], c["reason"]) for c in a["conditions"]} for a in (wanted, got)]
    if conditions[0] != conditions[1]:
        wrong.append(f"conditions {conditions[1] ^ conditions[0]}")
    if "events" in wanted:
        events = [[(e["type"], e["reason"]) for e in a["events"]] for a in (wanted, got)]
        if events[0] != events[1]:
            wrong.append(f"events {events[1]}")
    if "status" in wanted and wanted["status"] != got["status"]:
        wrong.append("status")
    return wrong


class Cases(ProgramTest):
    def test_the_answers_are_the_controllers(self):
        for cases, expected in (("cases", "expected"), ("varied", "varied_expected")):
            ended = run("explain", "--cases", HPA / "cases" / f"{cases}.jsonl")
            self.assertEqual(ended.code, 0, ended.err)
            answers = [json.loads(line) for line in ended.out.splitlines()]
            wanted = [json.loads(line) for line in (HPA / "cases" / f"{expected}.jsonl").read_text().splitlines()]
            self.assertEqual([a["id"] for a in answers], [w["id"] for w in wanted])
            for w, a in zip(wanted, answers):
                self.assertEqual(differences(w, a), [], w["id"])

    def test_it_answers_line_by_line(self):
        line = (HPA / "cases" / "cases.jsonl").read_text().splitlines()[0]
        with subprocess.Popen([PROGRAM, "explain", "--cases", "-"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as program:
            for _ in range(3):  # each answer comes before the next question is asked
                program.stdin.write(line + "\n")
                program.stdin.flush()
                self.assertEqual(json.loads(program.stdout.readline())["id"], json.loads(line)["id"])
            program.stdin.close()
            self.assertEqual(program.wait(timeout=30), 0)

    def test_a_bad_line_costs_only_its_own_answer(self):
        good = (HPA / "cases" / "cases.jsonl").read_text().splitlines()[:2]
        ended = run("explain", "--cases", self.write("x.jsonl", "\n".join([good[0], "{oops", "", good[1]])))
        self.assert_one_clear_message(ended, 2, "x.jsonl:2: not JSON")
        self.assertEqual(len(ended.out.splitlines()), 2)

    def test_bad_files(self):
        self.assert_one_clear_message(run("explain", "--cases", "/nowhere.jsonl"), 2, "/nowhere.jsonl", "No such file")
        self.assert_one_clear_message(run("explain", "--cases", self.directory), 2, str(self.directory))
        self.assert_one_clear_message(run("explain", "--cases", self.write("empty", "\n\n")), 2, "no case")
        with open("/dev/full", "w", encoding="utf-8") as full:
            done = subprocess.run([PROGRAM, "explain", "--cases", HPA / "cases" / "cases.jsonl"], stdout=full,
                                  stderr=subprocess.PIPE, timeout=30, check=False, text=True)
        self.assertEqual(done.returncode, 2)
        self.assertIn("standard output", done.stderr)


class Files(ProgramTest):
    def test_transcripts(self):
        for path in sorted((HPA / "transcripts").glob("*.json")):
            ended = run("explain", "--file", path)
            self.assertEqual((ended.code, ended.out), (0, path.with_suffix(".txt").read_text()), ended.err)

    def test_several_files_documents_and_standard_input(self):
        items = json.loads((HPA / "transcripts" / "policy.json").read_text())["items"]
        whole = run("explain", "-f", HPA / "transcripts" / "policy.json", "-o", "json")
        parts = [self.write(f"{i}.json", json.dumps(item)) for i, item in enumerate(items)]
        one_by_one = run("explain", "-f", *reversed(parts), "-o", "json")
        stream = run("explain", "-f", "-", "-o", "json", stdin="\n".join(map(json.dumps, items)).encode())
        self.assertEqual(json.loads(whole.out)["answer"]["desiredReplicas"], 4)
        for other in (one_by_one, stream):
            self.assertEqual(json.loads(other.out)["steps"], json.loads(whole.out)["steps"])

    def test_flags_change_the_answer(self):
        path = HPA / "transcripts" / "other_tolerance.json"
        self.assertIn("4 -> 5", run("explain", "-f", path).out)
        self.assertIn("stays at 4", run("explain", "-f", path, "--tolerance", "0.2").out)

    def test_bad_input(self):
        hpa = json.loads((HPA / "transcripts" / "maximum.json").read_text())["items"][0]
        rows = [
            (["-f", "/nowhere.json"], "No such file"),
            (["-f", self.write("cut.json", '{"kind": "List",\n "items": [')], "cut.json:2: not JSON"),
            (["-f", self.write("list.json", "[1, 2]")], "no Kubernetes object"),
            (["-f", self.write("pod.json", '{"kind": "Pod"}')], "no HorizontalPodAutoscaler"),
            (["-f", self.write("hpa.json", json.dumps(hpa))], "kubectl get Deployment web"),
            (["-f", HPA / "transcripts" / "maximum.json", "--hpa", "other"], "there are shop/web"),
            (["-f", HPA / "transcripts" / "maximum.json", "--now", "noon"], "--now noon"),
            (["-f", HPA / "transcripts" / "maximum.json", "--kubernetes", "1.20"], "1.33, 1.34 and 1.35"),
            (["-f", HPA / "transcripts" / "maximum.json", "--cases", "x"], "excludes"),
        ]
        for arguments, words in rows:
            with self.subTest(words):
                self.assert_one_clear_message(run("explain", *arguments), 2, words)


if __name__ == "__main__":
    unittest.main()
