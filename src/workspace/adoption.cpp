#include "workspace/adoption.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/encoding.h"
#include "base/error.h"
#include "base/file.h"
#include "ca/chain.h"
#include "ossl/digest.h"
#include "workspace/adoption_terms.h"
#include "workspace/exports.h"

namespace sealwright::workspace {
namespace {

/// What the files hold, in words.
std::string brings(const ca::Found& found) {
  if (found.certificates.empty()) return "a file that needs its password";
  const auto& main = found.certificates[found.authority.value_or(0)];
  std::string text = fmt::format("{}, until {}", main.certificate.public_key().description(),
                                 to_date(main.certificate.not_after()));
  if (main.key)
    text += ", with its key";
  else if (!found.locked.empty())
    text += ", with its key under a password";
  if (!found.authority) return text;
  const auto revoked = std::count_if(found.certificates.begin(), found.certificates.end(),
                                     [](const auto& one) { return one.revocation.has_value(); });
  text += fmt::format(", {} certificates, {} revoked", found.certificates.size() - 1,
                      std::size_t(revoked) + found.revoked.size());
  if (!found.locked.empty())
    text += fmt::format(", {} key files under passwords", found.locked.size());
  return text;
}

const std::string& place_of(const policy::Existing& existing) {
  return existing.path.empty() ? existing.certificate : existing.path;
}

std::string sha256_of(BytesView bytes) { return to_hex(ossl::hash(ossl::Digest::sha256, bytes)); }

std::string line_of(const store::RevokedSerial& revoked) {
  return fmt::format("revoked {} {} {} {}\n", revoked.serial.hex(), to_iso(revoked.revoked),
                     revoked.reason, revoked.invalidity ? to_iso(*revoked.invalidity) : "");
}

/// Over everything that a history says, whatever the order in which it was read.
std::string digest_of_history(const ca::Found& found) {
  std::vector<std::string> lines;
  for (const auto& one : found.certificates)
    lines.push_back(to_hex(one.certificate.sha256()) + " " +
                    (one.revocation ? line_of(*one.revocation) : "\n"));
  for (const auto& revoked : found.revoked) lines.push_back(line_of(revoked));
  for (const auto& crl : found.crls) lines.push_back("list " + sha256_of(crl.der()) + "\n");
  std::sort(lines.begin(), lines.end());
  std::string all =
      fmt::format("next {} {}\n", found.next_serial, found.next_crl_number.value_or(0));
  for (const auto& line : lines) all += line;
  return sha256_of(view(all));
}

std::string marks_of_locked(const Workspace& workspace, const policy::Item& item) {
  const auto& place = place_of(*item.existing);
  return fmt::format("{}, SHA-256 of the file {}", place,
                     sha256_of(read_file(workspace.resolve(place))));
}

std::string marks_of(const Workspace& workspace, const policy::Item& item, const ca::Found& found) {
  if (found.certificates.empty()) return marks_of_locked(workspace, item);
  const auto& main = found.certificates[found.authority.value_or(0)].certificate;
  const bool history = found.authority.has_value();
  return fmt::format("{}, thumbprint {}, SHA-256 {}{}", place_of(*item.existing),
                     main.thumbprint().hex(), history ? "of certificates and index " : "",
                     history ? digest_of_history(found) : to_hex(main.sha256()));
}

ca::AskFilePassword password_of(const Workspace& workspace, const policy::Item& item,
                                const ossl::Random& random) {
  return [&workspace, &item, random](const std::string&) {
    if (item.existing->password)
      return std::optional(read_secret(workspace, *item.existing->password, random));
    throw Error(Error::Kind::input, "needs a password",
                "write existing: {…, password: {file: F}} or {env: V} at '" + item.name + "'");
  };
}

/// It is in the inventory under another name: that name goes on as this one.
bool rename_known(Workspace& workspace, const policy::Item& item, const ca::Found& found) {
  auto& inventory = workspace.inventory();
  const auto known = inventory.find_sha256(found.certificates.front().certificate.sha256());
  if (found.authority || !known || known->name == item.name) return false;
  if (workspace.hierarchy().item(known->name))
    throw Error(Error::Kind::state,
                "'" + item.existing->certificate + "' is in the inventory as '" + known->label() +
                    "', and sealwright.yaml has both names",
                "leave one of them out");
  inventory.rename(known->name, item.name);
  return true;
}

std::string done(const Workspace& workspace, const policy::Item& item, const ca::Found& found) {
  const auto& certificate = found.certificates[found.authority.value_or(0)].certificate;
  const auto generation = workspace.inventory().find_sha256(certificate.sha256());
  if (!generation) throw Error(Error::Kind::internal, "'" + item.name + "' was not adopted");
  return fmt::format("{}  {}  {}", generation->label(), generation->thumbprint.hex(),
                     brings(found));
}

}  // namespace

void refuse_changed(const policy::Item& item) {
  throw Error(Error::Kind::state,
              "'" + place_of(*item.existing) + "' changed since the plan was made",
              "make the plan again, and look at what it would take over");
}

std::optional<Adoption> adoption_due(const Workspace& workspace, const policy::Item& item) {
  if (!item.existing || !workspace.inventory().generations_of(item.name).empty())
    return std::nullopt;
  const auto found = find_item(workspace, item, {});
  return Adoption{brings(found), marks_of(workspace, item, found)};
}

policy::Subject next_subject(const store::Inventory& inventory, const policy::Item& item) {
  if (!item.existing || !item.subject.attributes.empty()) return item.subject;
  const auto generations = inventory.generations_of(item.name);
  if (generations.empty()) return item.subject;
  const auto name = ca::certificate_of(generations.back()).subject();
  policy::Subject made;
  made.attributes.assign(name.attributes().rbegin(), name.attributes().rend());
  const bool placeholder = std::any_of(
      made.attributes.begin(), made.attributes.end(),
      [](const auto& one) { return one.value.find_first_of("{}") != std::string::npos; });
  if (placeholder || x509::Name::of(made.attributes).text() != name.text())
    throw Error(Error::Kind::policy,
                "the subject '" + printable(name.text()) + "' of '" + generations.back().label() +
                    "' cannot be issued as it stands",
                "give '" + item.name + "' a subject in sealwright.yaml");
  return made;
}

std::string adopt(Workspace& workspace, Keys& keys, const policy::Item& item,
                  const std::string& marks, const ossl::Random& random) {
  const auto found = find_item(workspace, item, password_of(workspace, item, random));
  if (marks != marks_of(workspace, item, found) &&
      (!item.existing->path.empty() || marks != marks_of_locked(workspace, item)))
    refuse_changed(item);
  auto& inventory = workspace.inventory();
  if (!inventory.generations_of(item.name).empty()) return done(workspace, item, found);
  const auto terms = terms_of(workspace, &item, found);
  ca::ImportPolicies policies(workspace.policies());
  auto arrangement = ca::arrange(found, terms, policies, &inventory);
  // A passphrase is asked for before the inventory is locked.
  for (const auto& arrival : arrangement.arrivals)
    if (found.certificates[arrival.found].key) keys.open(arrival.keyring);
  const ca::ImportWork work{
      [&](const std::string& keyring, const ossl::PrivateKey& key, store::ExportRule rule) {
        return keys.open(keyring).seal(keyring, key, rule);
      },
      {},
      store::Origin::hierarchy};
  inventory.together([&] {
    if (rename_known(workspace, item, found))
      arrangement = ca::arrange(found, terms, policies, &inventory);
    ca::take_over(inventory, found, arrangement, work);
  });
  return done(workspace, item, found);
}

}  // namespace sealwright::workspace
