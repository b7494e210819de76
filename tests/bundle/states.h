#pragma once
// Bundle states for these tests.

#include "bundle/state.h"
#include "signing/pki.h"

namespace sealwright::test {

/// A root, an intermediate and a publisher; version 3, made at noon.
bundle::State lab_state();

/// The same with the publisher removed.
bundle::State without_publisher();

/// The same with a second generation of the root beside the first.
bundle::State with_second_root();

/// So many certificates, a quarter each roots and intermediates, the others publishers; all of one
/// key, each with a serial and a name of its own.
bundle::State large_state(int count);

/// State 0x23e00 for who logs on and for .DEFAULT, and AuthenticodeFlags 2.
std::vector<bundle::Setting> some_settings();

/// lab_state() with names that mean something to shells, PowerShell, XML and terminals, in
/// certificates (common name and organization), labels and the display name.
bundle::State hostile_state();
/// The same with harmless names: certificates and names have the same lengths.
bundle::State harmless_twin();
/// What must never stand in a file of a bundle as it is.
extern const std::vector<std::string> hostile_pieces;

}  // namespace sealwright::test
