#include "ossl/handle.h"

#include <mutex>

#include "ossl/handle_fwd.h"
#include "ossl/library.h"

namespace sealwright::ossl {

void FreeMdContext::operator()(evp_md_ctx_st* p) const noexcept { EVP_MD_CTX_free(p); }
void FreeKey::operator()(evp_pkey_st* p) const noexcept { EVP_PKEY_free(p); }

void start_library() {
  static std::once_flag started;
  std::call_once(started, [] { OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, nullptr); });
}

}  // namespace sealwright::ossl
