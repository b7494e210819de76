#include "x509/pvk_parts.h"

#include <algorithm>

#include "ossl/digest.h"
#include "ossl/failure.h"
#include "ossl/handle.h"
#include "ossl/legacy.h"

namespace sealwright::x509::pvk {

using ossl::Ptr;
using ossl::Secret;

Secret key_of(BytesView salt, const Secret& password) {
  Secret material(salt.size() + password.size());
  std::ranges::copy(salt, material.writable().begin());
  std::ranges::copy(password.view(), material.writable().begin() + std::ptrdiff_t(salt.size()));
  const Secret digest(ossl::hash(ossl::Digest::sha1, material.view()));
  return Secret(digest.view().first(16));
}

Secret rc4(BytesView bytes, const Secret& key) {
  const ossl::LegacyAlgorithms legacy;
  const Ptr<EVP_CIPHER> cipher(EVP_CIPHER_fetch(nullptr, "RC4", nullptr));
  const Ptr<EVP_CIPHER_CTX> context(EVP_CIPHER_CTX_new());
  Secret result(bytes.size());
  int length = 0;
  if (!cipher || !context ||
      EVP_EncryptInit_ex2(context.get(), cipher.get(), key.view().data(), nullptr, nullptr) != 1 ||
      EVP_EncryptUpdate(context.get(), result.writable().data(), &length, bytes.data(),
                        static_cast<int>(bytes.size())) != 1)
    throw ossl::failure(Error::Kind::crypto, "RC4 cannot be used");
  return result;
}

}  // namespace sealwright::x509::pvk
