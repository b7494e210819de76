// Signatures of other people's tools: every one in the corpus is read, checked and written back.

#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <set>
#include <sstream>

#include "base/encoding.h"
#include "base/error.h"
#include "base/file.h"
#include "ossl/der.h"
#include "support.h"
#include "x509/pkcs7.h"

using namespace sealwright;
using namespace sealwright::x509;
namespace fs = std::filesystem;
namespace der = ossl::der;

namespace {

const Oid nested_signature("1.3.6.1.4.1.311.2.4.1");
const Oid timestamp_token("1.3.6.1.4.1.311.3.3.1");

/// The signatures in a PE file: what stands in its WIN_CERTIFICATE entries.
std::vector<Bytes> pe_signatures(const Bytes& pe) {
  std::vector<Bytes> found;
  ByteReader reader(pe, "the PE file");
  reader.seek(0x3c);
  const std::uint32_t header = reader.u32();
  reader.seek(header);
  if (reader.u32() != 0x4550) return found;
  reader.seek(header + 24);
  const std::size_t wide = reader.u16() == 0x20b ? 16 : 0;
  reader.seek(header + 152 + wide);
  const std::size_t table = reader.u32();
  const std::size_t end = table + reader.u32();
  for (std::size_t at = table; table && at + 8 < end;) {
    reader.seek(at);
    const std::uint32_t length = reader.u32();
    reader.u32();
    found.push_back(copy(reader.take(length - 8)));
    at += (length + 7) / 8 * 8;
  }
  return found;
}

struct Found {
  std::string name;
  Bytes der;
};

std::vector<Found> all_signatures(const fs::path& corpus) {
  std::vector<Found> found;
  for (const auto& entry : fs::recursive_directory_iterator(corpus)) {
    if (!entry.is_regular_file()) continue;
    const std::string name = fs::relative(entry.path(), corpus).string();
    if (entry.path().extension() == ".cat") {
      found.push_back({name, read_file(entry.path())});
      continue;
    }
    const Bytes bytes = read_file(entry.path());
    if (bytes.size() < 64 || bytes[0] != 'M' || bytes[1] != 'Z') continue;
    try {
      for (Bytes& der : pe_signatures(bytes)) found.push_back({name, std::move(der)});
    } catch (const Error&) {  // Not a PE file, or a broken one.
    }
  }
  std::sort(found.begin(), found.end(),
            [](const Found& a, const Found& b) { return a.name < b.name; });
  return found;
}

/// What was found in signatures, and everything that is not as it should be.
struct Tally {
  std::map<std::string, int> checked;   ///< By kind.
  std::map<std::string, int> valid_in;  ///< Signatures and nested signatures by file.
  std::set<std::string> wrong;

  void signer(const std::string& name, const std::string& kind, const SignerInfo& signer,
              BytesView content, const std::vector<Certificate>& pool) {
    ++checked[kind];
    const Certificate* certificate = find_certificate(signer, pool);
    if (!certificate) {
      wrong.insert(name + ": " + kind + ": no certificate");
      return;
    }
    const SignerCheck result = check(signer, content, *certificate);
    if (!result.digest_matches) wrong.insert(name + ": " + kind + ": digest");
    if (!result.signature_valid) wrong.insert(name + ": " + kind + ": signature");
    if (kind.starts_with("signature") || kind.starts_with("nested"))
      valid_in[name] += result.digest_matches && result.signature_valid;
  }

  /// `outer` is the content element of the signature around a nested one.
  void signature(const std::string& name, const std::string& kind, BytesView bytes,
                 BytesView outer) {
    std::size_t trailing = 0;
    const SignedData data = read_signed_data(bytes, &trailing);
    if (!equal(encode(data, CertificateOrder::as_given), bytes.first(bytes.size() - trailing)))
      wrong.insert(name + ": " + kind + ": not written back");
    // A nested signature in a catalog is detached. Its digest covers the catalog's content with tag
    // and length.
    const bool detached = data.content.empty();
    for (const SignerInfo& one : data.signers) {
      signer(name, detached ? kind + ", detached" : kind, one,
             detached ? outer : digested_content(data), data.certificates);
      for (const Attribute& attribute : one.unauthenticated)
        for (const Bytes& value : attribute.values)
          unauthenticated(name, attribute.type, value, data, one);
    }
  }

  void unauthenticated(const std::string& name, const Oid& type, BytesView value,
                       const SignedData& data, const SignerInfo& one) {
    if (type == nested_signature) signature(name, "nested", value, data.content);
    if (type == timestamp_token) signature(name, "token", value, {});
    if (type == oids::counter_signature)
      signer(name, "countersignature", read_signer_info(value), one.signature, data.certificates);
  }
};

/// The notes in MANIFEST.tsv: how many signatures of a file osslsigncode found valid, chains aside.
std::map<std::string, int> verified_by_osslsigncode(const fs::path& corpus) {
  const std::string marker = "osslsigncode: verified signatures ";
  std::map<std::string, int> counts;
  std::istringstream manifest(read_text(corpus / "MANIFEST.tsv"));
  for (std::string line; std::getline(manifest, line);)
    if (const auto at = line.find(marker); at != std::string::npos && !line.starts_with("msi-cab/"))
      counts[line.substr(0, line.find('\t'))] = line[at + marker.size()] - '0';
  REQUIRE(counts.size() > 50);
  return counts;
}

}  // namespace

TEST_CASE("every signature of the corpus is valid and written back octet for octet",
          "[x509][corpus]") {
  const auto corpus = test::corpus();
  if (!corpus) {
    WARN("SKIPPED: no corpus");
    return;
  }
  Tally tally;
  for (const Found& found : all_signatures(*corpus)) {
    INFO(found.name);
    CHECK_NOTHROW(tally.signature(found.name, "signature", found.der, {}));
  }
  CHECK(tally.wrong == std::set<std::string>{});
  for (const auto& [file, count] : verified_by_osslsigncode(*corpus)) {
    INFO(file);
    CHECK(tally.valid_in[file] == count);
  }
  std::string counts;
  for (const auto& [kind, count] : tally.checked)
    counts += kind + " " + std::to_string(count) + "\n";
  CHECK(counts == "countersignature 16\nnested 13\nnested, detached 7\nsignature 65\ntoken 54\n");
}

TEST_CASE("P7B and SPC files of the corpus hold the certificates that openssl finds",
          "[x509][corpus]") {
  const auto corpus = test::corpus();
  if (!corpus) {
    WARN("SKIPPED: no corpus");
    return;
  }
  struct Row {
    const char* file;
    std::size_t certificates;
  };
  const Row rows[] = {
      {"gnutls__openssl.p7b", 2},
      {"gnutls__rfc4134-4.5.p7b", 2},  // BER, with a DSA signer
      {"gnutls__single-ca.p7b", 1},
      {"jsign__jsign-test-certificate-full-chain-reversed.spc", 3},
      {"pyca_amazon-roots.p7b", 2},  // BER
      {"runtime-assets__certchain.p7b", 3},
      {"runtime-assets__contoso.com.p7b", 2},
      {"runtime-assets__empty.p7b", 0},
      {"runtime-assets__testnoeku.contoso.com.p7b", 2},
      {"runtime-assets__testselfsignedclienteku.contoso.com.p7b", 1},
      {"runtime-assets__testservereku.contoso.com.p7b", 2},
  };
  for (const Row& row : rows) DYNAMIC_SECTION(row.file) {
      const auto path = *corpus / "keys" / row.file;
      const SignedData data = read_signed_data(read_file(path));
      CHECK(data.certificates.size() == row.certificates);
      const auto openssl =
          test::run({"openssl", "pkcs7", "-inform", "DER", "-in", path.string(), "-print_certs"});
      std::string pem = openssl.out;
      for (const Certificate& certificate : data.certificates)
        CHECK_THAT(pem, Catch::Contains(certificate.to_pem()));
    }
}

TEST_CASE("a GOST signature is refused by the name of its digest", "[x509][corpus]") {
  const auto corpus = test::corpus();
  if (!corpus) {
    WARN("SKIPPED: no corpus");
    return;
  }
  CHECK_THROWS_WITH(
      read_signed_data(read_file(*corpus / "keys" / "gnutls__rfc4490.p7b")),
      "the PKCS#7 signature uses the digest algorithm 1.2.643.2.2.9, which is not supported");
}
