"""What `make` makes: for each rule a certificate that obeys it and one that breaks it, as the
differences from a good code-signing certificate (DEFAULTS in make)."""

from __main__ import extension, uri

CA = dict(ca=True, key_usage=["keyCertSign", "cRLSign"], eku=None, crl=None)
ROOT = dict(CA, issuer="self", subject="CN=Root,O=Acme", key="rsa3072-root",
            begins="UTCTIME:200101000000Z", ends="UTCTIME:400101000000Z")
SUB = dict(CA, issuer="root", key="rsa3072-issuing", begins="UTCTIME:250101000000Z",
           ends="UTCTIME:350101000000Z")
LEAF = {}
ALONE = dict(issuer="self", crl=None)
TSA = dict(eku=["timeStamping"], eku_critical=True, subject="CN=Acme Timestamping,O=Acme")
OCSP = dict(eku=["OCSPSigning"], subject="CN=Acme OCSP,O=Acme")
NOCHECK = extension("1.3.6.1.5.5.7.48.1.5", False, bytes.fromhex("0500"))


def directory(text):
    kind, value = text.split("=")
    oid = {"O": "2.5.4.10"}[kind]
    return ("SEQUENCE", [("EXPLICIT:4,SEQUENCE", [
        ("SET", [("SEQUENCE", [f"OID:{oid}", f"FORMAT:UTF8,UTF8String:{value}"])])])])


def constraints(critical=True):
    return extension("2.5.29.30", critical, ("SEQUENCE", [("IMPLICIT:0,SEQUENCE", [directory("O=Acme")])]))


def san(*names, critical=False):
    return extension("2.5.29.17", critical, ("SEQUENCE", list(names)))


def dns(text):
    return f"IMPLICIT:2,IA5STRING:{text}"


def access(method, url):
    return extension("1.3.6.1.5.5.7.1.1", False, ("SEQUENCE", [
        ("SEQUENCE", [f"OID:1.3.6.1.5.5.7.48.{method}", uri(url)])]))


def policies(*oids):
    return extension("2.5.29.32", False, ("SEQUENCE", [("SEQUENCE", [f"OID:{oid}"]) for oid in oids]))


ISSUERS = {
    "root": ROOT,
    "issuing": dict(SUB, subject="CN=Issuing,O=Acme", path_length=0),
    "middle": dict(SUB, subject="CN=Middle,O=Acme", path_length=1),
    "constrained": dict(SUB, subject="CN=Constrained,O=Acme", more=[constraints()]),
    "timestamps-only": dict(SUB, subject="CN=Timestamps,O=Acme", eku=["timeStamping"]),
    "expired": dict(SUB, subject="CN=Expired,O=Acme", ends="UTCTIME:260301000000Z"),
    "ends-soon": dict(SUB, subject="CN=Soon,O=Acme", ends="UTCTIME:260901000000Z"),
    "begins-late": dict(SUB, subject="CN=Late,O=Acme", begins="UTCTIME:260201000000Z"),
    "no-authority": dict(issuer="root", subject="CN=Somebody,O=Acme", key="rsa3072-issuing"),
    "same-name": dict(ROOT, subject="CN=Twin,O=Acme", key="rsa3072-issuing"),
    "same-serial": dict(serial="0x61111111111111111111111111111111", subject="CN=First,O=Acme"),
}

RAW_SAN = "2.5.29.17"
AT = {"at": "2026-06-01"}

PAIRS = {
    "serial-length": dict(fail=dict(serial="-1234567890"), **{"pass": LEAF}),
    "serial-entropy": dict(fail=dict(serial="0x5f"), **{"pass": LEAF}),
    "serial-repeated": {"fail": dict(serial="0x61111111111111111111111111111111",
                                     context={"known": "issuer-same-serial.pem"}),
                        "pass": dict(context={"known": "issuer-same-serial.pem"})},
    "issuer-name": {"fail": dict(issuer_name="CN=Issuing CA,O=Acme"), "pass": LEAF},
    "subject-name": {"fail": dict(subject=""), "pass": LEAF},
    "country-code": {"fail": dict(subject="CN=Acme,O=Acme,C=Deutschland"), "pass": LEAF},
    "name-length": {"fail": dict(subject="CN=" + "Acme " * 13 + "Inc,O=Acme"),
                    "pass": dict(subject="CN=" + "Acme " * 12 + "Inc.,O=Acme")},
    "name-characters": {"fail": dict(subject="CN=Acme\u202eexe,O=Acme"),
                        "pass": dict(subject="CN=\u00c4cme,O=Acme")},
    "name-attribute-repeated": {"fail": dict(subject="CN=Acme,CN=Other,O=Acme"),
                                "pass": dict(subject="CN=Acme,OU=One,OU=Two,O=Acme")},
    "subject-organization": {"fail": dict(subject="CN=Acme"), "pass": LEAF},
    "root-name-unique": {"fail": dict(ROOT, subject="CN=Twin,O=Acme", context={"known": "issuer-same-name.pem"}),
                         "pass": dict(ROOT, context={"known": "issuer-same-name.pem"})},
    "version": {"fail": dict(version=1), "pass": LEAF},
    "signature-algorithm-agrees": {"fail": dict(inside="sha1"), "pass": LEAF},
    "unique-identifiers": {"fail": dict(unique="0102"), "pass": LEAF},
    "time-encoding": {"fail": dict(ends="GENERALIZEDTIME:20261231235959Z"),
                      "pass": dict(ROOT, ends="GENERALIZEDTIME:20500101000000Z")},
    "validity-order": {"fail": dict(begins="UTCTIME:261231235959Z", ends="UTCTIME:260101000000Z"), "pass": LEAF},
    "validity-in-the-past": {"fail": dict(context={"at": "2027-06-01"}), "pass": dict(context=AT)},
    "validity-in-the-future": {"fail": dict(context={"at": "2025-06-01"}), "pass": dict(context=AT)},
    "outlives-issuer": {"fail": dict(issuer="ends-soon"), "pass": LEAF},
    "begins-before-issuer": {"fail": dict(issuer="begins-late"), "pass": LEAF},
    "issuer-expired": {"fail": dict(issuer="expired", context=AT), "pass": dict(context=AT)},
    "signer-lifetime": {"fail": dict(begins="UTCTIME:260601000000Z", ends="UTCTIME:280601000000Z"),
                        "pass": dict(begins="UTCTIME:260301000000Z", ends="UTCTIME:270603235959Z")},
    "timestamping-lifetime": {"fail": dict(TSA, issuer="root", ends="UTCTIME:380101000000Z"),
                              "pass": dict(TSA, issuer="root", ends="UTCTIME:370101000000Z")},
    "rsa-key-size": {"fail": dict(key="rsa1024"), "pass": LEAF},
    "rsa-key-size-recommended": {"fail": dict(key="rsa2048"), "pass": LEAF},
    "rsa-key-size-limit": {"fail": dict(key="rsa5120"), "pass": LEAF},
    "weak-key": {"fail": dict(key="roca"), "pass": dict(key="rsa2048")},
    "key-algorithm": {"fail": dict(key="ed25519", context={"targets": "win11-24h2"}),
                      "pass": dict(context={"targets": "win11-24h2"})},
    "ecdsa-targets": {"fail": dict(key="p256", context={"targets": "xp-sp3, win10-22h2"}),
                      "pass": dict(context={"targets": "xp-sp3, win10-22h2"})},
    "subject-key-identifier": {"fail": dict(ski=False), "pass": LEAF},
    "authority-key-identifier": {"fail": dict(aki=bytes(20)), "pass": LEAF},
    "signature-valid": {"fail": dict(signed_by="rsa3072-leaf"), "pass": LEAF},
    "signature-digest": {"fail": dict(digest="sha1", context={"targets": "xp-sp3, win10-22h2"}),
                         "pass": dict(context={"targets": "win10-22h2"})},
    "target-digest": {"fail": dict(context={"targets": "xp-sp3, win7-sp1"}),
                      "pass": dict(digest="sha1", context={"targets": "xp-sp3, server2003"})},
    "rsa-pss": {"fail": dict(digest="pss", context={"targets": "win10-22h2"}),
                "pass": dict(context={"targets": "win10-22h2"})},
    "key-usage-present": {"fail": dict(key_usage_critical=False), "pass": LEAF},
    "key-usage-bits": {"fail": dict(key_usage=["contentCommitment"]), "pass": LEAF},
    "key-usage-alone": {"fail": dict(key_usage=["digitalSignature", "keyEncipherment"]), "pass": LEAF},
    "basic-constraints": {"fail": dict(SUB, subject="CN=Sub,O=Acme", ca_critical=False),
                          "pass": dict(SUB, subject="CN=Sub,O=Acme")},
    "basic-constraints-leaf": {"fail": dict(ca=True, context={"purpose": "code signing"}),
                               "pass": dict(ca=False, context={"purpose": "code signing"})},
    "path-length": {"fail": dict(SUB, issuer="issuing", subject="CN=Sub,O=Acme", key="rsa3072-leaf"),
                    "pass": dict(SUB, issuer="middle", subject="CN=Sub,O=Acme", key="rsa3072-leaf",
                                 path_length=0)},
    "root-path-length": {"fail": dict(ROOT, path_length=1), "pass": ROOT},
    "issuer-is-authority": {"fail": dict(issuer="no-authority"), "pass": LEAF},
    "eku-present": {"fail": dict(eku=None, context={"purpose": "code signing"}), "pass": LEAF},
    "eku-any": {"fail": dict(eku=["codeSigning", "any"]), "pass": LEAF},
    "eku-reserved": {"fail": dict(eku=["codeSigning", "kernelModeCodeSigning"]), "pass": LEAF},
    "eku-nesting": {"fail": dict(issuer="timestamps-only"), "pass": dict(TSA, issuer="timestamps-only")},
    "code-signing-eku": {"fail": dict(eku=["clientAuth"], context={"purpose": "code signing"}), "pass": LEAF},
    "code-signing-eku-alone": {"fail": dict(eku=["codeSigning", "serverAuth"]), "pass": LEAF},
    "lifetime-signing": {"fail": dict(eku=["lifetimeSigning"], context={"purpose": "any"}), "pass": LEAF},
    "timestamping-eku": {"fail": dict(TSA, eku_critical=False), "pass": TSA},
    "ocsp-nocheck": {"fail": OCSP, "pass": dict(OCSP, more=[NOCHECK])},
    "extension-malformed": {"fail": dict(crl=None, more=[extension("2.5.29.31", False, bytes.fromhex("0500"))]),
                            "pass": LEAF},
    "extension-repeated": {"fail": dict(more=[NOCHECK, NOCHECK]), "pass": dict(more=[NOCHECK])},
    "extension-critical": {"fail": dict(more=[extension("1.3.6.1.4.1.55555.1", True, bytes.fromhex("0500"))]),
                           "pass": dict(more=[extension("1.3.6.1.4.1.55555.1", False, bytes.fromhex("0500"))])},
    "alternative-name-empty": {"fail": dict(more=[extension(RAW_SAN, False, bytes.fromhex("3000"))]),
                               "pass": dict(more=[san(dns("acme.example"))])},
    "alternative-name-malformed": {"fail": dict(more=[san(dns("acme example"))]),
                                   "pass": dict(more=[san(dns("*.acme.example"),
                                                          "IMPLICIT:1,IA5STRING:sign@acme.example")])},
    "alternative-name-critical": {"fail": dict(subject="", more=[san(dns("acme.example"))]),
                                  "pass": dict(subject="", more=[san(dns("acme.example"), critical=True)])},
    "name-constraints": {"fail": dict(issuer="constrained", subject="CN=Acme Drivers,O=Other"),
                         "pass": dict(issuer="constrained", subject="CN=Acme Drivers,O=Acme")},
    "name-constraints-place": {"fail": dict(more=[constraints()]),
                               "pass": dict(SUB, subject="CN=Sub,O=Acme", more=[constraints()])},
    "policy-repeated": {"fail": dict(more=[policies("2.23.140.1.4.1", "2.23.140.1.4.1")]),
                        "pass": dict(more=[policies("2.23.140.1.4.1", "2.23.140.1.3")])},
    "crl-present": {"fail": dict(crl=None), "pass": LEAF},
    "crl-distribution-points": {"fail": dict(crl=["https://pki.acme.example/a.crl"]),
                                "pass": dict(crl=["ldap://pki.acme.example/a", "http://pki.acme.example/a.crl"])},
    "authority-information-access": {"fail": dict(more=[access(2, "file://pki/a.cer")]),
                                     "pass": dict(more=[access(2, "http://pki.acme.example/a.cer")])},
    "chain-complete": {"fail": dict(context={"chain-complete": "no"}),
                       "pass": dict(context={"chain-complete": "yes"})},
    "root-trusted": {"fail": dict(context={"root-trusted": "no"}), "pass": dict(context={"root-trusted": "yes"})},
    "revoked": {"fail": dict(context={"revoked": "yes"}), "pass": dict(context={"revoked": "no"})},
}
