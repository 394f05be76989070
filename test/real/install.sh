#!/bin/sh
# Installs the real servers that test/real talks to, from Debian's packages, without starting any of them. Further packages
# may be named.
set -eu
packages='postfix dovecot-core dovecot-imapd dovecot-pop3d dovecot-lmtpd dovecot-sieve opendkim opendmarc nsd unbound ldnsutils nginx iproute2 ca-certificates'
packages="$packages $*"
missing=''
for package in $packages; do
  dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing="$missing $package"
done
[ -n "$missing" ] || exit 0
if [ ! -e /usr/sbin/policy-rc.d ]; then
  # Debian asks this before a package starts its service: 101 means "not now". It goes when we are done.
  trap 'rm -f /usr/sbin/policy-rc.d' EXIT
  printf '#!/bin/sh\nexit 101\n' > /usr/sbin/policy-rc.d
  chmod 755 /usr/sbin/policy-rc.d
fi
export DEBIAN_FRONTEND=noninteractive
echo 'postfix postfix/main_mailer_type select No configuration' | debconf-set-selections
apt-get update -qq
# shellcheck disable=SC2086
apt-get install -y -qq --no-install-recommends $missing > /dev/null
