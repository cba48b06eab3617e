"""Before any load it is made sure that it stays on the link between client and node."""
import subprocess

from kit import cluster
from kit.layout import API_SERVICE_IP, NO_LOAD, NODE_IP

_MARK = "the command ran"


def _guarded(address: str, inside: bool) -> tuple[int, str]:
    command = ["python3", "-m", "kit.guard", address, "echo", _MARK]
    done = subprocess.run(cluster.in_client(command) if inside else command, env=cluster.environment(),
                          capture_output=True, text=True, timeout=30, check=False)
    return done.returncode, done.stdout + done.stderr


def guard() -> list[str]:
    wrong = []
    # From where, to where, and what is said when nothing may be sent there.
    for inside, address, refusal in (
            (True, NODE_IP, ""),
            (True, API_SERVICE_IP, ""),
            (True, "127.0.0.1", "not by the link to the node"),   # the client's own loopback
            (True, "192.0.2.1", "no load is sent"),               # RFC 5737: any address out there
            (True, "2001:db8::1", "no load is sent"),
            (True, "todo.example.com", "no load is sent"),        # a name could be anybody's
            (False, NODE_IP, "no load is sent"),                  # from the host, whatever the address
            (False, "127.0.0.1", "no load is sent"),
    ):
        code, said = _guarded(address, inside)
        print(f"{'client' if inside else 'host':7} {address:18} exit {code:2}  {said.strip()}")
        fine = code == NO_LOAD and refusal in said and _MARK not in said if refusal else code == 0 and said.strip() == _MARK
        if not fine:
            wrong.append(f"from the {'client' if inside else 'host'} to {address}: exit {code}: {said.strip()}")
    return wrong
