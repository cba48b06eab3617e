"""The servers that the load goes to: nginx on loopback, and one that answers after a fixed time."""
import ipaddress
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.parse

CONFIG = """\
worker_processes 1; daemon off; pid {dir}/nginx.pid; error_log {dir}/error.log;
worker_rlimit_nofile {files};
events {{ worker_connections {connections}; }}
http {{
  access_log off; keepalive_requests 1000000000; keepalive_timeout 3600s; http2_max_concurrent_streams 200;
  client_body_temp_path {dir}/1; proxy_temp_path {dir}/2; fastcgi_temp_path {dir}/3; uwsgi_temp_path {dir}/4;
  scgi_temp_path {dir}/5; ssl_certificate {dir}/cert.pem; ssl_certificate_key {dir}/key.pem;
  server {{ listen 127.0.0.1:{plain} backlog=16384; location / {{ return 200 "hello"; }} }}
  server {{ listen 127.0.0.1:{tls} ssl backlog=16384; location / {{ return 200 "hello"; }} }}
  server {{ listen 127.0.0.1:{h2} ssl http2; location / {{ return 200 "hello"; }} }}
  server {{ listen 127.0.0.1:{h2c} http2; location / {{ return 200 "hello"; }} }}
}}
"""


def free_ports(count):
    held = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [s.getsockname()[1] for s in held]
    for s in held:
        s.close()
    return ports


def assert_loopback(url):
    """Load goes to this machine only."""
    host = urllib.parse.urlsplit(url).hostname
    if not ipaddress.ip_address(host).is_loopback:
        sys.exit(f"bench: {url} is not a loopback address; nothing was sent")
    return url


def wait_for_port(port, process, seconds=20):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.02)
    sys.exit(f"bench: nothing listens on port {port}")


class Nginx:
    """One worker on the CPUs `cpu`: plain, TLS, HTTP/2 over TLS, h2c."""

    def __init__(self, directory: pathlib.Path, cpu, files):
        program = shutil.which("nginx") or shutil.which("/usr/sbin/nginx")
        if not program:
            sys.exit("bench: nginx is missing; apt-get install nginx-light")
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                        "-days", "2", "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1",
                        "-keyout", directory / "key.pem", "-out", directory / "cert.pem"],
                       check=True, capture_output=True)
        directory.chmod(0o755)
        self.ca = directory / "cert.pem"
        plain, tls, h2, h2c = free_ports(4)
        (directory / "nginx.conf").write_text(CONFIG.format(
            dir=directory, files=files, connections=max(512, files - 64), plain=plain, tls=tls, h2=h2, h2c=h2c))
        self.process = subprocess.Popen([program, "-c", directory / "nginx.conf"], stderr=subprocess.DEVNULL,
                                        preexec_fn=lambda: os.sched_setaffinity(0, cpu))
        for port in (plain, tls, h2, h2c):
            wait_for_port(port, self.process)
        self.plain = f"http://127.0.0.1:{plain}/"
        self.tls = f"https://127.0.0.1:{tls}/"
        self.h2 = f"https://127.0.0.1:{h2}/"
        self.h2c = f"http://127.0.0.1:{h2c}/"

    def workers(self):
        children = pathlib.Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        return [int(pid) for pid in children.split()]

    def freeze(self, seconds):
        """Stops the worker for so long. Returns how long it really was."""
        pids = self.workers()
        began = time.monotonic()
        for pid in pids:
            os.kill(pid, signal.SIGSTOP)
        try:
            time.sleep(seconds)
        finally:
            for pid in pids:
                os.kill(pid, signal.SIGCONT)
        return time.monotonic() - began

    def close(self):
        self.process.terminate()
        self.process.wait(timeout=20)


class DelayServer:
    """Answers each request exactly `seconds` after it has arrived; a process of its own (delay_server.py)."""

    def __init__(self, seconds, cpu, certificate: pathlib.Path | None = None):
        self.port = free_ports(1)[0]
        argv = [sys.executable, pathlib.Path(__file__).with_name("delay_server.py"), self.port, seconds]
        if certificate:
            argv += [certificate, certificate.with_name("key.pem")]
        self.process = subprocess.Popen([str(a) for a in argv], preexec_fn=lambda: os.sched_setaffinity(0, cpu))
        wait_for_port(self.port, self.process)
        self.url = f"http{'s' if certificate else ''}://127.0.0.1:{self.port}/"

    def close(self):
        self.process.terminate()
        self.process.wait(timeout=20)
