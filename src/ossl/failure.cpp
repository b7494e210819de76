#include "ossl/failure.h"

#include <openssl/err.h>

#include <algorithm>

namespace sealwright::ossl {

Error failure(Error::Kind kind, std::string message, std::string hint) {
  Error error(kind, std::move(message), std::move(hint));
  const char* function = nullptr;
  const char* data = nullptr;
  int flags = 0;
  while (const unsigned long code = ERR_get_error_all(nullptr, nullptr, &function, &data, &flags)) {
    char text[256];
    ERR_error_string_n(code, text, sizeof text);
    std::string cause = text;
    if ((flags & ERR_TXT_STRING) && data && *data) cause += std::string(": ") + data;
    error.causes.push_back(std::move(cause));
  }
  // The queue starts with the innermost call.
  std::reverse(error.causes.begin(), error.causes.end());
  return error;
}

}  // namespace sealwright::ossl
