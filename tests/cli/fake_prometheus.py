"""A Prometheus on loopback that answers instant queries as a test says."""
import http.server
import json
import threading
import time
import urllib.parse


class FakePrometheus:
    """`answer(query)` gives a number, None (no series), or (status, body)."""

    def __init__(self, answer):
        self.queries = []
        self.headers = []
        prometheus = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):  # noqa: N802
                query = urllib.parse.parse_qs(urllib.parse.urlsplit(self.path).query)["query"][0]
                prometheus.queries.append(query)
                prometheus.headers.append(dict(self.headers))
                value = answer(query)
                status, body = value if isinstance(value, tuple) else (200, vector(value))
                data = body.encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *_):
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def stop(self):
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(timeout=10)


def vector(value) -> str:
    result = [] if value is None else [{"metric": {}, "value": [time.time(), str(value)]}]
    return json.dumps({"status": "success", "data": {"resultType": "vector", "result": result}})
