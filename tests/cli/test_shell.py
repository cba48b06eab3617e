"""Completion scripts, tried in the shells themselves, and the manual page."""
import os
import re
import shutil
import subprocess
import tempfile
import unittest

from screen import TMUX, Screen
from surgeproof import PROGRAM, ProgramTest, run

# Words before the cursor, the unfinished word, what must be offered, what must not.
BASH = [
    ([], "an", {"analyze"}, {"run"}),
    ([], "", {"run", "check", "demo", "report", "completion"}, {"bash"}),
    (["demo"], "c", {"cluster"}, {"check"}),
    (["demo"], "--br", {"--break"}, {"--bread"}),
    (["demo", "--break"], "no-", {"no-prestop", "no-metrics", "no-requests"}, {"crash"}),
    (["demo", "cluster", "--break"], "cr", {"crash"}, {"cluster"}),
    (["report", "x", "--format"], "", {"json", "junit", "markdown", "html", "console"}, {"--format"}),
    (["run"], "sce", {"scenario.yaml", "scene"}, {"check"}),
    (["analyze"], "sce", {"scene"}, {"scenario.yaml"}),
    (["completion"], "", {"bash", "zsh", "fish"}, {"run"}),
]


class Completion(ProgramTest):
    def setUp(self):
        super().setUp()
        self.write("scenario.yaml", "")
        (self.directory / "scene").mkdir()

    def offered_by_bash(self, before, word):
        words = " ".join(f"'{w}'" for w in ["surgeproof", *before, word])
        script = run("completion", "bash").out + f"""
COMP_WORDS=({words}); COMP_CWORD={len(before) + 1}; _surgeproof; printf '%s\\n' "${{COMPREPLY[@]}}"
"""
        done = subprocess.run(["bash", "-euo", "pipefail", "-c", script], capture_output=True, text=True, timeout=30,
                              cwd=self.directory, check=False)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return set(done.stdout.split())

    def test_bash(self):
        for before, word, wanted, unwanted in BASH:
            with self.subTest(before=before, word=word):
                offered = self.offered_by_bash(before, word)
                self.assertLessEqual(wanted, offered)
                self.assertFalse(unwanted & offered)

    def test_the_other_shells_accept_their_scripts(self):
        for shell in ("zsh", "fish"):
            script = run("completion", shell)
            self.assertEqual((script.code, script.err), (0, ""))
            for word in ("analyze", "--metrics-every" if shell == "zsh" else "-l metrics-every", "premature-ready"):
                self.assertIn(word, script.out)
            if not shutil.which(shell):
                continue
            path = self.write("completion." + shell, script.out)
            done = subprocess.run([shell, "-n", path], capture_output=True, text=True, timeout=30, check=False)
            self.assertEqual((done.returncode, done.stderr), (0, ""), shell)

    def test_fish_offers_the_right_words(self):
        if not shutil.which("fish"):
            self.skipTest("no fish here")
        path = self.write("c.fish", run("completion", "fish").out)
        for typed, wanted in (("surgeproof an", "analyze"), ("surgeproof demo --break no-", "no-prestop")):
            done = subprocess.run(["fish", "--no-config", "-c", f"source {path}; complete -C '{typed}'"],
                                  capture_output=True, text=True, timeout=30, check=False)
            self.assertIn(wanted, done.stdout)

    def typed_in(self, shell, load, typed, wanted):
        """What the shell itself makes of the tabulator key."""
        if not TMUX or not shutil.which(shell[0]):
            self.skipTest(f"##### SKIPPED: no {shell[0]} or no tmux here #####")
        path = f"{os.path.dirname(os.path.abspath(PROGRAM))}:{os.environ['PATH']}"
        for words, completed in zip(typed, wanted):
            screen = Screen(shell, PATH=path, HOME=str(self.directory), PS1="ready> ")
            self.addCleanup(screen.close)
            screen.keys(f"cd {self.directory}; {load}; clear; echo loa''ded", "Enter")
            screen.wait_for("^loaded|\nloaded")
            screen.keys("-l", words)
            screen.keys("Tab")
            screen.wait_for(completed)
            screen.close()

    TYPED = ("surgeproof ana", "surgeproof demo --break no-pre", "surgeproof run scena", "surgeproof report x --format mark")
    COMPLETED = ("surgeproof analyze", "--break no-prestop", "run scenario.yaml", "--format markdown")

    def test_in_an_interactive_bash(self):
        self.typed_in(["bash", "--norc", "-i"], "source <(surgeproof completion bash)", self.TYPED, self.COMPLETED)

    def test_in_an_interactive_zsh(self):
        self.typed_in(["zsh", "-f", "-i"], "autoload -U compinit; compinit -D -u; source <(surgeproof completion zsh)",
                      self.TYPED, self.COMPLETED)

    def test_in_an_interactive_fish(self):
        self.typed_in(["fish", "--no-config", "-i"], "surgeproof completion fish | source", self.TYPED, self.COMPLETED)

    def test_an_unknown_shell_is_refused(self):
        ended = run("completion", "tcsh")
        self.assertEqual(ended.code, 2)
        self.assertIn("bash", ended.text)


class Help(unittest.TestCase):
    def commands(self):
        """All of them, as the list in --help has them."""
        listed = run("--help").out.split("Subcommands:")[1]
        return [[]] + [[name] for name in re.findall(r"(?m)^  (\S+) ", listed)] + [["demo", "cluster"]]

    def test_every_command_teaches_by_example_and_fits(self):
        commands = self.commands()
        self.assertGreater(len(commands), 15)
        for command in commands:
            with self.subTest(command):
                ended = run(*command, "--help")
                self.assertEqual(ended.code, 0, ended.text)
                about, options = ended.out.split("\nUsage: ")
                self.assertRegex(about, r"(?m)^  .*surgeproof " + re.escape(" ".join(command)), "no example")
                for line in options.splitlines()[1:]:
                    self.assertLessEqual(len(line), 100, line)
                    # Words of the library's own, not of ours.
                    self.assertNotRegex(line, r"\{false\}|\b(INT|UINT|FLOAT)\b|REQUIRED|Excludes|Needs:")

    def test_each_option_says_what_it_takes(self):
        out = run("run", "--help").out
        for line in ("--linger DURATION", "--live [ADDRESS]:PORT", "--load-scale NUMBER", "--no-actions  ", "--out DIR",
                     "{console,json,junit,markdown,html,prometheus,github}"):
            self.assertIn(line, out)


class ManualPage(unittest.TestCase):
    def test_every_command_and_flag_stands_in_it(self):
        page = run("man").out
        self.assertTrue(page.startswith(".TH SURGEPROOF 1 "), page[:60])
        for word in ("demo cluster", "\\-\\-load\\-scale", "\\-\\-break", "premature\\-ready", "inconclusive"):
            self.assertIn(word, page)

    def test_mandoc_has_no_warning(self):
        if not shutil.which("mandoc"):
            self.skipTest("no mandoc here")
        done = subprocess.run(["mandoc", "-Tlint", "-Wwarning"], input=run("man").out, text=True, capture_output=True,
                              timeout=30, check=False)
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "", ""))

    def test_man_has_no_warning(self):
        if not shutil.which("man") or not shutil.which("groff"):
            self.skipTest("no man here")
        with tempfile.NamedTemporaryFile("w", suffix=".1", encoding="utf-8") as page:
            page.write(run("man").out)
            page.flush()
            done = subprocess.run(["man", "--warnings", "-E", "UTF-8", "-l", "-Tutf8", "-Z", page.name], text=True,
                                  capture_output=True, timeout=30, check=False, env=dict(os.environ, MANWIDTH="80"))
        self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_groff_has_no_complaint(self):
        if not shutil.which("groff"):
            self.skipTest("no groff here")
        done = subprocess.run(["groff", "-man", "-Kutf8", "-Tutf8", "-ww", "-z"], input=run("man").out, text=True,
                              capture_output=True, timeout=30, check=False)
        self.assertEqual((done.returncode, done.stderr), (0, ""))


if __name__ == "__main__":
    unittest.main()
