#pragma once
// Inside bundle only: how read.cpp takes a file and a folder apart.

#include "bundle/folder.h"
#include "bundle/read.h"
#include "bundle/recognize.h"

namespace sealwright::bundle {

std::string folder_of(const std::string& path);  ///< "" or with its '/'.
std::string name_of(const std::string& path);

/// Reads one file of a known format, with what is beside it. Throws
/// Error::Kind::input for one that is malformed, or is imported only together with others.
void read_one(const OutputFile& file, FileFormat format, const Folder& beside, Contents& contents);

/// A file of certificates alone; one that is named by a store goes into that.
void read_certificate_file(const OutputFile& file, Contents& contents);

/// A folder, or what was in an archive, with all that is imported from it; `files` are sorted by
/// path.
Reading read_folder(const std::vector<OutputFile>& files);

}  // namespace sealwright::bundle
