"""Runs the built program and says how it went."""
import dataclasses
import os
import pathlib
import subprocess
import tempfile
import unittest

PROGRAM = os.environ.get("SURGEPROOF", "build/release/surgeproof")


@dataclasses.dataclass
class Ended:
    code: int
    out: str
    err: str
    max_rss_mib: float

    @property
    def text(self) -> str:
        return self.out + self.err


def run(*arguments, timeout=60, stdin=None, env=None) -> Ended:
    """Runs the program to its end; memory is the process's own peak."""
    environment = dict(os.environ, NO_COLOR="1", **(env or {}))
    with tempfile.NamedTemporaryFile("r") as times:
        done = subprocess.run(
            ["/usr/bin/python3", "-c", _MEASURE, times.name, PROGRAM, *map(str, arguments)],
            capture_output=True, timeout=timeout, input=stdin, env=environment, check=False)
        rss = float(times.read() or 0)
    return Ended(done.returncode, done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace"), rss)


# A parent of its own, so that RUSAGE_CHILDREN speaks of this one program.
_MEASURE = """
import resource, subprocess, sys
code = subprocess.call(sys.argv[2:])
with open(sys.argv[1], "w") as f:
    f.write(str(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024))
sys.exit(code if code >= 0 else 128 - code)
"""


class ProgramTest(unittest.TestCase):
    """A test with a directory of its own."""

    def setUp(self):
        self._directory = tempfile.TemporaryDirectory(prefix="surgeproof-cli-")
        self.addCleanup(self._directory.cleanup)
        self.directory = pathlib.Path(self._directory.name)

    def write(self, name: str, content) -> pathlib.Path:
        path = self.directory / name
        if isinstance(content, bytes):
            path.write_bytes(content)
        else:
            path.write_text(content)
        return path

    def assert_one_clear_message(self, ended: Ended, code: int, *parts: str):
        """The exit code, every part on standard error, and no sign of a crash."""
        self.assertEqual(ended.code, code, ended.text)
        for part in parts:
            self.assertIn(part, ended.err)
        for crash in ("Sanitizer", "terminate called", "internal error", "Assertion"):
            self.assertNotIn(crash, ended.text)
