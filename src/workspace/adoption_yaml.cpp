#include "workspace/adoption_yaml.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>

#include "base/encoding.h"
#include "base/error.h"
#include "workspace/renewal.h"

namespace sealwright::workspace {
namespace {
namespace fs = std::filesystem;

constexpr std::size_t most_of_a_folder = 200;
}  // namespace

std::string yaml_text(std::string_view text) {
  std::string made = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\')
      (made += '\\') += c;
    else if (static_cast<unsigned char>(c) < 0x20)
      made += fmt::format("\\x{:02x}", static_cast<unsigned>(c));
    else
      made += c;
  }
  return made + '"';
}

namespace {

std::string absolute(const std::string& path) {
  return fs::weakly_canonical(fs::absolute(path)).string();
}

class Writing {
 public:
  Writing(const ca::Found& found, const ca::Arrangement& arrangement,
          const ca::ImportPolicies& policies, const ImportYamlOptions& options)
      : found_(found), arrivals_(arrangement.arrivals), policies_(policies), options_(options) {}

  ImportYaml write() {
    std::string authorities, certificates;
    for (const auto& arrival : arrivals_) {
      if (arrival.state != store::GenerationState::active ||
          options_.present.contains(arrival.name))
        continue;
      if (!belongs(arrival)) {
        ++made_.left_out;
        continue;
      }
      ++made_.items;
      const bool authority = arrival.kind == store::EntityKind::authority;
      (authority ? authorities : certificates) += entry(arrival);
    }
    made_.text = options_.current ? *options_.current : head();
    add_section("authorities", authorities);
    add_section("certificates", certificates);
    for (const auto& file : policies_.made())
      if (used_.contains(file.name))
        made_.files.push_back({"policies/" + file.name + ".yaml", file.text});
    return std::move(made_);
  }

 private:
  const ca::FoundCertificate& found(const ca::Arrival& arrival) const {
    return found_.certificates[arrival.found];
  }

  /// A folder's certificates come with its authority; the YAML names those that are worked with
  /// here.
  bool belongs(const ca::Arrival& arrival) const {
    if (arrival.kind == store::EntityKind::authority || !found_.authority) return true;
    return found(arrival).key && made_.items < most_of_a_folder;
  }

  std::string head() const {
    const auto main = std::find_if(arrivals_.begin(), arrivals_.end(), [&](const auto& arrival) {
      return !found_.authority || arrival.found == *found_.authority;
    });
    std::string text = fmt::format(
        "# Written by 'sealwright import --from {}' on {}: what was found, and how it goes on.\n"
        "# 'sealwright init' makes a workspace of this folder, 'sealwright apply' takes the files "
        "over.\n",
        ca::to_text(found_.from), to_date(options_.now));
    text +=
        "version: 1\nname: " + (main == arrivals_.end() ? std::string("imported") : main->name) +
        "\n";
    return text;
  }

  /// The active generation of the entity that issued it, or "".
  std::string issuer_of(const ca::Arrival& arrival) const {
    if (arrival.issuer) return arrivals_[*arrival.issuer].name;
    const auto known = arrival.known_issuer ? options_.issuers.find(*arrival.known_issuer)
                                            : options_.issuers.end();
    return known == options_.issuers.end() ? std::string() : known->second;
  }

  std::string existing(const ca::Arrival& arrival) {
    const auto& one = found(arrival);
    if (found_.authority == arrival.found) {
      std::string text = fmt::format("{{from: {}, path: {}", ca::to_text(found_.from),
                                     yaml_text(absolute(found_.path)));
      return text + password_of(one) + "}";
    }
    std::string certificate = absolute(one.file);
    if (!one.alone) {
      made_.files.push_back({"existing/" + arrival.name + ".crt", one.certificate.to_pem()});
      certificate = made_.files.back().path;
    }
    std::string text = "{certificate: " + yaml_text(certificate);
    if (one.key && found_.keys[*one.key].file != one.file)
      text += ", key: " + yaml_text(absolute(found_.keys[*one.key].file));
    else if (one.key && !one.alone)
      text += ", key: " + yaml_text(absolute(one.file));
    return text + password_of(one) + "}";
  }

  std::string password_of(const ca::FoundCertificate& one) const {
    const bool encrypted = one.key && found_.keys[*one.key].encrypted;
    return encrypted ? ", password: " + options_.password : std::string();
  }

  /// As long as the last list held.
  std::string list_terms(const ca::Arrival& arrival) const {
    for (const auto& crl : found_.crls) {
      if (!(crl.issuer() == found(arrival).certificate.subject()) || !crl.next_update()) continue;
      const auto days =
          std::chrono::floor<std::chrono::days>(*crl.next_update() - crl.this_update()).count();
      if (days < 2) continue;
      return fmt::format("    crl: {{lifetime: {}d, overlap: {}d}}\n", days,
                         std::max<long>(days / 4, 1));
    }
    return {};
  }

  bool is_due(const ca::Arrival& arrival) const {
    store::Generation generation;
    generation.not_before = found(arrival).certificate.not_before();
    generation.not_after = found(arrival).certificate.not_after();
    return due_at(arrival.policy->renewal, generation) <= options_.now + std::chrono::days(1);
  }

  std::string entry(const ca::Arrival& arrival) {
    const auto& one = found(arrival);
    const bool authority = arrival.kind == store::EntityKind::authority;
    const std::string issuer = issuer_of(arrival);
    if (used_.insert(arrival.policy->name).second) made_.used.push_back(arrival.policy);
    std::string text = fmt::format("  {}:\n    policy: {}\n    issuer: {}\n", arrival.name,
                                   arrival.policy->name, issuer.empty() ? "self" : issuer);
    const bool has_key = one.key || (arrival.known && arrival.known->key);
    if (!has_key)
      text += "    key: {store: external}\n";
    else if (!options_.keyring.empty())
      text += "    key: {keyring: " + options_.keyring + "}\n";
    text += "    existing: " + existing(arrival) + "\n";
    if (authority) return text + list_terms(arrival);
    if (issuer.empty() && !one.certificate.self_signed())
      text += "    renew: false  # its issuer is not here\n";
    else if (is_due(arrival))
      text += "    renew: false  # due: leave this out to have it renewed here\n";
    return text;
  }

  /// Adds entries behind "NAME:" at the beginning of a line, or a section at the end.
  void add_section(const std::string& name, const std::string& entries) {
    if (entries.empty()) return;
    std::string& text = made_.text;
    const std::string line = name + ":";
    std::size_t at = text.starts_with(line) ? 0 : text.find("\n" + line);
    if (at == std::string::npos) {
      if (!text.ends_with('\n')) text += '\n';
      text += line + "\n" + entries;
      return;
    }
    if (text[at] == '\n') ++at;
    const std::size_t end = std::min(text.find('\n', at), text.size());
    std::string_view rest = std::string_view(text).substr(at + line.size(), end - at - line.size());
    while (rest.starts_with(' ')) rest.remove_prefix(1);
    if (!rest.empty() && !rest.starts_with('#'))
      throw Error(
          Error::Kind::input,
          "'" + name + "' of the sealwright.yaml stands in one line, and cannot be added to",
          "write its entries one a line");
    if (end == text.size()) text += '\n';
    text.insert(end + 1, indented_like(std::string_view(text).substr(end + 1), entries));
  }

  /// Entries stand two spaces in; those that are there may stand otherwise.
  static std::string indented_like(std::string_view after, const std::string& entries) {
    std::size_t indent = 2;
    while (!after.empty()) {
      const auto line = after.substr(0, after.find('\n'));
      const auto first = line.find_first_not_of(' ');
      if (first != std::string_view::npos && line[first] != '#') {
        indent = first ? first : indent;
        break;
      }
      after.remove_prefix(std::min(line.size() + 1, after.size()));
    }
    // A step more or less for every line keeps the steps inside an entry.
    std::string made;
    for (std::size_t at = 0; at < entries.size();) {
      const std::size_t end = entries.find('\n', at) + 1;
      made += std::string(indent, ' ') + entries.substr(at + 2, end - at - 2);
      at = end;
    }
    return made;
  }

  const ca::Found& found_;
  const std::vector<ca::Arrival>& arrivals_;
  const ca::ImportPolicies& policies_;
  const ImportYamlOptions& options_;
  std::set<std::string> used_;
  ImportYaml made_;
};

}  // namespace

ImportYaml yaml_for(const ca::Found& found, const ca::Arrangement& arrangement,
                    const ca::ImportPolicies& policies, const ImportYamlOptions& options) {
  return Writing(found, arrangement, policies, options).write();
}

}  // namespace sealwright::workspace
