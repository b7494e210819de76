#include "cli/signing_setup.h"

#include <fmt/format.h>
#include <fnmatch.h>

#include <algorithm>

#include "base/encoding.h"
#include "base/error.h"
#include "base/file.h"
#include "cli/secrets.h"
#include "x509/pkcs12.h"

namespace sealwright::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t max_key_file_bytes = std::size_t{16} << 20;

std::vector<x509::Certificate> read_all(const std::vector<std::string>& files) {
  std::vector<x509::Certificate> all;
  for (const auto& file : files) {
    try {
      const auto read = x509::read_certificates(read_file(file, max_key_file_bytes));
      all.insert(all.end(), read.begin(), read.end());
    } catch (const Error& error) {
      throw with_prefix(error, file);
    }
  }
  return all;
}

/// Digests of whole files are for finding them again. Signing reads a large file once; the record
/// of it does without.
constexpr std::uint64_t max_recorded_bytes = std::uint64_t{64} << 20;

std::optional<store::Sha256> file_sha256(const fs::path& path) {
  const InputFile file(path);
  if (file.size() > max_recorded_bytes) return std::nullopt;
  ossl::Hasher hasher(ossl::Digest::sha256);
  Bytes block(std::size_t{1} << 20);
  for (std::uint64_t at = 0; at < file.size();) {
    const std::size_t count =
        static_cast<std::size_t>(std::min<std::uint64_t>(block.size(), file.size() - at));
    file.read_at(at, std::span(block).first(count));
    hasher.update(BytesView(block).first(count));
    at += count;
  }
  const Bytes hash = hasher.finish();
  store::Sha256 sha256{};
  std::copy(hash.begin(), hash.end(), sha256.begin());
  return sha256;
}

std::vector<x509::Certificate> beside(ossl::Tokens& tokens, const ossl::TokenUri& key) {
  const auto der = tokens.certificate(key);
  if (!der) return {};
  try {
    return {x509::Certificate::from_der(*der)};
  } catch (const Error& error) {
    throw with_prefix(error, "certificate on the token");
  }
}

bool is_pfx(const std::string& with) {
  const std::string lower = ascii_lower(with);
  return lower.ends_with(".pfx") || lower.ends_with(".p12");
}

void refuse_unsupported(const std::string& with) {
  if (ascii_lower(with).ends_with(".signer"))
    throw Error(Error::Kind::usage, "signing with a .signer file is not supported by this version");
}

}  // namespace

/// Timestamp authorities, tried in order; remembers which one answered.
class SigningSetup::Timestamps : public signing::Timestamper {
 public:
  explicit Timestamps(Context& context) : context_(context) {}
  void add(workspace::TimestampSource source) { sources_.push_back(std::move(source)); }
  const std::string& last() const { return last_; }
  Bytes stamp(BytesView signature_value, ossl::Digest digest) override {
    for (std::size_t i = 0;; ++i) {
      try {
        Bytes token = sources_[i].timestamper->stamp(signature_value, digest);
        last_ = sources_[i].authority;
        return token;
      } catch (const Error& error) {
        if (i + 1 == sources_.size()) throw;
        context_.warn("timestamp authority '" + sources_[i].authority + "': " + error.message +
                      "; trying the next");
      }
    }
  }

 private:
  Context& context_;
  std::vector<workspace::TimestampSource> sources_;
  std::string last_;
};

SigningSetup::SigningSetup(const SigningWords& words, Context& context) {
  refuse_unsupported(words.with);
  const bool token = ossl::TokenUri::looks_like(words.with);
  if (!words.certificate.empty() && !token)
    throw Error(Error::Kind::usage, "--certificate goes with a key on a token",
                "leave it out, or sign --with pkcs11:…");
  if (token)
    use_token(words, context);
  else if (is_pfx(words.with))
    use_pfx(words, context);
  else
    use_workspace(words, context);
  const auto extra = read_all(words.chain);
  identity_->chain.insert(identity_->chain.end(), extra.begin(), extra.end());
  options_.cross_certificates = read_all(words.cross_certificates);
  if (!words.digest.empty()) {
    const auto digest = ossl::digest_by_name(words.digest);
    if (!digest || *digest == ossl::Digest::md5)
      throw Error(Error::Kind::usage, "unknown digest '" + printable(words.digest) + "'",
                  "write sha256, sha384, sha512 or sha1");
    options_.digest = *digest;
  }
  if (!words.description.empty()) options_.description = words.description;
  if (!words.url.empty()) options_.url = words.url;
  if (words.page_hashes) options_.page_hashes = true;
  choose_timestamp(words, context);
}

SigningSetup::~SigningSetup() = default;

void SigningSetup::use_workspace(const SigningWords& words, Context& context) {
  workspace_ = std::make_unique<workspace::Workspace>(open_workspace(context));
  keys_ = std::make_unique<workspace::Keys>(open_keys(*workspace_, words, context));
  named_ = workspace::named_signer(*workspace_, *keys_, words.with);
  label_ = named_.generation.label();
  identity_ = signing::Identity{x509::Certificate::from_der(named_.generation.certificate),
                                named_.chain, named_.signer.get()};
  options_.digest = named_.defaults.digest;
  options_.description = named_.defaults.description;
  options_.url = named_.defaults.url;
  options_.page_hashes = named_.defaults.page_hashes;
  options_.include_root = named_.defaults.chain == policy::SignDefaults::Chain::full;
}

void SigningSetup::use_pfx(const SigningWords& words, Context& context) {
  const Bytes file = read_file(words.with, max_key_file_bytes);
  const auto password = read_secret({"password of '" + words.with + "'", words.password_file,
                                     "--password-file", "SEALWRIGHT_PASSWORD", ""},
                                    context);
  std::optional<signing::Identity> identity;
  try {
    const auto content = x509::read_pfx(file, password);
    if (content.pkcs8.empty() || !content.certificate)
      throw Error(Error::Kind::input, "holds no private key with its certificate",
                  "export it again, with its key");
    own_signer_ =
        std::make_unique<ossl::KeySigner>(ossl::PrivateKey::from_pkcs8(content.pkcs8.view()));
    identity = signing::Identity{*content.certificate, content.chain, own_signer_.get()};
  } catch (const Error& error) {
    throw with_prefix(error, words.with);
  }
  use_file(words, std::move(*identity), context);
}

void SigningSetup::use_token(const SigningWords& words, Context& context) {
  ossl::Tokens tokens(token_options(words.pin_file, words.pin_env, context));
  auto key = tokens.find(ossl::TokenUri::parse(words.with));
  own_signer_ = std::move(key.signer);
  auto certificates =
      words.certificate.empty() ? beside(tokens, key.uri) : read_all({words.certificate});
  const auto own = std::find_if(certificates.begin(), certificates.end(), [&](const auto& each) {
    return each.public_key() == own_signer_->public_key();
  });
  if (own == certificates.end())
    throw Error(Error::Kind::input,
                "'" + printable(words.certificate.empty() ? words.with : words.certificate) +
                    "' has no certificate of the key '" + printable(key.uri.object()) + "'",
                "give --certificate FILE");
  signing::Identity identity{*own, {}, own_signer_.get()};
  certificates.erase(own);
  identity.chain = std::move(certificates);
  use_file(words, std::move(identity), context);
}

/// Signs with a certificate that no workspace has to know; one there may have the timestamp
/// authority.
void SigningSetup::use_file(const SigningWords& words, signing::Identity identity,
                            Context& context) {
  identity_ = std::move(identity);
  label_ = identity_->certificate.subject().display();
  const auto now = context.clock();
  if (now < identity_->certificate.not_before() || now > identity_->certificate.not_after())
    throw Error(Error::Kind::state, "the certificate of '" + printable(words.with) +
                                        "' is valid from " +
                                        to_iso(identity_->certificate.not_before()) + " to " +
                                        to_iso(identity_->certificate.not_after()) + ", not now");
  workspace_ = open_workspace_if_any(context);
  if (workspace_) keys_ = std::make_unique<workspace::Keys>(open_keys(*workspace_, words, context));
}

void SigningSetup::choose_timestamp(const SigningWords& words, Context& context) {
  auto wanted = split_list(words.timestamp);
  const bool by_name = named_.signer != nullptr;
  if (wanted.empty() && by_name)
    wanted = named_.defaults.timestamp_none ? std::vector<std::string>{"none"}
                                            : named_.defaults.timestamp;
  if (wanted.empty() && by_name && !named_.timestamp_required) return;
  if (wanted.empty())
    throw Error(by_name ? Error::Kind::policy : Error::Kind::usage,
                "no timestamp authority is named: without a timestamp the signature ends with its "
                "certificate",
                "give --timestamp NAME, URL or local; or --timestamp none where that is meant");
  if (wanted == std::vector<std::string>{"none"}) {
    if (by_name && named_.timestamp_required)
      throw Error(
          Error::Kind::policy,
          "the policy of '" + named_.generation.name + "' requires a timestamp",
          "leave out --timestamp none, or say 'signing: {timestamp: optional}' in the policy");
    return;
  }
  timestamps_ = std::make_unique<Timestamps>(context);
  for (const auto& word : wanted)
    timestamps_->add(workspace::timestamp_source(workspace_.get(), keys_.get(), word, context.clock,
                                                 context.random));
  options_.timestamp = timestamps_.get();
}

void SigningSetup::before(const std::string& file_name, const fs::path& path) {
  if (!named_.signer) return;
  const std::string base = fs::path(file_name).filename().string();
  const auto fits = [&](const std::string& glob) {
    return fnmatch(glob.c_str(), base.c_str(), FNM_CASEFOLD) == 0;
  };
  if (!named_.allow.empty() && std::none_of(named_.allow.begin(), named_.allow.end(), fits))
    throw Error(Error::Kind::policy,
                "the policy of '" + named_.generation.name + "' does not let it sign '" +
                    printable(base) + "'",
                "sign with another certificate, or add a pattern to 'signing: {allow: […]}'");
  named_.signer->subject({file_name,
                          std::string(signing::to_text(signing::detect(path))),
                          std::string(ossl::to_text(options_.digest)),
                          {},
                          file_sha256(path)});
}

void SigningSetup::after(const fs::path& written, const signing::SignedFile& result) {
  if (!named_.signer) return;
  store::SignatureResult record;
  record.file_after = file_sha256(written);
  if (result.timestamp) record.timestamp = result.timestamp->time;
  if (timestamps_) record.timestamp_authority = timestamps_->last();
  named_.signer->finish(record);
}

std::string signed_line(const std::string& file, const signing::SignedFile& result) {
  return fmt::format(
      "signed  {}  {} {}{}{}", printable(file, 4096), ossl::to_text(result.digest),
      result.file_digest,
      result.timestamp ? "  timestamp " + to_iso(result.timestamp->time) : "  no timestamp",
      result.replaced ? "  (replaced a signature)" : "");
}

Json signed_json(const std::string& file, const signing::SignedFile& result) {
  Json json = Json::object();
  json.set("file", file)
      .set("kind", signing::to_text(result.kind))
      .set("digest_algorithm", ossl::to_text(result.digest));
  json.set("digest", result.file_digest).set("signature_sha256", result.signature_sha256);
  json.set("timestamp", result.timestamp ? Json(to_iso(result.timestamp->time)) : Json())
      .set("replaced", result.replaced);
  return json;
}

}  // namespace sealwright::cli
