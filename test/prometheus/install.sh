#!/bin/sh
# Installs what test/prometheus talks to, from Debian's packages, without starting any of it.
set -eu
packages='prometheus prometheus-alertmanager prometheus-blackbox-exporter chromium'
missing=''
for package in $packages; do
  dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing="$missing $package"
done
[ -n "$missing" ] || exit 0
if [ "$(id -u)" != 0 ]; then
  echo "test:monitor needs Debian packages, and only root may install them: apt-get install --no-install-recommends$missing" >&2
  exit 1
fi
if [ ! -e /usr/sbin/policy-rc.d ]; then
  # Debian asks this before a package starts its service: 101 means "not now". It goes when we are done.
  trap 'rm -f /usr/sbin/policy-rc.d' EXIT
  printf '#!/bin/sh\nexit 101\n' > /usr/sbin/policy-rc.d
  chmod 755 /usr/sbin/policy-rc.d
fi
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
# shellcheck disable=SC2086
apt-get install -y -qq --no-install-recommends $missing > /dev/null
