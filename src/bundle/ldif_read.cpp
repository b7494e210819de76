#include <fmt/format.h>

#include <algorithm>

#include "base/encoding.h"
#include "base/error.h"
#include "bundle/ldif_records.h"
#include "bundle/reader_parts.h"

namespace sealwright::bundle {
namespace {

using Action = FoundCertificate::Action;
using Form = LdifLine::Form;

/// The store that the autoenrollment of members fills from the object, or nothing.
std::optional<std::string> store_of(std::string_view dn) {
  const auto parts = ldif_name_parts(dn);
  constexpr std::string_view services[] = {"cn=public key services", "cn=services",
                                           "cn=configuration"};
  const auto found =
      std::search(parts.begin(), parts.end(), std::begin(services), std::end(services));
  const auto depth = found - parts.begin();  // Of what stands below Public Key Services.
  if (found == parts.end() || depth == 0) return std::nullopt;
  const auto& container = *(found - 1);
  if (container == "cn=ntauthcertificates") return "NTAuth";
  if (depth == 1) return std::nullopt;
  if (container == "cn=certification authorities") return "Root";
  if (container == "cn=aia") return "CA";
  return std::nullopt;
}

/// What Active Directory's own tools write into an attribute that must be there, for "none".
bool is_none(std::string_view value) { return value == std::string_view("\0", 1); }

class LdifReader {
 public:
  LdifReader(const std::string& file, Contents& contents) : file_(file), contents_(contents) {}

  void read(const LdifRecord& record) {
    for (const auto& line : record.lines)
      if (line.form == Form::url)
        fault(Severity::error, line.number,
              fmt::format("the value of '{}' is not in the file, but at '{}', which is not opened",
                          printable(line.name, 60), printable(line.value)),
              "write the value into the file, as base64 behind '::'");
    if (record.change == "modrdn" || record.change == "moddn") return rename(record);
    const auto store = store_of(record.dn);
    if (!store) return elsewhere(record);
    store_ = *store;
    object_ = "'" + printable(record.dn) + "'";
    if (record.change == "add") return add(record);
    if (record.change == "modify") return modify(record);
    if (record.change == "delete")
      return fault(Severity::note, record.number,
                   object_ + " goes with all its certificates, which the file does not name");
    fault(Severity::error, record.number,
          fmt::format("an unknown change of {}: '{}'", object_, printable(record.change, 40)),
          "write 'changetype: add', 'modify', 'delete' or 'modrdn'");
  }

 private:
  void fault(Severity severity, std::size_t line, std::string message, std::string remedy = {}) {
    add_fault(contents_, severity, {file_, place_of_line(line)}, std::move(message),
              std::move(remedy));
  }

  /// An object that no machine is known to fill its stores from.
  void elsewhere(const LdifRecord& record) {
    count_other_change(contents_);
    for (const auto& line : record.lines)
      if (is_certificate(line.value))
        return fault(Severity::warning, line.number,
                     fmt::format("a certificate goes into '{}', which is not looked at",
                                 printable(record.dn, 120)),
                     "look up which machines read this object");
  }

  static bool is_certificate(std::string_view value) {
    if (!value.starts_with('\x30')) return false;
    try {
      (void)x509::Certificate::from_der(view(value));
      return true;
    } catch (const Error&) {
      return false;
    }
  }

  /// The certificate of one line of cACertificate.
  void certificate(const LdifLine& line, Action action) {
    const Position position{file_, place_of_line(line.number)};
    if (line.form == Form::url || is_none(line.value)) return;
    if (line.form == Form::bad_base64)
      return fault(Severity::error, line.number, "no certificate: the value is not base64",
                   "write the certificate's DER as base64");
    auto made = read_found(view(line.value), position, contents_);
    if (!made) return;
    if (store_ == "NTAuth" && action == Action::add)
      fault(
          Severity::warning, line.number,
          "an authority in NTAuth is good for logons: who has its key can log on as anybody",
          "leave it out, unless it issues certificates for logons; code signing needs none there");
    const Thumbprint thumbprint = made->thumbprint();
    add_certificate(
        contents_,
        {action, Location::directory, store_, thumbprint, std::move(made), {}, position});
  }

  void other(const LdifLine& line) {
    if (line.name == "crosscertificatepair" && line.form == Form::value && !is_none(line.value))
      fault(Severity::note, line.number,
            "a pair of cross-certificates goes to the machines too; it is not looked at");
  }

  void add(const LdifRecord& record) {
    bool authority = false;
    for (const auto& line : record.lines) {
      if (line.name == "cacertificate") certificate(line, Action::add);
      if (line.name == "objectclass" && equal_ignoring_case(line.value, "certificationAuthority"))
        authority = true;
      other(line);
    }
    if (authority) check_mandatory(record);
  }

  /// The schema's mustContain of certificationAuthority: without them an add ends with an object
  /// class violation, also on a Samba server.
  void check_mandatory(const LdifRecord& record) {
    for (const char* name :
         {"cACertificate", "certificateRevocationList", "authorityRevocationList"}) {
      const auto same = [&](const LdifLine& line) { return line.name == ascii_lower(name); };
      if (std::any_of(record.lines.begin(), record.lines.end(), same)) continue;
      fault(Severity::error, record.number,
            fmt::format("{} has no {}: Active Directory refuses it", object_, name),
            fmt::format("add the line '{}:: AA==', which stands for none", name));
    }
  }

  void modify(const LdifRecord& record) {
    for (auto at = record.lines.begin(); at != record.lines.end();) {
      const auto end = std::find_if(at, record.lines.end(), [](const LdifLine& line) {
        return line.form == Form::separator;
      });
      if (end == record.lines.end())
        fault(Severity::warning, at->number, "the last change of " + object_ + " lacks its end",
              "end each change with a line '-'");
      if (at != end) change(*at, at + 1, end);
      at = end == record.lines.end() ? end : end + 1;
    }
  }

  using Line = std::vector<LdifLine>::const_iterator;

  /// "add: cACertificate", and the values up to "-".
  void change(const LdifLine& what, Line value, Line end) {
    if (what.name != "add" && what.name != "replace" && what.name != "delete")
      return fault(
          Severity::error, what.number,
          fmt::format("'{}' where a change of {} should start", printable(what.name, 60), object_),
          "write 'add', 'replace' or 'delete', and the attribute");
    const std::string attribute = ldif_attribute(what.value.substr(0, what.value.find(';')));
    if (attribute != "cacertificate") count_other_change(contents_);
    if (attribute == "cacertificate") note_unnamed(what, value == end);
    for (; value != end; ++value) {
      if (value->name != attribute)
        fault(Severity::error, value->number,
              fmt::format("'{}' inside a change of '{}'", printable(value->name, 60),
                          printable(attribute, 60)),
              "end each change with a line '-'");
      else if (attribute == "cacertificate")
        certificate(*value, what.name == "delete" ? Action::remove : Action::add);
      else
        other(*value);
    }
  }

  void note_unnamed(const LdifLine& what, bool none) {
    if (what.name == "replace")
      fault(Severity::note, what.number,
            "all other certificates of " + object_ + " go, which the file does not name");
    if (what.name == "delete" && none)
      fault(Severity::note, what.number,
            "all certificates of " + object_ + " go, which the file does not name");
  }

  void rename(const LdifRecord& record) {
    const auto value = [&](const char* name) -> std::string {
      for (const auto& line : record.lines)
        if (line.name == name) return line.value;
      return {};
    };
    const std::string superior = value("newsuperior");
    const auto from = store_of(record.dn);
    auto to = from;
    if (!superior.empty()) to = store_of(value("newrdn") + "," + superior);
    const std::string object = "'" + printable(record.dn) + "'";
    if (from == to) return count_other_change(contents_);
    if (from)
      fault(Severity::note, record.number,
            fmt::format("{} leaves the store {} with all its certificates, which the file does not "
                        "name",
                        object, *from));
    if (to)
      fault(Severity::warning, record.number,
            fmt::format("{} moves into the store {} with all its certificates, which the file does "
                        "not name",
                        object, *to),
            "add an object with the certificates instead: then the file says what it trusts");
  }

  std::string file_;
  Contents& contents_;
  std::string store_, object_;
};

}  // namespace

void read_ldif(BytesView bytes, const std::string& file, Contents& contents) {
  const std::string text = decoded_text(bytes);
  LdifReader reader(file, contents);
  LdifRecords records(text);
  while (const auto record = records.next()) reader.read(*record);
}

}  // namespace sealwright::bundle
