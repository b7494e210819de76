#include "ca/import_order.h"

#include "base/error.h"
#include "ca/import_folder.h"

namespace sealwright::ca {

void refuse_single_keys(const Found& found) {
  std::set<KeyId> used;
  std::vector<std::string> files;
  for (const auto& one : found.certificates) {
    used.insert(one.certificate.public_key().id());
    if (files.size() < 3) files.push_back("'" + one.file + "'");
  }
  if (found.from == ImportFrom::easy_rsa) return;
  for (const auto& key : found.keys) {
    if (used.contains(key.key.public_key().id())) continue;
    if (files.empty())
      throw Error(Error::Kind::input, "'" + key.file + "' is a key without a certificate",
                  "name its certificate too");
    throw Error(Error::Kind::input,
                "'" + key.file + "' is not the key of " + listed(files, found.certificates.size()),
                "name the certificate that it belongs to, or leave the key out");
  }
}

std::vector<Arrival> issuers_first(std::vector<Arrival> arrivals) {
  enum class Seen : char { no, on_the_way, placed };
  std::vector<Seen> seen(arrivals.size(), Seen::no);
  std::vector<std::size_t> place(arrivals.size());
  std::vector<Arrival> made;
  made.reserve(arrivals.size());
  for (std::size_t start = 0; start < arrivals.size(); ++start) {
    std::vector<std::size_t> way;
    for (auto at = std::optional(start); at && seen[*at] == Seen::no; at = arrivals[*at].issuer) {
      seen[*at] = Seen::on_the_way;
      way.push_back(*at);
    }
    for (; !way.empty(); way.pop_back()) {
      auto& arrival = arrivals[way.back()];
      if (arrival.issuer && seen[*arrival.issuer] != Seen::placed) arrival.issuer.reset();
      if (arrival.issuer) arrival.issuer = place[*arrival.issuer];
      place[way.back()] = made.size();
      seen[way.back()] = Seen::placed;
      made.push_back(std::move(arrival));
    }
  }
  return made;
}

}  // namespace sealwright::ca
