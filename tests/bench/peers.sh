#!/usr/bin/env bash
# Fetches the peers that Debian does not have into a cache outside the tree: peers.sh [hey|vegeta|fortio|oha]…
# wrk, h2load (nghttp2-client), hey and nginx are Debian packages.
set -euo pipefail
cache=${XDG_CACHE_HOME:-$HOME/.cache}/surgeproof-bench
mkdir -p "$cache/bin"

# A module of our own that asks for exactly this version; `go install` would ask for the list of all versions, too.
build() { # NAME MODULE VERSION
  local module
  module=$(mktemp -d)
  (cd "$module" && go mod init bench 2>/dev/null && go mod edit -require="$2@$3" && go build -mod=mod -o "$cache/bin/$1" "$2")
  rm -rf "$module"
}

for peer in "${@:-hey vegeta fortio oha}"; do
  for name in $peer; do
    [ -x "$cache/bin/$name" ] && continue
    echo "peers: $name"
    case $name in
      hey) build hey github.com/rakyll/hey v0.1.4 ;;
      vegeta) build vegeta github.com/tsenart/vegeta/v12 v12.12.0 ;;
      fortio) build fortio fortio.org/fortio v1.68.0 ;;
      oha) cargo install --quiet --locked --root "$cache" oha@1.4.7 ;;
      *) echo "peers: $name is not known; there are hey, vegeta, fortio and oha" >&2; exit 2 ;;
    esac
  done
done
