"""Scenario files, kubeconfigs and directories that are wrong: one clear message, exit code 2 (3 when out of reach)."""
import os
import re
import socket
import subprocess
import unittest

from surgeproof import PROGRAM, ProgramTest, run

GOOD = """\
target: http://127.0.0.1:{port}
load:
  - {{hold: 20/s, for: 1s}}
criteria:
  - dropped_requests: 0
"""

# Name, text, what the message must hold.
TEXTS = [
    ("empty", "", ["target"]),
    ("unknown key", "target: http://127.0.0.1:1\nlod: [{hold: 1/s, for: 1s}]\n", ["x.yaml:2:1", "lod", "load"]),
    ("duplicate key", "target: http://a\ntarget: http://b\nload: [{hold: 1/s, for: 1s}]\n", ["x.yaml:2:1", "target"]),
    ("bare number", "target: http://a\nload: [{hold: 5, for: 1s}]\n", ["x.yaml:2:15", "unit"]),
    ("wrong unit", "target: http://a\nload: [{hold: 5s, for: 1s}]\n", ["x.yaml:2:15"]),
    ("negative", "target: http://a\nload: [{hold: -5/s, for: 1s}]\n", ["x.yaml:2:15"]),
    ("huge", "target: http://a\nload: [{hold: 1e300/s, for: 1s}]\n", ["x.yaml:2:15"]),
    ("huge duration", "target: http://a\nload: [{hold: 1/s, for: 99999999h}]\n", ["x.yaml:2:25"]),
    ("scalar", "hello", ["x.yaml:1:1"]),
    ("list", "- 1\n- 2\n", ["x.yaml:1"]),
    ("broken YAML", "target: [http://a\n", ["x.yaml:"]),
    ("binary", bytes(range(256)) * 8, ["x.yaml"]),
    ("null bytes", b"\0" * 100, ["x.yaml"]),
    ("10 MB", "target: http://a\n# " + "x" * 10_000_000, ["x.yaml", "bytes", "allowed"]),
    ("two documents", "target: http://a\n---\ntarget: http://b\n", ["x.yaml"]),
    ("unwatched action", "target: http://a\nload: [{hold: 1/s, for: 1s}]\nactions: [{at: start, restart: deployment/x}]\n",
     ["x.yaml:3:10", "actions", "add watch"]),
    ("action that does nothing", "target: http://a\nwatch: {hpa: a}\nload: [{hold: 1/s, for: 1s}]\nactions: [{at: start}]\n",
     ["x.yaml:4:11", "actions[0]", "write restart, delete_pod or scale"]),
]

BILLION_LAUGHS = "a: &a [x,x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{b}: &{b} [{','.join(['*' + a] * 10)}]\n" for a, b in zip("abcdefghi", "bcdefghij"))


class BadScenario(ProgramTest):
    def test_texts(self):
        for name, text, parts in TEXTS:
            for command in ("check", "run"):
                with self.subTest(name, command=command):
                    path = self.write("x.yaml", text)
                    ended = run(command, path, *(["--out", self.directory / "out"] if command == "run" else []))
                    self.assert_one_clear_message(ended, 2, *parts)
                    self.assertFalse((self.directory / "out").exists(), "nothing may be left behind")

    def test_a_billion_laughs_cost_nothing(self):
        ended = run("check", self.write("x.yaml", BILLION_LAUGHS))
        self.assert_one_clear_message(ended, 2, "x.yaml")
        self.assertLess(ended.max_rss_mib, 300)

    def test_all_mistakes_at_once(self):
        ended = run("check", self.write("x.yaml", "target: ftp://x\nlod: 3\nload: [{hold: 5, for: 1s}]\ncriteria:\n  - latncy: {p99: 1s}\n"))
        self.assert_one_clear_message(ended, 2, "x.yaml:1:", "x.yaml:2:", "x.yaml:3:", "x.yaml:5:", "latency", "4 mistakes")

    def test_files_that_are_none(self):
        self.assert_one_clear_message(run("check", self.directory / "none.yaml"), 2, "none.yaml", "No such file")
        self.assert_one_clear_message(run("check", self.directory), 2, "Is a directory")
        self.assert_one_clear_message(run("check", "/dev/zero"), 2, "/dev/zero")

    def test_a_secret_on_a_wrong_line_is_not_shown(self):
        text = "target: http://a\nclient: {headers: {Authorization: hunter2}, timeot: 3s}\nload: [{hold: 1/s, for: 1s}]\n"
        ended = run("check", self.write("x.yaml", text))
        self.assert_one_clear_message(ended, 2, "x.yaml:2:", "timeot")
        self.assertNotIn("hunter2", ended.text)

    def test_standard_input(self):
        self.assertEqual(run("check", "-", stdin=GOOD.format(port=1).encode()).code, 0)


class BadCommandLine(ProgramTest):
    def test_usage(self):
        for arguments in ([], ["fly"], ["run"], ["check", "--nonsense", "x"], ["demo", "--break", "everything"],
                          ["report", "nowhere", "--format", "pdf"], ["analyze", "nowhere"]):
            with self.subTest(arguments):
                ended = run(*arguments)
                self.assertEqual(ended.code, 2, ended.text)
                self.assertTrue(ended.text.strip())

    def test_each_mistake_has_its_remedy(self):
        for arguments, parts in (
                (["run"], ["surgeproof run: scenario is missing", "for example: surgeproof run surge.yaml"]),
                (["watch"], ["surgeproof watch: --hpa is missing", "for example: surgeproof watch --hpa backend"]),
                (["load"], ["url is missing", "for example: surgeproof load --rate 2000/s"]),
                (["run", "x.yaml", "--otu", "d"], ["surgeproof run: unknown flag --otu; did you mean --out?",
                                                   "'surgeproof run --help'"]),
                (["demo", "--brake=crash"], ["unknown flag --brake; did you mean --break?"]),
                (["run", "x.yaml", "-Z"], ["unknown flag -Z", "'surgeproof run --help'"]),
                (["anlyze", "x"], ["surgeproof: unknown command anlyze; did you mean analyze?"]),
                (["demo", "clutser"], ["surgeproof demo: unknown command clutser; did you mean cluster?"]),
                (["check", "a.yaml", "b.yaml"], ["surgeproof check: one argument too many: b.yaml"]),
                (["report", "x", "--format", "pdf"], ["--format: pdf", "junit", "'surgeproof report --help'"]),
                (["report", "x", "--out"], ["surgeproof report: --out: its value is missing"]),
                (["watch", "--hpa", "a", "--for", "soon"], ["--for soon: not a duration such as 30s", "at least 1s"]),
                (["demo", "--api-port", "high"], ["--api-port: not a value that it can take: high"]),
                (["tune", "/nonexistent"], ["/nonexistent: there is no such run directory"])):
            with self.subTest(arguments):
                ended = run(*arguments)
                self.assert_one_clear_message(ended, 2, *parts)
                self.assertEqual((ended.err.count("\n"), ended.out), (1, ""), "one line, and on standard error")

    def test_without_arguments_it_says_what_there_is(self):
        ended = run()
        self.assertEqual((ended.code, ended.out), (2, ""))
        self.assertIn("surgeproof demo", ended.err)

    def test_help_teaches_by_examples(self):
        ended = run("--help")
        self.assertEqual(ended.code, 0)
        commands = re.findall(r"^  ([a-z][a-z-]+)  +\S", ended.out.split("Subcommands:")[1], re.M)
        self.assertGreaterEqual(len(commands), 16, ended.out)
        for command in (*commands, "demo cluster"):
            with self.subTest(command):
                ended = run(*command.split(), "--help")
                self.assertEqual(ended.code, 0)
                example = ended.out.find(f"surgeproof {command} ") if command != "man" else ended.out.find("surgeproof man |")
                self.assertNotEqual(example, -1, "no example")
                self.assertLess(example, ended.out.index("Usage:"), "examples come first")


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class BadCluster(ProgramTest):
    def setUp(self):
        super().setUp()
        self.server = socket.socket()
        self.server.bind(("127.0.0.1", 0))
        self.server.listen(64)
        self.addCleanup(self.server.close)
        text = GOOD.format(port=self.server.getsockname()[1]) + "watch: {namespace: todo, hpa: todo}\n"
        self.scenario = self.write("x.yaml", text)

    def run_with(self, kubeconfig):
        return run("run", self.scenario, "--kubeconfig", kubeconfig, "--out", self.directory / "out", timeout=90)

    def test_missing_and_broken_kubeconfigs(self):
        self.assert_one_clear_message(self.run_with(self.directory / "none"), 2, "none")
        self.assert_one_clear_message(self.run_with(self.write("empty", "")), 2, "empty")
        self.assert_one_clear_message(self.run_with(self.write("broken", "clusters: [")), 2, "broken")
        self.assert_one_clear_message(self.run_with(self.write("binary", bytes(range(256)))), 2, "binary")
        self.assertFalse((self.directory / "out").exists())

    def test_a_cluster_that_is_not_there(self):
        kubeconfig = self.write("nowhere", f"""\
apiVersion: v1
kind: Config
current-context: c
contexts: [{{name: c, context: {{cluster: c, user: u}}}}]
clusters: [{{name: c, cluster: {{server: "http://127.0.0.1:{free_port()}"}}}}]
users: [{{name: u, user: {{}}}}]
""")
        self.assert_one_clear_message(self.run_with(kubeconfig), 3, "127.0.0.1")

    def test_a_target_that_is_not_there(self):
        path = self.write("y.yaml", GOOD.format(port=free_port()))
        self.assert_one_clear_message(run("run", path, "--out", self.directory / "out"), 3, "refused")
        path = self.write("z.yaml", "target: http://no-such-name.invalid\nload: [{hold: 1/s, for: 1s}]\n")
        self.assert_one_clear_message(run("run", path, "--out", self.directory / "out"), 3, "no-such-name.invalid")


class BadDirectory(ProgramTest):
    def test_not_writable(self):
        path = self.write("x.yaml", GOOD.format(port=1))
        self.assert_one_clear_message(run("run", path, "--out", "/proc/surgeproof"), 2, "/proc/surgeproof")
        file = self.write("file", "")
        self.assert_one_clear_message(run("run", path, "--out", file / "below"), 2, "below")

    def test_an_old_recording_stays(self):
        path = self.write("x.yaml", GOOD.format(port=1))
        self.write("run.json", "{}")
        self.assert_one_clear_message(run("run", path, "--out", self.directory), 2, "already holds a recording")

    @unittest.skipUnless(os.geteuid() == 0, "mounting a small file system needs root")
    def test_a_full_disk_is_said_and_survived(self):
        server = subprocess.Popen(["python3", "-m", "http.server", "0", "--bind", "127.0.0.1", "--directory", self.directory],
                                  stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=dict(os.environ, PYTHONUNBUFFERED="1"))
        self.addCleanup(server.wait)
        self.addCleanup(server.stdout.close)
        self.addCleanup(server.terminate)
        port = server.stdout.readline().split(b"port ")[1].split()[0].decode()
        path = self.write("x.yaml", GOOD.format(port=port).replace("for: 1s", "for: 6s"))
        small = self.directory / "small"
        small.mkdir()
        done = subprocess.run(
            ["unshare", "--mount", "sh", "-c",
             f"mount -t tmpfs -o size=28k none {small} && exec {os.path.abspath(PROGRAM)} run {path} --plain --out {small}/run"],
            capture_output=True, text=True, timeout=60, check=False)
        self.assertIn("No space left on device", done.stdout + done.stderr)
        self.assertEqual(done.returncode, 4, done.stdout + done.stderr)
        self.assertIn("dropped", done.stdout)
        self.assertNotIn("PASS:", done.stdout, "nobody can check this verdict again")


if __name__ == "__main__":
    unittest.main()
