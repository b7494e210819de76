#include "compat/makecert.h"

#include <filesystem>
#include <ostream>

#include "compat/makecert_explain.h"
#include "compat/makecert_issue.h"
#include "compat/makecert_wish.h"
#include "compat/museum.h"
#include "compat/output_files.h"

namespace sealwright::compat {
namespace {

void check_files(const MakecertWish& wish, const CommandLine& line) {
  std::vector<std::string> outputs = {wish.pfx, wish.output};
  std::vector<std::string> inputs = {wish.issuer_file, wish.issuer_pvk, wish.certified,
                                     line.value_or("--password-file", ""),
                                     line.value_or("--issuer-password-file", "")};
  // A PVK that is there is only read, and may be the issuer's.
  (std::filesystem::exists(wish.pvk) ? inputs : outputs).push_back(wish.pvk);
  check_apart(outputs, inputs);
}

void run(const CommandLine& line, World& world) {
  if (line.has("!")) {
    world.out << help_text(makecert_tool);
    return;
  }
  const auto wish = read_makecert(line);
  for (const auto& warning : wish.warnings) world.warn(warning);
  for (const auto& note : wish.notes) world.note(note);
  if (line.has("--explain")) {
    world.out << to_text(explain_makecert(wish, world));
    return;
  }
  check_files(wish, line);
  if (wish.as_original)
    make_museum_piece(wish, line, world);
  else
    make_certificate(wish, line, world);
  world.out << "Succeeded\n";
}

}  // namespace

const Tool makecert_tool = {
    "makecert", "makecert [OPTIONS] [OUT.cer]",
    "Makes a certificate, and its key, from one line of flags, as Microsoft's tool of that name.",
    makecert_flags(), run};

}  // namespace sealwright::compat
