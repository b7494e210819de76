// Where the program meets the world: streams, the clock, and what is said when something could not
// be done.

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <iostream>

#include "base/error.h"
#include "cli/command.h"

namespace sealwright::cli {
namespace {

void print(const Error& error, std::ostream& err, bool verbose) {
  err << "sealwright: error: " << error.message << "\n";
  if (!error.excerpt.empty()) err << error.excerpt << (error.excerpt.back() == '\n' ? "" : "\n");
  if (!error.hint.empty()) err << "sealwright: hint: " << error.hint << "\n";
  if (verbose)
    for (const auto& cause : error.causes) err << "sealwright: cause: " << cause << "\n";
}

/// The reader of the pipe went away, which is no error of ours: ends as other programs do.
int end_as_by_sigpipe() {
  std::signal(SIGPIPE, SIG_DFL);
  std::raise(SIGPIPE);
  return 128 + SIGPIPE;
}

int run(int argc, char** argv) {
  Context context{
      std::cout,
      std::cerr,
      [] { return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()); },
      ossl::system_random(),
      {},
      isatty(0) && isatty(2),
      0};
  try {
    const int code = dispatch(argc, argv, commands(), context);
    errno = 0;
    std::cout.flush();
    if (!std::cout && errno == EPIPE) return end_as_by_sigpipe();
    if (!std::cout) throw Error(Error::Kind::io, "cannot write to standard output");
    return code;
  } catch (const Error& error) {
    std::cout.flush();
    print(error, std::cerr, context.globals.verbose);
    return exit_code(error.kind);
  } catch (const std::exception& error) {
    std::cerr << "sealwright: internal error: " << error.what() << "\n";
    return exit_code(Error::Kind::internal);
  }
}

}  // namespace
}  // namespace sealwright::cli

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);  // a file too large is an error with a name, like a full disk
  umask(umask(0) | 022);          // what we write is at most for others to read; secrets are 0600
  std::ios::sync_with_stdio(false);
  return sealwright::cli::run(argc, argv);
}
