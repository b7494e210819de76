#pragma once
// Words that commands about one certificate share.

#include <optional>
#include <string>
#include <vector>

#include "cli/context.h"
#include "x509/extension.h"
#include "x509/request.h"

namespace sealwright::cli {

/// "dns:HOST", "ip:ADDRESS", "email:A@B", "uri:URL", "directory:DN"; a bare word is a DNS name.
/// Throws Error::Kind::usage.
std::vector<x509::GeneralName> parse_san(const std::vector<std::string>& given);

/// The request in the file, which errors name.
x509::Request read_request_file(const std::string& file);

/// Writes what was asked for to FILE, or to standard output for "-".
void write_text(const std::string& file, const std::string& text, bool overwrite, Context& context);
/// Throws Error::Kind::state when the file is there and may not be replaced: before work is done
/// that cannot be undone.
void check_output(const std::string& file, bool overwrite);

}  // namespace sealwright::cli
