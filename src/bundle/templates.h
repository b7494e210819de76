#pragma once
// The text files in templates/bundle/ and how they are filled. A workspace's own text of the same
// name comes before the program's.

#include <string>
#include <string_view>
#include <vector>

#include "base/template.h"
#include "bundle/state.h"

namespace sealwright::bundle {

/// Where the texts are, in the sources and in a workspace.
constexpr std::string_view template_folder = "templates/bundle/";

/// The names of the program's texts below the folder, sorted: "powershell/Install-Trust.ps1".
std::vector<std::string> template_names();

/// One text as it takes effect. Throws Error::Kind::internal for a name that is not among
/// template_names().
std::string template_text(const State& state, const std::string& name);

/// The text filled with `data`. A line {{! insert NAME }} stands for the text of that name in the
/// same folder, once: inserted texts insert nothing. Throws Error::Kind::input as render() does,
/// with file and line ("templates/bundle/reg-README.txt:3: 'name' has no value").
std::string filled(const State& state, const std::string& name, const Json& data, Escape escape);

}  // namespace sealwright::bundle
