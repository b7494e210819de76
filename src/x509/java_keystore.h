#pragma once
// Java keystores (JKS, JCEKS), which are not read here: only Java protects keys the way they do.

#include <filesystem>

#include "base/bytes.h"

namespace sealwright::x509 {

/// Throws Error::Kind::input for a Java keystore, with the keytool command that converts `path`.
void refuse_java_keystore(BytesView bytes, const std::filesystem::path& path);

}  // namespace sealwright::x509
