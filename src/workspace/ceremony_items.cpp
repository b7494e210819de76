// What a file asks for or brings, in the words people agree to.

#include <fmt/format.h>

#include "base/encoding.h"
#include "workspace/ceremony.h"
#include "workspace/ceremony_words.h"

namespace sealwright::workspace {
namespace {

std::string label(const std::string& name, int generation) {
  return name + "@" + std::to_string(generation);
}

}  // namespace

std::string to_text(const std::vector<CeremonyItem>& items) {
  std::string text;
  for (const auto& item : items) {
    text += fmt::format("\n  {}  {}\n", item.name, item.what);
    for (const auto& line : item.lines) text += "      " + line + "\n";
    if (!item.refused) continue;
    text += "      REFUSED: " + item.refused->message + "\n";
    if (!item.refused->hint.empty()) text += "      hint: " + item.refused->hint + "\n";
  }
  return text;
}

std::vector<CeremonyItem> items_of(const CeremonyRequest& request) {
  std::vector<CeremonyItem> items;
  for (const auto& asked : request.authorities)
    items.push_back(
        {asked.name,
         "certificate of the authority in the safe",
         {"subject  " + printable(asked.terms.subject), "policy   " + printable(asked.terms.policy),
          asked.known.empty() ? "known    none yet"
                              : fmt::format("known    {}", asked.known.size())},
         std::nullopt});
  for (const auto& asked : request.certificates) {
    items.push_back(
        {label(asked.name, asked.generation),
         "certificate by " + asked.issuer,
         {"subject  " + printable(asked.terms.subject), "policy   " + printable(asked.terms.policy),
          "key      " + asked.request.public_key().description() + "  SHA-256 " +
              asked.request.public_key().id().hex()},
         std::nullopt});
    for (const auto& line : words_of(asked.request.extensions(), Words::all))
      items.back().lines.push_back("asks     " + line);
  }
  for (const auto& asked : request.lists) {
    CeremonyItem item{asked.authority, "revocation list", {}, std::nullopt};
    for (const auto& revoked : asked.revoked)
      item.lines.push_back(fmt::format("revoked  {}  {}  {}", revoked.serial.hex(),
                                       to_date(revoked.revoked), printable(revoked.reason)));
    if (asked.revoked.empty()) item.lines.push_back("revoked  nothing new");
    items.push_back(std::move(item));
  }
  return items;
}

std::vector<CeremonyItem> items_of(const CeremonyAnswer& answer) {
  const auto lines = [](const x509::Certificate& certificate) {
    std::vector<std::string> made = {"subject  " + certificate.subject().text(),
                                     "until    " + to_date(certificate.not_after())};
    for (const auto& line : words_of(certificate.extensions(), Words::telling))
      made.push_back("says     " + line);
    made.push_back("SHA-256  " + to_hex(certificate.sha256()));
    made.push_back("SHA-1    " + certificate.thumbprint().hex());
    return made;
  };
  std::vector<CeremonyItem> items;
  for (const auto& made : answer.authorities)
    items.push_back({label(made.name, made.generation), "certificate of the authority in the safe",
                     lines(made.certificate), std::nullopt});
  for (const auto& made : answer.certificates)
    items.push_back({label(made.name, made.generation), "certificate by " + made.issuer,
                     lines(made.certificate), std::nullopt});
  for (const auto& made : answer.lists) {
    const auto next = made.crl.next_update();
    items.push_back({made.authority,
                     "revocation list",
                     {fmt::format("revoked  {}", made.crl.entries().size()),
                      "next     " + (next ? to_date(*next) : std::string("never"))},
                     std::nullopt});
  }
  return items;
}

}  // namespace sealwright::workspace
