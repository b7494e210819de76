#pragma once
// .reg files ("Windows Registry Editor Version 5.00"): certificates for the stores of one machine,
// and their removal.

#include "base/bytes.h"
#include "bundle/state.h"

namespace sealwright::bundle {

/// UTF-16LE with byte order mark and CRLF, lines folded as regedit folds them. Puts every present
/// certificate into LocalMachine and takes every removed one out. Settings are overwritten: a .reg
/// file cannot add bits to what is there.
Bytes reg_import(const State& state);

/// The twin that undoes reg_import(): deletes the keys of all present and removed certificates,
/// and gives every setting the value that Windows has by itself.
Bytes reg_removal(const State& state);

}  // namespace sealwright::bundle
