#pragma once
// The one place that reads OpenSSL's error queue.

#include <string>

#include "base/error.h"

namespace sealwright::ossl {

/// An Error saying `message`, with what OpenSSL's queue holds as causes; the queue is empty
/// afterwards. Call it where the OpenSSL call failed.
Error failure(Error::Kind kind, std::string message, std::string hint = {});

}  // namespace sealwright::ossl
