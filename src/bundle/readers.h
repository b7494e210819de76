#pragma once
// Inside bundle only: one reader for each format. Each takes a whole file; `file` is its name in
// positions. Each throws Error::Kind::input where the file is not what it claims to be ("line 3:
// …", without the name of the file), and for more than max_read_changes changes or certificates.

#include "bundle/contents.h"
#include "bundle/folder.h"
#include "bundle/registry_change.h"

namespace sealwright::bundle {

constexpr std::size_t max_read_changes = 100'000;

[[noreturn]] void throw_too_many();
template <class T>
void add_bounded(std::vector<T>& list, T item) {
  if (list.size() >= max_read_changes) throw_too_many();
  list.push_back(std::move(item));
}

/// `bytes` as UTF-8 without byte order mark, by that mark; without one as UTF-8 if they are that,
/// else as Windows-1252. Throws Error::Kind::input for UTF-8 or UTF-16 with a mark that is not
/// well-formed, and for NUL.
std::string decoded_text(BytesView bytes);

// The registry.

/// `hive` says whose: a Registry.pol does not.
std::vector<RegistryChange> registry_pol_changes(BytesView bytes, const std::string& hive,
                                                 const std::string& file,
                                                 std::vector<Fault>& faults);
/// .reg files, version 5 and REGEDIT4.
std::vector<RegistryChange> reg_changes(BytesView bytes, const std::string& file);
/// Registry.xml of Group Policy preferences, with its collections. Items that are turned off are
/// left out, and noted; so are filters, which nobody can judge here.
std::vector<RegistryChange> registry_xml_changes(BytesView bytes, const std::string& file,
                                                 std::vector<Fault>& faults);
/// LGPO.exe's text.
std::vector<RegistryChange> lgpo_changes(BytesView bytes, const std::string& file);
/// The backup of a Group Policy Object, which is a folder. Adds what is wrong with
/// the backup as a whole.
void read_gpo_backup(const Folder& folder, Contents& contents);

// Certificates.

/// A serialized store (CertSaveStore; its elements are those of [MS-GPEF] 2.2.1.1.1). Revocation
/// lists and trust lists in it are noted. Where the first element is a certificate, as Wine writes
/// them, properties belong to the certificate before them, which is a fault; else to the one
/// behind.
void read_serialized_store(BytesView bytes, const std::string& file, Contents& contents);
/// LDIF (RFC 2849): changes to the objects below Public Key Services, Location::directory; stores
/// "Root" (Certification Authorities), "CA" (AIA) and "NTAuth". Nothing outside the file is opened.
void read_ldif(BytesView bytes, const std::string& file, Contents& contents);
/// SyncML: Add, Replace and Delete below RootCATrustedCertificates; UntrustedCertificates is the
/// store "Disallowed". At most 32 MiB, and so the profile below.
void read_syncml(BytesView bytes, const std::string& file, Contents& contents);
/// JSON of a Graph windows10CustomConfiguration, or a list that holds such: an array, or Graph's
/// own object with "value". A value that Graph hides is an addition without certificate.
void read_intune_profile(BytesView bytes, const std::string& file, Contents& contents);
/// A .cmd or .bat: its command lines of certutil with -addstore and -delstore. The
/// certificates that it names are `beside` it. Nothing is run,
/// and nothing expanded but %~dp0. Refuses properties of more than 64 MiB, added again and again.
void read_certutil_script(BytesView bytes, const std::string& file, const Folder& beside,
                          Contents& contents);
/// customizations.xml of a provisioning package, as above.
void read_provisioning_package(BytesView bytes, const std::string& file, const Folder& beside,
                               Contents& contents);
/// What a script without any of our tables is refused with.
constexpr std::string_view no_table = "no table of a bundle is in it";
/// The PowerShell scripts of our bundles: their tables are read, nothing is evaluated. A script
/// that decodes blobs adds what $Wanted lists; one that goes through `@($Wanted) + @($Unwanted)`
/// takes that out, and settings back; any other only looks, and lists what it looks for. A setting
/// of bits is what is written where Windows had its own value before.
void read_powershell_script(BytesView bytes, const std::string& file, Contents& contents);

}  // namespace sealwright::bundle
