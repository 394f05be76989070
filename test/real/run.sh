#!/bin/sh
# Runs the tests against real servers inside a network namespace of their own, and takes everything down again.
set -eu
cd "$(dirname "$0")/../.."
if [ "$(id -u)" != 0 ]; then
  echo 'test:real makes a network namespace and starts mail servers: it needs root' >&2
  exit 1
fi
test/real/install.sh
ns="mailcheck-real-$$"
down() {
  status=$?
  trap '' INT TERM
  # Whatever runs in the namespace was started by these tests.
  for signal in TERM KILL; do
    for pid in $(ip netns pids "$ns" 2>/dev/null); do kill -s "$signal" "$pid" 2>/dev/null || true; done
    tries=0
    while [ -n "$(ip netns pids "$ns" 2>/dev/null)" ] && [ $tries -lt 50 ]; do sleep 0.1; tries=$((tries + 1)); done
  done
  ip netns del "$ns" 2>/dev/null || true
  rm -rf "/etc/netns/$ns"
  exit $status
}
trap down EXIT
trap 'exit 130' INT TERM
ip netns add "$ns"
mkdir -p "/etc/netns/$ns"
echo 'nameserver 127.0.0.1' > "/etc/netns/$ns/resolv.conf"
ip -n "$ns" link set lo up
ip netns exec "$ns" node_modules/.bin/vitest run --config test/real/vitest.config.ts "$@"
