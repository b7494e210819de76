#include "cli/context.h"

#include <unistd.h>

#include <ostream>

namespace sealwright::cli {

void Context::say(const std::string& line) {
  if (!globals.quiet) err << line << "\n";
}

void Context::warn(const std::string& line) {
  if (!globals.quiet) err << "sealwright: warning: " << line << "\n";
}

Progress Context::progress(const std::string& what) {
  if (!isatty(2) || globals.quiet || globals.no_progress) return {};
  return [this, what, shown = std::uint64_t{101}](std::uint64_t done, std::uint64_t total) mutable {
    const std::uint64_t percent = total ? done * 100 / total : 100;
    if (percent == shown) return;
    shown = percent;
    err << "\r" << what << " " << percent << "%" << (percent == 100 ? "\r\x1b[K" : "")
        << std::flush;
  };
}

}  // namespace sealwright::cli
