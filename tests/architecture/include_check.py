#!/usr/bin/env python3
"""Checks who includes whom: the table of docs/ARCHITECTURE.md, and that the pure zone stays pure.

Header-only libraries make link lists insufficient, so this reads the #include lines. Prints each breach and exits 1.
"""
import pathlib
import re
import sys

ROOT = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".").resolve()

# Folder -> folders of ours that it may include. The longest matching prefix of a file decides.
MAY_INCLUDE = {
    "base": {"base"},
    "base/net": {"base", "base/net"},
    "scenarios": {"base", "scenarios", "k8s/hpa"},
    "loadgen": {"base", "base/net", "scenarios", "loadgen"},
    "k8s": {"base", "base/net", "k8s"},
    "k8s/hpa": {"base", "k8s/hpa"},
    "k8s/access": {"base", "k8s/access"},
    "k8s/workload": {"base", "k8s", "k8s/hpa", "k8s/workload"},
    "k8s/actions": {"base", "k8s", "k8s/workload", "k8s/actions"},
    "k8s/demo": {"base", "base/net", "k8s/hpa", "k8s/demo", "scenarios"},
    "analyzers": {"base", "k8s/hpa", "scenarios", "analyzers"},
    "reports": {"base", "scenarios", "analyzers", "reports"},
    "app": {"base", "base/net", "scenarios", "loadgen", "k8s", "k8s/hpa", "k8s/access", "k8s/actions", "k8s/workload",
            "k8s/demo", "analyzers", "reports", "app"},
}
PURE = ["base", "k8s/hpa", "k8s/access", "scenarios", "analyzers", "reports"]
NOT_PURE = ["base/net"]
FORBIDDEN_IN_PURE = re.compile(
    r"#\s*include\s*<(boost/(asio|beast)|fstream|filesystem|thread|sys/socket\.h|unistd\.h|netinet)|"
    r"\b(steady|system)_clock::now\b|\bstd::(i|o)?fstream\b|\bgetenv\s*\("
)
INCLUDE = re.compile(r'^\s*#\s*include\s*"([^"]+)"', re.M)


def owner(path: str, table) -> str:
    """The longest folder of `table` that holds `path`."""
    found = [folder for folder in table if path.startswith(folder + "/")]
    return max(found, key=len, default="")


def without_comments(text: str) -> str:
    return re.sub(r"//[^\n]*", "", re.sub(r"/\*.*?\*/", "", text, flags=re.S))


def main() -> int:
    breaches = []
    checked = 0
    for folder in sorted({f.split("/")[0] for f in MAY_INCLUDE}):
        for file in sorted((ROOT / folder).rglob("*")):
            if file.suffix not in (".h", ".cpp") or not file.is_file():
                continue
            checked += 1
            name = file.relative_to(ROOT).as_posix()
            home = owner(name, MAY_INCLUDE)
            text = without_comments(file.read_text(encoding="utf-8"))
            for included in INCLUDE.findall(text):
                theirs = owner(included, MAY_INCLUDE)
                if theirs not in MAY_INCLUDE[home]:
                    breaches.append(f"{name}: {home} may not include {included}")
            if owner(name, PURE + NOT_PURE) in PURE:
                for match in FORBIDDEN_IN_PURE.finditer(text):
                    breaches.append(f"{name}: the pure zone holds no I/O and no clock: {match.group(0).strip()}")
    print("\n".join(breaches) if breaches else f"{checked} files: every include is allowed")
    return 1 if breaches or checked == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
