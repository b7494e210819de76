#include "ossl/pkcs11_library.h"

#include <dlfcn.h>

#include "base/encoding.h"

namespace sealwright::ossl {
namespace {

// The soname: the interface that the headers describe.
constexpr const char* library_name = "libp11-kit.so.0";

template <class Function>
void look_up(void* library, const char* name, Function& function) {
  function = reinterpret_cast<Function>(dlsym(library, name));
  if (!function)
    throw Error(Error::Kind::state, std::string(library_name) + " lacks " + name,
                "install libp11-kit0 0.23 or newer");
}

P11Kit open_library() {
  void* library = dlopen(library_name, RTLD_NOW | RTLD_LOCAL);
  if (!library) {
    Error error(Error::Kind::state, "keys on tokens need p11-kit, which is not installed",
                "install libp11-kit0");
    if (const char* reason = dlerror()) error.causes.emplace_back(reason);
    throw error;
  }
  P11Kit kit{};
  look_up(library, "p11_kit_uri_new", kit.uri_new);
  look_up(library, "p11_kit_uri_free", kit.uri_free);
  look_up(library, "p11_kit_uri_parse", kit.uri_parse);
  look_up(library, "p11_kit_uri_format", kit.uri_format);
  look_up(library, "p11_kit_uri_any_unrecognized", kit.uri_any_unrecognized);
  look_up(library, "p11_kit_uri_get_attribute", kit.uri_get_attribute);
  look_up(library, "p11_kit_uri_set_attribute", kit.uri_set_attribute);
  look_up(library, "p11_kit_uri_clear_attribute", kit.uri_clear_attribute);
  look_up(library, "p11_kit_uri_get_pin_source", kit.uri_get_pin_source);
  look_up(library, "p11_kit_uri_get_module_path", kit.uri_get_module_path);
  look_up(library, "p11_kit_uri_get_module_name", kit.uri_get_module_name);
  look_up(library, "p11_kit_uri_get_slot_id", kit.uri_get_slot_id);
  look_up(library, "p11_kit_uri_match_module_info", kit.uri_match_module_info);
  look_up(library, "p11_kit_uri_match_slot_info", kit.uri_match_slot_info);
  look_up(library, "p11_kit_uri_match_token_info", kit.uri_match_token_info);
  look_up(library, "p11_kit_modules_load_and_initialize", kit.modules_load_and_initialize);
  look_up(library, "p11_kit_modules_finalize_and_release", kit.modules_finalize_and_release);
  look_up(library, "p11_kit_module_load", kit.module_load);
  look_up(library, "p11_kit_module_initialize", kit.module_initialize);
  look_up(library, "p11_kit_module_finalize", kit.module_finalize);
  look_up(library, "p11_kit_module_release", kit.module_release);
  look_up(library, "p11_kit_module_get_name", kit.module_get_name);
  look_up(library, "p11_kit_message", kit.message);
  // Its complaints become our errors; on stderr they would stand beside them.
  decltype(&p11_kit_be_quiet) be_quiet = nullptr;
  look_up(library, "p11_kit_be_quiet", be_quiet);
  be_quiet();
  return kit;
}

/// What a return value means to the person at the keyboard.
struct Meaning {
  CK_RV rv;
  const char* name;
  Error::Kind kind;
  const char* words;
  const char* hint;
};
constexpr Meaning meanings[] = {
    {CKR_HOST_MEMORY, "CKR_HOST_MEMORY", Error::Kind::state, "memory is used up", ""},
    {CKR_DEVICE_ERROR, "CKR_DEVICE_ERROR", Error::Kind::state, "the device reports an error",
     "plug it in again"},
    {CKR_DEVICE_MEMORY, "CKR_DEVICE_MEMORY", Error::Kind::state, "the token is full",
     "delete what is not needed from it"},
    {CKR_DEVICE_REMOVED, "CKR_DEVICE_REMOVED", Error::Kind::state, "the token was removed",
     "plug it in and repeat the command"},
    {CKR_TOKEN_NOT_PRESENT, "CKR_TOKEN_NOT_PRESENT", Error::Kind::state, "the token was removed",
     "plug it in and repeat the command"},
    {CKR_TOKEN_NOT_RECOGNIZED, "CKR_TOKEN_NOT_RECOGNIZED", Error::Kind::state,
     "the module does not know this token", ""},
    {CKR_TOKEN_WRITE_PROTECTED, "CKR_TOKEN_WRITE_PROTECTED", Error::Kind::state,
     "the token is write-protected", ""},
    {CKR_SESSION_READ_ONLY, "CKR_SESSION_READ_ONLY", Error::Kind::state,
     "the token lets nobody write to it", ""},
    {CKR_SESSION_HANDLE_INVALID, "CKR_SESSION_HANDLE_INVALID", Error::Kind::state,
     "the token ended the session", "repeat the command"},
    {CKR_SESSION_CLOSED, "CKR_SESSION_CLOSED", Error::Kind::state, "the token ended the session",
     "repeat the command"},
    {CKR_SESSION_COUNT, "CKR_SESSION_COUNT", Error::Kind::state,
     "other programs use all its sessions", "end the others"},
    {CKR_USER_NOT_LOGGED_IN, "CKR_USER_NOT_LOGGED_IN", Error::Kind::crypto,
     "it wants a login first", "give the PIN: --pin-file FILE or --pin-env VAR"},
    {CKR_USER_ANOTHER_ALREADY_LOGGED_IN, "CKR_USER_ANOTHER_ALREADY_LOGGED_IN", Error::Kind::state,
     "its security officer is logged in", "end that program"},
    {CKR_USER_PIN_NOT_INITIALIZED, "CKR_USER_PIN_NOT_INITIALIZED", Error::Kind::state,
     "its user PIN was never set", "set it: pkcs11-tool --init-pin --login --login-type so"},
    {CKR_PIN_INCORRECT, "CKR_PIN_INCORRECT", Error::Kind::crypto, "the PIN is wrong", ""},
    {CKR_PIN_INVALID, "CKR_PIN_INVALID", Error::Kind::crypto, "the PIN is no PIN of this token",
     ""},
    {CKR_PIN_LEN_RANGE, "CKR_PIN_LEN_RANGE", Error::Kind::crypto,
     "the PIN is too short or too long", ""},
    {CKR_PIN_EXPIRED, "CKR_PIN_EXPIRED", Error::Kind::crypto, "the PIN has expired",
     "change it: pkcs11-tool --change-pin"},
    {CKR_PIN_LOCKED, "CKR_PIN_LOCKED", Error::Kind::crypto,
     "the PIN is locked after too many wrong tries",
     "unlock it with the security officer's PIN: pkcs11-tool --unlock-pin"},
    {CKR_FUNCTION_CANCELED, "CKR_FUNCTION_CANCELED", Error::Kind::crypto,
     "it was cancelled at the token", ""},
    {CKR_FUNCTION_REJECTED, "CKR_FUNCTION_REJECTED", Error::Kind::crypto,
     "it was refused at the token", ""},
    {CKR_KEY_FUNCTION_NOT_PERMITTED, "CKR_KEY_FUNCTION_NOT_PERMITTED", Error::Kind::crypto,
     "the key is not allowed to do this", "use a key that was made for signing (CKA_SIGN)"},
    {CKR_KEY_SIZE_RANGE, "CKR_KEY_SIZE_RANGE", Error::Kind::crypto, "it has no keys of this size",
     "pkcs11-tool --list-mechanisms shows the sizes it has"},
    {CKR_ATTRIBUTE_VALUE_INVALID, "CKR_ATTRIBUTE_VALUE_INVALID", Error::Kind::crypto,
     "it has no such keys", "pkcs11-tool --list-mechanisms shows what it has"},
    {CKR_CURVE_NOT_SUPPORTED, "CKR_CURVE_NOT_SUPPORTED", Error::Kind::crypto,
     "it does not know the curve", "pkcs11-tool --list-mechanisms shows what it has"},
    {CKR_MECHANISM_INVALID, "CKR_MECHANISM_INVALID", Error::Kind::crypto,
     "it does not know the algorithm", "pkcs11-tool --list-mechanisms shows what it has"},
    {CKR_MECHANISM_PARAM_INVALID, "CKR_MECHANISM_PARAM_INVALID", Error::Kind::crypto,
     "it does not know the algorithm with this digest", ""},
    {CKR_DATA_LEN_RANGE, "CKR_DATA_LEN_RANGE", Error::Kind::crypto,
     "the digest is too long for the key", "use a shorter digest, or a longer key"},
    {CKR_FUNCTION_NOT_SUPPORTED, "CKR_FUNCTION_NOT_SUPPORTED", Error::Kind::crypto,
     "its module cannot do this", ""},
    {CKR_GENERAL_ERROR, "CKR_GENERAL_ERROR", Error::Kind::crypto, "its module gives no reason", ""},
    {CKR_FUNCTION_FAILED, "CKR_FUNCTION_FAILED", Error::Kind::crypto, "its module gives no reason",
     ""},
};

const Meaning* meaning_of(CK_RV rv) {
  for (const Meaning& meaning : meanings)
    if (meaning.rv == rv) return &meaning;
  return nullptr;
}

std::string hex_of(CK_RV rv) {
  Bytes bytes;
  for (int shift = 24; shift >= 0; shift -= 8)
    bytes.push_back(static_cast<std::uint8_t>(rv >> shift));
  return "0x" + to_hex(bytes);
}

}  // namespace

const P11Kit& p11_kit() {
  static const P11Kit kit = open_library();
  return kit;
}

std::string p11_kit_reason() {
  const char* text = p11_kit().message();
  return text ? printable(text) : std::string();
}

Error with_return_value(Error error, const char* function, CK_RV rv) {
  const Meaning* meaning = meaning_of(rv);
  error.causes.push_back(std::string(function) + ": " +
                         (meaning ? meaning->name : "return value " + hex_of(rv)));
  return error;
}

Error token_failure(const std::string& what, const char* function, CK_RV rv) {
  const Meaning* meaning = meaning_of(rv);
  return with_return_value(
      meaning ? Error(meaning->kind, what + ": " + meaning->words, meaning->hint)
              : Error(Error::Kind::crypto, what + ": its module returns " + hex_of(rv)),
      function, rv);
}

}  // namespace sealwright::ossl
