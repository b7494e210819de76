// Mistakes in sealwright.yaml: what is said about each, character for character.

#include <catch2/catch.hpp>

#include "base/error.h"
#include "policy/load.h"

namespace sealwright::policy {
namespace {

const std::string good =
    "version: 1\n"
    "name: site\n"
    "lab: true\n"
    "authorities:\n"
    "  root: {policy: root-ca, subject: {CN: Root}}\n"
    "  issuing: {policy: issuing-ca, issuer: root}\n"
    "certificates:\n"
    "  signer: {policy: driver-signing, issuer: issuing, subject: {CN: Signer}}\n"
    "  tsa: {policy: timestamping, issuer: issuing}\n"
    "timestamping:\n"
    "  local: {certificate: tsa}\n";

struct Mistake {
  const char* name;
  std::string from, to;  ///< Replaced in `good`; an empty `from` appends.
  const char* message;
  const char* hint;
};

std::string with(const Mistake& mistake) {
  auto text = good;
  const auto at = text.find(mistake.from);
  REQUIRE(at != std::string::npos);
  return mistake.from.empty() ? text + mistake.to
                              : text.replace(at, mistake.from.size(), mistake.to);
}
}  // namespace

TEST_CASE("mistakes in a hierarchy are named with their place", "[policy]") {
  const Mistake mistakes[] = {
      {"a word that is no bool", "lab: true", "lab: yes",
       "sealwright.yaml:3:6: 'lab' must be true or false, not 'yes'", ""},
      {"a field misspelt", "lab: true\n", "lab: true\norganisation: Acme\n",
       "sealwright.yaml:4:1: unknown field 'organisation'", "did you mean 'organization'?"},
      {"a field given twice", "lab: true\n", "lab: true\nlab: false\n",
       "sealwright.yaml:4:1: 'lab' is given twice", "it is given in line 3 already"},
      {"a name with spaces", "name: site", "name: Acme Drivers",
       "sealwright.yaml:2:7: 'Acme Drivers' is not a name",
       "names are lower-case letters, digits and '-', and begin with a letter"},
      {"a country in full", "lab: true\n", "lab: true\ncountry: Germany\n",
       "sealwright.yaml:4:10: 'country' must be two capital letters, not 'Germany'",
       "write the ISO 3166 code, e.g. DE"},
      {"an unknown database", "lab: true\n", "lab: true\ninventory: mysql://x\n",
       "sealwright.yaml:4:12: 'inventory' must be sqlite:PATH or postgresql://…, not 'mysql://x'",
       ""},
      {"no keyring", "lab: true\n", "lab: true\nkeyrings: {}\n",
       "sealwright.yaml:4:11: 'keyrings' names none", "leave the field out for the usual ones"},
      {"a keyring that must be chosen", "lab: true\n", "lab: true\nkeyrings: {a: {}, b: {}}\n",
       "sealwright.yaml:6:3: 'root' has no keyring, and there is no keyring 'root'",
       "write key: {keyring: NAME}"},
      {"an unknown keyring", ", subject: {CN: Signer}}", ", key: {keyring: defalt}}",
       "sealwright.yaml:8:68: there is no keyring 'defalt'", "did you mean 'default'?"},
      {"an unknown policy", "driver-signing", "driver-signin",
       "sealwright.yaml:8:20: there is no policy 'driver-signin'",
       "did you mean 'driver-signing'?"},
      {"another revision", "driver-signing", "driver-signing@2",
       "sealwright.yaml:8:20: policy 'driver-signing' has revision 1, not 2",
       "write driver-signing@1"},
      {"a missing policy", "policy: driver-signing, ", "",
       "sealwright.yaml:8:11: 'policy' is missing", "a certificate needs it"},
      {"a certificate that is an authority", "policy: driver-signing", "policy: issuing-ca",
       "sealwright.yaml:8:20: policy 'issuing-ca' is for authorities",
       "define 'signer' under 'authorities'"},
      {"an authority that is an end-entity", "policy: issuing-ca", "policy: driver-signing",
       "sealwright.yaml:6:21: policy 'driver-signing' is for end-entities, not for authorities",
       ""},
      {"an unknown issuer", "issuer: issuing, subject", "issuer: isuing, subject",
       "sealwright.yaml:8:44: there is no authority 'isuing'", "did you mean 'issuing'?"},
      {"an issuer that is a certificate", "issuer: issuing, subject", "issuer: tsa, subject",
       "sealwright.yaml:8:44: 'tsa' is a certificate and cannot issue", ""},
      {"a missing issuer", "issuer: issuing, subject", "subject",
       "sealwright.yaml:8:11: 'issuer' is missing", "a certificate needs it"},
      {"a root with an issuer", "policy: root-ca", "policy: root-ca, issuer: issuing",
       "sealwright.yaml:5:35: policy 'root-ca' is for roots, which issue themselves",
       "write issuer: self, or take a policy of kind intermediate"},
      {"an intermediate without issuer", ", issuer: root", "",
       "sealwright.yaml:6:3: 'issuing' needs an authority as its issuer",
       "policy 'issuing-ca' is of kind intermediate"},
      {"an intermediate that issues itself", "issuer: root", "issuer: self",
       "sealwright.yaml:6:41: 'issuing' needs an authority as its issuer",
       "policy 'issuing-ca' is of kind intermediate"},
      {"a circle", "  issuing: {policy: issuing-ca, issuer: root}\n",
       "  issuing: {policy: issuing-ca, issuer: other}\n  other: {policy: issuing-ca, issuer: "
       "issuing}\n",
       "sealwright.yaml:6:41: 'issuing' would be issued by itself (through other)",
       "one authority must be a root"},
      {"a circle of one", "issuer: root", "issuer: issuing",
       "sealwright.yaml:6:41: 'issuing' would be issued by itself", "one authority must be a root"},
      {"a lifetime past the issuer's", "  issuing: {policy: issuing-ca, issuer: root}\n",
       "  issuing: {policy: issuing-ca, issuer: root}\n  sub: {policy: issuing-ca, issuer: "
       "issuing}\n",
       "sealwright.yaml:7:3: 'sub' (10y) would outlive its issuer 'issuing' (10y)",
       "a certificate past its issuer's end is worthless: shorten its lifetime"},
      {"a lifetime past the policy's", ", subject: {CN: Signer}}", ", validity: {lifetime: 4y}}",
       "sealwright.yaml:8:74: 'lifetime' is longer than policy 'driver-signing' allows (39mo)", ""},
      {"two ends", ", subject: {CN: Signer}}", ", validity: {lifetime: 1y, not_after: 2030-01-01}}",
       "sealwright.yaml:8:63: 'lifetime' and 'not_after' exclude each other", ""},
      {"a day that does not exist", ", subject: {CN: Signer}}",
       ", validity: {not_after: 2030-02-30}}",
       "sealwright.yaml:8:75: 'not_after' must be a date, not '2030-02-30'",
       "write 2026-11-21 or 2026-11-21T17:36:05Z"},
      {"a subject without CN", "{CN: Signer}", "{O: Acme}",
       "sealwright.yaml:8:62: the subject lacks CN (policy 'driver-signing')", ""},
      {"a subject with what the policy does not allow", "{CN: Signer}",
       "{CN: Signer, E: a@b.example}",
       "sealwright.yaml:8:62: the subject may not have E (policy 'driver-signing')", ""},
      {"an unknown attribute", "{CN: Signer}", "{CN: Signer, XY: 1}",
       "sealwright.yaml:8:75: unknown name attribute 'XY'", ""},
      {"an unknown placeholder", "{CN: Signer}", "{CN: 'Signer {gen}'}",
       "sealwright.yaml:8:67: unknown placeholder '{gen}'", "there are {name} and {generation}"},
      {"a broken distinguished name", "{CN: Signer}", "CN=Signer+",
       "sealwright.yaml:8:62: 'CN=Signer+' is not a distinguished name: an attribute type is "
       "missing at offset 10",
       "write it like CN=Driver Signing,O=Acme GmbH,C=DE, with \\ before , + \" \\ < > ;"},
      {"a name too long", "{CN: Signer}",
       "{CN: xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx}",
       "sealwright.yaml:8:62: 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx' "
       "is longer than the 64 characters CN may have",
       "RFC 5280, appendix A.1 sets this limit; shorten it"},
      {"the issuer's subject", "{CN: Signer}", "{CN: issuing}",
       "sealwright.yaml:8:3: 'signer' has the same subject as its issuer 'issuing'",
       "give it a subject of its own"},
      {"a name taken", "  signer:", "  root:",
       "sealwright.yaml:8:3: the name 'root' is an authority's already", ""},
      {"a name with a meaning", "  signer:", "  self:",
       "sealwright.yaml:8:3: 'self' has a meaning of its own and cannot be a name", ""},
      {"a database that cannot be used yet", "lab: true\n",
       "lab: true\ninventory: postgresql://db/x\n",
       "sealwright.yaml:4:12: 'postgresql://db/x' is not supported by this version", ""},
      {"a key on a token without its place", ", subject: {CN: Signer}}", ", key: {store: pkcs11}}",
       "sealwright.yaml:8:66: a key in store 'pkcs11' needs its 'uri'",
       "write uri: \"pkcs11:token=TOKEN;object=NAME\""},
      {"a place on a token that is none", ", subject: {CN: Signer}}",
       ", key: {store: pkcs11, uri: token=x}}",
       "sealwright.yaml:8:79: 'uri' must be a PKCS#11 URI, not 'token=x'",
       "write \"pkcs11:token=TOKEN;object=NAME\""},
      {"a PIN in the file", ", subject: {CN: Signer}}",
       ", key: {store: pkcs11, uri: \"pkcs11:token=x?pin-value=1234\"}}",
       "sealwright.yaml:8:79: 'uri' must not hold a PIN",
       "use --pin-file, --pin-env or SEALWRIGHT_PIN"},
      {"a place on a token for a key elsewhere", ", subject: {CN: Signer}}",
       ", key: {uri: \"pkcs11:token=x\"}}",
       "sealwright.yaml:8:64: 'uri' is only for keys on tokens", "write store: pkcs11"},
      {"a label for a key elsewhere", ", subject: {CN: Signer}}",
       ", key: {store: external, label: x}}",
       "sealwright.yaml:8:83: 'label' is only for keys on tokens", "write store: pkcs11"},
      {"a signer that is kept offline", ", subject: {CN: Signer}}", ", key: {store: offline}}",
       "sealwright.yaml:8:66: store 'offline' is for authorities: 'signer' signs files",
       "write store: pkcs11, or external for a key that stays elsewhere"},
      {"a store misspelt", ", subject: {CN: Signer}}", ", key: {store: hsm}}",
       "sealwright.yaml:8:66: 'store' must be inventory, pkcs11, offline or external, not 'hsm'",
       ""},
      {"an existing certificate without its file", ", subject: {CN: Signer}}", ", existing: {}}",
       "sealwright.yaml:8:63: 'certificate' is missing", "what exists already needs it"},
      {"a folder where files are wanted", ", subject: {CN: Signer}}",
       ", existing: {path: /x, certificate: a.crt}}",
       "sealwright.yaml:8:70: 'path' is only for the folder of another program",
       "write from: easy-rsa or openssl-ca, or certificate: FILE"},
      {"an existing authority without its folder", "policy: root-ca, subject: {CN: Root}",
       "policy: root-ca, existing: {from: easy-rsa}", "sealwright.yaml:5:37: 'path' is missing",
       "a folder of easy-rsa needs it"},
      {"a file where a folder is wanted", "policy: root-ca, subject: {CN: Root}",
       "policy: root-ca, existing: {from: openssl-ca, path: x, key: ca.key}",
       "sealwright.yaml:5:70: 'key' is only for single files",
       "write from: files, or leave it out"},
      {"a certificate that is a whole authority", ", subject: {CN: Signer}}",
       ", existing: {from: easy-rsa, path: x}}",
       "sealwright.yaml:8:70: 'easy-rsa' is a whole authority, not a certificate",
       "write {certificate: FILE, key: FILE}"},
      {"an existing key that stays elsewhere", ", subject: {CN: Signer}}",
       ", key: {store: external}, existing: {certificate: a, key: b}}",
       "sealwright.yaml:8:109: 'key' would be taken into the inventory, but 'signer' keeps it in "
       "store 'external'",
       "leave it out, or write store: inventory"},
      {"an origin misspelt", "policy: root-ca, subject: {CN: Root}",
       "policy: root-ca, existing: {from: easyrsa, path: x}",
       "sealwright.yaml:5:44: 'from' must be files, easy-rsa or openssl-ca, not 'easyrsa'",
       "did you mean 'easy-rsa'?"},
      {"a list over TLS", "lab: true\n",
       "lab: true\ndistribution: {http: https://x.example, publish: /srv}\n",
       "sealwright.yaml:4:22: 'http' must be an http:// URL, not 'https://x.example'",
       "https needs a check of certificates before it can help with one"},
      {"a distribution without a folder", "lab: true\n",
       "lab: true\ndistribution: {http: http://x.example}\n",
       "sealwright.yaml:4:15: 'publish' is missing", "distribution needs it"},
      {"a CRL that ends at once", "{CN: Root}}", "{CN: Root}, crl: {lifetime: 0d}}",
       "sealwright.yaml:5:64: 'lifetime' must be longer than nothing", ""},
      {"an unknown timestamp authority", ", subject: {CN: Signer}}", ", sign: {timestamp: [locl]}}",
       "sealwright.yaml:8:72: there is no timestamping 'locl'", "did you mean 'local'?"},
      {"no timestamp where one is required", ", subject: {CN: Signer}}",
       ", sign: {timestamp: none}}",
       "sealwright.yaml:8:71: policy 'driver-signing' requires timestamps",
       "write timestamp: [NAME or URL], or signing: {timestamp: optional} in the policy"},
      {"a name for a list", ", subject: {CN: Signer}}", ", sign: {timestamp: local}}",
       "sealwright.yaml:8:71: 'timestamp' must be a list, not 'local'", "write [local]"},
      {"a timestamp server that is none", ", subject: {CN: Signer}}",
       ", sign: {timestamp: ['ftp://x']}}",
       "sealwright.yaml:8:72: an entry of 'timestamp' must be a URL, not 'ftp://x'",
       "write http://HOST/PATH or https://HOST/PATH"},
      {"a digest misspelt", ", subject: {CN: Signer}}", ", sign: {digest: sha265}}",
       "sealwright.yaml:8:68: 'digest' must be sha256, sha384, sha512 or sha1, not 'sha265'",
       "did you mean 'sha256'?"},
      {"a certificate that cannot timestamp", "{certificate: tsa}", "{certificate: signer}",
       "sealwright.yaml:11:24: 'signer' cannot make timestamps: policy 'driver-signing' lacks "
       "timeStamping",
       "take a certificate of a policy like timestamping"},
      {"a timestamp authority without means", "{certificate: tsa}", "{}",
       "sealwright.yaml:11:3: 'local' needs a certificate or a URL",
       "write {certificate: NAME} or {url: URL}"},
      {"a clock without unit", "{certificate: tsa}", "{certificate: tsa, accuracy: 1}",
       "sealwright.yaml:11:39: 'accuracy' must be a time, not '1'", "write 1s or 500ms"},
      {"a PFX without password", "",
       "exports: {a: {certificate: signer, format: pfx, path: a.pfx}}\n",
       "sealwright.yaml:12:44: format 'pfx' needs a password", "write password: {file: F}"},
      {"a password in the file", "",
       "exports: {a: {certificate: signer, format: pfx, path: a.pfx, password: hunter2}}\n",
       "sealwright.yaml:12:72: 'password' must not stand in this file",
       "write {file: F}, {env: V} or {generate: F}"},
      {"a key that never leaves", "",
       "exports: {a: {certificate: root, format: pfx, path: a.pfx, password: {file: x}}}\n",
       "sealwright.yaml:12:42: policy 'root-ca' never lets the private key out", ""},
      {"an export of nothing", "", "exports: {a: {certificate: signr, format: der, path: a}}\n",
       "sealwright.yaml:12:28: there is no certificate or authority 'signr'",
       "did you mean 'signer'?"},
      {"an unknown word in a path", "",
       "exports: {a: {certificate: signer, format: der, path: 'a{x}'}}\n",
       "sealwright.yaml:12:55: unknown placeholder '{x}'",
       "there are {name}, {generation} and {ext}"},
      {"an export of all to one file", "",
       "exports: {a: {certificate: signer, format: der, path: a, generation: all}}\n",
       "sealwright.yaml:12:55: 'path' is the same for all generations", "put {generation} into it"},
      {"a generation that is none", "",
       "exports: {a: {certificate: signer, format: der, path: a, generation: 0}}\n",
       "sealwright.yaml:12:70: 'generation' must be between 1 and 1000000, not 0", ""},
      {"a generation misspelt", "",
       "exports: {a: {certificate: signer, format: der, path: a, generation: nxt}}\n",
       "sealwright.yaml:12:70: 'generation' must be active, next, previous or all, not 'nxt'",
       "did you mean 'next'?"},
      {"a key that stays elsewhere", "certificates:\n",
       "exports: {a: {certificate: far, format: pfx, path: a, password: {file: x}}}\n"
       "certificates:\n  far: {policy: driver-signing, issuer: issuing, key: {store: external}}\n",
       "sealwright.yaml:7:41: the key of 'far' is in store 'external' and cannot be exported",
       "export the certificate alone: pem, der, chain, spc or p7b"},
      {"a root that is none", "", "bundles: {b: {stores: {root: [issuing]}, formats: {reg: {}}}}\n",
       "sealwright.yaml:12:31: 'issuing' is no root", "put it into 'ca', or name its root"},
      {"a publisher that is an authority", "",
       "bundles: {b: {stores: {trusted_publisher: [issuing]}, formats: {reg: {}}}}\n",
       "sealwright.yaml:12:44: 'issuing' is an authority: in 'trusted_publisher' it trusts nothing",
       "name the certificates that sign"},
      {"an unknown format", "", "bundles: {b: {stores: {root: [root]}, formats: {regs: {}}}}\n",
       "sealwright.yaml:12:49: unknown bundle format 'regs'", "did you mean 'reg'?"},
      {"a format without settings", "",
       "bundles: {b: {stores: {root: [root]}, formats: {reg: }}}\n",
       "sealwright.yaml:12:49: 'reg' has no value", "write {} for no settings at all"},
      {"a script signed with nothing", "",
       "bundles: {b: {stores: {root: [root]}, formats: {powershell: {sign_with: sgner}}}}\n",
       "sealwright.yaml:12:73: there is no certificate 'sgner'", "did you mean 'signer'?"},
      {"a script signed by a timestamper", "",
       "bundles: {b: {stores: {root: [root]}, formats: {powershell: {sign_with: tsa}}}}\n",
       "sealwright.yaml:12:73: 'tsa' cannot sign code: policy 'timestamping' lacks codeSigning",
       ""},
      {"a forest that is missing", "",
       "bundles: {b: {stores: {root: [root]}, formats: {ldif: {}}}}\n",
       "sealwright.yaml:12:55: 'forest' is missing", "ldif needs it"},
      {"a setting of another format", "",
       "bundles: {b: {stores: {root: [root]}, formats: {intune: {flavor: policy}}}}\n",
       "sealwright.yaml:12:58: unknown field 'flavor'", "intune has: display_name"},
      {"a state that is none", "",
       "bundles: {b: {stores: {root: [root]}, formats: {reg: {}}, settings: {wintrust_state: "
       "on}}}\n",
       "sealwright.yaml:12:86: 'wintrust_state' must be keep or default, not 'on'", ""},
      {"a user that is none", "",
       "bundles: {b: {stores: {root: [root]}, formats: {reg: {}}, settings: {users: [all]}}}\n",
       "sealwright.yaml:12:78: an entry of 'users' must be current, default or system, not 'all'",
       ""},
      {"no version to keep", "",
       "bundles: {b: {stores: {root: [root]}, formats: {reg: {}}, keep_versions: 0}}\n",
       "sealwright.yaml:12:74: 'keep_versions' must be between 1 and 1000, not 0", ""},
      {"a package for nothing", "", "packages: {p: {path: x, os: []}}\n",
       "sealwright.yaml:12:29: 'os' names no Windows version", "write e.g. [win11-24h2]"},
      {"an unknown Windows version", "", "packages: {p: {path: x, os: [10_X65]}}\n",
       "sealwright.yaml:12:30: unknown Windows version '10_X65'", "did you mean '10_X64'?"},
      {"a signer that cannot sign code", "",
       "packages: {p: {path: x, os: [10_X64], signer: tsa}}\n",
       "sealwright.yaml:12:47: 'tsa' cannot sign code: policy 'timestamping' lacks codeSigning",
       ""},
      {"a matrix outside a lab", "lab: true\n",
       "matrix: {m: {package: p, signers: [], faults: [], trust: []}}\n",
       "sealwright.yaml:3:9: 'matrix' is only for labs", "write lab: true"},
      {"a matrix of no package", "",
       "matrix: {m: {package: p, signers: [signer], faults: [none], trust: [b]}}\n",
       "sealwright.yaml:12:23: there is no package 'p'", ""},
      {"a matrix of an unknown bundle", "",
       "packages: {p: {path: x, os: [10_X64]}}\nmatrix: {m: {package: p, signers: [signer], "
       "faults: [none], trust: [b]}}\n",
       "sealwright.yaml:13:69: there is no bundle 'b'", ""},
      {"a matrix of an unknown signer", "",
       "packages: {p: {path: x, os: [10_X64]}}\nmatrix: {m: {package: p, signers: [signr], "
       "faults: [none], trust: []}}\n",
       "sealwright.yaml:13:36: there is no certificate 'signr'", "did you mean 'signer'?"},
      {"a matrix without faults", "",
       "packages: {p: {path: x, os: [10_X64]}}\nmatrix: {m: {package: p, signers: [signer], "
       "faults: [], trust: []}}\n",
       "sealwright.yaml:13:53: 'faults' names none", ""},
      {"a fault given twice", "",
       "packages: {p: {path: x, os: [10_X64]}}\nmatrix: {m: {package: p, signers: [signer], "
       "faults: [none, none], trust: []}}\n",
       "sealwright.yaml:13:60: 'none' is given twice", ""},
      {"an unknown fault", "",
       "packages: {p: {path: x, os: [10_X64]}}\nmatrix: {m: {package: p, signers: [signer], "
       "faults: [no-catalogue], trust: []}}\n",
       "sealwright.yaml:13:54: an entry of 'faults' must be none, unsigned-catalog, no-catalog, "
       "tampered-file, missing-member, extra-file, lf-line-ends, wrong-os-attribute, no-timestamp, "
       "untrusted-timestamp or signature-only-in-binary, not 'no-catalogue'",
       "did you mean 'no-catalog'?"},
      {"a move from a name that is there", "", "moved: [{from: tsa, to: signer}]\n",
       "sealwright.yaml:12:16: 'tsa' is still in this file",
       "a move is from a name that is gone to one that is there"},
      {"a move to a name that is not there", "", "moved: [{from: old, to: signr}]\n",
       "sealwright.yaml:12:25: there is no certificate or authority 'signr'",
       "did you mean 'signer'?"},
      {"a move in two steps", "", "moved: [{from: old, to: mid}, {from: mid, to: signer}]\n",
       "sealwright.yaml:12:25: 'mid' is moved on to 'signer'", "write {from: old, to: signer}"},
      {"a name moved twice", "", "moved: [{from: old, to: tsa}, {from: old, to: signer}]\n",
       "sealwright.yaml:12:38: 'old' is moved twice", ""},
      {"two names moved to one", "", "moved: [{from: old, to: tsa}, {from: older, to: tsa}]\n",
       "sealwright.yaml:12:49: two names are moved to 'tsa'", ""},
      {"a move without its end", "", "moved: [{from: old}]\n",
       "sealwright.yaml:12:9: 'to' is missing", "a move needs it"},
  };
  PolicySet policies;
  CHECK_NOTHROW(parse_hierarchy(good, "sealwright.yaml", policies));
  for (const auto& mistake : mistakes) DYNAMIC_SECTION(mistake.name) {
      try {
        parse_hierarchy(with(mistake), "sealwright.yaml", policies);
        FAIL("accepted");
      } catch (const Error& error) {
        CHECK(error.message == mistake.message);
        CHECK(error.hint == mistake.hint);
      }
    }
}

}  // namespace sealwright::policy
