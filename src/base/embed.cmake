# Writes OUTPUT, a C++ source that defines embedded_files(), from the files that LIST names (one a line, below ROOT).
# Contents become arrays of numbers: they may hold any bytes, and no compiler bounds their length.
file(STRINGS ${LIST} paths)
set(contents "")
set(entries "")
set(count 0)
foreach(path IN LISTS paths)
  file(READ ${ROOT}/${path} hex HEX)
  string(LENGTH "${hex}" digits)
  math(EXPR size "${digits} / 2")
  string(REGEX REPLACE "(................................)" "\\1\n" hex "${hex}")
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "'\\\\x\\1'," bytes "${hex}")
  # The final NUL keeps the array of an empty file from being empty.
  string(APPEND contents "constexpr char file_${count}[] = {\n${bytes}'\\0'};  // ${path}\n")
  string(APPEND entries "      {\"${path}\", {file_${count}, ${size}}},\n")
  math(EXPR count "${count} + 1")
endforeach()
file(WRITE ${OUTPUT} "// Made by src/base/embed.cmake.

#include <array>

#include \"base/embedded.h\"

namespace sealwright {
namespace {
${contents}
}  // namespace

std::span<const EmbeddedFile> embedded_files() {
  static constexpr std::array<EmbeddedFile, ${count}> files = {{
${entries}  }};
  return files;
}

}  // namespace sealwright
")
