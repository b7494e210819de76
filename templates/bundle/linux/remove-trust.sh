#!/bin/sh
# Takes the roots of {{bundle}} out of the anchors of this machine. TRUST_ANCHORS and UPDATE_TRUST as in
# install-trust.sh.
set -eu
if [ -n "${TRUST_ANCHORS-}" ]; then
  anchors=$TRUST_ANCHORS
elif command -v update-ca-certificates >/dev/null 2>&1; then
  anchors=/usr/local/share/ca-certificates
else
  anchors=/etc/pki/ca-trust/source/anchors
fi
{{#present}}
# SHA-256 {{sha256}}
rm -f "$anchors/{{file}}"
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
