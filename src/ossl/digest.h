#pragma once
// Digests. Algorithms are fetched once per process.

#include <optional>
#include <string_view>

#include "base/bytes.h"
#include "base/id.h"
#include "ossl/handle_fwd.h"

namespace sealwright::ossl {

enum class Digest { md5, sha1, sha256, sha384, sha512 };

std::string_view to_text(Digest digest);                      ///< "sha256"
std::optional<Digest> digest_by_name(std::string_view name);  ///< "sha256", "SHA-256", any case.
std::size_t size_of(Digest digest);                           ///< In bytes.
const Oid& oid_of(Digest digest);
std::optional<Digest> digest_by_oid(const Oid& oid);

/// A running digest. finish() may be called once.
class Hasher {
 public:
  explicit Hasher(Digest digest);
  Hasher(Hasher&&) noexcept;
  Hasher& operator=(Hasher&&) noexcept;
  ~Hasher();
  void update(BytesView bytes);
  Bytes finish();

 private:
  MdContext context_;
};

Bytes hash(Digest digest, BytesView bytes);

}  // namespace sealwright::ossl
