"""Every way to the API server that this cluster offers, with the least rights, and with too few."""
import pathlib
import subprocess
import tempfile

from kit import cluster, identities
from kit.layout import BIN, PKI, ROOT
from kit.proof import PROGRAM
from kit.todo import Todo

_SCENARIO = """name: access
target: http://{address}
watch: {{namespace: access, hpa: todo}}
load: [{{hold: 5/s, for: 4s}}]
criteria:
  - dropped_requests: 0
  - replicas: {{min: 1, max: 5}}
"""


def _run(directory: pathlib.Path, name: str, todo: Todo, arguments: list[str], environment: dict[str, str]):
    scenario = directory / "access.yaml"
    scenario.write_text(_SCENARIO.format(address=todo.address))
    command = cluster.in_client(["env", "-u", "KUBECONFIG", *[f"{k}={v}" for k, v in environment.items()], "python3", "-m",
                                 "kit.guard", todo.address, PROGRAM, "run", str(scenario), "--quiet", "--out",
                                 str(directory / name.replace(" ", "-")), *arguments])
    return subprocess.run(command, env=cluster.environment(), capture_output=True, text=True, timeout=120, check=False)


def _kubeconfig(directory: pathlib.Path, name: str, user: str, **replaced: str) -> str:
    text = identities.kubeconfig(user, namespace="access")
    for old, new in replaced.items():
        text = text.replace(old, new)
    path = directory / name
    path.touch(mode=0o600)
    path.write_text(text)
    return str(path)


class _Proxy:
    """kubectl proxy, in the client's namespace."""

    def __enter__(self):
        self._process = subprocess.Popen(cluster.in_client([str(BIN / "kubectl"), "proxy", "--port=8001"]),
                                         env=cluster.environment(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self._process.stdout.readline()  # "Starting to serve on …"
        return "http://127.0.0.1:8001"

    def __exit__(self, *_):
        self._process.kill()
        self._process.wait()
        self._process.stdout.close()


def access() -> list[str]:
    wrong, rows = [], []
    with tempfile.TemporaryDirectory() as name, Todo("access", "198.18.2.51") as todo:
        directory = pathlib.Path(name)
        todo.kubectl("apply", "-f", str(ROOT / "k8s/manifests/job/rbac.yaml"))
        todo.kubectl("create", "serviceaccount", "stranger")
        token = todo.kubectl("create", "token", "surgeproof").strip()
        stranger = todo.kubectl("create", "token", "stranger").strip()
        token_file = directory / "token"
        token_file.write_text(token)
        todo.wait_until_scaling()
        certificate = identities.with_certificate("admin")
        files = f'{{client-certificate: "{PKI}/admin.crt", client-key: "{PKI}/admin.key"}}'
        with _Proxy() as proxy:
            # How it is told, what it is told, exit code, and words that must be said.
            for kind, user, replaced, code, words in (
                    ("certificate in the file", certificate, {}, 0, ""),
                    ("certificate files", files, {}, 0, ""),
                    ("token of least rights", f"{{token: {token}}}", {}, 0, ""),
                    ("token file", f'{{tokenFile: "{token_file}"}}', {}, 0, ""),
                    ("kubectl proxy", "{}", {identities.API: proxy}, 0, ""),
                    ("token without rights", f"{{token: {stranger}}}", {}, 3, "horizontalpodautoscalers"),
                    ("wrong token", "{token: no-such-token}", {}, 3, "401"),
                    ("no credentials", "{}", {}, 3, ""),
                    ("another authority", certificate, {"certificate-authority-data": "tls-server-name: other, certificate-authority-data"}, 3, "certificate"),
            ):
                done = _run(directory, kind, todo, ["--kubeconfig", _kubeconfig(directory, "config", user, **replaced)], {})
                said = (done.stdout + done.stderr)
                fine = done.returncode == code and words in said
                rows.append(f"{'ok ' if fine else 'BAD'}  {kind:26} exit {done.returncode}  {(done.stderr or said).strip().splitlines()[-1][:110] if code else ''}")
                if not fine:
                    wrong.append(f"{kind}: exit {done.returncode}, not {code}: {said[-600:]}")
                for secret in (token, stranger):
                    if secret in said or any(secret in file.read_text(errors="replace") for file in directory.glob("*/*")):
                        wrong.append(f"{kind}: a token stands in the output or the run directory")
    print("\n".join(rows))
    return wrong
