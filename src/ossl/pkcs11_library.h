#pragma once
// The functions of libp11-kit that this folder calls, for the sources of pkcs11.h.

#include <p11-kit/p11-kit.h>
#include <p11-kit/uri.h>

#include <memory>
#include <string>

#include "base/error.h"

namespace sealwright::ossl {

struct P11Kit {
  decltype(&p11_kit_uri_new) uri_new;
  decltype(&p11_kit_uri_free) uri_free;
  decltype(&p11_kit_uri_parse) uri_parse;
  decltype(&p11_kit_uri_format) uri_format;
  decltype(&p11_kit_uri_any_unrecognized) uri_any_unrecognized;
  decltype(&p11_kit_uri_get_attribute) uri_get_attribute;
  decltype(&p11_kit_uri_set_attribute) uri_set_attribute;
  decltype(&p11_kit_uri_clear_attribute) uri_clear_attribute;
  decltype(&p11_kit_uri_get_pin_source) uri_get_pin_source;
  decltype(&p11_kit_uri_get_module_path) uri_get_module_path;
  decltype(&p11_kit_uri_get_module_name) uri_get_module_name;
  decltype(&p11_kit_uri_get_slot_id) uri_get_slot_id;
  decltype(&p11_kit_uri_match_module_info) uri_match_module_info;
  decltype(&p11_kit_uri_match_slot_info) uri_match_slot_info;
  decltype(&p11_kit_uri_match_token_info) uri_match_token_info;
  decltype(&p11_kit_modules_load_and_initialize) modules_load_and_initialize;
  decltype(&p11_kit_modules_finalize_and_release) modules_finalize_and_release;
  decltype(&p11_kit_module_load) module_load;
  decltype(&p11_kit_module_initialize) module_initialize;
  decltype(&p11_kit_module_finalize) module_finalize;
  decltype(&p11_kit_module_release) module_release;
  decltype(&p11_kit_module_get_name) module_get_name;
  decltype(&p11_kit_message) message;
};

/// Opens the library at the first call; it stays open, for modules may have threads of their own.
/// Throws Error::Kind::state where it is not installed.
const P11Kit& p11_kit();

/// What p11-kit says about its last failure on this thread, or empty.
std::string p11_kit_reason();

struct FreeUri {
  void operator()(P11KitUri* uri) const noexcept { p11_kit().uri_free(uri); }
};
using UriHandle = std::unique_ptr<P11KitUri, FreeUri>;

/// `error` with the return value `rv` of a PKCS#11 function among its causes.
Error with_return_value(Error error, const char* function, CK_RV rv);
/// Why `what` ("token 'HSM' cannot sign") failed, in words where the return value has some that
/// help. Error::Kind::state for what went away or is busy, Error::Kind::crypto otherwise.
Error token_failure(const std::string& what, const char* function, CK_RV rv);

}  // namespace sealwright::ossl
