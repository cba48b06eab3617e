"""surgeproof report --serve: past runs as pages, on loopback, and nothing else of the disk."""
import json
import os
import re
import signal
import socket
import subprocess
import urllib.error
import urllib.request

from surgeproof import PROGRAM, ProgramTest, run

VERDICT = {
    "schema_version": 1,
    "run": {"name": "peak", "load_started": "2025-06-02T09:00:00.000Z"},
    "verdict": {"status": "pass", "exit_code": 0, "headline": "all 4 criteria met"},
    "criteria": [{"id": "scale_up todo", "unit": "seconds", "observed_value": 47}],
    "summary": {"total": {"planned_requests": 88680, "dropped_requests": 0, "latency_p99_ms": 250.5}},
}


class PastRuns(ProgramTest):
    def setUp(self):
        super().setUp()
        self.runs = self.directory / "runs"
        self.write("secret.txt", "top secret")

    def add_run(self, directory, report="<p>the report</p>", **changes):
        place = self.runs / directory
        place.mkdir(parents=True)
        (place / "verdict.json").write_text(json.dumps(VERDICT | changes))
        (place / "report.html").write_text(report)

    def serve(self, *flags):
        self.server = subprocess.Popen([PROGRAM, "report", "--serve", str(self.runs), *flags],
                                       stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self.addCleanup(self.server.stdout.close)
        self.addCleanup(self.server.wait)
        self.addCleanup(self.server.kill)
        line = self.server.stdout.readline()
        found = re.search(r"http://(\S+):(\d+)/", line)
        self.assertIsNotNone(found, line)
        self.address = (found[1], int(found[2]))
        return found[0]

    def raw(self, target, host="127.0.0.1", method="GET"):
        """The answer to a request that no library would send."""
        with socket.create_connection(self.address, timeout=20) as link:
            link.sendall(f"{method} {target} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode("latin-1"))
            answer = b""
            while piece := link.recv(65536):
                answer += piece
        return answer.decode(errors="replace")

    def test_lists_runs_and_serves_their_reports(self):
        self.add_run("20250602T090000Z-peak")
        self.add_run("20250603T090000Z-peak", run={"name": "peak", "load_started": "2025-06-03T09:00:00.000Z"},
                     verdict={"status": "fail", "exit_code": 1, "headline": "1 of 4 criteria not met"})
        url = self.serve()
        self.assertEqual(self.address[0], "127.0.0.1")
        with urllib.request.urlopen(url, timeout=20) as answer:
            page = answer.read().decode()
            self.assertIn("default-src 'none'", answer.headers["Content-Security-Policy"])
        for part in ("all 4 criteria met", "1 of 4 criteria not met", "250ms", "47s", "88,680", "<svg", "<h2>peak</h2>"):
            self.assertIn(part, page)
        link = re.search(r'href="(run/[^"]*)"', page)[1]
        with urllib.request.urlopen(url + link, timeout=20) as answer:
            self.assertIn("the report", answer.read().decode())
        self.server.send_signal(signal.SIGINT)
        self.assertEqual(self.server.wait(timeout=20), 0)

    def test_gives_out_nothing_else(self):
        self.add_run("good")
        (self.runs / "good" / "load.ndjson").write_text("{}")
        (self.runs / "up").symlink_to(self.directory)
        (self.runs / "linked").mkdir()
        (self.runs / "linked" / "report.html").symlink_to(self.directory / "secret.txt")
        self.serve()
        self.assertIn("200 OK", self.raw("/run/good/report.html"))
        for target in ("/../secret.txt", "/run/../../secret.txt", "/run/%2e%2e/secret.txt", "/run/..%2fsecret.txt/report.html",
                       "/run/good/..%2f..%2f..%2fsecret.txt", "/run/good/load.ndjson", "/run/up/report.html",
                       "/run/linked/report.html", "/run/good%00/report.html", "/run/%ff%fe/report.html", "/events",
                       "/metrics", "//etc/passwd", "/etc/passwd", "http://127.0.0.1/etc/passwd", "/run/" + "a" * 5000):
            answer = self.raw(target)
            self.assertRegex(answer.split("\r\n")[0], r"HTTP/1.1 4\d\d", target)
            self.assertNotIn("top secret", answer)
            self.assertNotIn("root:", answer)
        self.assertIn("403 Forbidden", self.raw("/", host="evil.example"))
        self.assertIn("405 Method", self.raw("/", method="DELETE"))

    def test_names_from_the_disk_are_text_and_nothing_more(self):
        name = '"><script>alert(1)<script> %2e%2e &amp; ü\n'
        self.add_run(name, run={"name": "<img src=x>", "load_started": "<b>"},
                     verdict={"status": "pass", "headline": "</td><script>"})
        os.mkdir(os.fsencode(self.runs) + b"/\xff\xfe")
        self.serve()
        page = self.raw("/")
        for markup in ("<script>alert", "<img", "<b>", "</td><script>"):
            self.assertNotIn(markup, page)
        link = re.search(r'href="(run/[^"]*)"', page)[1]
        self.assertRegex(link, r"^run/[A-Za-z0-9._%-]+/report\.html$")
        self.assertIn("the report", self.raw("/" + link))

    def test_rubbish_and_large_files_are_survived(self):
        self.add_run("good")
        for name, text in {"empty": "", "rubbish": "\0\xff{", "deep": "[" * 100_000, "old": '{"schema_version":0}'}.items():
            (self.runs / name).mkdir()
            (self.runs / name / "verdict.json").write_text(text)
        (self.runs / "large").mkdir()
        with open(self.runs / "large" / "verdict.json", "wb") as file:
            file.truncate(3 << 30)
        with open(self.runs / "large" / "report.html", "wb") as file:
            file.truncate(3 << 30)
        self.serve()
        page = self.raw("/")
        self.assertIn("all 4 criteria met", page)
        self.assertEqual(page.count("not one that this version reads"), 5)
        self.assertIn("404 Not Found", self.raw("/run/large/report.html"))

    def test_what_cannot_be_is_said(self):
        self.assert_one_clear_message(run("report", "--serve", self.directory / "none"), 2, "none: No such file or directory")
        self.assert_one_clear_message(run("report", "--serve", self.write("file", "x")), 2, "Not a directory")
        self.assert_one_clear_message(run("report", "--serve", self.directory, ":x"), 2, '":x" is no [ADDRESS]:PORT')
        self.assert_one_clear_message(run("report"), 2, "report needs a run directory", "--serve DIR")
        with socket.create_server(("127.0.0.1", 0)) as taken:
            self.assert_one_clear_message(run("report", "--serve", self.directory, f":{taken.getsockname()[1]}"), 2,
                                          "Address already in use")

    def test_an_empty_directory_is_a_page(self):
        self.runs.mkdir()
        url = self.serve()
        with urllib.request.urlopen(url, timeout=20) as answer:
            self.assertIn("No run directory is here yet", answer.read().decode())
        with self.assertRaises(urllib.error.HTTPError):
            urllib.request.urlopen(url + "run/x/report.html", timeout=20)
