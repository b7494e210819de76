#pragma once
// What the DER half (name.cpp) and the text half (name_text.cpp) of names share.

#include <optional>
#include <string>
#include <vector>

#include "ossl/der.h"
#include "x509/name.h"

namespace sealwright::x509 {

/// An attribute as it stands in the DER of a Name; the view points into that DER.
struct RawAttribute {
  Oid type;
  ossl::der::Element value;
};

/// RDNs in DER order, each with at least one attribute. Throws Error::Kind::input.
std::vector<std::vector<RawAttribute>> read_rdns(BytesView name_der);

/// UTF-8 text of a value, or nothing when it is no string or not a well-formed one.
std::optional<std::string> text_value(const ossl::der::Element& value);

/// The string element of the type that belongs to the attribute. Throws Error::Kind::input "C: …"
/// for text that does not fit, is empty or contains a NUL.
Bytes encode_attribute_value(const Oid& type, std::string_view text);

}  // namespace sealwright::x509
