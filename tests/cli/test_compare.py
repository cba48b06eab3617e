"""compare as a gate: the commands of docs/CI.md, on a recording, an equal one and a slower one."""
import json
import os
import pathlib
import re
import shutil
import subprocess
import unittest

from surgeproof import PROGRAM, ProgramTest, run

HERE = pathlib.Path(__file__).parent
RUN = HERE / "recordings" / "max-replicas"


def gate_commands() -> str:
    """The indented block of docs/CI.md that compares with --baseline."""
    text = (HERE.parent.parent / "docs" / "CI.md").read_text()
    blocks = re.findall(r"(?:^    .*\n)+", text, flags=re.M)
    [block] = [b for b in blocks if "--baseline" in b]
    return re.sub(r"^    ", "", block, flags=re.M)


def slowed(source: pathlib.Path, to: pathlib.Path):
    """The same run with twice the latency: a bucket 1024 further up holds twice the value (docs/RUN_DIRECTORY.md)."""
    shutil.copytree(source, to)
    lines = []
    for line in (source / "load.ndjson").read_text().splitlines():
        record = json.loads(line)
        for name in ("latency", "service_time"):
            if name in record:
                h = record[name]
                h["buckets"] = [[index + 1024, count] for index, count in h["buckets"]]
                h["sum_us"] *= 2
                h["max_us"] *= 2
        lines.append(json.dumps(record))
    (to / "load.ndjson").write_text("\n".join(lines) + "\n")


class Gate(ProgramTest):
    def setUp(self):
        super().setUp()
        shutil.copytree(RUN, self.directory / "main-run")
        (self.directory / "surgeproof").symlink_to(pathlib.Path(PROGRAM).resolve())

    def gate(self):
        """Exit code and step summary of the documented commands."""
        summary = self.directory / "summary.md"
        environment = dict(os.environ, PATH=f"{self.directory}:{os.environ['PATH']}", GITHUB_STEP_SUMMARY=str(summary))
        done = subprocess.run(["sh", "-c", gate_commands()], cwd=self.directory, env=environment, capture_output=True,
                              text=True, timeout=60, check=False)
        self.assertEqual(done.stderr, "")
        return done.returncode, summary.read_text()

    def test_an_equal_run_passes(self):
        shutil.copytree(RUN, self.directory / "surge-run")
        code, summary = self.gate()
        self.assertEqual(code, 0, summary)
        self.assertIn("main-run", summary)

    def test_a_slower_run_does_not(self):
        slowed(RUN, self.directory / "surge-run")
        code, summary = self.gate()
        self.assertEqual(code, 1, summary)
        self.assertIn("worse", summary)

    def test_both_ways_to_say_it_say_the_same(self):
        slowed(RUN, self.directory / "surge-run")
        by_place = run("compare", self.directory / "main-run", self.directory / "surge-run")
        by_name = run("compare", self.directory / "surge-run", "--baseline", self.directory / "main-run")
        self.assertEqual((by_place.code, by_place.out), (by_name.code, by_name.out))

    def test_a_baseline_that_is_not_there(self):
        ended = run("compare", RUN, "--baseline", self.directory / "nothing")
        self.assert_one_clear_message(ended, 2, "nothing")
        self.assert_one_clear_message(run("compare", RUN), 2, "compare BASELINE RUN")


if __name__ == "__main__":
    unittest.main()
