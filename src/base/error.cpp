#include "base/error.h"

namespace sealwright {

int exit_code(Error::Kind kind) noexcept {
  switch (kind) {
    case Error::Kind::usage:
      return 2;
    case Error::Kind::input:
      return 3;
    case Error::Kind::policy:
      return 4;
    case Error::Kind::state:
      return 5;
    case Error::Kind::crypto:
      return 6;
    case Error::Kind::io:
      return 7;
    case Error::Kind::internal:
      break;
  }
  return 70;
}

Error with_prefix(Error error, const std::string& prefix) {
  error.message.insert(0, prefix + ": ");
  return error;
}

}  // namespace sealwright
