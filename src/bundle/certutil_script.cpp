#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/encoding.h"
#include "base/error.h"
#include "bundle/cmd_text.h"
#include "bundle/reader_parts.h"
#include "x509/pem.h"

namespace sealwright::bundle {
namespace {

using Action = FoundCertificate::Action;

constexpr std::size_t max_properties_bytes = 64 << 20;

/// The file's name in the form of OutputFile::path, lower case; nothing where it leads out of the
/// script's folder or depends on the machine.
std::optional<std::string> path_beside(std::string name) {
  std::replace(name.begin(), name.end(), '\\', '/');
  name = ascii_lower(name);
  if (name.starts_with("%~dp0"))
    name.erase(0, 5);  // Of the script itself, with a backslash.
  else if (name.starts_with('/'))
    return std::nullopt;
  std::string path;
  for (std::size_t at = 0; at <= name.size();) {
    const auto end = std::min(name.find('/', at), name.size());
    const std::string part = name.substr(at, end - at);
    at = end + 1;
    if (part == "..") {
      if (path.empty()) return std::nullopt;
      const auto above = path.rfind('/');
      path.erase(above == std::string::npos ? 0 : above);
    } else if (!part.empty() && part != ".") {
      path += (path.empty() ? "" : "/") + part;
    }
  }
  return path;
}

bool is_serialized_store(BytesView bytes) {
  constexpr std::string_view start("\0\0\0\0CERT", 8);
  return bytes.size() >= start.size() && equal(bytes.first(start.size()), view(start));
}

/// What -addstore takes out of a file.
Contents content_of(const Folder::File& file) {
  Contents contents;
  if (is_serialized_store(*file.content)) {
    read_serialized_store(*file.content, file.path, contents);
    return contents;
  }
  const auto certificates = x509::read_certificates(*file.content);
  for (const auto& certificate : certificates) {
    FoundCertificate found;
    found.thumbprint = certificate.thumbprint();
    found.certificate = certificate;
    add_certificate(contents, std::move(found));
  }
  if (x509::looks_like_pem(*file.content) && x509::read_pem(*file.content).size() > 1)
    add_fault(contents, Severity::warning, {file.path, ""},
              fmt::format("{} certificates one after the other: certutil may take the first alone",
                          certificates.size()),
              "make a .p7b of them");
  return contents;
}

/// The files beside the script, each read once.
class Files {
 public:
  explicit Files(const Folder& beside) : beside_(beside) {}

  /// Null where there is no such file. The first time its own faults go to `contents`.
  const Contents* find(const std::string& path, Contents& contents) {
    const auto* file = beside_.find(path);
    if (!file) return nullptr;
    const auto [read, is_new] = read_.try_emplace(file->path);
    if (!is_new) return &read->second;
    try {
      read->second = content_of(*file);
    } catch (const Error& error) {
      read->second.faults.push_back({Severity::error,
                                     {file->path, ""},
                                     error.message,
                                     "certutil takes .cer, .crt, .p7b and .sst files"});
    }
    for (const auto& fault : read->second.faults) add_bounded(contents.faults, fault);
    return &read->second;
  }

 private:
  const Folder& beside_;
  std::map<std::string, Contents> read_;
};

/// certutil's command line, taken apart.
struct StoreCommand {
  bool add = false, remove = false;
  bool user = false, enterprise = false, policy = false;
  std::string unknown;  ///< The first option that is none of those.
  std::vector<std::string> operands;

  Location location() const {
    if (enterprise) return Location::enterprise;
    if (policy) return user ? Location::user_policy : Location::machine_policy;
    return user ? Location::user : Location::machine;
  }
};

/// certutil, by whatever path.
bool is_certutil(std::string_view word) {
  const auto slash = word.find_last_of("\\/:");
  if (slash != std::string_view::npos) word.remove_prefix(slash + 1);
  return equal_ignoring_case(word, "certutil") || equal_ignoring_case(word, "certutil.exe");
}

StoreCommand parsed(const std::vector<std::string>& words) {
  StoreCommand command;
  auto word = std::find_if(words.begin(), words.end(), is_certutil);
  // Behind a variable ("%tool% -addstore …") the options are certutil's all the same.
  for (word = word == words.end() ? words.begin() : word + 1; word != words.end(); ++word) {
    if (word->size() < 2 || (word->front() != '-' && word->front() != '/')) {
      command.operands.push_back(*word);
      continue;
    }
    const std::string option = ascii_lower(word->substr(1));
    if (option == "addstore")
      command.add = true, command.operands.clear();
    else if (option == "delstore")
      command.remove = true, command.operands.clear();
    else if (option == "user")
      command.user = true;
    else if (option == "enterprise")
      command.enterprise = true;
    else if (option == "grouppolicy")
      command.policy = true;
    else if (option != "f" && option != "v" && option != "silent" && command.unknown.empty())
      command.unknown = *word;
  }
  return command;
}

class ScriptReader {
 public:
  ScriptReader(const std::string& file, const Folder& beside, Contents& contents)
      : file_(file), files_(beside), contents_(contents) {}

  void read(const CmdCommand& words) {
    if (is_harmless(words.words.front())) return;
    const StoreCommand command = parsed(words.words);
    position_ = {file_, place_of_line(words.line)};
    if (!command.add && !command.remove) return other(words, command);
    if (!command.unknown.empty())
      fault(Severity::warning,
            fmt::format("the option '{}' is not known here, and passed over",
                        printable(command.unknown, 40)),
            "look up what it does: it may name another store");
    if (command.enterprise && (command.user || command.policy))
      fault(Severity::warning, "more than one place is named; -enterprise is taken",
            "leave one of -user, -enterprise and -grouppolicy");
    if (command.operands.size() != 2)
      return fault(Severity::error,
                   command.add ? "-addstore needs a store and a file"
                               : "-delstore needs a store and a certificate",
                   command.add ? "write 'certutil -addstore STORE FILE'"
                               : "write 'certutil -delstore STORE THUMBPRINT'");
    command.add ? add(command) : remove(command);
  }

 private:
  void fault(Severity severity, std::string message, std::string remedy) {
    add_fault(contents_, severity, position_, std::move(message), std::move(remedy));
  }

  /// Commands of cmd.exe that change no store and start nothing.
  static bool is_harmless(std::string_view word) {
    return is_one_of(word, {"echo", "echo.", "set", "setlocal", "endlocal", "exit", "goto", "pause",
                            "cls", "title", "color", "cd", "chdir", "pushd", "popd", "ver", "shift",
                            "verify", "timeout"});
  }
  /// Only what stands before a command, or between the parentheses of "for".
  static bool is_part(const std::vector<std::string>& words) {
    if (words.front().starts_with('*') || is_one_of(words.front(), {"for", "in"})) return true;
    auto word = words.begin();
    if (is_one_of(*word, {"if"})) {
      do ++word;
      while (word != words.end() && is_one_of(*word, {"/i", "not"}));
      if (word != words.end() && is_one_of(*word, {"exist", "defined", "errorlevel"})) ++word;
      if (word != words.end()) ++word;
    } else if (is_one_of(*word, {"do", "else"})) {
      ++word;
    } else {
      return false;
    }
    return word == words.end() || is_harmless(*word);
  }
  static bool is_one_of(std::string_view word, std::initializer_list<std::string_view> known) {
    if (word.starts_with('@')) word.remove_prefix(1);
    return word.empty() || std::any_of(known.begin(), known.end(), [&](const auto& one) {
             return equal_ignoring_case(word, one);
           });
  }

  /// Any other program, or another verb of certutil.
  void other(const CmdCommand& command, const StoreCommand& options) {
    if (is_part(command.words)) return;
    const bool reads =
        std::any_of(command.words.begin(), command.words.end(), [](const std::string& word) {
          const std::string option = word.size() > 1 ? ascii_lower(word.substr(1)) : "";
          return option == "store" || option == "verifystore" || option == "hashfile" ||
                 option == "dump" || option == "pulse" || option == "?";
        });
    if (reads && std::any_of(command.words.begin(), command.words.end(), is_certutil)) return;
    const std::string what = options.unknown.empty()
                                 ? command.words.front()
                                 : command.words.front() + " " + options.unknown;
    fault(Severity::warning,
          fmt::format("'{}' is not looked at, and may change stores too", printable(what, 60)),
          "look up what it does, or write it as 'certutil -addstore STORE FILE'");
  }

  void add(const StoreCommand& command) {
    const std::string shown = "'" + printable(command.operands[1]) + "'";
    const auto path = path_beside(command.operands[1]);
    const Contents* found = path ? files_.find(*path, contents_) : nullptr;
    if (!found)
      return fault(Severity::error,
                   fmt::format("{} is not beside the script: what it adds cannot be told", shown),
                   "put the certificate beside the script, and name it as '%~dp0FILE'");
    if (found->certificates.empty())
      fault(Severity::error, shown + " holds no certificate that could be added",
            "put a certificate there as DER or PEM");
    for (auto one : found->certificates) {
      for (const auto& property : one.properties) properties_bytes_ += property.value.size();
      if (properties_bytes_ > max_properties_bytes)
        throw Error(Error::Kind::input,
                    to_text(Position{{}, position_.place}) +
                        ": the stores it adds hold more than 64 MiB of properties");
      one.location = command.location();
      one.store = store_name(command.operands[0]);
      one.position = position_;
      add_certificate(contents_, std::move(one));
    }
  }

  void remove(const StoreCommand& command) {
    const auto thumbprint = parse_thumbprint(command.operands[1]);
    if (!thumbprint)
      return fault(
          Severity::warning,
          fmt::format("'{}' is no thumbprint: it can match several certificates, and takes "
                      "all of them out",
                      printable(command.operands[1], 60)),
          "name the certificate by its SHA-1");
    add_certificate(contents_, {Action::remove,
                                command.location(),
                                store_name(command.operands[0]),
                                *thumbprint,
                                {},
                                {},
                                position_});
  }

  std::string file_;
  Files files_;
  Contents& contents_;
  Position position_;
  std::size_t properties_bytes_ = 0;
};

}  // namespace

void read_certutil_script(BytesView bytes, const std::string& file, const Folder& beside,
                          Contents& contents) {
  const std::string text = decoded_text(bytes);
  ScriptReader reader(file, beside, contents);
  CmdReader commands(text);
  while (const auto command = commands.next()) reader.read(*command);
}

}  // namespace sealwright::bundle
