#include "x509/signed_element.h"

namespace sealwright::x509 {

namespace der = ossl::der;

SignedElement read_signed_element(BytesView bytes, const std::string& what,
                                  const std::function<void(der::Reader)>& read_contents) {
  der::Reader reader(bytes, what);
  der::Reader fields = reader.enter(der::sequence_tag);
  reader.end();
  der::Reader inner = fields;
  SignedElement element;
  element.contents = fields.next(der::sequence_tag).whole;
  read_contents(inner.enter(der::sequence_tag));
  element.algorithm = fields.next(der::sequence_tag).whole;
  element.signature = fields.bit_string();
  fields.end();
  return element;
}

}  // namespace sealwright::x509
