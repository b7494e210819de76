#pragma once
// GeneralName (RFC 5280, 4.2.1.6), as alternative names, constraints and places hold it.

#include <optional>

#include "ossl/der.h"
#include "x509/extension.h"

namespace sealwright::x509 {

/// In constraints an iPAddress carries a mask (RFC 5280, 4.2.1.10).
enum class NameUse { name, constraint };

/// Throws Error::Kind::input for a value that its kind cannot hold.
Bytes encode(const GeneralName& name, NameUse use);
/// The next element; nothing for a kind that GeneralName does not have.
std::optional<GeneralName> read_general_name(ossl::der::Reader& reader, NameUse use);

}  // namespace sealwright::x509
