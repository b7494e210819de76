#include "compat/makecert.h"

#include <ostream>

#include "compat/makecert_explain.h"
#include "compat/makecert_issue.h"
#include "compat/makecert_wish.h"
#include "compat/museum.h"

namespace sealwright::compat {
namespace {

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
