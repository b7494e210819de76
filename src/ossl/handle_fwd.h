#pragma once
// Owners of OpenSSL objects for headers that must not include <openssl/…>.

#include <memory>

struct evp_md_ctx_st;
struct evp_pkey_st;

namespace sealwright::ossl {

struct FreeMdContext {
  void operator()(evp_md_ctx_st* p) const noexcept;
};
struct FreeKey {
  void operator()(evp_pkey_st* p) const noexcept;
};
using MdContext = std::unique_ptr<evp_md_ctx_st, FreeMdContext>;
using KeyHandle = std::unique_ptr<evp_pkey_st, FreeKey>;
using SharedKeyHandle = std::shared_ptr<evp_pkey_st>;

}  // namespace sealwright::ossl
