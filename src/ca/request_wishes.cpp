// What a request wishes and does not get, for the one who issues to know.

#include <algorithm>

#include "base/encoding.h"
#include "ca/preparation.h"
#include "ca/request.h"
#include "policy/load.h"
#include "x509/oids.h"

namespace sealwright::ca {
namespace {

using Wishes = std::vector<std::string>;

void subject_wishes(const Order& order, const x509::Request& request, int number, Wishes& wishes) {
  const auto expanded = policy::expand_subject(order.subject, order.name, number);
  const auto& given = expanded.attributes();
  for (const auto& attribute : request.subject().attributes())
    if (std::find(given.begin(), given.end(), attribute) == given.end())
      wishes.push_back("subject " + printable(x509::Name::of({attribute}).text()));
}

void name_wishes(const Order& order, const x509::Extension& extension, Wishes& wishes) {
  const auto names = x509::read_general_names(extension.value);
  for (const auto& name : names)
    if (std::none_of(order.san.begin(), order.san.end(), [&](const auto& given) {
          return given.kind == name.kind && given.value == name.value;
        }))
      wishes.push_back("alternative name " + printable(name.value));
  if (names.empty()) wishes.push_back(x509::name_of(extension.oid));
}

void purpose_wishes(const Order& order, const x509::Extension& extension, Wishes& wishes) {
  const auto& listed = order.policy->extensions.extended_key_usage;
  std::vector<Oid> given;
  if (listed) given = listed->purposes;
  if (order.purposes) given = *order.purposes;
  for (const auto& purpose : x509::read_extended_key_usage(extension.value))
    if (std::find(given.begin(), given.end(), purpose) == given.end())
      wishes.push_back("extended key usage " + x509::key_purpose_name(purpose));
}

/// A bit more than is given; whether it is critical is the policy's affair.
bool wishes_usage(const Order& order, const x509::Extension& extension) {
  const auto& own = order.policy->extensions.key_usage;
  return (x509::read_key_usage(extension.value) & ~(own ? own->bits : 0U)) != 0;
}

void other_wish(const Order& order, const x509::Request& request, const x509::Extension& extension,
                Wishes& wishes) {
  const auto& oid = extension.oid;
  if (oid == x509::oids::basic_constraints) {
    const bool ca = x509::read_basic_constraints(extension.value).ca;
    if (ca && !order.policy->is_authority()) wishes.push_back("basicConstraints CA:TRUE");
    return;
  }
  if (oid == x509::oids::key_usage) {
    if (wishes_usage(order, extension)) wishes.push_back(x509::name_of(oid));
    return;
  }
  auto given = Preparation::usages(order);
  const auto& own = order.policy->extensions.other;
  given.insert(given.end(), own.begin(), own.end());
  given.insert(given.end(), order.extensions.begin(), order.extensions.end());
  given.push_back(x509::subject_key_identifier_extension(request.public_key().key_identifier()));
  if (std::none_of(given.begin(), given.end(),
                   [&](const auto& one) { return one.oid == oid && one.value == extension.value; }))
    wishes.push_back(x509::name_of(oid));
}

}  // namespace

std::vector<std::string> not_taken(const Order& order, const x509::Request& request, int number) {
  Wishes wishes;
  subject_wishes(order, request, number, wishes);
  for (const auto& extension : request.extensions()) {
    if (extension.oid == x509::oids::subject_alternative_name)
      name_wishes(order, extension, wishes);
    else if (extension.oid == x509::oids::extended_key_usage)
      purpose_wishes(order, extension, wishes);
    else
      other_wish(order, request, extension, wishes);
  }
  return wishes;
}

}  // namespace sealwright::ca
