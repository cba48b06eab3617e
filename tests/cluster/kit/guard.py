"""python3 -m kit.guard ADDRESS COMMAND...: runs the command only where load to ADDRESS cannot leave the machine."""
import os
import sys

from .layout import NO_LOAD, Trouble
from .network import require_own_link

if __name__ == "__main__":
    try:
        require_own_link(sys.argv[1])
    except Trouble as trouble:
        print(f"cluster: no load is sent: {trouble}", file=sys.stderr)
        sys.exit(NO_LOAD)
    os.execvp(sys.argv[2], sys.argv[2:])
