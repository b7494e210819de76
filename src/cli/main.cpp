// Where the program meets the world: streams, the clock, and what is said when something could not
// be done.

#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <iostream>

#include "base/encoding.h"
#include "base/error.h"
#include "base/file.h"
#include "base/json.h"
#include "cli/command.h"
#include "cli/drop_in.h"

namespace sealwright::cli {
namespace {

/// For a terminal: names from outside may hold anything. Line ends are ours.
std::string shown(const std::string& text) {
  std::string made;
  for (std::size_t at = 0; at <= text.size();) {
    const auto end = std::min(text.find('\n', at), text.size());
    made += (at == 0 ? "" : "\n") + printable(text.substr(at, end - at), 64 * 1024);
    at = end + 1;
  }
  return made;
}

void print(const Error& error, std::ostream& err, bool verbose) {
  err << "sealwright: error: " << shown(error.message) << "\n";
  if (!error.excerpt.empty()) err << error.excerpt << (error.excerpt.back() == '\n' ? "" : "\n");
  if (!error.hint.empty()) err << "sealwright: hint: " << shown(error.hint) << "\n";
  if (verbose)
    for (const auto& cause : error.causes) err << "sealwright: cause: " << cause << "\n";
}

/// Whether nobody reads what we print any more, which is no error of ours.
bool reader_is_gone() {
  pollfd out{1, 0, 0};
  return poll(&out, 1, 0) == 1 && (out.revents & POLLERR) != 0;
}

void print_json(const Error& error, std::ostream& out) {
  Json json = Json::object();
  json.set("schema", "sealwright.error/1").set("exit_code", exit_code(error.kind));
  json.set("message", error.message).set("hint", error.hint);
  out << json.dump() << "\n" << std::flush;
}

int failed(const Error& error, const Context& context) {
  if (context.globals.json) print_json(error, std::cout);
  std::cout.flush();
  print(error, std::cerr, context.globals.verbose);
  return exit_code(error.kind);
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
  if (const char* variable = std::getenv("SEALWRIGHT_WORKSPACE"))
    context.globals.workspace = variable;
  try {
    const auto drop_in = run_drop_in(argc, argv, context);
    const int code = drop_in ? *drop_in : dispatch(argc, argv, commands(), context);
    std::cout.flush();
    if (!std::cout && !reader_is_gone())
      throw Error(Error::Kind::io, "cannot write to standard output");
    return code;
  } catch (const Error& error) {
    return failed(error, context);
  } catch (const std::filesystem::filesystem_error& error) {
    return failed(error_of(error), context);
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
