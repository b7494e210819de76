#include "ossl/token_session.h"

#include <algorithm>
#include <cstring>

#include "base/file.h"

namespace sealwright::ossl {
namespace {

constexpr std::size_t max_pin_bytes = 256;

Secret pin_of_file(const std::string& path) {
  const Secret content(read_stream(path, max_pin_bytes + 2));
  const std::string_view text = content.text();
  return Secret(text.substr(0, text.find_first_of("\r\n")));
}

CK_SESSION_HANDLE open_session(const TokenPlace& place, CK_FLAGS flags) {
  CK_SESSION_HANDLE handle = 0;
  const CK_RV rv = place.functions->C_OpenSession(place.slot, CKF_SERIAL_SESSION | flags, nullptr,
                                                  nullptr, &handle);
  if (rv != CKR_OK)
    throw token_failure("token '" + place.label + "' opens no session", "C_OpenSession", rv);
  return handle;
}

/// Ends a search however it goes.
class Search {
 public:
  Search(CK_FUNCTION_LIST* functions, CK_SESSION_HANDLE session)
      : functions_(functions), session_(session) {}
  ~Search() { functions_->C_FindObjectsFinal(session_); }
  Search(const Search&) = delete;
  Search& operator=(const Search&) = delete;

 private:
  CK_FUNCTION_LIST* functions_;
  CK_SESSION_HANDLE session_;
};

}  // namespace

Template& Template::number(CK_ATTRIBUTE_TYPE type, CK_ULONG value) {
  const auto* bytes_of_value = reinterpret_cast<const std::uint8_t*>(&value);
  return bytes(type, {bytes_of_value, sizeof value});
}
Template& Template::flag(CK_ATTRIBUTE_TYPE type, bool value) {
  const CK_BBOOL byte = value ? CK_TRUE : CK_FALSE;
  return bytes(type, {&byte, 1});
}
Template& Template::bytes(CK_ATTRIBUTE_TYPE type, BytesView value) {
  values_.emplace_back(type, copy(value));
  return *this;
}
Template& Template::text(CK_ATTRIBUTE_TYPE type, std::string_view value) {
  return bytes(type, view(value));
}

std::vector<CK_ATTRIBUTE> Template::attributes() {
  std::vector<CK_ATTRIBUTE> attributes;
  for (auto& [type, value] : values_) attributes.push_back({type, value.data(), value.size()});
  return attributes;
}

TokenSession::TokenSession(TokenPlace place, AskPin ask_pin)
    : place_(std::move(place)), ask_pin_(std::move(ask_pin)), handle_(open_session(place_, 0)) {}

TokenSession::~TokenSession() { functions()->C_CloseSession(handle_); }

Error TokenSession::failed(const std::string& what, const char* function, CK_RV rv) const {
  return token_failure(name() + " " + what, function, rv);
}

CK_RV TokenSession::call_login(CK_USER_TYPE user) {
  // A token with a keypad takes no PIN from us (PKCS#11 2.40, 5.6, C_Login).
  if (place_.flags & CKF_PROTECTED_AUTHENTICATION_PATH)
    return functions()->C_Login(handle_, user, nullptr, 0);
  const auto pin = pin_.writable();
  return functions()->C_Login(handle_, user, pin.data(), pin.size());
}

void TokenSession::refuse_login(CK_RV rv) {
  pin_.wipe();
  const bool wrong = rv == CKR_PIN_INCORRECT || rv == CKR_PIN_INVALID || rv == CKR_PIN_LEN_RANGE;
  if (!wrong) {
    refused_ = failed("refuses the login", "C_Login", rv);
    throw *refused_;
  }
  const CK_FLAGS flags = current_flags(place_);
  const char* hint =
      flags & CKF_USER_PIN_LOCKED
          ? "that was its last try: it is locked now, and the security officer's PIN unlocks it"
      : flags & CKF_USER_PIN_FINAL_TRY
          ? "check it before the next try: one more wrong PIN locks the token"
          : "check it before the next try: after a few wrong PINs the token locks itself; this one "
            "was tried once";
  refused_ = with_return_value(Error(Error::Kind::crypto, name() + " refuses the PIN", hint),
                               "C_Login", rv);
  throw *refused_;
}

void TokenSession::get_pin() {
  if (!pin_.empty() || place_.flags & CKF_PROTECTED_AUTHENTICATION_PATH) return;
  if (!pin_file_.empty()) {
    pin_ = pin_of_file(pin_file_);
  } else if (ask_pin_) {
    pin_ = ask_pin_(place_.label);
  } else {
    throw Error(Error::Kind::usage, name() + " wants its PIN",
                "give --pin-file FILE, or SEALWRIGHT_PIN in the environment");
  }
  // Never sent to the token: it would count as a wrong one.
  if (pin_.empty() || pin_.size() > max_pin_bytes)
    throw Error(Error::Kind::input, pin_.empty()
                                        ? "the PIN of " + name() + " is empty"
                                        : "the PIN of " + name() + " is longer than 256 bytes");
}

void TokenSession::login(const std::string& pin_file) {
  if (refused_) throw *refused_;
  if (!pin_file.empty()) pin_file_ = pin_file;
  if (logged_in_ || !(place_.flags & CKF_LOGIN_REQUIRED)) return;
  const CK_FLAGS flags = current_flags(place_);
  if (flags & CKF_USER_PIN_LOCKED) refuse_login(CKR_PIN_LOCKED);
  if (!(flags & CKF_USER_PIN_INITIALIZED)) refuse_login(CKR_USER_PIN_NOT_INITIALIZED);
  get_pin();
  const CK_RV rv = call_login(CKU_USER);
  if (rv != CKR_OK && rv != CKR_USER_ALREADY_LOGGED_IN) refuse_login(rv);
  logged_in_ = true;
}

void TokenSession::login_for_operation() {
  get_pin();
  const CK_RV rv = call_login(CKU_CONTEXT_SPECIFIC);
  if (rv != CKR_OK) refuse_login(rv);
}

std::vector<ObjectHandle> TokenSession::find(Template wanted) {
  auto attributes = wanted.attributes();
  CK_RV rv = functions()->C_FindObjectsInit(handle_, attributes.data(), attributes.size());
  if (rv != CKR_OK) throw failed("cannot be searched", "C_FindObjectsInit", rv);
  const Search search(functions(), handle_);
  std::vector<ObjectHandle> found;
  while (found.size() < max_objects) {
    ObjectHandle some[32];
    CK_ULONG count = 0;
    rv = functions()->C_FindObjects(handle_, some, std::size(some), &count);
    if (rv != CKR_OK) throw failed("cannot be searched", "C_FindObjects", rv);
    if (count == 0) break;
    found.insert(found.end(), some, some + std::min<CK_ULONG>(count, std::size(some)));
  }
  return found;
}

std::optional<Bytes> TokenSession::attribute(ObjectHandle object, CK_ATTRIBUTE_TYPE type) {
  CK_ATTRIBUTE wanted{type, nullptr, 0};
  if (functions()->C_GetAttributeValue(handle_, object, &wanted, 1) != CKR_OK ||
      wanted.ulValueLen > max_attribute_bytes)
    return std::nullopt;
  Bytes value(wanted.ulValueLen);
  if (value.empty()) return value;
  wanted.pValue = value.data();
  if (functions()->C_GetAttributeValue(handle_, object, &wanted, 1) != CKR_OK ||
      wanted.ulValueLen > value.size())
    return std::nullopt;
  value.resize(wanted.ulValueLen);
  return value;
}

std::optional<CK_ULONG> TokenSession::number(ObjectHandle object, CK_ATTRIBUTE_TYPE type) {
  const auto value = attribute(object, type);
  if (!value || value->size() != sizeof(CK_ULONG)) return std::nullopt;
  CK_ULONG result = 0;
  std::memcpy(&result, value->data(), sizeof result);
  return result;
}

bool TokenSession::flag(ObjectHandle object, CK_ATTRIBUTE_TYPE type) {
  const auto value = attribute(object, type);
  return value && value->size() == 1 && value->front() != CK_FALSE;
}

WritingSession::WritingSession(const TokenSession& session)
    : functions_(session.functions()), handle_(open_session(session.place(), CKF_RW_SESSION)) {}

WritingSession::~WritingSession() { functions_->C_CloseSession(handle_); }

}  // namespace sealwright::ossl
