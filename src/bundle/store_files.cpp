#include "bundle/store_files.h"

#include <fmt/format.h>

#include <map>

#include "bundle/blob.h"
#include "bundle/readme.h"
#include "bundle/templates.h"
#include "x509/pkcs7.h"

namespace sealwright::bundle {
namespace {

std::map<Store, std::vector<Entry>> by_store(const std::vector<Entry>& entries) {
  std::map<Store, std::vector<Entry>> stores;
  for (const auto& entry : entries) stores[entry.store].push_back(entry);
  return stores;
}

OutputFile script(const std::string& name, const State& state, const FormatRequest& request) {
  const Json data = template_data(state, request);
  return {name, windows_text(filled(state, "certutil/" + name, data, Escape::cmd))};
}

std::string file_name(const Entry& entry) {
  return fmt::format("certificates/{}-{}.cer", registry_name(entry.store),
                     entry.certificate.thumbprint().hex());
}

template <class T, class Put>
Bytes as_store(const std::vector<T>& members, const Put& put) {
  constexpr std::uint32_t version = 0, magic = 0x54524543;  // "CERT"
  Bytes bytes;
  put_u32le(bytes, version);
  put_u32le(bytes, magic);
  for (const auto& member : members) put(bytes, member);
  bytes.insert(bytes.end(), 12, 0);  // An element of id, type and length 0 ends the store.
  return bytes;
}

}  // namespace

Bytes serialized_store(const std::vector<Entry>& entries) {
  return as_store(entries, [](Bytes& to, const Entry& entry) {
    append(to, encode_blob(entry.certificate, entry.purposes));
  });
}

Bytes serialized_store(const std::vector<StoreElement>& elements) {
  return as_store(elements, [](Bytes& to, const StoreElement& element) {
    for (const auto& property : element.properties) put_element(to, property.id, property.value);
    put_element(to, element.body.id, element.body.value);
  });
}

std::vector<OutputFile> sst_files(const State& state, const FormatRequest& request) {
  std::vector<OutputFile> files;
  for (const auto& [store, entries] : by_store(state.present))
    files.push_back({std::string(registry_name(store)) + ".sst", serialized_store(entries)});
  files.push_back(script("remove.cmd", state, request));
  return files;
}

std::vector<OutputFile> p7b_files(const State& state, const FormatRequest& request) {
  std::vector<OutputFile> files;
  for (const auto& [store, entries] : by_store(state.present)) {
    std::vector<x509::Certificate> certificates;
    for (const auto& entry : entries) certificates.push_back(entry.certificate);
    files.push_back(
        {std::string(registry_name(store)) + ".p7b", x509::certificates_only(certificates)});
  }
  files.push_back(script("remove.cmd", state, request));
  return files;
}

std::vector<OutputFile> certutil_files(const State& state, const FormatRequest& request) {
  std::vector<OutputFile> files;
  for (const auto& entry : state.present)
    files.push_back({file_name(entry), copy(entry.certificate.der())});
  files.push_back(script("install.cmd", state, request));
  files.push_back(script("remove.cmd", state, request));
  return files;
}

}  // namespace sealwright::bundle
