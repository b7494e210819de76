#include "compat/cert2spc.h"

#include <algorithm>
#include <limits>
#include <ostream>

#include "base/error.h"
#include "base/file.h"
#include "compat/certificate_file.h"
#include "compat/existing_items.h"
#include "x509/pkcs7.h"

namespace sealwright::compat {
namespace {

using Form = CertificateFile::Form;
using x509::Certificate;

constexpr Flag flags[] = {SEALWRIGHT_COMMON_FLAGS};

struct Call {
  std::vector<std::string> inputs;
  std::string output;
};

Call read_call(const CommandLine& line) {
  Call call{line.files(), {}};
  if (call.inputs.size() < 2)
    throw Error(Error::Kind::usage, "the certificates and the SPC file to write are needed",
                "cert2spc publisher.cer root.cer publisher.spc");
  call.output = std::move(call.inputs.back());
  call.inputs.pop_back();
  return call;
}

CertificateFile read_input(const std::string& path) {
  auto file = read_certificate_file(path);
  const bool taken = file.form == Form::certificate || file.form == Form::revocation_list ||
                     file.form == Form::pkcs7;
  if (!taken)
    throw Error(Error::Kind::input, "'" + path + "' is no certificate and no list of some",
                "take the certificates out of it: certmgr -add -c -all -7 '" + path + "' OUT.p7b");
  return file;
}

std::vector<CertificateFile> read_inputs(const Call& call) {
  std::vector<CertificateFile> files;
  std::size_t count = 0;
  for (const auto& path : call.inputs) {
    files.push_back(read_input(path));
    count += files.back().objects.size();
    if (count > x509::max_bag_certificates)
      throw Error(Error::Kind::input, "an SPC file holds at most " +
                                          std::to_string(x509::max_bag_certificates) +
                                          " certificates");
  }
  return files;
}

x509::SignedData gathered(const std::vector<CertificateFile>& files) {
  x509::SignedData data;
  data.content_type = x509::oids::pkcs7_data;
  for (const auto& file : files) {
    for (auto& one : file.certificates()) data.certificates.push_back(std::move(one));
    for (auto& one : file.revocation_lists()) data.crls.push_back(std::move(one));
  }
  return data;
}

/// Chains are short; checking each against each takes too long for a file of a thousand.
constexpr std::size_t max_checked = 64;

/// The model checks none of this, and what is wrong shows at the signature's first verification.
void note_chain(const std::vector<Certificate>& all, World& world) {
  if (all.size() > max_checked) return world.note("the chains of so many are not looked at");
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto& one = all[i];
    if (std::find(all.begin(), all.begin() + std::ptrdiff_t(i), one) !=
        all.begin() + std::ptrdiff_t(i)) {
      world.note(shown(one) + " is given twice");
      continue;
    }
    const auto issued_it = [&](const Certificate& other) {
      return other.subject() == one.issuer() && one.signed_by(other.public_key());
    };
    if (std::ranges::none_of(all, issued_it))
      world.note("the issuer of " + shown(one) +
                 " is not among the certificates: " + one.issuer().text());
  }
  if (const auto leaf = leaf_of(all); leaf != 0)
    world.note("the certificate that signs, " + shown(all[leaf]) +
               ", is not the first: pvk2pfx finds it all the same, other readers take the first");
}

void explain(const Call& call, const std::vector<CertificateFile>& files, World& world) {
  std::vector<ExistingCertificate> existing;
  std::vector<Certificate> all;
  for (std::size_t i = 0; i < files.size(); ++i)
    for (auto& one : files[i].certificates()) {
      existing.push_back({one, call.inputs[i]});
      all.push_back(one);
    }
  Proposal proposal;
  proposal.name = "from-cert2spc";
  const auto names = add_existing(proposal, existing);
  proposal.exports.push_back(item_name(stem_of(call.output), "publisher") + "-spc: {certificate: " +
                             names[leaf_of(all)] + ", format: spc, path: \"{name}.{ext}\"}");
  proposal.notes.push_back("an export holds the chain without its root; cert2spc what it is given");
  world.out << to_text(proposal);
}

/// Who forgot the file to write loses no other one.
void check_output(const std::string& path, std::size_t objects) {
  if (would_lose(path, {Form::pkcs7}, std::numeric_limits<std::size_t>::max()))
    throw Error(Error::Kind::state,
                "'" + path + "' is there and is no SPC file, so it stays as it is",
                "the last word is the file to write: cert2spc A.cer B.cer OUT.spc");
  if (would_lose(path, {Form::pkcs7}, objects))
    throw Error(Error::Kind::state,
                "'" + path + "' is there and holds more certificates than it would hold then",
                "the last word is the file to write; delete it first where that is meant");
}

void run(const CommandLine& line, World& world) {
  const Call call = read_call(line);
  const bool only_explain = line.has("--explain");
  const auto files = read_inputs(call);
  const auto data = gathered(files);
  if (!only_explain) check_output(call.output, data.certificates.size() + data.crls.size());
  if (data.certificates.empty() && (data.crls.empty() || only_explain))
    throw Error(Error::Kind::input, "there is no certificate among the files");
  if (only_explain) return explain(call, files, world);
  if (!data.certificates.empty()) note_chain(data.certificates, world);
  write_file(call.output, x509::encode(data, x509::CertificateOrder::as_given),
             {Access::everyone, Existing::replace});
  world.out << "Succeeded\n";
}

}  // namespace

const Tool cert2spc_tool = {"cert2spc", "cert2spc [OPTIONS] CERTIFICATE... OUT.spc",
                            "Puts certificates and revocation lists (.cer, .crt, .pem, .crl, .spc, "
                            ".p7b) into one SPC file.",
                            flags, run};

}  // namespace sealwright::compat
