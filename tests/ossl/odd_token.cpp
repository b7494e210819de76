// A PKCS#11 module that passes all calls on to SoftHSM, and behaves like one of the odder tokens
// that are sold: ODD_TOKEN in the environment says how, ODD_TOKEN_BELOW which module is below.

#include <dlfcn.h>
#include <p11-kit/pkcs11.h>

#include <cstdlib>
#include <cstring>
#include <string_view>

namespace {

CK_FUNCTION_LIST* below;
CK_FUNCTION_LIST odd;
bool signing_login;

bool is(std::string_view what) {
  const char* said = std::getenv("ODD_TOKEN");
  return said && what == said;
}

/// "digests-itself": no mechanism that takes a finished digest.
CK_RV sign_init(CK_SESSION_HANDLE session, CK_MECHANISM* mechanism, CK_OBJECT_HANDLE key) {
  const CK_MECHANISM_TYPE type = mechanism->mechanism;
  if (is("digests-itself") &&
      (type == CKM_RSA_PKCS || type == CKM_RSA_PKCS_PSS || type == CKM_ECDSA))
    return CKR_MECHANISM_INVALID;
  signing_login = false;
  return below->C_SignInit(session, mechanism, key);
}

CK_RV sign(CK_SESSION_HANDLE session, unsigned char* data, CK_ULONG length, unsigned char* made,
           CK_ULONG* made_length) {
  if (is("asks-each-time") && !signing_login) return CKR_USER_NOT_LOGGED_IN;
  const CK_RV rv = below->C_Sign(session, data, length, made, made_length);
  if (is("unplugged")) return CKR_DEVICE_REMOVED;
  if (is("bit-flip")) made[*made_length / 2] ^= 1;
  return rv;
}

CK_RV login(CK_SESSION_HANDLE session, CK_USER_TYPE user, unsigned char* pin, CK_ULONG length) {
  if (is("keypad")) {
    // The person types it there.
    if (pin || length) return CKR_ARGUMENTS_BAD;
    return below->C_Login(session, user, reinterpret_cast<unsigned char*>(std::getenv("ODD_PIN")),
                          std::strlen(std::getenv("ODD_PIN")));
  }
  if (user != CKU_CONTEXT_SPECIFIC) return below->C_Login(session, user, pin, length);
  signing_login = std::string_view(reinterpret_cast<char*>(pin), length) == std::getenv("ODD_PIN");
  return signing_login ? CKR_OK : CKR_PIN_INCORRECT;
}

CK_RV attribute(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object, CK_ATTRIBUTE* wanted,
                CK_ULONG count) {
  const CK_RV rv = below->C_GetAttributeValue(session, object, wanted, count);
  if (rv != CKR_OK || !wanted->pValue) return rv;
  auto* bytes = static_cast<unsigned char*>(wanted->pValue);
  if (is("asks-each-time") && wanted->type == CKA_ALWAYS_AUTHENTICATE) bytes[0] = CK_TRUE;
  // The point without the OCTET STRING around it: 04 41 04 … for P-256.
  if (is("bare-point") && wanted->type == CKA_EC_POINT) {
    wanted->ulValueLen -= 2;
    std::memmove(bytes, bytes + 2, wanted->ulValueLen);
  }
  return rv;
}

CK_RV token_info(CK_SLOT_ID slot, CK_TOKEN_INFO* info) {
  const CK_RV rv = below->C_GetTokenInfo(slot, info);
  if (is("locked")) info->flags |= CKF_USER_PIN_LOCKED;
  if (is("last-try")) info->flags |= CKF_USER_PIN_FINAL_TRY;
  if (is("keypad")) info->flags |= CKF_PROTECTED_AUTHENTICATION_PATH;
  return rv;
}

CK_RV generate(CK_SESSION_HANDLE session, CK_MECHANISM* mechanism, CK_ATTRIBUTE* public_half,
               CK_ULONG public_count, CK_ATTRIBUTE* private_half, CK_ULONG private_count,
               CK_OBJECT_HANDLE* public_key, CK_OBJECT_HANDLE* private_key) {
  if (is("full")) return CKR_DEVICE_MEMORY;
  if (is("speechless")) return CKR_VENDOR_DEFINED | 0x17;
  return below->C_GenerateKeyPair(session, mechanism, public_half, public_count, private_half,
                                  private_count, public_key, private_key);
}

}  // namespace

extern "C" __attribute__((visibility("default"))) CK_RV C_GetFunctionList(CK_FUNCTION_LIST** list) {
  void* library = dlopen(std::getenv("ODD_TOKEN_BELOW"), RTLD_NOW | RTLD_LOCAL);
  if (!library) return CKR_GENERAL_ERROR;
  const auto get =
      reinterpret_cast<decltype(&C_GetFunctionList)>(dlsym(library, "C_GetFunctionList"));
  if (!get || get(&below) != CKR_OK) return CKR_GENERAL_ERROR;
  odd = *below;
  odd.C_SignInit = sign_init;
  odd.C_Sign = sign;
  odd.C_Login = login;
  odd.C_GetAttributeValue = attribute;
  odd.C_GetTokenInfo = token_info;
  odd.C_GenerateKeyPair = generate;
  *list = &odd;
  return CKR_OK;
}
