"""watch records a timeline without load; init writes a scenario that check takes and run can work with."""
import json
import re
import signal
import subprocess
import time
import unittest

from demo_cluster import DemoCluster
from surgeproof import PROGRAM, ProgramTest, run


class WithTheDemoCluster(ProgramTest):
    def setUp(self):
        super().setUp()
        self.cluster = DemoCluster(self.directory)
        self.addCleanup(self.cluster.stop)

    def watch(self, *arguments, during=None):
        """Starts watch, does `during`, interrupts it; its output."""
        process = subprocess.Popen([PROGRAM, "watch", "--hpa", "todo", "-n", "todo", "--kubeconfig", str(self.cluster.kubeconfig),
                                    "--out", str(self.directory / "watched"), *arguments],
                                   stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        lines = []
        for line in process.stdout:
            lines.append(line)
            if "replicas of Deployment/todo" in line:
                break
        if during:
            during()
        process.send_signal(signal.SIGINT)
        lines.append(process.stdout.read())
        self.assertEqual(process.wait(timeout=60), 0, "".join(lines))
        process.stdout.close()
        return "".join(lines)

    def scale_by_hand(self):
        """The HPA follows its new minimum at once."""
        self.cluster.patch("/apis/autoscaling/v2/namespaces/todo/horizontalpodautoscalers/todo", {"spec": {"minReplicas": 3}})
        for _ in range(300):
            if self.cluster.request("GET", "/apis/apps/v1/namespaces/todo/deployments/todo")[1]["status"].get("readyReplicas") == 3:
                break
            time.sleep(0.1)
        time.sleep(1)  # for the lines, not for the outcome

    def test_watch_tells_records_and_reports(self):
        out = self.watch(during=self.scale_by_hand)
        self.assertRegex(out, r"HPA todo .*limits are now 3 to 5")
        self.assertRegex(out, r"Deployment todo +is set from 2 to 3 replicas")
        self.assertRegex(out, r"pod todo-\S+ +is created")
        self.assertLessEqual(max(map(len, out.splitlines())), 80 + len(str(self.directory)))
        directory = self.directory / "watched"
        for name in ("run.json", "scenario.yaml", "verdict.json", "report.html", "report.md", "junit.xml"):
            self.assertTrue((directory / name).exists(), name)
        html = re.sub(r"<(script|style).*?</\1>", "", (directory / "report.html").read_text(), flags=re.S)
        for word in ("requests planned", "Load began", "of each request", "Schedule error", "Inconclusive"):
            self.assertNotIn(word, html)
        self.assertIn("Watched for", html)
        self.assertEqual(json.loads((directory / "verdict.json").read_text())["verdict"]["exit_code"], 0)
        again = run("analyze", directory)
        self.assertEqual(again.code, 0, again.text)
        self.assertIn("Watched for", again.out)
        markdown = run("report", directory, "--format", "markdown")
        self.assertEqual(markdown.code, 0, markdown.text)
        self.assertIn("replicas set", markdown.out)
        for text in (again.out, markdown.out):
            self.assertNotIn("request", text)

    def test_watch_for_a_while(self):
        ended = run("watch", "--hpa", "todo/todo", "--kubeconfig", self.cluster.kubeconfig, "--for", "2s", "-q",
                    "--out", self.directory / "short")
        self.assertEqual(ended.code, 0, ended.text)
        self.assertIn("Watched for", ended.out)

    def test_watch_what_is_not_there(self):
        ended = run("watch", "--hpa", "tudo", "-n", "todo", "--kubeconfig", self.cluster.kubeconfig,
                    "--out", self.directory / "none")
        self.assert_one_clear_message(ended, 2, "tudo")
        self.assertFalse((self.directory / "none").exists())

    def test_init_check_preflight_run(self):
        path = self.directory / "first.yaml"
        ended = run("init", "--hpa", "todo", "-n", "todo", "--kubeconfig", self.cluster.kubeconfig,
                    "--url", self.cluster.service, "--rate-per-pod", "30/s", "-o", path)
        self.assertEqual(ended.code, 0, ended.text)
        self.assertIn("surgeproof check", ended.out)
        checked = run("check", path)
        self.assertEqual(checked.code, 0, checked.text)
        self.assertNotIn("doubtful", checked.out)
        looked = run("preflight", path, "--kubeconfig", self.cluster.kubeconfig)
        self.assertNotIn("FAIL", looked.out)
        # The demo's HPA is quick, so the plan may be, too; what counts is that the HPA goes up and down.
        ran = run("run", path, "--kubeconfig", self.cluster.kubeconfig, "--time-scale", "0.25", "-q",
                  "--out", self.directory / "ran", timeout=280)
        verdict = json.loads((self.directory / "ran" / "verdict.json").read_text())
        findings = {c["id"]: c for c in verdict["criteria"]}
        self.assertIn(ran.code, (0, 1, 4), ran.text)
        self.assertEqual(findings["scale_up todo"]["status"], "pass", ran.text)


class LoadNone(ProgramTest):
    def test_run_refuses_and_check_takes_it(self):
        scenario = self.write("x.yaml", "watch: {hpa: web}\nload: none\n")
        self.assertEqual(run("check", scenario).code, 0)
        self.assert_one_clear_message(run("run", scenario), 2, "surgeproof watch")


if __name__ == "__main__":
    unittest.main()
