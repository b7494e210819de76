#include "compat/tool.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "compat/cert2spc.h"
#include "compat/certmgr.h"
#include "compat/makecert.h"
#include "compat/pvk2pfx.h"

namespace sealwright::compat {

std::span<const Tool> tools() {
  static const Tool all[] = {makecert_tool, cert2spc_tool, pvk2pfx_tool, certmgr_tool};
  return all;
}

const Tool* find_tool(std::string_view program) {
  std::string name(program.substr(program.find_last_of("/\\") + 1));
  std::ranges::transform(name, name.begin(), [](unsigned char c) { return std::tolower(c); });
  if (name.ends_with(".exe")) name.resize(name.size() - 4);
  for (const Tool& tool : tools())
    if (tool.name == name) return &tool;
  return nullptr;
}

std::string help_text(const Tool& tool) {
  std::string text = fmt::format("Usage: {}\n{}\n\n", tool.usage, tool.summary);
  for (const Flag& flag : tool.flags) {
    const std::string left = fmt::format("{}{}{}{}", flag.name.starts_with("--") ? "" : "-",
                                         flag.name, flag.values.empty() ? "" : " ", flag.values);
    text += fmt::format("  {:<26} {}\n", left, flag.help);
  }
  return text + "\nOptions begin with - or /, in any case; those with -- only like that.\n";
}

}  // namespace sealwright::compat
