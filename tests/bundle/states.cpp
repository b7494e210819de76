#include "states.h"

#include "base/encoding.h"
#include "x509/oids.h"

namespace sealwright::test {

bundle::State lab_state() {
  bundle::State state;
  state.name = "lab-trust";
  state.version = 3;
  state.display_name = "Lab trust";
  state.workspace_id = "00112233445566778899aabbccddeeff";
  state.made = noon;
  state.present = {
      {bundle::Store::trusted_publisher, pki().code.certificate, "driver-signing@1", {}},
      {bundle::Store::ca, pki().issuing.certificate, "lab-issuing@1", {}},
      {bundle::Store::root, pki().root.certificate, "lab-root@1",
       std::vector<Oid>{x509::oids::code_signing, x509::oids::time_stamping}},
  };
  bundle::settle(state);
  return state;
}

bundle::State without_publisher() {
  bundle::State state = lab_state();
  state.removed = {state.present.back()};
  state.present.pop_back();
  bundle::settle(state);
  return state;
}

bundle::State with_second_root() {
  static const Holder next = make_holder("Test Root", Purpose::authority,
                                         {ossl::KeyType::ec, 0, ossl::Curve::p256}, nullptr);
  bundle::State state = lab_state();
  state.present.push_back({bundle::Store::root, next.certificate, "lab-root@2", {}});
  bundle::settle(state);
  return state;
}

namespace {

x509::Certificate numbered(bundle::Store store, int number, const Holder& key) {
  const bool is_root = store == bundle::Store::root;
  x509::ToBeSigned wanted;
  wanted.serial.value =
      Bytes{0x40, std::uint8_t(number >> 16), std::uint8_t(number >> 8), std::uint8_t(number)};
  wanted.algorithm = key.signer->public_key().algorithm(ossl::Digest::sha256);
  wanted.subject = x509::Name::parse("CN=Number " + std::to_string(number) + ",O=Tests");
  wanted.issuer = is_root ? wanted.subject : key.certificate.subject();
  wanted.not_before = key.certificate.not_before();
  wanted.not_after = key.certificate.not_after();
  wanted.public_key = key.signer->public_key();
  if (store == bundle::Store::trusted_publisher)
    wanted.extensions = {x509::extended_key_usage_extension({x509::oids::code_signing}, false)};
  else
    wanted.extensions = {x509::basic_constraints_extension({true, {}}, true)};
  wanted.extensions.push_back(
      x509::subject_key_identifier_extension(wanted.public_key.key_identifier()));
  const Bytes tbs = x509::encode(wanted);
  return x509::assemble(tbs, wanted.algorithm, key.signer->sign(wanted.algorithm, tbs));
}

}  // namespace

bundle::State large_state(int count) {
  using bundle::Store;
  const Store stores[] = {Store::root, Store::ca, Store::trusted_publisher,
                          Store::trusted_publisher};
  bundle::State state = lab_state();
  state.present.clear();
  for (int i = 0; i < count; ++i) {
    const Store store = stores[i % 4];
    state.present.push_back(
        {store, numbered(store, i, pki().issuing), "number-" + std::to_string(i) + "@1", {}});
  }
  bundle::settle(state);
  return state;
}

std::vector<bundle::Setting> some_settings() {
  using Kind = bundle::Setting::Kind;
  using Scope = bundle::Setting::Scope;
  return {{Kind::wintrust_state, Scope::current_user, 0x23e00},
          {Kind::wintrust_state, Scope::default_user, 0x23e00},
          {Kind::authenticode_flags, Scope::machine, 2}};
}

namespace {

// Quotes of all kinds, ends of comments and sections, expansions, line ends, NUL, a right-to-left
// mark and Unicode's line separator.
const std::string hostile_text =
    "x'; calc #>\xe2\x80\x99; "
    "calc\r\ncalc\n\"$(calc)`calc`%PATH%!PATH!&calc|<y>]]>{{z}}\xe2\x80\xae"
    "\xe2\x80\xa8"
    "calc" +
    std::string(1, '\0') + "end";

const std::string harmless_text(hostile_text.size(), 'x');

/// RFC 4514, section 2.4: any byte may stand as \HH; names hold no NUL.
std::string as_name(const std::string& text) {
  std::string escaped;
  for (const char c : text)
    if (c != '\0') escaped += "\\" + to_hex({reinterpret_cast<const std::uint8_t*>(&c), 1});
  return escaped;
}

Holder named_holder(const std::string& text, Purpose purpose, const Holder* issuer) {
  return make_holder(as_name(text) + ",O=" + as_name(text), purpose,
                     {ossl::KeyType::ec, 0, ossl::Curve::p256}, issuer);
}

/// Serial numbers and signatures differ in length by a byte or two: tried until they do not.
Holder twin_of(const Holder& other, Purpose purpose, const Holder* issuer) {
  for (;;) {
    Holder made = named_holder(harmless_text.substr(1), purpose, issuer);
    if (made.certificate.der().size() == other.certificate.der().size()) return made;
  }
}

bundle::State with_names(const std::string& text, const Holder& root, const Holder& code) {
  bundle::State state = lab_state();
  state.display_name = text;
  for (auto& entry : state.present) {
    if (entry.store == bundle::Store::root) entry.certificate = root.certificate;
    if (entry.store == bundle::Store::trusted_publisher) entry.certificate = code.certificate;
    entry.label = text;
  }
  bundle::settle(state);
  return state;
}

const Holder& hostile_root() {
  static const Holder root = named_holder(hostile_text, Purpose::authority, nullptr);
  return root;
}
const Holder& hostile_code() {
  static const Holder code = named_holder(hostile_text, Purpose::code_signing, &hostile_root());
  return code;
}

}  // namespace

const std::vector<std::string> hostile_pieces = {"\xe2\x80\xae", "\xe2\x80\xa8", "\r\ncalc",
                                                 "\ncalc"};

bundle::State hostile_state() { return with_names(hostile_text, hostile_root(), hostile_code()); }

bundle::State harmless_twin() {
  static const Holder root = twin_of(hostile_root(), Purpose::authority, nullptr),
                      code = twin_of(hostile_code(), Purpose::code_signing, &root);
  return with_names(harmless_text, root, code);
}

}  // namespace sealwright::test
