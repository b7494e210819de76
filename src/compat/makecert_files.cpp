#include "compat/makecert_files.h"

#include <filesystem>

#include "base/encoding.h"
#include "base/error.h"
#include "base/file.h"
#include "compat/certificate_file.h"
#include "x509/content.h"
#include "x509/pkcs12.h"
#include "x509/pvk.h"

namespace sealwright::compat {
namespace {
namespace fs = std::filesystem;

constexpr std::size_t max_file = x509::max_pfx_bytes;

std::string quoted(const std::string& path) { return "'" + printable(path) + "'"; }

/// Runs `work`; errors it throws about the bytes get the name of the file.
template <class Work>
auto naming(const std::string& path, Work work) {
  try {
    return work();
  } catch (const Error& error) {
    throw with_prefix(error, printable(path));
  }
}

[[noreturn]] void refuse_place(const std::string& path, const char* why) {
  throw Error(Error::Kind::state, quoted(path) + " is there, and " + why,
              "it is not overwritten: check the order of the words, or name another file");
}

/// Whether `pfx` opens with `password` and holds `key`.
bool holds_key(BytesView pfx, const ossl::Secret& password, const ossl::PublicKey& key) {
  try {
    const auto content = x509::read_pfx(pfx, password);
    return !content.pkcs8.empty() && content.other_keys == 0 &&
           ossl::PrivateKey::from_pkcs8(content.pkcs8.view()).public_key() == key;
  } catch (const Error&) {
    return false;
  }
}

PasswordWish password_wish(const std::string& path, KeyHolder holder, const CommandLine& line) {
  const auto file = line.value_or("--password-file", "");
  if (holder == KeyHolder::subject)
    return {"password of " + quoted(path), file, "SEALWRIGHT_PASSWORD"};
  return {"password of " + quoted(path),
          line.value_or("--issuer-password-file", ""),
          "SEALWRIGHT_ISSUER_PASSWORD",
          false,
          file,
          "SEALWRIGHT_PASSWORD"};
}

}  // namespace

void check_certificate_place(const std::string& path) {
  if (would_lose(path, {CertificateFile::Form::certificate}, 1))
    refuse_place(path, "is not one certificate");
}

void check_pfx_place(const std::string& path, const ossl::PublicKey& key,
                     const ossl::Secret& password) {
  if (!fs::exists(fs::symlink_status(path))) return;
  const auto bytes = read_file(path, max_file);
  if (x509::content_of_der(bytes) != x509::Content::pfx) refuse_place(path, "is no PFX");
  if (!holds_key(bytes, password, key))
    refuse_place(path, "holds another key, or has another password");
}

ossl::PrivateKey read_key_file(const std::string& path, KeyHolder holder, const CommandLine& line,
                               World& world) {
  const auto bytes = ossl::Secret(read_file(path, x509::max_pvk_bytes));
  return naming(path, [&] {
    if (!x509::pvk_info(bytes.view()).encrypted) return x509::read_pvk(bytes.view(), nullptr);
    const auto password = world.password(password_wish(path, holder, line));
    if (!password)
      throw Error(Error::Kind::input, "needs a password",
                  holder == KeyHolder::issuer
                      ? "give it with --issuer-password-file, or in $SEALWRIGHT_ISSUER_PASSWORD"
                      : "give it with --password-file, or in $SEALWRIGHT_PASSWORD");
    return x509::read_pvk(bytes.view(), &*password);
  });
}

bool is_plain_key_file(const std::string& path) {
  try {
    const auto bytes = ossl::Secret(read_file(path, x509::max_pvk_bytes));
    return !x509::pvk_info(bytes.view()).encrypted;
  } catch (const Error&) {
    return false;
  }
}

void check_key_type(const std::string& path, std::optional<bool> exchange) {
  if (!exchange) return;
  const auto bytes = ossl::Secret(read_file(path, x509::max_pvk_bytes));
  const auto info = naming(path, [&] { return x509::pvk_info(bytes.view()); });
  const bool is_exchange = info.type == x509::PvkKeyType::exchange;
  if (is_exchange == *exchange) return;
  throw Error(Error::Kind::input,
              quoted(path) + " holds a key of type " + (is_exchange ? "exchange" : "signature") +
                  ", and '-sky' says another",
              "leave '-sky' out, or name another file with -sv");
}

ossl::Secret key_file(const std::string& path, const ossl::PrivateKey& key,
                      std::optional<bool> exchange, const CommandLine& line, World& world) {
  auto wish = password_wish(path, KeyHolder::subject, line);
  wish.is_new = true;
  const auto password = world.password(wish);
  const bool encrypted = password && !password->empty();
  if (!encrypted)
    world.warn(quoted(path) +
               " is not encrypted: whoever reads it can sign; give a password with "
               "--password-file, or in $SEALWRIGHT_PASSWORD");
  x509::PvkOptions options;
  // As Microsoft's, which tries AT_SIGNATURE first, and mono's.
  options.type =
      exchange.value_or(false) ? x509::PvkKeyType::exchange : x509::PvkKeyType::signature;
  options.password = encrypted ? &*password : nullptr;
  options.random = world.random;
  return x509::write_pvk(key, options);
}

Bytes pfx_file(const ossl::PrivateKey& key, const x509::Certificate& certificate,
               const std::vector<x509::Certificate>& chain, const std::string& name,
               const ossl::Secret& password) {
  x509::PfxContent content;
  content.pkcs8 = key.to_pkcs8();
  content.certificate = certificate;
  content.chain = chain;
  content.friendly_name = name;
  x509::PfxOptions options;
  options.profile = x509::PfxProfile::compatible;
  options.csp = x509::enhanced_rsa_csp;
  return x509::write_pfx(content, password, options);
}

}  // namespace sealwright::compat
