#pragma once
// A session with one token: login, objects and their attributes; for the sources of pkcs11.h.

#include <mutex>
#include <optional>

#include "ossl/token_modules.h"

namespace sealwright::ossl {

using ObjectHandle = CK_OBJECT_HANDLE;

/// What objects must have: a list of attributes that owns their values.
class Template {
 public:
  Template& number(CK_ATTRIBUTE_TYPE type, CK_ULONG value);
  Template& flag(CK_ATTRIBUTE_TYPE type, bool value);
  Template& bytes(CK_ATTRIBUTE_TYPE type, BytesView value);
  Template& text(CK_ATTRIBUTE_TYPE type, std::string_view value);
  /// For one call of the module; points into this object.
  std::vector<CK_ATTRIBUTE> attributes();

 private:
  std::vector<std::pair<CK_ATTRIBUTE_TYPE, Bytes>> values_;
};

/// Used by one thread at a time: whoever calls anything holds `mutex`.
class TokenSession {
 public:
  TokenSession(TokenPlace place, AskPin ask_pin);
  ~TokenSession();
  TokenSession(const TokenSession&) = delete;
  TokenSession& operator=(const TokenSession&) = delete;

  std::mutex mutex;

  const TokenPlace& place() const { return place_; }
  CK_FUNCTION_LIST* functions() const { return place_.functions; }
  CK_SESSION_HANDLE handle() const { return handle_; }
  std::string name() const { return "token '" + place_.label + "'"; }

  /// Logs the user in unless that is done or not needed. A `pin_file`, of this call or an earlier
  /// one, goes before the callback.
  void login(const std::string& pin_file = {});
  /// Once more for the operation that is under way (CKA_ALWAYS_AUTHENTICATE).
  void login_for_operation();
  /// Objects that have all of `wanted`, at most max_objects.
  std::vector<ObjectHandle> find(Template wanted);
  /// Nothing where the object does not have it, or shows it to nobody.
  std::optional<Bytes> attribute(ObjectHandle object, CK_ATTRIBUTE_TYPE type);
  std::optional<CK_ULONG> number(ObjectHandle object, CK_ATTRIBUTE_TYPE type);
  bool flag(ObjectHandle object, CK_ATTRIBUTE_TYPE type);

  /// token_failure() of "token 'X' WHAT".
  Error failed(const std::string& what, const char* function, CK_RV rv) const;

  static constexpr std::size_t max_objects = 1000;
  static constexpr CK_ULONG max_attribute_bytes = CK_ULONG{1} << 20;

 private:
  CK_RV call_login(CK_USER_TYPE user);
  [[noreturn]] void refuse_login(CK_RV rv);
  void get_pin();

  TokenPlace place_;
  AskPin ask_pin_;
  CK_SESSION_HANDLE handle_ = 0;
  std::string pin_file_;
  Secret pin_;  ///< Kept for login_for_operation().
  bool logged_in_ = false;
  std::optional<Error> refused_;  ///< The login that failed; there is no second.
};

/// A read-write session beside the other, for what is made on the token.
class WritingSession {
 public:
  explicit WritingSession(const TokenSession& session);
  ~WritingSession();
  WritingSession(const WritingSession&) = delete;
  WritingSession& operator=(const WritingSession&) = delete;
  CK_SESSION_HANDLE handle() const { return handle_; }

 private:
  CK_FUNCTION_LIST* functions_;
  CK_SESSION_HANDLE handle_ = 0;
};

}  // namespace sealwright::ossl
