#include "x509/java_keystore.h"

#include <fmt/format.h>

#include "base/error.h"

namespace sealwright::x509 {

void refuse_java_keystore(BytesView bytes, const std::filesystem::path& path) {
  if (bytes.size() < 4) return;
  const bool jks = equal(bytes.first(4), Bytes{0xfe, 0xed, 0xfe, 0xed});
  const bool jceks = equal(bytes.first(4), Bytes{0xce, 0xce, 0xce, 0xce});
  if (!jks && !jceks) return;
  const std::string type = jks ? "JKS" : "JCEKS";
  auto converted = path;
  converted.replace_extension(".p12");
  throw Error(Error::Kind::input, fmt::format("a Java keystore ({}) is read by Java alone", type),
              fmt::format("convert it: keytool -importkeystore -srckeystore '{}' -srcstoretype {} "
                          "-destkeystore '{}' -deststoretype PKCS12",
                          path.string(), type, converted.string()));
}

}  // namespace sealwright::x509
