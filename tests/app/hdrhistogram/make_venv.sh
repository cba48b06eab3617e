#!/usr/bin/env bash
# make_venv.sh DIRECTORY: a virtual environment with the packages of requirements.txt; quick when it is there already.
set -euo pipefail
venv=$1
requirements=$(dirname "$(realpath "$0")")/requirements.txt
cmp -s "$requirements" "$venv/installed.txt" && exit 0
rm -rf "$venv"
/usr/bin/python3 -m venv "$venv"
"$venv/bin/pip" install --quiet --no-input --disable-pip-version-check --no-deps --retries 5 -r "$requirements"
cp "$requirements" "$venv/installed.txt"
