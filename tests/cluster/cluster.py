#!/usr/bin/env python3
"""A real Kubernetes of one node, for tests: script/cluster COMMAND

  check               can this machine carry it?
  build               Kubernetes from its Go modules, and the pods' images, into the cache (once)
  up                  starts an empty cluster; prints the administrator's kubeconfig
  exec COMMAND...     runs it where the load comes from: node, Service and pod addresses work, nothing else does
  load-image TAR      makes a container image known to the node
  kill NAME | freeze NAME | run NAME    stops a program of the cluster (kube-apiserver, metrics-server …) and starts it again
  down                ends all of it
"""
import os
import sys

sys.dont_write_bytecode = True  # the source tree stays clean
from kit import build, cluster, layout, needs  # noqa: E402


def main(words: list[str]) -> int:
    match words:
        case ["check"]:
            needs.check()
            build.check()
        case ["build"]:
            build.build()
        case ["up"]:
            cluster.up()
            print(layout.KUBECONFIG)
        case ["down"]:
            cluster.down()
        case ["exec", *command] if command:
            line = cluster.in_client(command)
            os.execvpe(line[0], line, cluster.environment())
        case ["load-image", archive]:
            cluster.load_image(archive)
        case ["kill" | "freeze" | "run" as how, name]:
            cluster.halt(name, how)
        case _:
            print(__doc__.strip(), file=sys.stderr)
            return 2
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except layout.Trouble as trouble:
        print(f"cluster: {trouble}", file=sys.stderr)
        sys.exit(1)
