#!/bin/sh
# Runs the tests against real servers inside network namespaces of their own, and takes everything down again. With `peers`
# it runs the comparison with other tools instead.
set -eu
cd "$(dirname "$0")/../.."
if [ "$(id -u)" != 0 ]; then
  echo 'This makes network namespaces and starts mail servers: it needs root' >&2
  exit 1
fi
peers=''
if [ "${1:-}" = peers ]; then
  shift
  peers='testssl.sh monitoring-plugins-basic'
fi
# shellcheck disable=SC2086
test/real/install.sh $peers
# The servers live in one namespace, we in another, with a wire between them: a server must meet a stranger.
us="mailcheck-us-$$"
them="mailcheck-them-$$"
pids() { ip netns pids "$us" 2>/dev/null; ip netns pids "$them" 2>/dev/null; }
down() {
  status=$?
  trap '' INT TERM
  # Whatever runs in the namespaces was started by these tests.
  for signal in TERM KILL; do
    for pid in $(pids); do kill -s "$signal" "$pid" 2>/dev/null || true; done
    tries=0
    while [ -n "$(pids)" ] && [ $tries -lt 50 ]; do sleep 0.1; tries=$((tries + 1)); done
  done
  ip netns del "$us" 2>/dev/null || true
  ip netns del "$them" 2>/dev/null || true
  rm -rf "/etc/netns/$us" "/etc/netns/$them"
  exit $status
}
trap down EXIT
trap 'exit 130' INT TERM
ip netns add "$us"
ip netns add "$them"
for ns in "$us" "$them"; do
  mkdir -p "/etc/netns/$ns"
  printf 'nameserver 127.0.0.1\noptions trust-ad\n' > "/etc/netns/$ns/resolv.conf"
done
ip -n "$us" link add wire type veth peer name wire netns "$them"
for ns in "$us" "$them"; do
  ip -n "$ns" link set lo up
  ip -n "$ns" link set wire up
done
ip -n "$us" address add 185.12.35.1/24 dev wire
ip -n "$us" address add 2a0c:1235::1/64 dev wire nodad
ip -n "$them" address add 185.12.35.2/24 dev wire
ip -n "$them" address add 2a0c:1235::2/64 dev wire nodad
ip -n "$us" route add default via 185.12.35.2
ip -n "$us" route add default via 2a0c:1235::2
export MAILCHECK_REAL_SERVERS="$them"
if [ -n "$peers" ]; then
  ip netns exec "$us" node_modules/.bin/tsx test/real/peers.ts "$@"
  exit
fi
ip netns exec "$us" node_modules/.bin/vitest run --config test/real/vitest.config.ts "$@"
