"""Two network namespaces and one link: the node's, and one for the client that sends the load. Neither has a default
route, so that no packet, however late or misdirected, can leave the machine. The host's own network is not touched."""
import json
import os
import subprocess

from .layout import CLIENT_IP, EVERYTHING, LINK_BITS, NODE_IP, Trouble


def _ip(*arguments: str, inside: int | None = None) -> str:
    enter = ["nsenter", f"--net=/proc/{inside}/ns/net"] if inside else []
    done = subprocess.run([*enter, "ip", *arguments], capture_output=True, text=True, check=False,
                          env=dict(os.environ, PATH=os.environ.get("PATH", "") + ":/usr/sbin:/sbin"))
    if done.returncode != 0:
        raise Trouble(f"ip {' '.join(arguments)}: {done.stderr.strip()}")
    return done.stdout


def connect(client: int, node: int) -> None:
    """`client`, `node`: a process in each namespace. The node configures its own end."""
    _ip("link", "add", "eth0", "netns", str(client), "type", "veth", "peer", "name", "eth0", "netns", str(node))
    _ip("link", "set", "lo", "up", inside=client)
    _ip("address", "add", f"{CLIENT_IP}/{LINK_BITS}", "dev", "eth0", inside=client)
    _ip("link", "set", "eth0", "up", inside=client)
    _ip("route", "add", EVERYTHING, "via", NODE_IP, inside=client)


def require_own_link(address: str) -> None:
    """Raises unless the calling process is in a namespace without a way out, and `address` lies on its link."""
    if CLIENT_IP not in _ip("-o", "address", "show", "dev", "eth0"):
        raise Trouble("load is sent from the client's namespace only, and this is another")
    if _ip("-j", "route", "show", "default").strip() not in ("", "[]", "[ ]"):
        raise Trouble("this namespace has a default route: load could leave the machine")
    route = json.loads(_ip("-j", "route", "get", address))[0]
    if route.get("dev") != "eth0":
        raise Trouble(f"{address} is reached by {route.get('dev')}, not by the link to the node")
