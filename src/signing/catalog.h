#pragma once
// Catalogs (.cat): signed lists of the hashes of files. A catalog is a PKCS#7 SignedData whose
// content is a certificate trust list; what real catalogs hold is this folder's specification where
// Microsoft's documents are silent. Version 1 lists files by SHA-1; version 2 by SHA-256, with a
// second entry by SHA-1 for old readers.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/bytes.h"
#include "base/time.h"
#include "signing/authenticode.h"

namespace sealwright::signing {

/// Flags of a name-value attribute (mscat.h, CRYPTCAT_ATTR_*).
enum NameValueFlags : std::uint32_t {
  attribute_name_ascii = 0x00000001,   ///< The name is a name, not an object identifier.
  attribute_data_ascii = 0x00010000,   ///< The value is text.
  attribute_data_base64 = 0x00020000,  ///< The value was written as base64: any bytes.
  attribute_authenticated = 0x10000000,
};

/// CAT_NAMEVALUE: what a catalog says about a file ("File", "OSAttr") or about itself ("OS",
/// "HWID1").
struct NameValue {
  std::string name;
  std::uint32_t flags = attribute_authenticated | attribute_data_ascii | attribute_name_ascii;
  Bytes value;  ///< As it stands in the catalog: UTF-16LE and a terminator where it is text.

  static NameValue of_text(std::string_view name, std::string_view utf8);
  /// The value as UTF-8 without its terminator; nothing where it is not text.
  std::optional<std::string> text() const;
  bool operator==(const NameValue&) const = default;
};

/// How a member's hash was made: of the image of a PE, of a cabinet, or of all bytes of the file.
enum class MemberKind { pe, cabinet, flat, other };
std::string_view to_text(MemberKind kind);  ///< "pe", "cabinet", "flat", "other"

/// One TrustedSubject.
struct CatalogMember {
  /// v1: the SHA-1 in upper-case hex as UTF-16LE with a terminator, or a name that a CDF gave; v2:
  /// the hash itself.
  Bytes tag;
  std::optional<MemberKind>
      kind;  ///< From CAT_MEMBERINFO or CAT_MEMBERINFO2; nothing where neither is there.
  std::string subject_guid;  ///< v1: "{C689AAB8-…}"; written from `kind` where empty.
  std::int64_t certificate_version = 0x200;  ///< v1
  std::optional<IndirectData> data;          ///< Not there on the SHA-1 entries of version 2.
  std::vector<NameValue> attributes;
  std::vector<x509::Attribute> others;  ///< Attributes of types this program does not know.

  /// The file's hash: of `data`, or the tag where that is one. Empty where there is none.
  BytesView digest() const;
  /// Of digest(); nothing where that is empty.
  std::optional<ossl::Digest> algorithm() const;
  /// A text attribute's value ("File", "OSAttr"; any case), or "".
  std::string attribute(std::string_view name) const;
  std::string tag_text() const;  ///< For people: the text of a v1 tag, hex of a v2 tag.
};

struct Catalog {
  int version = 2;
  Bytes list_identifier;  ///< 16 random bytes.
  Time this_update{};
  std::vector<CatalogMember> members;
  std::vector<NameValue> attributes;    ///< "OS", then "HWIDn" … "HWID1".
  std::vector<Bytes> other_extensions;  ///< Whole elements, of types this program does not know.

  /// A text attribute's value ("OS"; any case), or "".
  std::string attribute(std::string_view name) const;
  std::vector<std::string> hardware_ids() const;  ///< Values of HWIDn, by n ascending.
};

constexpr std::size_t max_catalog_members = 1'000'000;

/// What is listed of one file.
struct CatalogFile {
  MemberKind kind = MemberKind::flat;  ///< pe or flat.
  Bytes sha1, sha256;                  ///< sha256 for version 2 only.
  std::vector<NameValue> attributes;
};
/// The members that list one file: one in version 1, two (SHA-1 and SHA-256) in version 2.
std::vector<CatalogMember> members_for(int version, const CatalogFile& file);

/// The certificate trust list: what a signed catalog's content is. Members are written sorted by
/// tag.
Bytes encode(const Catalog& catalog);
/// The whole file of a catalog that nobody has signed.
Bytes encode_unsigned(const Catalog& catalog);

/// Reads a whole catalog file, signed or not. At most max_catalog_members. Nothing is verified:
/// that the signature covers this list is for verify to say. Throws Error::Kind::input "not a
/// catalog (reason)".
Catalog read_catalog(BytesView cat);
/// Reads the trust list alone (SignedData::content). Throws Error::Kind::input.
Catalog read_trust_list(BytesView ctl);

/// Finds members by their hash in constant time. `catalog` must outlive it, unchanged.
class CatalogIndex {
 public:
  explicit CatalogIndex(const Catalog& catalog);
  /// Members with this hash; empty when there is none. Two files with equal bytes may both be
  /// listed.
  std::vector<const CatalogMember*> find(BytesView digest) const;

 private:
  std::unordered_multimap<std::string, const CatalogMember*> members_;
};

}  // namespace sealwright::signing
