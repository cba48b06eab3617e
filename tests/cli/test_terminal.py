"""The live view on a real terminal (tmux): what it shows at which size, and that the terminal is as before afterwards."""
import json
import os
import pathlib
import re
import signal
import subprocess
import time
import unittest

import bad_server
from demo_cluster import DemoCluster
from screen import TMUX, Screen
from surgeproof import PROGRAM, ProgramTest

SCENARIO = """\
name: peak
target: http://127.0.0.1:{port}
load:
  - {{name: first, hold: 40/s, for: 5s}}
  - {{name: second, hold: 80/s, for: {length}}}
criteria:
  - dropped_requests: 0
  - latency: {{p99: 1s}}
"""


@unittest.skipUnless(TMUX, "##### SKIPPED: no tmux here; the live view was not tested on a terminal #####")
class Terminal(ProgramTest):
    def setUp(self):
        super().setUp()
        self.out = self.directory / "out"

    def screen(self, *command, **how):
        screen = Screen([PROGRAM, *command], **how)
        self.addCleanup(screen.close)
        return screen

    def target(self):
        server = bad_server.BadServer(bad_server.answers_well)
        self.addCleanup(server.close)
        return server

    def run_screen(self, *flags, length="25s", **how):
        scenario = self.write("peak.yaml", SCENARIO.format(port=self.target().port, length=length))
        return self.screen("run", scenario, "--out", self.out, *flags, **how)

    def assert_fits(self, screen, width, height):
        lines = screen.lines()
        self.assertLessEqual(len(lines), height)
        self.assertTrue(lines[0].startswith(" peak: running"), lines[0])
        # The clock stands at the right edge, whatever the size.
        self.assertRegex(lines[0], r"\d:\d\d / 0:30$")
        self.assertIn(len(lines[0]), (width, width - 1))
        for line in lines:
            self.assertLessEqual(len(line), width, line)


class Run(Terminal):
    def test_every_size_and_each_after_the_other(self):
        screen = self.run_screen()
        screen.wait_for("offered 80/s")
        heights = {}
        for width, height in ((80, 24), (120, 40), (200, 50), (60, 15), (40, 10), (80, 24)):
            screen.resize(width, height)
            time.sleep(1.5)  # until it was drawn anew, at the latest with the next second
            self.assert_fits(screen, width, height)
            text = screen.text()
            heights[width] = len(screen.lines())
            self.assertIn("no request is dropped", text)
            if width >= 60:
                for part in ("p99 latency is at most 1s", "Stage    second, ", "▸second", "served", "p99 ", "Requests", "0 dropped", "█"):
                    self.assertIn(part, text, f"{width}x{height}")
            self.assertTrue(screen.is_taken())
        self.assertGreater(heights[120], heights[80])

    def test_charts_stand_below_their_stage(self):
        screen = self.run_screen()
        screen.wait_for(r"second, 0:0[6-9]")
        lines = screen.lines()
        names = next(line for line in lines if "▸second" in line)
        load = next(line for line in lines if "offered" in line)
        begin, step = names.index("▸second"), load.index("█")
        self.assertIn(step - begin, (0, 1, 2), "\n".join(lines))  # rates are those of the last whole second

    def test_criteria_and_stages_have_colours(self):
        screen = self.run_screen()
        screen.wait_for("offered 80/s")
        self.assertIn("\x1b[36m", screen.coloured())
        self.out = self.directory / "bare"
        bare = self.run_screen(NO_COLOR="1")
        bare.wait_for("offered 80/s")
        self.assertNotRegex(bare.coloured(), r"\x1b\[[0-9;]*3[0-9]")
        self.assertTrue(bare.is_taken(), "NO_COLOR is about colours only")

    def test_ctrl_c_gives_the_terminal_back_and_a_report(self):
        screen = self.run_screen()
        screen.wait_for("offered")
        screen.keys("C-c")
        screen.wait_for("EXIT 130")
        self.assertFalse(screen.is_taken())
        self.assertIn("Recording", screen.everything())
        self.assertTrue((self.out / "report.html").exists())

    def test_a_crash_gives_the_terminal_back(self):
        for number, word in ((signal.SIGSEGV, "EXIT 139"), (signal.SIGABRT, "EXIT 134"), (signal.SIGQUIT, "EXIT 131"),
                             (signal.SIGTERM, "EXIT 130")):
            with self.subTest(number):
                self.out = self.directory / number.name
                screen = self.run_screen()
                screen.wait_for("offered")
                self.assertTrue(screen.is_taken())
                os.kill(screen.program(), number)
                screen.wait_for(word)
                self.assertFalse(screen.is_taken())
                screen.close()

    def test_ctrl_z_gives_the_terminal_back_until_it_goes_on(self):
        screen = self.run_screen()
        screen.wait_for("offered")
        os.kill(screen.program(), signal.SIGTSTP)
        end = time.monotonic() + 10
        while screen.is_taken() and time.monotonic() < end:
            time.sleep(0.1)
        self.assertFalse(screen.is_taken())
        os.kill(screen.program(), signal.SIGCONT)
        screen.wait_for("offered")
        self.assertTrue(screen.is_taken())

    def test_a_terminal_that_stands_still_holds_nothing_up(self):
        screen = self.run_screen()
        screen.wait_for("offered")
        screen.keys("C-s")
        load = self.out / "load.ndjson"

        def windows():
            return load.read_text().count('"load_window"')

        before, end = windows(), time.monotonic() + 20
        while windows() < before + 4 and time.monotonic() < end:
            time.sleep(0.2)
        self.assertGreaterEqual(windows(), before + 4, "the recording stood still with the terminal")
        screen.keys("C-q")
        screen.keys("C-c")
        screen.wait_for("EXIT 130")

    def test_where_nobody_draws_there_are_plain_lines(self):
        for how in ({"TERM": "dumb"}, {"CI": "true"}, {"flags": ["--plain"]}):
            with self.subTest(how):
                self.out = self.directory / f"out-{len(str(how))}-{next(iter(how))}"
                screen = self.run_screen(*how.pop("flags", []), length="2s", width=200, **how)
                screen.wait_for("EXIT [04]")  # few requests prove no p99
                text = screen.everything()
                self.assertRegex(text, r"(?m)^t=\ds/7s stage=first offered=40/s served=")
                self.assertRegex(text, r'(?m)^t=\d+s criterion="dropped_requests[^"]*" status=pass observed="0" limit="0"$')

    def test_quiet_says_only_the_result(self):
        screen = self.run_screen("--quiet", length="1s", width=160)
        screen.wait_for("EXIT [04]")
        text = screen.everything()
        self.assertNotIn("offered=", text)
        self.assertIn("no request is dropped", text)

    def test_a_document_stays_whole(self):
        scenario = self.write("peak.yaml", SCENARIO.format(port=self.target().port, length="1s"))
        file = self.directory / "verdict.json"
        screen = self.screen("run", scenario, "--out", self.out, "--output", "json", "--live")
        screen.wait_for("EXIT [04]")
        self.assertFalse(screen.is_taken())
        with open(file, "w", encoding="utf-8") as out:
            done = subprocess.run(
                [PROGRAM, "run", scenario, "--out", str(self.directory / "again"), "--output", "json", "--live"], stdout=out,
                stderr=subprocess.PIPE, timeout=60, check=False)
        self.assertEqual(json.loads(file.read_text())["verdict"]["exit_code"], done.returncode)
        self.assertIn(b"Live  ", done.stderr)


class Load(Terminal):
    def test_load_draws_and_ends_with_its_summary(self):
        screen = self.screen("load", "--rate", "50/s", "--for", "20s", "--max-errors", "1%",
                             f"http://127.0.0.1:{self.target().port}/")
        text = screen.wait_for(r"offered 50/s  served (4\d|5\d)")
        for part in ("0:20", "p99", "Requests", "Errors"):
            self.assertIn(part, text)
        screen.resize(120, 40)
        screen.wait_for("sent 50/s")
        screen.keys("C-c")
        screen.wait_for("EXIT 130")
        self.assertFalse(screen.is_taken())
        self.assertRegex(screen.everything(), r"Requests +\d+ planned")

    def test_json_is_not_drawn_over(self):
        screen = self.screen("load", "--rate", "50/s", "--for", "1s", "--json", f"http://127.0.0.1:{self.target().port}/")
        screen.wait_for("EXIT 0")
        document = screen.everything().split("EXIT")[0]
        self.assertTrue(document.lstrip().startswith("{"), document)


class Cluster(Terminal):
    def test_the_demo_tells_replicas_and_decisions(self):
        screen = self.screen("demo", "--out", self.out)
        text = screen.wait_for(r"decided \d → \d at \d:\d\d: cpu \d+ % of 70 %", 60)
        for pattern in (r"ready of \d current, \d desired \(2 to 5", r"desired +\d +\S", r"ready +\d +\S", r"cpu +\d+%",
                        r"AbleToScale|ScalingLimited|ScalingActive", r"todo has 5 ready pods"):
            self.assertRegex(text, pattern)
        self.assertLessEqual(len(screen.lines()), 24)
        screen.wait_for(r"PASS  scale up", 60)
        self.assertRegex(screen.coloured(), r"\x1b\[[0-9;]*32m ?PASS")
        screen.keys("C-c")
        screen.wait_for("EXIT 130", 60)
        self.assertFalse(screen.is_taken())

class Watch(Terminal):
    def watch_screen(self, *flags, **how):
        self.cluster = DemoCluster(self.directory)
        self.addCleanup(self.cluster.stop)
        return self.screen("watch", "--hpa", "todo", "-n", "todo", "--kubeconfig", self.cluster.kubeconfig, "--out", self.out,
                           *flags, **how)

    def delete_a_pod(self):
        pod = self.cluster.request("GET", "/api/v1/namespaces/todo/pods")[1]["items"][0]["metadata"]["name"]
        self.cluster.request("DELETE", f"/api/v1/namespaces/todo/pods/{pod}")
        return pod

    def test_a_screen_of_its_own_in_every_size(self):
        screen = self.watch_screen()
        screen.wait_for("Nothing has changed|HPA todo")
        pod = self.delete_a_pod()
        text = screen.wait_for(r"ending " + re.escape(pod) + r" for \ds of 10s grace")
        for pattern in (r"^ Watching todo/todo +http://\S+ +\d\d:\d\d:\d\d UTC +0:\d\d", r"\d ready of \d current, 2 desired \(2 to 5\)",
                        r"desired +2 +[▁-█]", r"ready +\d +[▁-█]", r"cpu \d+ % of 70 %", r"(?m)^ \d\d:\d\d:\d\d  pod \S+ +\S", "Ctrl-C ends it"):
            self.assertRegex(text, pattern)
        for word in ("offered", "served", "Latency", "Requests", "Stage"):
            self.assertNotIn(word, text)
        for width, height in ((130, 40), (60, 15), (40, 10), (80, 24)):
            screen.resize(width, height)
            time.sleep(1.5)  # until it was drawn anew, at the latest with the next second
            lines = screen.lines()
            self.assertLessEqual(len(lines), height)
            self.assertIn("Watching todo/todo", lines[0])
            for line in lines:
                self.assertLessEqual(len(line), width, line)
            self.assertTrue(screen.is_taken())
        self.assertIn("\x1b[36m", screen.coloured())
        screen.keys("C-c")
        screen.wait_for("EXIT 0")
        self.assertFalse(screen.is_taken())
        self.assertIn("Watched for", screen.everything())
        self.assertTrue(pathlib.Path(self.out, "report.html").exists())

    def test_no_colours_and_an_end_that_is_known(self):
        screen = self.watch_screen("--for", "6s", NO_COLOR="1")
        screen.wait_for(r"UTC  0:0\d / 0:06")
        self.assertNotRegex(screen.coloured(), r"\x1b\[[0-9;]*3[0-9]")
        self.assertTrue(screen.is_taken())
        screen.wait_for("EXIT 0")
        self.assertFalse(screen.is_taken())

    def test_where_nobody_draws_each_change_is_a_line(self):
        screen = self.watch_screen("--plain")
        screen.wait_for("HPA todo")
        pod = self.delete_a_pod()
        screen.wait_for(r"\d\d:\d\d:\d\d  pod " + re.escape(pod) + " .*terminating")
        self.assertFalse(screen.is_taken())
        screen.keys("C-c")
        screen.wait_for("EXIT 0")

    def test_quiet_says_only_the_summary(self):
        screen = self.watch_screen("--quiet", "--for", "2s")
        screen.wait_for("EXIT 0")
        text = screen.everything()
        self.assertTrue(text.lstrip().startswith("Watched for"), text)
        self.assertNotIn("Watching", text)


if __name__ == "__main__":
    unittest.main()
