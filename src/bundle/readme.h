#pragma once
// The words around a bundle: README.txt of each format, and what templates are filled with.

#include "base/json.h"
#include "bundle/output.h"
#include "bundle/state.h"

namespace sealwright::bundle {

/// What the templates may name: see templates/bundle/certificates.txt and the README of each
/// format. Texts from certificates are made printable.
Json template_data(const State& state, const FormatRequest& request);

/// Whether the request of "reg" asks for files for one user's stores.
bool has_user_files(const FormatRequest& request);
/// The file of the format "zip": "NAME-vN.zip".
std::string zip_name(const State& state);

/// `text` with CRLF, as it is read on Windows.
Bytes windows_text(const std::string& text);

/// README.txt: templates/bundle/FORMAT-README.txt, then the certificates by both digests.
OutputFile readme(const State& state, const FormatRequest& request);

}  // namespace sealwright::bundle
