// sealwright explain CODE|OID|STATE|OS: what a word of Windows means and what to do about it.

#include "diagnose/explain.h"

#include <ostream>

#include "base/encoding.h"
#include "base/error.h"
#include "cli/all_commands.h"

namespace sealwright::cli {
namespace {

struct Options {
  std::string word;
};

void run(const Options& options, Context& context) {
  const auto explanation = diagnose::explain(options.word);
  if (!explanation)
    throw Error(Error::Kind::state, "nothing is known about '" + printable(options.word) + "'",
                "error codes, extended key usages, WinTrust State values and Windows versions are");
  context.out << (context.globals.json ? diagnose::to_json(*explanation).dump() + "\n"
                                       : diagnose::to_text(*explanation));
}

}  // namespace

Command explain_command() {
  return command<Options>("explain",
                          "Say what an error code, usage, State value or Windows version means")
      .positional("WORD", &Options::word, "As 0x800B0109, codeSigning, 0x23c00, win11-24h2")
      .example("sealwright explain 0x800B0109")
      .runs(run);
}

}  // namespace sealwright::cli
