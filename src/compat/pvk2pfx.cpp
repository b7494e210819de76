#include "compat/pvk2pfx.h"

#include <algorithm>
#include <filesystem>
#include <ostream>

#include "base/encoding.h"
#include "base/error.h"
#include "base/file.h"
#include "base/suggest.h"
#include "compat/certificate_file.h"
#include "compat/existing_items.h"
#include "compat/output_files.h"
#include "workspace/exports.h"
#include "x509/content.h"
#include "x509/pvk.h"

namespace sealwright::compat {
namespace {

using x509::Certificate;
using x509::PfxPassword;
using x509::PfxProfile;

constexpr Flag flags[] = {
    SEALWRIGHT_COMMON_FLAGS,
    {"pvk", "FILE.pvk", "The private key"},
    {"spc", "FILE.spc", "Its certificate and their chain: SPC, P7B, CER or PEM"},
    {"pi", "PASSWORD", "Of the private key", true},
    {"pfx", "FILE.pfx", "The file to write"},
    {"po", "PASSWORD", "Of the PFX (default: that of the private key)", true},
    {"f", "", "Replace a PFX that is there"},
    {"--profile", "PROFILE", "auto, modern (Windows 10 1709 and later), compatible (since XP)"},
    {"--password-file", "FILE", "Holds the password of the private key ($SEALWRIGHT_PASSWORD)"},
    {"--out-password-file", "FILE", "Holds that of the PFX ($SEALWRIGHT_OUT_PASSWORD)"},
};

struct Call {
  std::string pvk, spc, pfx;
  policy::ExportProfile profile = policy::ExportProfile::automatic;
};

policy::ExportProfile profile_of(const std::string& name) {
  if (equal_ignoring_case(name, "auto")) return policy::ExportProfile::automatic;
  if (equal_ignoring_case(name, "modern")) return policy::ExportProfile::modern;
  if (equal_ignoring_case(name, "compatible")) return policy::ExportProfile::compatible;
  throw Error(Error::Kind::usage, "unknown profile '" + printable(name) + "'",
              "write auto, modern or compatible");
}

std::string needed(const CommandLine& line, std::string_view flag, const std::string& hint) {
  if (const auto value = line.value(flag)) return *value;
  throw Error(Error::Kind::usage, "'-" + std::string(flag) + "' is missing", hint);
}

Call read_call(const CommandLine& line) {
  const std::string usage = "pvk2pfx -pvk key.pvk -spc publisher.spc -pfx publisher.pfx";
  if (!line.files().empty())
    // Behind a password it may be the rest of one with a blank in it.
    throw Error(Error::Kind::usage,
                line.has_secret() ? "a word belongs to no option"
                                  : "'" + line.files().front() + "' belongs to no option",
                line.has_secret() ? "a password with blanks stands in quotes" : usage);
  return {needed(line, "pvk", usage), needed(line, "spc", usage),
          needed(line, "pfx", "the original opens its wizard then, which is not there: " + usage),
          profile_of(line.value_or("--profile", "auto"))};
}

void check_output(const Call& call, const CommandLine& line) {
  check_apart({call.pfx}, {call.pvk, call.spc, line.value_or("--password-file", ""),
                           line.value_or("--out-password-file", "")});
  if (!std::filesystem::exists(call.pfx)) return;
  if (!line.has("f"))
    throw Error(Error::Kind::state, "'" + call.pfx + "' already exists", "pass -f to replace it");
  if (x509::content_of_der(read_file(call.pfx, x509::max_pfx_bytes)) != x509::Content::pfx)
    throw Error(Error::Kind::state, "'" + call.pfx + "' is there, and is no PFX",
                "-f replaces a PFX alone: name another file");
}

/// A key that was opened, with what opened it: null for a plain file.
struct OpenKey {
  ossl::PrivateKey key;
  std::optional<ossl::Secret> password;
};

std::optional<ossl::Secret> pvk_password(const Call& call, const CommandLine& line, World& world) {
  if (const auto* given = line.secret("pi")) return given->clone();
  auto found = world.password({"password of '" + call.pvk + "'",
                               line.value_or("--password-file", ""), "SEALWRIGHT_PASSWORD"});
  if (!found)
    throw Error(Error::Kind::usage, "'" + call.pvk + "' needs a password",
                "give --password-file FILE, or set SEALWRIGHT_PASSWORD");
  return found;
}

OpenKey open_key(const Call& call, const CommandLine& line, World& world) {
  const ossl::Secret content(read_file(call.pvk, x509::max_pvk_bytes));
  try {
    std::optional<ossl::Secret> password;
    if (x509::pvk_info(content.view()).encrypted) password = pvk_password(call, line, world);
    auto opened = x509::open_pvk(content.view(), password ? &*password : nullptr);
    if (opened.encryption == x509::PvkEncryption::weak)
      world.warn("'" + call.pvk +
                 "' is encrypted with 40 bits, which anybody can break: delete it when the PFX is "
                 "made");
    return {std::move(opened.key), std::move(password)};
  } catch (const Error& error) {
    if (error.kind == Error::Kind::usage) throw;
    throw with_prefix(error, "'" + call.pvk + "'");
  }
}

/// The password of the PFX: what is said of it, else that of the key.
ossl::Secret pfx_password(const CommandLine& line, const OpenKey& opened, World& world) {
  if (const auto* given = line.secret("po")) return given->clone();
  PasswordWish wish{"password of the PFX", line.value_or("--out-password-file", ""),
                    "SEALWRIGHT_OUT_PASSWORD"};
  wish.ask = false;
  if (auto found = world.password(wish)) return std::move(*found);
  if (opened.password) return opened.password->clone();
  world.warn(
      "the PFX gets the empty password, as the key had none: whoever reads the file has the key; "
      "give -po, or --out-password-file");
  return {};
}

/// The key's certificate first, the others behind it as they stood.
std::vector<Certificate> arranged(std::vector<Certificate> all, const ossl::PublicKey& key) {
  const auto own =
      std::ranges::find_if(all, [&](const Certificate& one) { return one.public_key() == key; });
  if (own == all.end()) return {};
  std::rotate(all.begin(), own, own + 1);
  std::vector<Certificate> once;
  for (auto& one : all)
    if (std::ranges::find(once, one) == once.end()) once.push_back(std::move(one));
  return once;
}

[[noreturn]] void refuse_stranger(const Call& call, const std::vector<Certificate>& all,
                                  World& world) {
  // Scripts look for these words.
  world.err << "ERROR: Cannot find certificates that match the key. (Error Code = 0x80070490)\n";
  std::string held;
  for (const auto& one : all) held += (held.empty() ? "" : ", ") + shown(one);
  throw Error(Error::Kind::input,
              "no certificate in '" + call.spc + "' is for the key in '" + call.pvk + "'",
              "it holds " + held);
}

x509::PfxContent content_of(const ossl::PrivateKey& key, std::vector<Certificate> arranged) {
  x509::PfxContent content;
  content.pkcs8 = key.to_pkcs8();
  content.certificate = arranged.front();
  content.chain.assign(arranged.begin() + 1, arranged.end());
  content.friendly_name = content.certificate->subject().display();
  return content;
}

x509::PfxOptions options_of(const Call& call, const ossl::Secret& password, World& world) {
  const bool automatic = call.profile == policy::ExportProfile::automatic;
  const auto choice = workspace::choose_profile(
      call.profile, automatic && world.targets ? world.targets() : std::vector<std::string>{});
  x509::PfxOptions options;
  options.profile = choice.profile;
  options.password = password.empty() ? PfxPassword::empty : PfxPassword::given;
  if (choice.profile == PfxProfile::compatible) options.csp = x509::enhanced_rsa_csp;
  world.note(std::string("PFX profile ") +
             (choice.profile == PfxProfile::modern ? "modern" : "compatible") + ", " +
             choice.because + ": " +
             x509::label(options.profile, options.iterations, ossl::KeyType::rsa));
  return options;
}

std::vector<Certificate> certificates_for(const Call& call) {
  auto all = read_certificate_file(call.spc).certificates();
  if (all.empty()) throw Error(Error::Kind::input, "'" + call.spc + "' holds no certificate");
  return all;
}

void explain(const Call& call, World& world) {
  const auto all = certificates_for(call);
  const std::size_t leaf = leaf_of(all);
  std::vector<ExistingCertificate> existing;
  for (std::size_t i = 0; i < all.size(); ++i)
    existing.push_back({all[i], call.spc, i == leaf ? call.pvk : std::string()});
  Proposal proposal;
  proposal.name = "from-pvk2pfx";
  const auto names = add_existing(proposal, existing);
  const std::string name = item_name(stem_of(call.pfx), "publisher");
  proposal.exports.push_back(name + "-pfx: {certificate: " + names[leaf] +
                             ", format: pfx, path: \"{name}.{ext}\", profile: auto, password: "
                             "{generate: \"" +
                             name + ".password\"}}");
  world.out << to_text(proposal);
  world.note(
      "with the key in the inventory no PFX is needed to sign: sealwright sign FILE --with " +
      names[leaf]);
}

void run(const CommandLine& line, World& world) {
  const Call call = read_call(line);
  if (line.has("--explain")) return explain(call, world);
  check_output(call, line);
  auto certificates = certificates_for(call);
  const auto opened = open_key(call, line, world);
  auto own_first = arranged(certificates, opened.key.public_key());
  if (own_first.empty()) refuse_stranger(call, certificates, world);
  const auto password = pfx_password(line, opened, world);
  const auto options = options_of(call, password, world);
  const Bytes pfx =
      x509::write_pfx(content_of(opened.key, std::move(own_first)), password, options);
  write_file(call.pfx, pfx, {Access::owner, line.has("f") ? Existing::replace : Existing::refuse});
}

}  // namespace

const Tool pvk2pfx_tool = {"pvk2pfx", "pvk2pfx -pvk FILE.pvk -spc FILE.spc -pfx FILE.pfx [OPTIONS]",
                           "Puts a private key and its certificates into a PFX.", flags, run};

}  // namespace sealwright::compat
