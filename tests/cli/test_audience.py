"""Who else hears of a run: the live page, scrapers, a Pushgateway, a textfile, a chat. None of them can harm it."""
import http.server
import json
import os
import re
import socket
import subprocess
import threading
import urllib.request

import bad_server
from surgeproof import PROGRAM, ProgramTest

SCENARIO = """\
target: http://127.0.0.1:{port}
load:
  - {{hold: 50/s, for: 6s}}
criteria:
  - dropped_requests: 0
"""
SECRET = "T0000-secret-B1111"


class Receiver:
    """Keeps what is sent to it; answers `status`."""

    def __init__(self, status=200):
        received = self.received = []

        class Handler(http.server.BaseHTTPRequestHandler):
            def _take(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                received.append((self.command, self.path, self.headers["Content-Type"], body.decode()))
                self.send_response(status)
                self.end_headers()
                self.wfile.write(b"invalid_token" if status != 200 else b"ok")

            do_POST = do_PUT = _take

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()


class Audience(ProgramTest):
    def setUp(self):
        super().setUp()
        self.target = bad_server.BadServer(bad_server.answers_well)
        self.addCleanup(self.target.close)
        self.scenario = self.write("peak.yaml", SCENARIO.format(port=self.target.port))
        self.out = self.directory / "out"

    def start(self, *flags):
        process = subprocess.Popen([PROGRAM, "run", str(self.scenario), "--plain", "--out", str(self.out), *flags],
                                   stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                                   env=dict(os.environ, NO_COLOR="1"))
        self.addCleanup(process.stdout.close)
        return process

    def start_live(self, *flags):
        process = self.start("--live", *flags)
        for line in process.stdout:
            found = re.match(r"Live +(http://127\.0\.0\.1:\d+/)", line)
            if found:
                return process, found.group(1)
        self.fail("no live page was announced")

    def receiver(self, status=200):
        receiver = Receiver(status)
        self.addCleanup(receiver.close)
        return receiver

    def test_the_page_follows_the_run_to_its_verdict(self):
        process, url = self.start_live("--linger", "20s")
        events = urllib.request.urlopen(url + "events", timeout=60)
        seen = []
        for raw in events:
            line = raw.decode().strip()
            if line.startswith("event: "):
                seen.append(line[7:])
                page = urllib.request.urlopen(url, timeout=30).read().decode()
                if seen[-1] == "over":
                    break
                self.assertTrue(re.search("<title>(running|PASS): peak", page), page[:400])
        events.close()
        self.assertGreaterEqual(seen.count("changed"), 2, seen)
        self.assertTrue("<title>PASS" in page, page[:400])
        metrics = urllib.request.urlopen(url + "metrics", timeout=30).read().decode()
        self.assertIn('surgeproof_verdict{status="pass"} 1', metrics)
        process.terminate()  # ends the lingering
        text, _ = process.communicate(timeout=60)
        self.assertEqual(process.returncode, 0, text)

    def test_metrics_during_the_run(self):
        process, url = self.start_live()
        metrics = urllib.request.urlopen(url + "metrics", timeout=30).read().decode()
        self.assertIn('surgeproof_requests_per_second{kind="offered"}', metrics)
        text, _ = process.communicate(timeout=60)
        self.assertEqual(process.returncode, 0, text)

    def test_a_browser_that_reads_nothing_or_vanishes_changes_nothing(self):
        process, url = self.start_live()
        host, port = url[7:-1].split(":")
        deaf = [socket.create_connection((host, int(port))) for _ in range(20)]
        for s in deaf:
            s.sendall(b"GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n")
        for s in deaf[10:]:
            s.close()
        text, _ = process.communicate(timeout=60)
        for s in deaf[:10]:
            s.close()
        self.assertEqual(process.returncode, 0, text)
        verdict = json.loads((self.out / "verdict.json").read_text())
        self.assertEqual(verdict["verdict"]["status"], "pass")

    def test_gateway_textfile_and_chat_get_the_result(self):
        gateway, chat = self.receiver(), self.receiver()
        hook = self.write("hook.txt", f"{chat.url}/services/{SECRET}\n")
        textfile = self.directory / "surge.prom"
        process = self.start("--push-gateway", gateway.url + "/", "--metrics-file", str(textfile), "--notify",
                             str(hook), "--report-url", "https://ci.example.com/42")
        text, _ = process.communicate(timeout=60)
        self.assertEqual(process.returncode, 0, text)
        (method, path, kind, body), = gateway.received
        self.assertEqual((method, path), ("PUT", "/metrics/job/surgeproof_peak"))
        self.assertIn("text/plain; version=0.0.4", kind)
        self.assertIn('surgeproof_verdict{status="pass"} 1', body)
        self.assertEqual(body, textfile.read_text())
        (method, path, kind, body), = chat.received
        self.assertEqual((method, path, kind), ("POST", "/services/" + SECRET, "application/json"))
        section = json.loads(body)["blocks"][0]["text"]["text"]
        self.assertIn("peak", section)
        self.assertIn("<https://ci.example.com/42|Report>", section)
        self.assertLessEqual(len(section), 3000)
        for file in self.out.iterdir():
            self.assertNotIn(SECRET.encode(), file.read_bytes(), file)

    def test_whoever_does_not_answer_is_named_and_the_verdict_stands(self):
        refusing = self.receiver(403)
        hook = self.write("hook.txt", f"{refusing.url}/services/{SECRET}\n")
        process = self.start("--push-gateway", "http://127.0.0.1:1", "--notify", str(hook), "--metrics-file",
                             str(self.directory / "missing" / "x.prom"))
        text, _ = process.communicate(timeout=60)
        self.assertEqual(process.returncode, 0, text)
        for words in ("push gateway: http://127.0.0.1:1", "webhook: ", "answered 403: invalid_token", "x.prom"):
            self.assertIn(words, text)
        self.assertNotIn(SECRET, text)

    def test_bad_flags(self):
        empty = self.write("empty.txt", "\n")
        for flags, words in ((["--live=here:80"], "here"), (["--live=:70000"], "70000"),
                             (["--notify", str(empty)], "webhook"), (["--notify", "/nonexistent"], "webhook"),
                             (["--linger", "soon"], "linger")):
            process = self.start(*flags)
            text, _ = process.communicate(timeout=60)
            self.assertEqual(process.returncode, 2, text)
            self.assertIn(words, text)
            self.assertFalse(self.out.exists())

    def test_a_taken_port_is_said_before_anything_is_sent(self):
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            process = self.start(f"--live=:{taken.getsockname()[1]}")
            text, _ = process.communicate(timeout=60)
        self.assertEqual(process.returncode, 2, text)
        self.assertIn("Address already in use", text)
        self.assertFalse(self.out.exists())
