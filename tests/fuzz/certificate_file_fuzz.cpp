// Certificate files of every form that the old tools take: nothing crashes, and what is read can be
// written into a serialized store and read again.

#include "attempt.h"
#include "compat/certificate_file.h"

namespace {
using namespace sealwright;

Bytes as_store(const compat::CertificateFile& file) {
  using Kind = compat::FileObject::Kind;
  std::vector<bundle::StoreElement> elements;
  for (const auto& one : file.objects) {
    const auto id = one.kind == Kind::certificate       ? bundle::property_certificate
                    : one.kind == Kind::revocation_list ? bundle::property_revocation_list
                                                        : bundle::property_trust_list;
    elements.push_back({{id, one.der}, one.properties});
  }
  return bundle::serialized_store(elements);
}
}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  attempt([&] {
    const auto file = compat::parse_certificate_file({data, size});
    using Form = compat::CertificateFile::Form;
    require(!file.objects.empty() || file.form == Form::serialized_store ||
            file.form == Form::pkcs7);
    const auto again = compat::parse_certificate_file(as_store(file));
    require(again.objects.size() == file.objects.size());
    for (std::size_t i = 0; i < file.objects.size(); ++i)
      require(again.objects[i].der == file.objects[i].der &&
              again.objects[i].kind == file.objects[i].kind);
    const auto certificates = file.certificates();
    if (!certificates.empty()) require(compat::leaf_of(certificates) < certificates.size());
  });
  return 0;
}
