#pragma once
// Inside driver only: which Windows a decorated section or key is for ("NTamd64.6.1", see "INF
// Manufacturer Section").

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "driver/package.h"

namespace sealwright::driver {

/// What "NT[architecture][.major[.minor[.ProductType[.SuiteMask[.Build]]]]]" asks for. Product
/// type, suite and build are passed over: a target like 10_X64 stands for all its builds.
struct Decoration {
  std::optional<Architecture> architecture;
  int major = 0, minor = 0;
};
/// Nothing for text that is no decoration. Case is ignored.
std::optional<Decoration> parse_decoration(std::string_view text);

/// What a package is read for: architectures, and for each the newest Windows.
class Platforms {
 public:
  explicit Platforms(const PackageOptions& options);
  /// Ascending, no duplicates; all of them where no target was asked for.
  const std::vector<Architecture>& architectures() const { return architectures_; }
  /// Whether a models section so decorated is for `architecture`, on some target. Sections without
  /// an architecture are for x86 alone (Windows Server 2003 SP1 and later).
  bool applies(const Decoration& decoration, Architecture architecture) const;

 private:
  std::vector<const WindowsTarget*> targets_;
  std::vector<Architecture> architectures_;
};

/// The sections that Windows uses for `name` on `architecture`: NAME.NTarch and its versioned forms
/// (NAME.NTarch.6.1), else NAME.NT and its, else NAME. Empty where none of them is there.
std::vector<const InfSection*> decorated_sections(const Inf& inf, std::string_view name,
                                                  Architecture architecture);

}  // namespace sealwright::driver
