"""Targets that misbehave: the right outcome, the right exit code, bounded memory."""
import json

import bad_server
from surgeproof import ProgramTest, run

SCENARIO = """\
target: http://127.0.0.1:{port}
client: {{timeout: 1s}}
connections: {{max: 20}}
load:
  - {{hold: 30/s, for: 2s}}
criteria:
  - dropped_requests: 0
  - error_rate: {{max: 0%}}
"""

# Behaviour, exit code, the only outcomes that may occur (any of them must).
BEHAVIOURS = [
    (bad_server.answers_well, 0, {"ok"}),
    (bad_server.closes_after_each, 0, {"ok"}),
    (bad_server.resets, 1, {"reset"}),
    (bad_server.closes_without_answer, 1, {"closed"}),
    (bad_server.answers_garbage, 1, {"malformed"}),
    (bad_server.never_answers, 1, {"timeout", "unsent"}),
    (bad_server.cuts_short, 1, {"truncated"}),
    (bad_server.answers_8_gigabytes, 1, {"timeout", "unsent"}),
    (bad_server.endless_headers, 1, {"malformed", "reset", "closed"}),
    (bad_server.unavailable, 1, {"bad_gateway"}),
    (bad_server.wrong_path, 1, {"unexpected_status"}),
]


class BadTarget(ProgramTest):
    def test_behaviours(self):
        for behaviour, code, outcomes in BEHAVIOURS:
            with self.subTest(behaviour.__name__):
                server = bad_server.BadServer(behaviour)
                self.addCleanup(server.close)
                out = self.directory / behaviour.__name__
                ended = run("run", self.write("x.yaml", SCENARIO.format(port=server.port)), "--plain", "--out", out)
                server.close()
                self.assertEqual(ended.code, code, ended.text)
                counts, planned = self.count(out)
                self.assertEqual(planned, 60)
                self.assertEqual(sum(counts.values()), planned, f"every planned request ends in one outcome: {counts}")
                self.assertLessEqual(set(counts), outcomes)
                self.assertLess(ended.max_rss_mib, 150)
                verdict = json.loads((out / "verdict.json").read_text())
                self.assertEqual(verdict["verdict"]["exit_code"], code)

    def test_print_gives_one_whole_document(self):
        server = bad_server.BadServer(bad_server.answers_well)
        self.addCleanup(server.close)
        scenario = self.write("x.yaml", SCENARIO.format(port=server.port))
        ended = run("run", scenario, "--plain", "--print", "json", "--out", self.directory / "out")
        self.assertEqual(ended.code, 0, ended.text)
        self.assertEqual(json.loads(ended.out), json.loads((self.directory / "out/verdict.json").read_text()))
        self.assertIn("offered=", ended.err, "progress goes on, but not into the document")

    def test_one_report_that_cannot_be_written_is_no_pass_in_the_others(self):
        server = bad_server.BadServer(bad_server.answers_well)
        self.addCleanup(server.close)
        out = self.directory / "out"
        (out / "report.html").mkdir(parents=True)  # in the way of the file
        ended = run("run", self.write("x.yaml", SCENARIO.format(port=server.port)), "--plain", "--out", out)
        self.assertEqual(ended.code, 4, ended.text)
        self.assertIn("cannot write", ended.err)
        self.assertEqual(json.loads((out / "verdict.json").read_text())["verdict"]["exit_code"], 4)

    @staticmethod
    def count(out):
        counts, planned = {}, 0
        for line in (out / "load.ndjson").read_text().splitlines():
            record = json.loads(line)
            if record["record"] == "load_window":
                planned += record["planned"]
                for outcome, n in record["outcomes"].items():
                    counts[outcome] = counts.get(outcome, 0) + n
        return counts, planned
