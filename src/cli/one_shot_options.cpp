#include "cli/one_shot_options.h"

#include <filesystem>
#include <ostream>

#include "base/encoding.h"
#include "base/error.h"
#include "base/file.h"

namespace sealwright::cli {
namespace {

using Kind = x509::GeneralName::Kind;

x509::GeneralName general_name(const std::string& text) {
  static const std::pair<const char*, Kind> kinds[] = {{"dns:", Kind::dns},
                                                       {"ip:", Kind::ip},
                                                       {"email:", Kind::email},
                                                       {"uri:", Kind::uri},
                                                       {"directory:", Kind::directory}};
  for (const auto& [prefix, kind] : kinds)
    if (ascii_lower(text).starts_with(prefix))
      return {kind, text.substr(std::string_view(prefix).size())};
  if (text.empty() || text.find_first_of(":/@ ") != std::string::npos)
    throw Error(Error::Kind::usage, "'" + printable(text) + "' is not an alternative name",
                "write dns:HOST, ip:ADDRESS, email:A@B, uri:URL or directory:DN");
  return {Kind::dns, text};
}

}  // namespace

std::vector<x509::GeneralName> parse_san(const std::vector<std::string>& given) {
  std::vector<x509::GeneralName> names;
  for (const auto& text : given) names.push_back(general_name(text));
  if (names.empty()) return names;
  try {
    (void)x509::subject_alternative_name_extension(names, false);
  } catch (Error& error) {
    error.kind = Error::Kind::usage;
    throw;
  }
  return names;
}

x509::Request read_request_file(const std::string& file) {
  const Bytes bytes = read_file(file, x509::max_request_bytes * 2);
  try {
    return x509::read_request(bytes);
  } catch (const Error& error) {
    throw with_prefix(error, file);
  }
}

void write_text(const std::string& file, const std::string& text, bool overwrite,
                Context& context) {
  if (file == "-")
    context.out << text;
  else
    write_file(file, view(text),
               {Access::everyone, overwrite ? Existing::replace : Existing::refuse});
}

void check_output(const std::string& file, bool overwrite) {
  if (file.empty() || file == "-" || overwrite || !std::filesystem::exists(file)) return;
  throw Error(Error::Kind::state, "'" + file + "' already exists",
              "pass --overwrite to replace it");
}

}  // namespace sealwright::cli
