#include "states.h"

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

std::vector<bundle::Setting> some_settings() {
  using Kind = bundle::Setting::Kind;
  using Scope = bundle::Setting::Scope;
  return {{Kind::wintrust_state, Scope::current_user, 0x23e00},
          {Kind::wintrust_state, Scope::default_user, 0x23e00},
          {Kind::authenticode_flags, Scope::machine, 2}};
}

}  // namespace sealwright::test
