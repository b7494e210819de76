#include "compat/makecert.h"

#include "base/error.h"

namespace sealwright::compat {
namespace {

constexpr Flag flags[] = {SEALWRIGHT_COMMON_FLAGS};

void run(const CommandLine&, World&) { throw Error(Error::Kind::internal, "not written yet"); }

}  // namespace

const Tool makecert_tool = {"makecert", "makecert [OPTIONS]", "Under way.", flags, run};

}  // namespace sealwright::compat
