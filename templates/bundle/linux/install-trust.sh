#!/bin/sh
# Puts the roots of {{bundle}}, version {{version}}, among the anchors of this machine, and takes out those that
# left the bundle. TRUST_ANCHORS and UPDATE_TRUST name another folder and command than Debian's or Fedora's.
set -eu
from=$(cd "$(dirname "$0")" && pwd)/anchors
if [ -n "${TRUST_ANCHORS-}" ]; then
  anchors=$TRUST_ANCHORS
elif command -v update-ca-certificates >/dev/null 2>&1; then
  anchors=/usr/local/share/ca-certificates
else
  anchors=/etc/pki/ca-trust/source/anchors
fi
{{#present}}
# SHA-256 {{sha256}}
install -m 0644 "$from/{{file}}" "$anchors/{{file}}"
{{/present}}
{{#removed}}
# SHA-256 {{sha256}}
rm -f "$anchors/{{file}}"
{{/removed}}
if [ -n "${UPDATE_TRUST-}" ]; then
  sh -c "$UPDATE_TRUST"
elif command -v update-ca-certificates >/dev/null 2>&1; then
  update-ca-certificates --fresh
else
  update-ca-trust extract
fi
