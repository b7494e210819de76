#pragma once
// What readers of certificate files found, as lines to compare.

#include <functional>
#include <string>
#include <vector>

#include "bundle/readers.h"
#include "bundle/state.h"

namespace sealwright::test {

using Lines = std::vector<std::string>;

/// "add LocalMachine: Root THUMBPRINT, certificate, for OID OID", sorted. The certificate stands
/// there only if it has the thumbprint.
Lines certificate_lines(const bundle::Contents& contents);
/// "HKEY_LOCAL_MACHINE\… State = 0x23e00", or "… is deleted", sorted.
Lines setting_lines(const bundle::Contents& contents);
/// "error: line 3: MESSAGE", in their order, as in the file "f".
Lines fault_lines(const bundle::Contents& contents);

/// The line of a certificate that is added or removed, as certificate_lines() has it.
struct Expected {
  bundle::FoundCertificate::Action action = bundle::FoundCertificate::Action::add;
  bundle::Location location = bundle::Location::unsaid;
  enum class Detail { thumbprint, certificate, purposes } detail = Detail::certificate;
};
std::string line_of(const bundle::Entry& entry, const Expected& expected);
Lines lines_of_entries(const std::vector<bundle::Entry>& entries, const Expected& expected);
/// Both, sorted.
Lines joined(Lines a, const Lines& b);

using Read = std::function<void(BytesView, bundle::Contents&)>;
/// What `read` finds in `bytes`.
bundle::Contents found_in(const Read& read, BytesView bytes);
bundle::Contents found_in(const Read& read, const std::string& text);

/// Reads every beginning of `bytes`: each must be read, or refused with an Error of the input.
/// Returns how many were refused.
std::size_t refused_beginnings(const Read& read, BytesView bytes);

}  // namespace sealwright::test
