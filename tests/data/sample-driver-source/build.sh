#!/usr/bin/env bash
# Rebuilds the binary test data beside this folder from the sources in it:
#   sample-driver/sample.sys, sample-driver/sample.dat, hello/unaligned.exe, hello/pe32.exe
#
# build.sh          writes them in place
# build.sh --check  builds aside and compares; status 1 if a committed file differs
#
# With Debian 12's gcc-mingw-w64-x86-64 and binutils-mingw-w64-i686 (gcc 12.2, binutils 2.40, headers and
# import libraries 10.0) the result is the committed bytes: no time stamp, no path and no debug data gets into a file. Another compiler makes
# other, equally good files; then what was pinned in tests to their hashes changes too.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
data=$(dirname "$here")
prefix=x86_64-w64-mingw32

case "$*" in
  '' | --check) ;;
  *)
    echo "usage: ${0##*/} [--check]" >&2
    exit 2
    ;;
esac
for tool in "$prefix-gcc" i686-w64-mingw32-ld; do
  if ! command -v "$tool" >/dev/null; then
    echo "${0##*/}: error: $tool is missing" >&2
    echo "${0##*/}: hint: scripts/setup" >&2
    exit 5
  fi
done

out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
mkdir "$out/sample-driver" "$out/hello"

flags=(-std=c11 -O2 -Wall -Wextra -Werror -ffreestanding -fno-ident -fno-stack-protector)
link=(-s --no-insert-timestamp --nxcompat)

# The multi-character tag and the __FILE__ that IoAcquireRemoveLock takes in debug builds are the DDK's ways.
"$prefix-gcc" "${flags[@]}" -Wno-multichar -DNDEBUG -I"/usr/share/mingw-w64/include/ddk" \
  -c "$here/sample.c" -o "$out/sample.o"
"$prefix-ld" "${link[@]}" --subsystem native:6.1 --major-os-version 6 --minor-os-version 1 \
  --dynamicbase --high-entropy-va --entry DriverEntry -o "$out/sample-driver/sample.sys" \
  "$out/sample.o" -L"/usr/$prefix/lib" -lntoskrnl

# Each byte value once: a member of the catalog that is no PE file and no text.
for ((i = 0; i < 256; ++i)); do
  printf '%b' "\\0$(printf '%03o' "$i")"
done >"$out/sample-driver/sample.dat"

# The 64-bit compiler makes 32-bit code too, and a program without a library needs only the linker besides.
"$prefix-gcc" "${flags[@]}" -m32 -c "$here/hello.c" -o "$out/hello32.o"
i686-w64-mingw32-ld "${link[@]}" --subsystem console:6.1 --dynamicbase --entry _entry \
  -o "$out/hello/pe32.exe" "$out/hello32.o"

# A linker pads to 512, but installers and linkers of others do not: three bytes after the last section make
# a size that a signer must pad to a multiple of 8 itself.
"$prefix-gcc" "${flags[@]}" -c "$here/hello.c" -o "$out/hello64.o"
"$prefix-ld" "${link[@]}" --subsystem console:6.1 --dynamicbase --high-entropy-va --entry entry \
  -o "$out/hello/unaligned.exe" "$out/hello64.o"
printf 'end' >>"$out/hello/unaligned.exe"

files=(sample-driver/sample.sys sample-driver/sample.dat hello/pe32.exe hello/unaligned.exe)
for file in "${files[@]}"; do
  if [[ ${1:-} == --check ]]; then
    cmp "$out/$file" "$data/$file"
  else
    install -m 644 "$out/$file" "$data/$file"
  fi
done
