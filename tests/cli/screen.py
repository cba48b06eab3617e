"""A terminal of any size, by tmux: what a program draws on it, and what keys do."""
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import tempfile
import time

TMUX = shutil.which("tmux")


class Screen:
    """Runs `command` (a list) in a shell, which then says "EXIT code"."""

    def __init__(self, command, width=80, height=24, **environment):
        self._directory = tempfile.TemporaryDirectory(prefix="surgeproof-tmux-")
        self._tmux = [TMUX, "-u", "-S", str(pathlib.Path(self._directory.name, "socket")), "-f", os.devnull]
        settings = {"LC_ALL": "C.UTF-8", "TERM": "screen-256color", "CI": "", "NO_COLOR": "", **environment}
        line = shlex.join(["env", *(f"{k}={v}" for k, v in settings.items()), *map(str, command)])
        self._call("new-session", "-d", "-x", str(width), "-y", str(height),
                   f"bash --norc -c {shlex.quote(line + '; echo EXIT $?; sleep 600')}", env=dict(os.environ, LC_ALL="C.UTF-8"))

    def _call(self, *arguments, env=None):
        return subprocess.run([*self._tmux, *arguments], capture_output=True, text=True, encoding="utf-8", timeout=30,
                              check=True, env=env).stdout

    def close(self):
        subprocess.run([*self._tmux, "kill-server"], capture_output=True, timeout=30, check=False)
        self._directory.cleanup()

    def lines(self):
        return self._call("capture-pane", "-p").rstrip("\n").split("\n")

    def text(self):
        return "\n".join(self.lines())

    def coloured(self):
        return self._call("capture-pane", "-p", "-e")

    def everything(self):
        """With what has scrolled away."""
        return self._call("capture-pane", "-p", "-J", "-S", "-")

    def wait_for(self, pattern, seconds=30):
        """The text in which it was found, colours removed."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            text = self.text()
            if re.search(pattern, text):
                return text
            time.sleep(0.1)
        raise AssertionError(f"{pattern!r} did not come within {seconds} s; the screen shows\n{self.text()}")

    def resize(self, width, height):
        self._call("resize-window", "-x", str(width), "-y", str(height))

    def keys(self, *keys):
        self._call("send-keys", *keys)

    def is_taken(self):
        """On the alternate screen, without a cursor."""
        state = self._call("display-message", "-p", "#{alternate_on} #{cursor_flag}").split()
        assert state in (["1", "0"], ["0", "1"]), f"half of the terminal is restored: {state}"
        return state == ["1", "0"]

    def program(self):
        """Process id of the program that the shell runs."""
        shell = self._call("display-message", "-p", "#{pane_pid}").strip()
        return int(pathlib.Path(f"/proc/{shell}/task/{shell}/children").read_text().split()[0])
