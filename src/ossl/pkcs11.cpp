#include "ossl/pkcs11.h"

#include <map>
#include <mutex>

#include "base/encoding.h"
#include "ossl/token_key.h"

namespace sealwright::ossl {
namespace {

constexpr std::size_t random_id_bytes = 20;

TokenUri exact(const TokenUri& uri, const FoundKey& key) {
  // A label that is no text cannot stand in a URI of ours; the id is enough then.
  return uri.for_object(is_utf8(key.label) ? key.label : std::string(), key.id);
}

}  // namespace

class Tokens::Impl {
 public:
  explicit Impl(TokenOptions options) : options_(std::move(options)) {}

  /// The session with the token that `uri` means: one for each token, so that there is one login.
  std::shared_ptr<TokenSession> session(const TokenUri& uri) {
    const std::lock_guard lock(mutex_);
    TokenPlace place = find_token(modules(uri.data()), uri);
    const auto key = std::tuple(place.label, place.serial, place.manufacturer, place.model);
    auto& session = sessions_[key];
    if (!session) session = std::make_shared<TokenSession>(std::move(place), options_.ask_pin);
    return session;
  }
  const Random& random() const { return options_.random; }

 private:
  const std::shared_ptr<const Modules>& modules(const TokenUri::Data& uri) {
    const std::string& path = uri.module_path.empty() ? options_.module_path : uri.module_path;
    auto& modules = modules_[path];
    if (!modules) modules = path.empty() ? Modules::registered() : Modules::at(path);
    return modules;
  }

  TokenOptions options_;
  std::mutex mutex_;
  std::map<std::string, std::shared_ptr<const Modules>> modules_;
  std::map<std::tuple<std::string, std::string, std::string, std::string>,
           std::shared_ptr<TokenSession>>
      sessions_;
};

Tokens::Tokens(TokenOptions options) : impl_(std::make_unique<Impl>(std::move(options))) {}
Tokens::Tokens(Tokens&&) noexcept = default;
Tokens& Tokens::operator=(Tokens&&) noexcept = default;
Tokens::~Tokens() = default;

bool Tokens::exists(const TokenUri& uri) {
  const auto session = impl_->session(uri);
  const std::lock_guard lock(session->mutex);
  if (!session->find(wanted_by(uri, CKO_PUBLIC_KEY)).empty()) return true;
  session->login(uri.pin_file());
  return !session->find(wanted_by(uri, CKO_PRIVATE_KEY)).empty();
}

TokenKey Tokens::find(const TokenUri& uri) {
  auto session = impl_->session(uri);
  const std::lock_guard lock(session->mutex);
  session->login(uri.pin_file());
  const FoundKey key = find_key(*session, uri);
  return {exact(uri, key), token_signer(session, key)};
}

TokenKey Tokens::generate(const TokenUri& uri, const KeySpec& spec) {
  if (uri.object().empty())
    throw Error(Error::Kind::input,
                "'" + printable(uri.text()) + "' does not say what the new key is to be called",
                "add ;object=LABEL");
  auto session = impl_->session(uri);
  const std::lock_guard lock(session->mutex);
  session->login(uri.pin_file());
  const Bytes id = uri.id().empty() ? random_bytes(impl_->random(), random_id_bytes) : uri.id();
  const FoundKey key = generate_key(*session, uri.object(), id, spec);
  return {exact(uri, key), token_signer(session, key)};
}

std::optional<Bytes> Tokens::certificate(const TokenUri& uri) {
  const auto session = impl_->session(uri);
  const std::lock_guard lock(session->mutex);
  session->login(uri.pin_file());
  auto certificates = certificates_with_id(*session, find_key(*session, uri).id);
  if (certificates.size() != 1) return std::nullopt;
  return std::move(certificates.front());
}

}  // namespace sealwright::ossl
