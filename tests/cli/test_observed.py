"""Signals and logs end to end: a fake Prometheus and the embedded cluster's pods, through run, report and analyze."""
import base64
import json
import os
import pathlib
import re
import subprocess
import tempfile
import time
import unittest
import urllib.request
import zlib

from demo_cluster import DemoCluster
from fake_prometheus import FakePrometheus
from surgeproof import PROGRAM, ProgramTest, run

SECRET = "hunter2-Zeppelin"

SCENARIO = """\
name: observed
target: {target}
watch: {{namespace: todo, hpa: todo}}
prometheus: {{url: "{prometheus}", headers: {{X-Scope-OrgID: "${{TENANT}}"}}}}
signals:
  p95: {{prometheus: 'max(p95)', every: 1s}}
  sessions: {{prometheus: 'sum(sessions)', every: 1s}}
requests:
  - {{name: list, weight: 9, get: /api/tasks}}
  - {{name: provoke, weight: 1, post: /api/log, body: "ERROR login failed: password=${{DB_PASSWORD}} for bob"}}
load: [{{name: steady, hold: 40/s, for: 6s}}]
price: 0.5 EUR/h
criteria:
{criteria}
"""


class Observed(ProgramTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._clusters = tempfile.TemporaryDirectory(prefix="surgeproof-observed-")
        cls.cluster = DemoCluster(pathlib.Path(cls._clusters.name))

    @classmethod
    def tearDownClass(cls):
        cls.cluster.stop()
        cls._clusters.cleanup()
        super().tearDownClass()

    def prometheus(self, answer) -> FakePrometheus:
        server = FakePrometheus(answer)
        self.addCleanup(server.stop)
        return server

    def scenario(self, prometheus: str, *criteria: str, name="observed.yaml") -> pathlib.Path:
        lines = "\n".join(f"  - {c}" for c in criteria)
        return self.write(name, SCENARIO.format(target=self.cluster.service, prometheus=prometheus, criteria=lines))

    def run_it(self, scenario: pathlib.Path):
        """How it ended, the verdict's findings by id, and the run directory."""
        out = self.directory / "run"
        ended = run("run", scenario, "--kubeconfig", self.cluster.kubeconfig, "--out", out, "--plain",
                    env={"DB_PASSWORD": SECRET, "TENANT": "tenant-" + SECRET})
        verdict = json.loads((out / "verdict.json").read_text()) if (out / "verdict.json").exists() else {}
        return ended, {f["id"]: f for f in verdict.get("criteria", [])}, out

    def assert_no_secret(self, ended, directory: pathlib.Path):
        self.assertNotIn(SECRET, ended.text)
        files = [p for p in directory.rglob("*") if p.is_file()]
        self.assertGreaterEqual(len(files), 8)
        for path in files:
            self.assertNotIn(SECRET.encode(), path.read_bytes(), path)
        packed = re.search(r'id="run-data">([^<]*)<', (directory / "report.html").read_text()).group(1)
        self.assertNotIn(SECRET.encode(), zlib.decompress(base64.b64decode(packed)))

    def test_signal_passes_and_log_fails(self):
        prometheus = self.prometheus(lambda query: 0.3 if "p95" in query else 12)
        scenario = self.scenario(
            prometheus.url,
            "signal: {p95: {max: 1s}, sessions: {min: 1, max: 20}, during: steady}",
            'logs: {pods: "app=todo", absent: ["PANIC", "password="]}',
            'logs: {absent: ["${DB_PASSWORD}"]}',
            'logs: {pods: "app=todo", present: ERROR}',
            "eventually: {logs: login failed, within: 4s, after: start}",
            "eventually: {signal: sessions, above: 5, within: 4s, after: start}")
        ended, findings, out = self.run_it(scenario)
        self.assertEqual(ended.code, 1, ended.text)
        reasons = {name: (f["status"], f["reason"]) for name, f in findings.items()}
        self.assertEqual(reasons["signal p95 steady"], ("pass", "within_limits"), ended.text)
        self.assertEqual(reasons["signal sessions steady"], ("pass", "within_limits"))
        self.assertEqual(reasons["logs app=todo"], ("fail", "found"))
        self.assertEqual(reasons["logs"], ("fail", "found"))
        self.assertEqual(reasons["logs app=todo #2"], ("pass", "present"))
        self.assertEqual(reasons['eventually "login failed"'], ("pass", "in_time"))
        # It was above 5 all along: nothing was shown.
        self.assertEqual(reasons["eventually sessions"], ("inconclusive", "already_so"))
        self.assertIn("password=***", findings["logs app=todo"]["sentence"])
        self.assertIn("${DB_PASSWORD}", findings["logs"]["sentence"])
        self.assertEqual(prometheus.headers[0].get("X-Scope-OrgID"), "tenant-" + SECRET)
        self.assert_no_secret(ended, out)
        verdict = json.loads((out / "verdict.json").read_text())
        self.assertEqual([s["name"] for s in verdict["signals"]], ["p95", "sessions"])
        self.assertGreaterEqual(len(verdict["signals"][0]["value"]), 4)
        self.assertEqual(verdict["logs"][1]["text"], "password=")
        self.assertGreater(verdict["logs"][1]["lines"], 0)
        self.assertIn("cost", verdict["hpas"][0]["scores"])
        html = (out / "report.html").read_text()
        self.assertIn("What the logs say", html)
        self.assertIn("EUR", html)
        self.judged_again(out, prometheus)

    def judged_again(self, out: pathlib.Path, prometheus: FakePrometheus):
        """From the directory alone: no Prometheus, no cluster, no variable."""
        before = len(prometheus.queries)
        again = run("analyze", "--no-write", out)
        self.assertEqual(again.code, 1, again.text)
        self.assertIn("password=***", again.out)
        stricter = self.scenario(prometheus.url, "signal: {p95: {max: 200ms}}", name="stricter.yaml")
        judged = run("analyze", out, "--scenario", stricter, env={"DB_PASSWORD": "x", "TENANT": "x"})
        self.assertEqual(judged.code, 1, judged.text)
        self.assertIn("p95 was 300ms at most (limit 200ms)", " ".join(judged.out.split()))
        other = self.scenario(prometheus.url, 'logs: {pods: "app=todo", absent: "other"}', name="other.yaml")
        refused = run("analyze", out, "--scenario", other, env={"DB_PASSWORD": "x", "TENANT": "x"})
        self.assert_one_clear_message(refused, 2, '"other" was not looked for in the logs of the pods app=todo')
        self.assertEqual(len(prometheus.queries), before)

    def test_prometheus_is_down(self):
        scenario = self.scenario("http://127.0.0.1:9", "signal: {p95: {max: 1s}, during: steady}", "dropped_requests: 0")
        ended, findings, out = self.run_it(scenario)
        self.assertEqual(ended.code, 4, ended.text)
        self.assertIn("cannot ask http://127.0.0.1:9", ended.err)
        finding = findings["signal p95 steady"]
        self.assertEqual((finding["status"], finding["reason"]), ("inconclusive", "no_samples"))
        self.assertIn("Connection refused", finding["sentence"])
        self.assertEqual(finding["causes"][0]["code"], "signal_unavailable")
        self.assertEqual(findings["dropped_requests"]["status"], "pass")
        self.assertEqual(run("analyze", "--no-write", out).code, 4)

    def test_no_series(self):
        prometheus = self.prometheus(lambda query: None)
        ended, findings, _ = self.run_it(self.scenario(prometheus.url, "signal: {p95: {max: 1s}}"))
        self.assertEqual(ended.code, 4, ended.text)
        self.assertIn("the query gives no series", findings["signal p95"]["sentence"])

    def test_a_wrong_query_is_told_before_anything_is_sent(self):
        body = json.dumps({"status": "error", "errorType": "bad_data", "error": "parse error: unclosed left parenthesis"})
        prometheus = self.prometheus(lambda query: (400, body))
        ended, _, out = self.run_it(self.scenario(prometheus.url, "signal: {p95: {max: 1s}}"))
        self.assert_one_clear_message(ended, 2, 'signal "p95": parse error: unclosed left parenthesis')
        self.assertFalse(out.exists())

    def test_no_server_is_named(self):
        text = SCENARIO.format(target=self.cluster.service, prometheus="x", criteria="  - signal: {p95: {max: 1s}}")
        text = "\n".join(line for line in text.splitlines() if not line.startswith("prometheus:")) + "\n"
        scenario = self.write("nowhere.yaml", text)
        env = {"DB_PASSWORD": "x", "TENANT": "x"}
        checked = run("check", scenario, env=env)
        self.assertEqual(checked.code, 0, checked.text)
        self.assertIn("it is not said which Prometheus knows them", checked.out)
        ended = run("run", scenario, "--kubeconfig", self.cluster.kubeconfig, "--out", self.directory / "x", env=env)
        self.assert_one_clear_message(ended, 2, "it is not said which Prometheus knows them", "PROMETHEUS_URL")
        prometheus = self.prometheus(lambda query: 1)
        doctor = run("doctor", scenario, "--kubeconfig", self.cluster.kubeconfig,
                     env=env | {"PROMETHEUS_URL": prometheus.url})
        self.assertIn(f"{prometheus.url} understands 2 queries", " ".join(doctor.out.split()))

    def test_logs_without_an_hpa(self):
        scenario = self.write("logs.yaml", f"""\
target: {self.cluster.service}
cluster: {{namespace: todo}}
requests: [{{post: /api/log, body: nothing to see}}]
load: [{{hold: 20/s, for: 3s}}]
criteria: [{{logs: {{pods: "app=todo", absent: ERROR, present: nothing to see}}}}]
""")
        ended, findings, _ = self.run_it(scenario)
        self.assertEqual(findings["logs app=todo"]["reason"], "as_wanted", ended.text)
        typo = self.write("typo.yaml", scenario.read_text().replace("app=todo", "app=tudo"))
        again = run("run", typo, "--kubeconfig", self.cluster.kubeconfig, "--out", self.directory / "typo", "--plain")
        self.assertEqual(again.code, 4, again.text)
        self.assertIn("no log of the pods app=tudo was read", " ".join(again.out.split()))

    def test_watch_records_signals(self):
        prometheus = self.prometheus(lambda query: 7)
        out = self.directory / "watched"
        ended = run("watch", "--hpa", "todo/todo", "--kubeconfig", self.cluster.kubeconfig, "--for", "2s", "-q",
                    "--out", out, "--prometheus", prometheus.url, "--signal", "queue=sum(queue)")
        self.assertEqual(ended.code, 0, ended.text)
        self.assertEqual(set(prometheus.queries), {"sum(queue)"})
        self.assertIn('"name":"queue"', (out / "cluster.ndjson").read_text())
        verdict = json.loads((out / "verdict.json").read_text())
        self.assertEqual(verdict["signals"][0]["value"][0], 7)
        wrong = run("watch", "--hpa", "todo/todo", "--kubeconfig", self.cluster.kubeconfig, "--signal", "queue")
        self.assert_one_clear_message(wrong, 2, "--signal queue: write NAME=QUERY")

    def test_watch_looks_into_logs(self):
        """A text that is there, one that must not be, one that never comes; a secret is named by its variable."""
        out = self.directory / "watched"
        process = subprocess.Popen(
            [PROGRAM, "watch", "--hpa", "todo/todo", "--kubeconfig", str(self.cluster.kubeconfig), "--for", "6s",
             "--out", str(out), "--absent", "login failed", "--absent", "${DB_PASSWORD}", "--present", "for bob",
             "--present", "never said"],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=dict(os.environ, DB_PASSWORD=SECRET))
        lines = []
        for line in process.stdout:
            lines.append(line)
            if "replicas of Deployment/todo" in line:
                break
        for _ in range(20):  # to whichever pod: each says it
            request = urllib.request.Request(f"{self.cluster.service}/api/log", method="POST",
                                             data=f"ERROR login failed: password={SECRET} for bob".encode())
            urllib.request.urlopen(request, timeout=5).read()
            time.sleep(0.1)
        text = "".join(lines) + process.stdout.read()
        process.stdout.close()
        self.assertEqual(process.wait(timeout=60), 1, text)
        words = " ".join(text.split())
        self.assertRegex(words, r"pod todo-\S+ logs \(\S+\): ERROR login failed: password=\*\*\* for bob")
        verdict = json.loads((out / "verdict.json").read_text())
        found = {c["id"]: c for c in verdict["criteria"]}["logs"]
        self.assertEqual((found["status"], found["reason"]), ("fail", "found"))
        self.assertEqual({row["text"]: row["lines"] > 0 for row in verdict["logs"]},
                         {"login failed": True, "${DB_PASSWORD}": True, "for bob": True, "never said": False})
        self.assertNotIn(SECRET, text)
        html = re.sub(r"<(script|style).*?</\1>", "", (out / "report.html").read_text(), flags=re.S)
        for words in ("requests planned", "oad began", "Schedule error"):
            self.assertNotIn(words, text + html + (out / "report.md").read_text())
        again = run("analyze", "--no-write", out, env={"DB_PASSWORD": SECRET})
        self.assertEqual(again.code, 1, again.text)
        self.assert_no_secret(again, out)

        calm = run("watch", "--hpa", "todo/todo", "--kubeconfig", self.cluster.kubeconfig, "--for", "2s", "-q",
                   "--out", self.directory / "calm", "--absent", "PANIC")
        self.assertEqual(calm.code, 0, calm.text)
        self.assertIn("PASS", calm.out)

    def test_preflight_asks_for_the_signals(self):
        def look(answer, *criteria):
            prometheus = self.prometheus(answer)
            ended = run("preflight", self.scenario(prometheus.url, *criteria), "--kubeconfig", self.cluster.kubeconfig,
                        "--output", "json", env={"DB_PASSWORD": "x", "TENANT": "x"})
            checks = json.loads(ended.out)["checks"]
            return ended.code, {c["id"]: c for c in checks if c["group"] == "Signals"}

        code, said = look(lambda query: 0.25, "signal: {p95: {max: 1s}}")
        self.assertEqual((code, said["p95"]["level"], said["p95"]["sentence"]), (0, "ok", "it is 250ms now"))
        code, said = look(lambda query: None, "signal: {p95: {max: 1s}}")
        self.assertEqual((code, said["p95"]["level"]), (0, "warning"))
        self.assertIn("gives no series now", said["p95"]["sentence"])
        code, said = look(lambda query: (400, "parse error"), "signal: {p95: {max: 1s}}")
        self.assertEqual((code, said["p95"]["level"], said["p95"]["remedy"]), (1, "failure", "mend its query"))
        down = run("preflight", self.scenario("http://127.0.0.1:9", "signal: {p95: {max: 1s}}"), "--kubeconfig",
                   self.cluster.kubeconfig, env={"DB_PASSWORD": "x", "TENANT": "x"})
        self.assertEqual(down.code, 4, down.text)
        self.assertIn("cannot ask http://127.0.0.1:9: Connection refused", " ".join(down.out.split()))

    def test_the_rights_that_it_takes(self):
        scenario = self.scenario("http://127.0.0.1:9", 'logs: {pods: "app=x", namespace: other, absent: ERROR}',
                                 'logs: {absent: "ERROR"}')
        printed = run("print-rbac", scenario, env={"DB_PASSWORD": "x", "TENANT": "x"})
        self.assertEqual(printed.code, 0, printed.text)
        self.assertEqual(printed.out.count("pods/log"), 2, printed.out)
        self.assertIn("namespace: other", printed.out)


if __name__ == "__main__":
    unittest.main()
