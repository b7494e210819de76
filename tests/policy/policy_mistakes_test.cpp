// Mistakes in policies/NAME.yaml: what is said about each, character for character.

#include <catch2/catch.hpp>

#include "base/error.h"
#include "policy/load.h"

namespace sealwright::policy {
namespace {

const std::string good =
    "version: 1\n"
    "name: site\n"
    "revision: 1\n"
    "kind: end-entity\n"
    "validity: {lifetime: 2y}\n";

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

TEST_CASE("mistakes in a policy are named with their place", "[policy]") {
  const Mistake mistakes[] = {
      {"a revision that is not raised from zero", "revision: 1", "revision: 0",
       "policies/site.yaml:3:11: 'revision' must be between 1 and 999999, not 0", ""},
      {"another version of the format", "version: 1", "version: 2",
       "policies/site.yaml:1:10: 'version' must be 1, not 2", ""},
      {"a name that is not its file's", "name: site", "name: other",
       "policies/site.yaml:2:7: the policy is called 'other', but its file 'site.yaml'",
       "give both the same name"},
      {"a name with capitals", "name: site", "name: Site",
       "policies/site.yaml:2:7: 'Site' is not a name",
       "names are lower-case letters, digits and '-', and begin with a letter"},
      {"a missing kind", "kind: end-entity\n", "", "policies/site.yaml:1:1: 'kind' is missing",
       "a policy needs it"},
      {"a kind misspelt", "end-entity", "endentity",
       "policies/site.yaml:4:7: 'kind' must be root, intermediate or end-entity, not 'endentity'",
       "did you mean 'end-entity'?"},
      {"a missing validity", "validity: {lifetime: 2y}\n", "",
       "policies/site.yaml:1:1: 'validity' is missing", "a policy needs it"},
      {"a missing lifetime", "{lifetime: 2y}", "{}",
       "policies/site.yaml:5:11: 'lifetime' is missing", "validity needs it"},
      {"a duration in words", "2y", "2 years",
       "policies/site.yaml:5:22: duration '2 years' lacks a unit",
       "write a number and a unit: 30min, 12h, 90d, 8w, 18mo, 2y"},
      {"minutes or months", "2y", "1m",
       "policies/site.yaml:5:22: unknown unit 'm' in duration '1m'", "minutes: 1min, months: 1mo"},
      {"no lifetime at all", "2y", "0d",
       "policies/site.yaml:5:22: 'lifetime' must be longer than nothing", ""},
      {"a lifetime past its own limit", "{lifetime: 2y}", "{lifetime: 2y, max_lifetime: 1y}",
       "policies/site.yaml:5:22: 'lifetime' is longer than 'max_lifetime' (1y)", ""},
      {"fixed dates", "{lifetime: 2y}", "{not_before: 2020-01-01, not_after: 2021-01-01}",
       "policies/site.yaml:5:24: 'not_before' is only for negative policies", "write a 'lifetime'"},
      {"a leading zero", "", "key: {size: 030}\n",
       "policies/site.yaml:6:13: 'size' must be a whole number, not '030'",
       "a number has no leading zeros: write 30"},
      {"an unknown field", "", "key: {bits: 030}\n", "policies/site.yaml:6:7: unknown field 'bits'",
       "key has: algorithm, size, curve, store, export"},
      {"a number in hex", "", "key: {size: 0x800}\n",
       "policies/site.yaml:6:13: 'size' must be a whole number, not '0x800'", ""},
      {"a number in quotes", "", "key: {size: '3072'}\n",
       "policies/site.yaml:6:13: 'size' must be a whole number, not the text '3072'",
       "remove the quotes"},
      {"a number too small", "", "key: {size: 512}\n",
       "policies/site.yaml:6:13: 'size' must be between 1024 and 16384, not 512", ""},
      {"a number beyond all bounds", "", "key: {size: 99999999999999999999}\n",
       "policies/site.yaml:6:13: 'size' must be between 1024 and 16384, not 99999999999999999999",
       ""},
      {"an unknown algorithm", "", "key: {algorithm: dsa}\n",
       "policies/site.yaml:6:18: 'algorithm' must be rsa, ecdsa or ed25519, not 'dsa'",
       "did you mean 'rsa'?"},
      {"bits of a curve", "", "key: {algorithm: ecdsa, size: 3072}\n",
       "policies/site.yaml:6:31: 'size' is only for rsa keys", "an ecdsa key has a 'curve'"},
      {"a curve of RSA", "", "key: {curve: p256}\n",
       "policies/site.yaml:6:14: 'curve' is only for ecdsa keys", "write algorithm: ecdsa"},
      {"a list for a mapping", "", "key: [rsa]\n",
       "policies/site.yaml:6:6: 'key' must be a mapping, not a list", ""},
      {"nothing for a mapping", "", "key:\n", "policies/site.yaml:6:1: 'key' has no value",
       "write {} for no settings at all"},
      {"a word that is no bool", "",
       "extensions: {extended_key_usage: {critical: yes, values: [codeSigning]}}\n",
       "policies/site.yaml:6:45: 'critical' must be true or false, not 'yes'", ""},
      {"a bool in quotes", "",
       "extensions: {extended_key_usage: {critical: \"true\", values: [codeSigning]}}\n",
       "policies/site.yaml:6:45: 'critical' must be true or false, not the text 'true'",
       "remove the quotes"},
      {"a key usage misspelt", "", "extensions:\n  key_usage: [digitalSignatur]\n",
       "policies/site.yaml:7:15: unknown key usage 'digitalSignatur'",
       "did you mean 'digitalSignature'?"},
      {"a key usage that is an extended one, misspelt", "",
       "extensions:\n  key_usage: [codeSignin]\n",
       "policies/site.yaml:7:15: unknown key usage 'codeSignin'", "did you mean 'codeSigning'?"},
      {"a key usage that is an extended one", "", "extensions:\n  key_usage: [codeSigning]\n",
       "policies/site.yaml:7:15: unknown key usage 'codeSigning'",
       "'codeSigning' is an extended key usage: write it under 'extended_key_usage'"},
      {"a purpose misspelt", "", "extensions:\n  extended_key_usage: [codeSignin]\n",
       "policies/site.yaml:7:24: unknown extended key usage 'codeSignin'",
       "did you mean 'codeSigning'?"},
      {"no purpose", "", "extensions: {extended_key_usage: {values: []}}\n",
       "policies/site.yaml:6:34: 'extended_key_usage' names no purpose", ""},
      {"an authority that is none", "", "extensions: {basic_constraints: {ca: true}}\n",
       "policies/site.yaml:6:33: an end-entity is no authority", "see 'kind' (end-entity)"},
      {"a path length of an end-entity", "",
       "extensions: {basic_constraints: {ca: false, path_length: 0}}\n",
       "policies/site.yaml:6:33: 'path_length' is only for authorities", ""},
      {"name constraints of an end-entity", "",
       "extensions: {name_constraints: {permitted: {dns: [x.example]}}}\n",
       "policies/site.yaml:6:32: 'name_constraints' are only for authorities", ""},
      {"an LDAP address", "", "extensions: {crl_distribution_points: ['ldap://x']}\n",
       "policies/site.yaml:6:40: an entry of 'crl_distribution_points' must be a URL, not "
       "'ldap://x'",
       "write http://HOST/PATH or https://HOST/PATH"},
      {"an extension with a field of its own", "",
       "extensions: {other: [{oid: 2.5.29.15, der: '0500'}]}\n",
       "policies/site.yaml:6:28: extension keyUsage has a field of its own", ""},
      {"an extension cut short", "", "extensions: {other: [{oid: 1.2.3, der: '05'}]}\n",
       "policies/site.yaml:6:40: 'der' is malformed (cut short at offset 0)", ""},
      {"an unknown attribute", "", "subject: {required: [XX]}\n",
       "policies/site.yaml:6:22: unknown name attribute 'XX'", ""},
      {"Ed25519 for Windows", "", "key: {algorithm: ed25519}\ntargets: [win10-22h2]\n",
       "policies/site.yaml:6:18: 'ed25519' is not for Windows, which is among the 'targets'",
       "write algorithm: rsa or ecdsa, or leave 'targets' out"},
      {"PSS for Windows", "", "signature: {padding: pss}\ntargets: [win10-22h2]\n",
       "policies/site.yaml:6:22: 'pss' is not for Windows, which is among the 'targets'",
       "write padding: pkcs1, or leave 'targets' out"},
      {"a padding misspelt", "", "signature: {padding: psss}\n",
       "policies/site.yaml:6:22: 'padding' must be pkcs1 or pss, not 'psss'",
       "did you mean 'pss'?"},
      {"a digest that is none", "", "signature: {digest: md5}\n",
       "policies/site.yaml:6:21: 'digest' must be sha256, sha384, sha512 or sha1, not 'md5'", ""},
      {"a request that brings no key", "", "requests: {key: policy}\n",
       "policies/site.yaml:6:17: 'key' must be request, not 'policy'", ""},
      {"a source misspelt", "", "requests: {subject: requests}\n",
       "policies/site.yaml:6:21: 'subject' must be policy, request, either or refuse, not "
       "'requests'",
       "did you mean 'request'?"},
      {"a field of requests that there is not", "", "requests: {eku: request}\n",
       "policies/site.yaml:6:12: unknown field 'eku'",
       "requests has: key, subject, san, extended_key_usage, other"},
      {"a negative policy that breaks nothing", "", "negative: {expect: \"0x800B0101\"}\n",
       "policies/site.yaml:6:11: 'breaks' is missing", "negative needs it"},
      {"a negative policy that expects nothing", "", "negative: {breaks: code-signing-eku}\n",
       "policies/site.yaml:6:11: 'expect' is missing", "negative needs it"},
      {"an error code in decimal", "", "negative: {breaks: code-signing-eku, expect: 2148204816}\n",
       "policies/site.yaml:6:46: 'expect' must be a hexadecimal number, not '2148204816'",
       "write it like \"0x800B0101\""},
      {"half of fixed dates", "{lifetime: 2y}",
       "{not_before: 2020-01-01}\nnegative: {breaks: x, expect: \"0x800B0101\"}",
       "policies/site.yaml:5:11: 'not_before' and 'not_after' go together", ""},
      {"fixed dates the wrong way round", "{lifetime: 2y}",
       "{not_before: 2021-01-01, not_after: 2020-01-01}\nnegative: {breaks: x, expect: "
       "\"0x800B0101\"}",
       "policies/site.yaml:5:47: 'not_after' is not behind 'not_before'", ""},
      {"a fixed attribute that is not allowed", "", "subject: {fixed: {O: Acme, DC: x}}\n",
       "policies/site.yaml:6:18: 'DC' is not among the attributes 'allowed'", ""},
      {"a broken pattern", "", "subject: {pattern: {CN: '('}}\n",
       "policies/site.yaml:6:25: the pattern of 'CN' is not a regular expression", ""},
      {"an unknown base", "", "extends: driver-signin\n",
       "policies/site.yaml:6:10: there is no policy 'driver-signin'",
       "did you mean 'driver-signing'?"},
      {"another revision of the base", "", "extends: driver-signing@9\n",
       "policies/site.yaml:6:10: policy 'driver-signing' has revision 1, not 9",
       "write driver-signing@1"},
      {"a base of another kind", "", "extends: root-ca@1\n",
       "policies/site.yaml:4:7: a policy of kind end-entity cannot extend 'root-ca', which is of "
       "kind root",
       ""},
      {"a base without its revision", "", "extends: driver-signing@\n",
       "policies/site.yaml:6:10: 'driver-signing@' has no revision behind the '@'",
       "write NAME@REVISION, e.g. driver-signing@1"},
      {"a Windows version misspelt", "", "targets: [win10-22h3]\n",
       "policies/site.yaml:6:11: unknown Windows version 'win10-22h3'",
       "did you mean 'win10-22h2'?"},
      {"text for a list", "", "targets: win10\n",
       "policies/site.yaml:6:10: 'targets' must be a list, not 'win10'", "write [win10]"},
      {"a field misspelt", "", "desciption: x\n",
       "policies/site.yaml:6:1: unknown field 'desciption'", "did you mean 'description'?"},
      {"a relaxed rule without its reason", "", "lint: {relax: [{rule: serial-entropy}]}\n",
       "policies/site.yaml:6:16: 'because' is missing", "a relaxed rule needs it"},
      {"a choice misspelt", "", "renewal: {activate: when_deployed}\n",
       "policies/site.yaml:6:21: 'activate' must be when-deployed, immediately or by-hand, not "
       "'when_deployed'",
       "did you mean 'when-deployed'?"},
      {"a control character", "", "description: \"a\\tb\"\n",
       "policies/site.yaml:6:14: 'description' holds a control character", ""},
      {"empty text", "", "description: ''\n", "policies/site.yaml:6:14: 'description' is empty",
       "leave the field out, or write a value"},
  };
  PolicySet policies;
  CHECK_NOTHROW(parse_policy(good, "policies/site.yaml", policies));
  for (const auto& mistake : mistakes) DYNAMIC_SECTION(mistake.name) {
      try {
        parse_policy(with(mistake), "policies/site.yaml", policies);
        FAIL("accepted");
      } catch (const Error& error) {
        CHECK(error.message == mistake.message);
        CHECK(error.hint == mistake.hint);
      }
    }
}

}  // namespace sealwright::policy
