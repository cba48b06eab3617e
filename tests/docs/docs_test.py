#!/usr/bin/env python3
"""Every YAML example passes `surgeproof check`, every named command and option exists, every link leads somewhere."""
import os
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".").resolve()
PROGRAM = os.environ.get("SURGEPROOF", "build/release/surgeproof")


def surgeproof(*arguments, text=None):
    return subprocess.run([PROGRAM, *arguments], input=text, capture_output=True, text=True, timeout=30, check=False,
                          env=dict(os.environ, TOKEN="example"))


def yaml_examples(text):
    return [block for block in re.findall(r"^```yaml\n(.*?)^```", text, re.M | re.S) if "target:" in block]


def commands(text):
    """Lines of indented blocks that call the program: (subcommands, options)."""
    for line in re.findall(r"^ {4}(?:build/release/|source <\()?surgeproof ([^#\n|)]*)", text, re.M):
        words = line.split()
        names = [w for w in words[:2] if re.fullmatch(r"[a-z][a-z-]*", w) and w != "todo"]
        yield names, re.findall(r"(?<!\S)--[a-z-]+", line)


def check_file(path):
    text = path.read_text(encoding="utf-8")
    wrong = []
    checked = 0
    for example in yaml_examples(text):
        checked += 1
        done = surgeproof("check", "-", text=example)
        if done.returncode != 0:
            wrong.append(f"an example is not accepted:\n{done.stderr}")
    for names, options in commands(text):
        checked += 1
        done = surgeproof(*names, "--help")
        if done.returncode != 0:
            wrong.append(f"surgeproof {' '.join(names)}: {done.stdout}{done.stderr}")
        wrong += [f"surgeproof {' '.join(names)} has no {o}" for o in options if o not in done.stdout]
    for link in re.findall(r"\]\(([^)#:]+)\)", text):
        checked += 1
        if not (path.parent / link).exists():
            wrong.append(f"the link to {link} leads nowhere")
    return checked, [f"{path.relative_to(ROOT)}: {w}" for w in wrong]


def main():
    total, wrong = 0, []
    for path in [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")), ROOT / "scenarios/README.md"]:
        checked, bad = check_file(path)
        total += checked
        wrong += bad
    print("\n".join(wrong) or f"{total} examples, commands and links work")
    return 1 if wrong or total < 20 else 0


if __name__ == "__main__":
    sys.exit(main())
