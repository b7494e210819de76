#include "compat/makecert_wish.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/encoding.h"
#include "base/error.h"
#include "compat/makecert_values.h"
#include "compat/tool.h"
#include "x509/oids.h"

namespace sealwright::compat {
namespace {

constexpr int max_bits = 16384, safe_bits = 2048;
constexpr int max_months = 12 * 1000;
constexpr int max_path_length = 64;
constexpr std::size_t max_text = 1024;

constexpr Flag flags[] = {
    SEALWRIGHT_COMMON_FLAGS,
    {"!", "", "Print this help"},
    // Basic.
    {"n", "NAME", "X.500 name of the subject: \"CN=My Company\""},
    {"r", "", "Self-signed"},
    {"a", "DIGEST", "sha256 (default), sha384, sha512 or sha1"},
    {"b", "MM/DD/YYYY", "First day (default: now)"},
    {"e", "MM/DD/YYYY", "Last day (default: 12/31/2039)"},
    {"m", "MONTHS", "Valid for so many months, instead of -e"},
    {"cy", "TYPE", "end or authority"},
    {"h", "N", "How many authorities may follow below it"},
    {"eku", "OID[,OID]", "What it is for, as 1.3.6.1.5.5.7.3.3 (code signing)"},
    {"len", "BITS", "Length of the key (default: 3072; authorities 4096)"},
    {"#", "N", "Serial number, decimal (default: a random one)"},
    {"$", "TYPE", "individual or commercial publisher"},
    {"l", "URL", "Link to a policy of the publisher"},
    {"d", "NAME", "Name to be shown; goes into a PFX"},
    {"nscp", "", "Netscape's extension for client certificates"},
    {"p12", "FILE PASSWORD", "Also write a PFX (as mono's makecert)", true},
    // The subject's key and where the certificate goes.
    {"sv", "FILE.pvk", "The subject's key; made where it is not there yet"},
    {"sk", "NAME", "The subject's key in this container of the workspace; made like that"},
    {"sky", "TYPE", "signature, exchange, 1 or 2: the type of key in the PVK"},
    {"sc", "FILE", "Certify the public key of this certificate"},
    {"ss", "STORE", "Put it into this store of the workspace"},
    {"sr", "LOCATION", "currentuser (default) or localmachine, of -ss"},
    {"pe", "", "The key may leave the workspace"},
    {"sp", "NAME", "Taken, without effect: OpenSSL makes the keys"},
    {"sy", "N", "Taken, without effect"},
    // The issuer, by files.
    {"ic", "FILE", "The issuer's certificate"},
    {"iv", "FILE.pvk", "The issuer's key"},
    {"ik", "NAME", "The issuer's key in this container of the workspace"},
    {"iky", "TYPE", "Taken, without effect"},
    {"ip", "NAME", "Taken, without effect"},
    {"iy", "N", "Taken, without effect"},
    // The issuer, by stores.
    {"in", "NAME", "The issuer's common name, or a part of it, in the store of -is"},
    {"is", "STORE", "The issuer's store in the workspace (default: My)"},
    {"ir", "LOCATION", "currentuser (default) or localmachine, of -is"},
    {"--password-file", "FILE", "Holds the password of the subject's PVK"},
    {"--issuer-password-file", "FILE", "Holds the password of the issuer's PVK"},
    {"--as-original", "", "MD5, 1024 bits, no identifiers: as it once was, for museums only"},
};

[[noreturn]] void refuse(const std::string& message, std::string hint = {}) {
  throw Error(Error::Kind::usage, message, std::move(hint));
}

void exclude(const CommandLine& line, const char* one, const char* other, const char* hint = "") {
  if (line.has(one) && line.has(other))
    refuse(fmt::format("'-{}' and '-{}' exclude each other", one, other), hint);
}

/// The index of the value among `words`, any case.
std::size_t choice(const CommandLine& line, const char* flag,
                   std::initializer_list<std::string_view> words) {
  const auto value = *line.value(flag);
  std::string listed;
  for (auto word = words.begin(); word != words.end(); ++word) {
    if (equal_ignoring_case(*word, value)) return static_cast<std::size_t>(word - words.begin());
    listed += (listed.empty() ? "" : ", ") + std::string(*word);
  }
  refuse(fmt::format("'-{} {}' is not known", flag, printable(value)), "there are " + listed);
}

std::string text_of(const CommandLine& line, const char* flag) {
  const auto value = line.value(flag);
  if (!value) return {};
  if (value->empty()) refuse(fmt::format("'-{}' has an empty value", flag));
  if (value->size() > max_text || !is_utf8(*value))
    refuse(fmt::format("the value of '-{}' is not UTF-8 of at most {} bytes", flag, max_text));
  return *value;
}

/// The name of a file.
std::string file_of(const std::string& path) {
  const auto name = std::string_view(path).substr(path.find_last_of('/') + 1);
  if (name.empty() || name == "." || name == "..")
    refuse("'" + printable(path) + "' is a folder, not a file");
  return path;
}

store::StoreLocation location(const CommandLine& line, const char* flag) {
  if (!line.has(flag)) return store::StoreLocation::current_user;
  return choice(line, flag, {"currentuser", "localmachine"}) == 0
             ? store::StoreLocation::current_user
             : store::StoreLocation::local_machine;
}

class WishReader {
 public:
  explicit WishReader(const CommandLine& line) : line_(line) {}

  MakecertWish read() {
    wish_.as_original = line_.has("--as-original");
    read_subject();
    read_role();
    read_digest();
    read_key();
    read_dates();
    read_extras();
    read_subject_key();
    read_issuer();
    read_store();
    read_output();
    if (wish_.as_original) check_museum();
    return std::move(wish_);
  }

 private:
  void note(std::string text) { wish_.notes.push_back(std::move(text)); }
  void warn(std::string text) { wish_.warnings.push_back(std::move(text)); }

  void read_output() {
    const auto& files = line_.files();
    if (files.size() > 1)
      refuse("one file can be written, and there are '" + printable(files[0]) + "' and '" +
                 printable(files[1]) + "'",
             "values with spaces stand in quotes");
    if (!files.empty()) wish_.output = file_of(files[0]);
    if (files.empty() && !line_.has("ss") && !line_.has("p12"))
      refuse("nothing says where the certificate goes", "name a file, as out.cer, or -ss STORE");
  }

  void read_subject() {
    if (const auto name = line_.value("n")) {
      wish_.subject = read_x500(*name);
    } else if (wish_.as_original) {
      wish_.subject = read_x500("CN=Joe's-Software-Emporium");
    } else {
      refuse("'-n' is missing",
             "write -n \"CN=My Company\": nobody wants the name that the "
             "original takes without it");
    }
  }

  void read_role() {
    const bool self = line_.has("r");
    const auto type =
        line_.has("cy") ? std::optional(choice(line_, "cy", {"end", "authority"})) : std::nullopt;
    if (line_.has("eku")) wish_.purposes = read_purposes(*line_.value("eku"));
    if (const auto height = line_.value("h")) {
      if (type == 0u)
        refuse("'-h' is for authorities, and '-cy end' is none", "leave one of them out");
      wish_.path_length = read_number("-h", *height, 0, max_path_length);
    }
    const bool authority = type == 1u || wish_.path_length;
    const bool end = type == 0u || !wish_.purposes.empty();
    using enum MakecertRole;
    wish_.role = self ? (authority ? root
                         : end     ? self_signed
                                   : signing_root)
                      : (authority ? intermediate : end_entity);
    if (wish_.as_original || authority || !wish_.purposes.empty()) return;
    if (wish_.role == signing_root)
      note(
          "it is made an authority that may also sign files, since scripts use such a certificate "
          "for both; say what it is for with -cy authority or -eku 1.3.6.1.5.5.7.3.3");
    else
      note("it is made for code signing, as '-eku' does not say what else");
  }

  void read_digest() {
    wish_.digest_given = line_.has("a");
    if (!wish_.digest_given) {
      if (wish_.as_original) wish_.digest = ossl::Digest::md5;
      return;
    }
    const auto value = *line_.value("a");
    const auto digest = ossl::digest_by_name(value);
    if (!digest)
      refuse("'" + printable(value) + "' of '-a' is not a digest",
             "there are sha256, sha384, sha512 and sha1");
    wish_.digest = *digest;
    if (wish_.as_original) return;
    if (*digest == ossl::Digest::md5) {
      wish_.digest = ossl::Digest::sha256;
      warn(
          "'-a md5' is not honoured, since anybody can make a second certificate of the same MD5; "
          "SHA-256 takes its place");
    }
  }

  void read_key() {
    if (const auto length = line_.value("len")) {
      wish_.bits = read_number("-len", *length, 1, max_bits);
      if (wish_.as_original) {
        if (*wish_.bits < 1024) refuse("'-len' below 1024 is no key that OpenSSL makes");
      } else if (*wish_.bits < safe_bits) {
        warn(
            fmt::format("'-len {}' is raised to {}: Windows refuses less than 1024, and less than "
                        "2048 can be broken",
                        *wish_.bits, safe_bits));
        wish_.bits = safe_bits;
      }
    }
    for (const char* flag : {"sp", "sy", "ip", "iy", "iky"})
      if (line_.has(flag))
        note(fmt::format("'-{}' has no effect: keys are made and used by OpenSSL", flag));
  }

  void read_dates() {
    exclude(line_, "e", "m", "one of them says when it ends");
    if (const auto day = line_.value("b"))
      wish_.not_before = read_day("-b", *day, DayEnd::first_second);
    if (const auto day = line_.value("e"))
      wish_.not_after = read_day("-e", *day, DayEnd::last_second);
    if (const auto months = line_.value("m"))
      wish_.months = read_number("-m", *months, 1, max_months);
    if (wish_.not_before && wish_.not_after && *wish_.not_after < *wish_.not_before)
      refuse("it would end on " + to_date(*wish_.not_after) + ", before it begins on " +
                 to_date(*wish_.not_before),
             "-b is the first day, -e the last, both as mm/dd/yyyy");
  }

  void read_extras() {
    if (const auto number = line_.value("#")) wish_.serial = read_serial_number(*number);
    if (line_.has("$"))
      wish_.publisher = choice(line_, "$", {"individual", "commercial"}) == 0
                            ? MakecertWish::Publisher::individual
                            : MakecertWish::Publisher::commercial;
    wish_.agency_url = text_of(line_, "l");
    if (std::ranges::any_of(wish_.agency_url,
                            [](unsigned char c) { return c <= ' ' || c >= 0x7f; }))
      refuse("'" + printable(wish_.agency_url) + "' of '-l' is not a URL");
    wish_.display_name = text_of(line_, "d");
    wish_.netscape = line_.has("nscp");
  }

  void read_subject_key() {
    exclude(line_, "sv", "sk", "the subject has one key");
    exclude(line_, "sv", "sc", "the subject has one key");
    exclude(line_, "sc", "r", "only the holder of its key can sign it");
    exclude(line_, "sk", "sc", "the subject has one key");
    exclude(line_, "p12", "sc", "a PFX holds the private key, and '-sc' has none");
    if (line_.has("sv")) wish_.pvk = file_of(text_of(line_, "sv"));
    wish_.container = text_of(line_, "sk");
    wish_.certified = text_of(line_, "sc");
    if (line_.has("sky"))
      wish_.exchange = choice(line_, "sky", {"2", "signature", "1", "exchange"}) >= 2;
    if (line_.has("p12")) wish_.pfx = file_of(line_.values("p12").front());
    if (wish_.display_name.empty() || !wish_.pfx.empty()) return;
    note("'-d' has no effect without '-p12': a certificate has no place for a name to be shown");
  }

  void read_issuer() {
    // Microsoft's groups 2 and 3 (Internet Client SDK) have only -ic in common.
    for (const char* by_file : {"ik", "iky", "ip", "iv", "iy"})
      for (const char* by_store : {"in", "ir", "is"})
        exclude(line_, by_file, by_store, "name the issuer's certificate with -ic FILE");
    exclude(line_, "ik", "iv", "the issuer has one key");
    for (const char* flag : {"ic", "iv", "ik", "in", "is"})
      exclude(line_, "r", flag, "a self-signed certificate has no issuer but itself");
    if (line_.has("ic")) wish_.issuer_file = file_of(text_of(line_, "ic"));
    if (line_.has("iv")) wish_.issuer_pvk = file_of(text_of(line_, "iv"));
    wish_.issuer_container = text_of(line_, "ik");
    wish_.issuer_name = text_of(line_, "in");
    if (line_.has("is")) wish_.issuer_store = text_of(line_, "is");
    wish_.issuer_location = location(line_, "ir");
    if (line_.has("r")) return;
    if (!wish_.issuer_pvk.empty() && wish_.issuer_file.empty())
      refuse("'-iv' is the issuer's key, and '-ic' with its certificate is missing");
    if (!line_.has("ic") && !line_.has("ik") && !line_.has("in") && !line_.has("is"))
      refuse(
          "nothing says who issues it: there is no built-in \"Root Agency\" here, whose key "
          "everybody had",
          "add -r for a self-signed certificate, or -ic ROOT.cer -iv ROOT.pvk");
  }

  void read_store() {
    if (line_.has("ss")) wish_.store = text_of(line_, "ss");
    wish_.location = location(line_, "sr");
    wish_.exportable = line_.has("pe");
    const bool issuer_there = line_.has("ik") || line_.has("in") || line_.has("is") ||
                              (line_.has("ic") && !line_.has("iv"));
    wish_.needs_workspace = line_.has("ss") || line_.has("sk") || issuer_there;
    if (wish_.needs_workspace) return;
    if (line_.has("sr")) note("'-sr' has no effect without '-ss'");
    if (wish_.exportable) note("'-pe' has no effect on files: whoever has the file has the key");
    if (wish_.pvk.empty() && wish_.pfx.empty() && wish_.certified.empty())
      warn(
          "nothing keeps the private key, so that the certificate will be of no use: give -sv "
          "FILE.pvk, or -ss STORE");
  }

  void check_museum() {
    if (wish_.needs_workspace)
      refuse("'--as-original' makes files only", "a workspace keeps no museum pieces");
    for (const char* flag : {"p12", "sc", "l", "$", "nscp"})
      if (line_.has(flag)) refuse(fmt::format("'--as-original' does not go with '-{}'", flag));
    warn("'--as-original' makes what was common in 1996: anybody can forge it");
  }

  const CommandLine& line_;
  MakecertWish wish_;
};

}  // namespace

std::span<const Flag> makecert_flags() { return flags; }

bool is_authority(MakecertRole role) {
  return role == MakecertRole::root || role == MakecertRole::signing_root ||
         role == MakecertRole::intermediate;
}

bool is_self_signed(MakecertRole role) {
  return role != MakecertRole::intermediate && role != MakecertRole::end_entity;
}

std::vector<Oid> MakecertWish::purposes_or_default() const {
  if (!purposes.empty() || is_authority(role)) return purposes;
  return {x509::oids::code_signing};
}

MakecertWish read_makecert(const CommandLine& line) { return WishReader(line).read(); }

}  // namespace sealwright::compat
