"""A run that is interrupted or killed: nothing lost that was seen, and `analyze` judges what is left."""
import json
import os
import signal
import subprocess
import time

import bad_server
from surgeproof import PROGRAM, ProgramTest, run

SCENARIO = """\
target: http://127.0.0.1:{port}
load:
  - {{hold: 50/s, for: 60s}}
criteria:
  - dropped_requests: 0
  - latency: {{p99: 1s}}
"""


class Interruption(ProgramTest):
    def setUp(self):
        super().setUp()
        self.server = bad_server.BadServer(bad_server.answers_well)
        self.addCleanup(self.server.close)
        self.out = self.directory / "out"
        self.scenario = self.write("x.yaml", SCENARIO.format(port=self.server.port))

    def start(self):
        process = subprocess.Popen([PROGRAM, "run", str(self.scenario), "--plain", "--out", str(self.out)],
                                   stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                                   env=dict(os.environ, NO_COLOR="1"))
        self.addCleanup(process.stdout.close)
        deadline = time.monotonic() + 20
        load = self.out / "load.ndjson"
        while time.monotonic() < deadline:  # until at least three windows are on the disk
            if load.exists() and load.read_text().count('"load_window"') >= 3:
                return process
            time.sleep(0.05)
        process.kill()
        self.fail("the run did not get going")

    def test_ctrl_c_ends_in_order(self):
        process = self.start()
        process.send_signal(signal.SIGINT)
        text, _ = process.communicate(timeout=30)
        self.assertEqual(process.returncode, 130, text)
        self.assertTrue((self.out / "report.html").exists())
        verdict = json.loads((self.out / "verdict.json").read_text())
        self.assertNotEqual(verdict["verdict"]["status"], "pass", "a run that was cut short has proven nothing")
        self.assertEqual(run("analyze", self.out).code, verdict["verdict"]["exit_code"])

    def test_killed_leaves_what_it_saw(self):
        process = self.start()
        process.kill()
        process.communicate(timeout=30)
        ended = run("analyze", self.out)
        self.assertEqual(ended.code, 4, ended.text)
        self.assertIn("cut off", ended.text)
        whole = (self.out / "load.ndjson").read_bytes()
        for share in (0, 1, len(whole) // 3, len(whole) // 2, len(whole) - 1):
            (self.out / "load.ndjson").write_bytes(whole[:share])
            ended = run("analyze", self.out)
            self.assertEqual(ended.code, 4, f"cut at byte {share}: {ended.text}")
