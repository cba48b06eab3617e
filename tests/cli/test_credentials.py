"""No credential reaches an output, the run directory or the process's title: every kind of one, marked, on paths that
succeed and on paths that fail, against an API server that echoes what it was sent."""
import base64
import http.client
import http.server
import json
import os
import re
import ssl
import subprocess
import threading
import time
import unittest

from surgeproof import PROGRAM, ProgramTest

MARK = "MarkedS3cret"

SCENARIO = """\
target: {target}
watch: {{namespace: todo, hpa: todo}}
load: [{{hold: 20/s, for: 2s}}]
criteria: [{{dropped_requests: 0}}]
"""


class EchoingApi:
    """HTTPS before the embedded cluster's plain API. `refuse`: 401 with what was sent; else it passes on what is asked."""

    def __init__(self, directory, upstream, refuse):
        certificate, key = os.path.join(directory, "tls.crt"), os.path.join(directory, "tls.key")
        if not os.path.exists(certificate):
            subprocess.run(
                ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
                 "-subj", "/CN=api", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", certificate],
                check=True, capture_output=True)
        api = self
        self.seen = []

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                sent = self.headers.get("Authorization", "")
                api.seen.append(sent)
                if refuse:
                    body = json.dumps({"kind": "Status", "message": f"rejected {sent} and {dict(self.headers)}"}).encode()
                    self.send_response(401)
                    self.send_header("Content-Length", str(len(body)))
                    self.end_headers()
                    self.wfile.write(body)
                    return
                self.pass_on()

            def pass_on(self):
                connection = http.client.HTTPConnection(upstream, timeout=60)
                connection.request("GET", self.path, headers={"Accept": self.headers.get("Accept", "")})
                answer = connection.getresponse()
                self.send_response(answer.status)
                self.send_header("Content-Type", answer.headers.get("Content-Type", "application/json"))
                self.send_header("Connection", "close")
                self.end_headers()
                self.close_connection = True
                try:
                    while piece := answer.read1(65536):
                        self.wfile.write(piece)
                        self.wfile.flush()
                except OSError:
                    pass

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        self.url = f"https://127.0.0.1:{self.server.server_address[1]}"
        self.certificate, self.key = certificate, key
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()


class Credentials(ProgramTest):
    def setUp(self):
        super().setUp()
        self.kubeconfig = os.path.join(self.directory, "demo.kubeconfig")
        self.demo = subprocess.Popen([PROGRAM, "demo", "cluster", "--kubeconfig", self.kubeconfig], stdout=subprocess.PIPE,
                                     stderr=subprocess.STDOUT, text=True)
        deadline = time.monotonic() + 60
        while not (os.path.exists(self.kubeconfig) and os.path.getsize(self.kubeconfig)) and time.monotonic() < deadline:
            time.sleep(0.05)
        text = open(self.kubeconfig).read()
        self.upstream = re.search(r"server\W+http://([^\s\"]+)", text).group(1)

    def tearDown(self):
        self.demo.terminate()
        self.demo.wait(30)
        self.demo.stdout.close()
        super().tearDown()

    def users(self, api):
        """Kinds of credentials: a user's entry, more of the cluster's, and whether the server gets to see the mark."""
        token_file = os.path.join(self.directory, "token")
        with open(token_file, "w") as f:
            f.write(MARK + "-in-a-file\n")
        plugin = os.path.join(self.directory, "plugin")
        with open(plugin, "w") as f:
            f.write("#!/bin/sh\n"
                    f"echo 'trying {MARK}Abc123XyzAbc123XyzAbc123' >&2\n"
                    "echo '" + json.dumps({"apiVersion": "client.authentication.k8s.io/v1", "kind": "ExecCredential",
                                           "status": {"token": MARK + "-of-a-plugin"}}) + "'\n")
        os.chmod(plugin, 0o755)
        failing = os.path.join(self.directory, "failing-plugin")
        with open(failing, "w") as f:
            f.write(f"#!/bin/sh\necho 'cannot renew token={MARK}-of-a-plugin' >&2\nexit 3\n")
        os.chmod(failing, 0o755)
        key = open(api.key).read()
        exec_of = lambda command: {"exec": {"apiVersion": "client.authentication.k8s.io/v1", "command": command,
                                            "interactiveMode": "Never"}}
        return [
            ("token", {"token": MARK + "-token"}, {}, True),
            ("token file", {"tokenFile": token_file}, {}, True),
            ("password", {"username": "joe", "password": MARK + "-password"}, {}, True),
            ("plugin", exec_of(plugin), {}, True),
            ("failing plugin", exec_of(failing), {}, False),
            ("client key", {"token": MARK + "-token", "client-certificate": api.certificate,
                            "client-key-data": base64.b64encode(key.encode()).decode()}, {}, True),
            ("broken client key", {"client-certificate": api.certificate,
                                   "client-key-data": base64.b64encode(
                                       b"-----BEGIN PRIVATE KEY-----\n" + MARK.encode() + b"\n-----END PRIVATE KEY-----\n"
                                   ).decode()}, {}, False),
            ("unreachable proxy", {"token": MARK + "-token"}, {"proxy-url": f"http://joe:{MARK}-proxy@127.0.0.1:1"}, False),
            ("bad proxy", {"token": MARK + "-token"}, {"proxy-url": f"ftp://joe:{MARK}-proxy@127.0.0.1:1"}, False),
            ("token with a line break", {"token": MARK + "\nX: y"}, {}, False),
        ]

    def titles(self, process):
        seen = set()
        while process.poll() is None:
            try:
                seen.add(open(f"/proc/{process.pid}/cmdline").read() + open(f"/proc/{process.pid}/comm").read())
            except OSError:
                break
            time.sleep(0.02)
        return "".join(seen)

    def run_with(self, api, name, user, cluster):
        path = os.path.join(self.directory, "kubeconfig")
        with open(path, "w") as f:
            json.dump({"current-context": "c", "contexts": [{"name": "c", "context": {"cluster": "k", "user": "u"}}],
                       "clusters": [{"name": "k", "cluster": {"server": api.url, "certificate-authority": api.certificate,
                                                              **cluster}}],
                       "users": [{"name": "u", "user": user}]}, f)
        scenario = os.path.join(self.directory, "x.yaml")
        with open(scenario, "w") as f:
            f.write(SCENARIO.format(target="http://" + self.upstream))
        out = os.path.join(self.directory, "run-" + name.replace(" ", "-"))
        process = subprocess.Popen([PROGRAM, "run", scenario, "--plain", "--out", out], text=True, stdout=subprocess.PIPE,
                                   stderr=subprocess.STDOUT, env={**os.environ, "KUBECONFIG": path})
        chunks = []
        reader = threading.Thread(target=lambda: chunks.append(process.stdout.read()))
        reader.start()
        titles = self.titles(process)
        process.wait(120)
        reader.join(30)
        process.stdout.close()
        texts = {"output": "".join(chunks), "process title": titles}
        for folder, _, files in os.walk(out):
            for file in files:
                texts[file] = open(os.path.join(folder, file), errors="replace").read()
        return process.returncode, texts

    def assert_clean(self, name, texts, key):
        encoded = base64.b64encode(f"joe:{MARK}-password".encode()).decode()
        secrets = [MARK, encoded, key.splitlines()[1]]
        for where, text in texts.items():
            for secret in secrets:
                self.assertNotIn(secret, text, f"{name}: {where}")

    def test_where_it_works(self):
        api = EchoingApi(self.directory, self.upstream, refuse=False)
        key = open(api.key).read()
        for name, user, cluster, sent in self.users(api):
            if not sent:
                continue
            with self.subTest(name):
                api.seen.clear()
                code, texts = self.run_with(api, name, user, cluster)
                self.assertIn("run.json", texts, texts["output"])
                self.assertIn("report.html", texts, texts["output"])
                self.assertTrue(any(s.startswith(("Bearer " + MARK, "Basic ")) for s in api.seen), name)
                self.assertNotEqual(code, 3, texts["output"])
                self.assert_clean(name, texts, key)
        api.close()

    def test_where_it_fails(self):
        api = EchoingApi(self.directory, self.upstream, refuse=True)
        key = open(api.key).read()
        for name, user, cluster, _ in self.users(api):
            with self.subTest(name):
                code, texts = self.run_with(api, name, user, cluster)
                self.assertIn(code, (2, 3), texts["output"])
                self.assertIn("surgeproof: ", texts["output"])
                self.assert_clean(name, texts, key)
        api.close()


if __name__ == "__main__":
    unittest.main()
