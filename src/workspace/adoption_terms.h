#pragma once
// For adoption*.cpp: what the YAML knows of certificates that exist already.

#include "ca/import_arrange.h"
#include "workspace/workspace.h"

namespace sealwright::workspace {

/// Reads the files of `item.existing`. A single item is one certificate: of a file with several
/// (PFX, P7B) the key's, else the only authority's or the only other's. Keys that the item keeps
/// elsewhere are dropped. Throws Error::Kind::input where it is not clear which is meant.
ca::Found find_item(const Workspace& workspace, const policy::Item& item,
                    const ca::AskFilePassword& ask);

/// Names, policies and keyrings of everything that the YAML calls `existing`; `item`, if given, is
/// what `found` was read for.
ca::ImportTerms terms_of(const Workspace& workspace, const policy::Item* item,
                         const ca::Found& found);

/// How a key comes into the inventory when its item says so; offline ones only in the safe.
bool takes_key(const Workspace& workspace, const policy::Item& item);

}  // namespace sealwright::workspace
