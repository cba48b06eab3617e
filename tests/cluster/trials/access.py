"""Every way to the API server that this cluster offers, with the least rights, and with too few."""
import pathlib
import subprocess
import tempfile
import threading
import time

from kit import cluster, identities
from kit.layout import BIN, PKI, ROOT
from kit.proof import PROGRAM
from kit.todo import Todo

_SCENARIO = """name: access
target: http://{address}
watch: {{namespace: {namespace}, hpa: todo}}
load: [{{hold: 5/s, for: {seconds}s}}]
criteria:
  - dropped_requests: 0
  - replicas: {{min: 1, max: 5}}
"""


def _run(directory: pathlib.Path, name: str, todo: Todo, arguments: list[str], seconds: int = 4):
    """With nothing to find the cluster by but the arguments."""
    scenario = directory / "access.yaml"
    scenario.write_text(_SCENARIO.format(address=todo.address, namespace=todo.namespace, seconds=seconds))
    command = cluster.in_client(["env", "-u", "KUBECONFIG", "python3", "-m", "kit.guard", todo.address, PROGRAM, "run",
                                 str(scenario), "--quiet", "--out",
                                 str(directory / name.replace(" ", "-")), *arguments])
    return subprocess.run(command, env=cluster.environment(), capture_output=True, text=True, timeout=120, check=False)


def _kubeconfig(directory: pathlib.Path, user: str, **replaced: str) -> str:
    text = identities.kubeconfig(user)
    for old, new in replaced.items():
        text = text.replace(old, new)
    path = directory / "config"
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
                done = _run(directory, kind, todo, ["--kubeconfig", _kubeconfig(directory, user, **replaced)])
                said = (done.stdout + done.stderr)
                fine = done.returncode == code and words in said
                rows.append(f"{'ok ' if fine else 'BAD'}  {kind:26} exit {done.returncode}  {(done.stderr or said).strip().splitlines()[-1][:110] if code else ''}")
                if not fine:
                    wrong.append(f"{kind}: exit {done.returncode}, not {code}: {said[-600:]}")
                wrong += _leaks(directory, kind, said, token, stranger)
    print("\n".join(rows))
    return wrong


def _leaks(directory: pathlib.Path, kind: str, said: str, *secrets: str) -> list[str]:
    texts = [said, *(file.read_text(errors="replace") for file in directory.glob("*/*") if file.is_file())]
    return [f"{kind}: a token stands in the output or a run directory" for s in secrets if any(s in t for t in texts)]


class _Plugin:
    """One of the stand-ins for credential plugins (tests/k8s/plugins), and how often it was asked."""

    def __init__(self, directory: pathlib.Path, program: str, arguments: str, tokens: list[str], **more: str):
        self._count = directory / "asked"
        self._count.unlink(missing_ok=True)
        (directory / "tokens").write_text("\n".join(tokens))
        told = {"STANDIN_COUNT": self._count, "STANDIN_TOKENS": directory / "tokens", "STANDIN_CERT": PKI / "admin.crt",
                "STANDIN_KEY": PKI / "admin.key", **more}
        environment = ", ".join(f'{{name: {name}, value: "{value}"}}' for name, value in told.items())
        version = "client.authentication.k8s.io/" + ("v1" if program == "kubelogin" else "v1beta1")
        self.user = (f'{{exec: {{apiVersion: {version}, command: "{ROOT}/tests/k8s/plugins/{program}", args: [{arguments}], '
                     f'env: [{environment}], interactiveMode: Never, provideClusterInfo: true}}}}')

    def asked(self) -> int:
        return len(self._count.read_text().split()) if self._count.exists() else 0


_KUBELOGIN = ("kubelogin", "get-token, --login, azurecli, --server-id, x")
_DOCTL = ("doctl", "kubernetes, cluster, kubeconfig, exec-credential, --version=v1beta1, --context=default, id")


def plugins() -> list[str]:
    """Credential plugins that hand out what this API server accepts: until it expires, is refused, or is taken away."""
    wrong, rows = [], []
    with tempfile.TemporaryDirectory() as name, Todo("plugins", "198.18.2.52") as todo:
        directory = pathlib.Path(name)
        todo.kubectl("apply", "-f", str(ROOT / "k8s/manifests/job/rbac.yaml"))
        todo.kubectl("create", "serviceaccount", "passing")
        todo.kubectl("create", "rolebinding", "passing", "--role=surgeproof-reader",
                     f"--serviceaccount={todo.namespace}:passing")
        token = todo.kubectl("create", "token", "surgeproof").strip()
        passing = todo.kubectl("create", "token", "passing").strip()
        todo.wait_until_scaling()

        def dismiss():
            time.sleep(6)
            todo.kubectl("delete", "serviceaccount", "passing")

        # What is asked, with which tokens, how long it runs, exit code, how often it is asked, words that must be said.
        for kind, program, tokens, more, seconds, code, asked, words in (
                ("token", _KUBELOGIN, [token], {}, 4, 0, (1, 1), ""),
                ("certificate", _DOCTL, [""], {}, 4, 0, (1, 1), ""),
                ("expires in mid-run", _KUBELOGIN, [token], {"STANDIN_LIFE": "6"}, 14, 0, (2, 9), ""),
                ("first token refused", _KUBELOGIN, ["no-such-token", token], {}, 4, 0, (2, 2), ""),
                ("every token refused", _KUBELOGIN, ["no-such-token"], {}, 4, 3, (2, 9), "401"),
                ("plugin fails", _KUBELOGIN, [token], {"STANDIN_MODE": "fail"}, 4, 3, (1, 9), "az login"),
                ("account deleted in mid-run", _KUBELOGIN, [passing, token], {}, 30, 0, (2, 9), ""),
        ):
            plugin = _Plugin(directory, *program, tokens, **more)
            thread = threading.Thread(target=dismiss) if passing in tokens else None
            if thread:
                thread.start()
            done = _run(directory, kind, todo, ["--kubeconfig", _kubeconfig(directory, plugin.user)], seconds)
            if thread:
                thread.join()
            said = done.stdout + done.stderr
            fine = done.returncode == code and words in said and asked[0] <= plugin.asked() <= asked[1]
            rows.append(f"{'ok ' if fine else 'BAD'}  {kind:26} exit {done.returncode}, asked {plugin.asked()} times  "
                        f"{said.strip().splitlines()[-1][:110] if code else ''}")
            if not fine:
                wrong.append(f"{kind}: exit {done.returncode}, not {code}, asked {plugin.asked()} times: {said[-600:]}")
            wrong += _leaks(directory, kind, said, token, passing)
    print("\n".join(rows))
    return wrong
