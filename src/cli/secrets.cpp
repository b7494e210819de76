#include "cli/secrets.h"

#include <fcntl.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "base/error.h"
#include "workspace/secret_file.h"

namespace sealwright::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t max_typed_bytes = 1024;

/// The terminal with echo off, and back on at the end of the scope.
class SilentTerminal {
 public:
  SilentTerminal() : fd_(open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY)) {
    if (fd_ < 0 || tcgetattr(fd_, &before_) != 0)
      throw Error(Error::Kind::io, "cannot ask at the terminal");
    termios silent = before_;
    silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    tcsetattr(fd_, TCSAFLUSH, &silent);
  }
  ~SilentTerminal() {
    tcsetattr(fd_, TCSAFLUSH, &before_);
    close(fd_);
  }
  SilentTerminal(const SilentTerminal&) = delete;
  SilentTerminal& operator=(const SilentTerminal&) = delete;

  ossl::Secret ask(const std::string& question) {
    print(question);
    ossl::Secret typed(max_typed_bytes);
    std::size_t count = 0;
    std::uint8_t byte = 0;
    while (read(fd_, &byte, 1) == 1 && byte != '\n')
      if (count < max_typed_bytes) typed.writable()[count++] = byte;
    print("\n");
    return ossl::Secret(typed.view().first(count));
  }

 private:
  void print(const std::string& text) const { (void)!write(fd_, text.data(), text.size()); }
  int fd_;
  termios before_{};
};

void require_terminal(const SecretSource& source, const Context& context) {
  if (context.terminal) return;
  throw Error(Error::Kind::usage,
              "the " + source.what + " is needed, and there is no terminal to ask at",
              "give " + source.file_option + " FILE, or set " + source.variable);
}

}  // namespace

std::optional<ossl::Secret> read_known_secret(const SecretSource& source) {
  if (!source.file.empty()) return workspace::secret_from_file(source.file);
  if (const char* value = source.variable.empty() ? nullptr : std::getenv(source.variable.c_str());
      value && *value)
    return ossl::Secret(std::string_view(value));
  if (const char* folder = std::getenv("CREDENTIALS_DIRECTORY");
      folder && !source.credential.empty()) {
    const fs::path path = fs::path(folder) / source.credential;
    if (fs::exists(path)) return workspace::secret_from_file(path);
  }
  return std::nullopt;
}

ossl::Secret read_secret(const SecretSource& source, Context& context) {
  if (auto secret = read_known_secret(source)) return std::move(*secret);
  require_terminal(source, context);
  return SilentTerminal().ask("The " + source.what + ": ");
}

ossl::Secret read_new_secret(const SecretSource& source, Context& context) {
  if (auto secret = read_known_secret(source)) return std::move(*secret);
  require_terminal(source, context);
  SilentTerminal terminal;
  ossl::Secret first = terminal.ask("A new " + source.what + ": ");
  const ossl::Secret second = terminal.ask("The same again: ");
  if (!equal(first.view(), second.view()))
    throw Error(Error::Kind::usage, "the two are not the same");
  return first;
}

SecretSource passphrase_source(const std::string& file) {
  return {"passphrase of the workspace", file, "--passphrase-file", "SEALWRIGHT_PASSPHRASE",
          "sealwright-passphrase"};
}

ossl::TokenOptions token_options(const std::string& pin_file, const std::string& variable,
                                 Context& context) {
  ossl::TokenOptions options;
  options.random = context.random;
  if (const char* path = std::getenv("PKCS11_MODULE_PATH")) options.module_path = path;
  options.ask_pin = [pin_file, variable, &context](const std::string& token_label) {
    return read_secret({"PIN of token '" + token_label + "'", pin_file, "--pin-file",
                        variable.empty() ? "SEALWRIGHT_PIN" : variable, "sealwright-pin"},
                       context);
  };
  return options;
}

}  // namespace sealwright::cli
