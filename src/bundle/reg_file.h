#pragma once
// .reg files ("Windows Registry Editor Version 5.00"): certificates for the stores of one machine
// or one user, and their removal.

#include "base/bytes.h"
#include "bundle/state.h"

namespace sealwright::bundle {

/// Whose stores: LocalMachine, or those of who imports the file.
enum class RegStores { machine, current_user };

/// UTF-16LE with byte order mark and CRLF, lines folded as regedit folds them. Puts every present
/// certificate into the stores and takes every removed one out. Settings are overwritten: a .reg
/// file cannot add bits to what is there. For current_user only those of the scope current_user:
/// the file must not need more rights than its user has.
Bytes reg_import(const State& state, RegStores stores = RegStores::machine);

/// The twin that undoes reg_import(): deletes the keys of all present and removed certificates,
/// and gives every setting the value that Windows has by itself.
Bytes reg_removal(const State& state, RegStores stores = RegStores::machine);

}  // namespace sealwright::bundle
