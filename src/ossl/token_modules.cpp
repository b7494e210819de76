#include "ossl/token_modules.h"

#include <fmt/format.h>

#include <cstdlib>

#include "base/encoding.h"

namespace sealwright::ossl {
namespace {

constexpr CK_ULONG max_slots = 1024;
constexpr std::size_t max_named = 8;

/// A field of CK_TOKEN_INFO: padded with blanks, not terminated.
template <std::size_t size>
std::string trimmed(const unsigned char (&field)[size]) {
  std::string_view text(reinterpret_cast<const char*>(field), size);
  text = text.substr(0, text.find('\0'));
  text = text.substr(0, text.find_last_not_of(' ') + 1);
  return printable(text);
}

std::vector<CK_SLOT_ID> slots_of(CK_FUNCTION_LIST* functions) {
  CK_ULONG count = 0;
  if (functions->C_GetSlotList(CK_TRUE, nullptr, &count) != CKR_OK || count > max_slots) return {};
  std::vector<CK_SLOT_ID> slots(count);
  // A token that was plugged in meanwhile makes the list longer: it waits for the next command.
  if (functions->C_GetSlotList(CK_TRUE, slots.data(), &count) != CKR_OK) return {};
  slots.resize(std::min<std::size_t>(count, slots.size()));
  return slots;
}

/// Every initialized token of the modules. A slot that does not answer holds none.
struct Candidate {
  TokenPlace place;
  CK_TOKEN_INFO info{};
};
std::vector<Candidate> tokens_of(const std::shared_ptr<const Modules>& modules) {
  std::vector<Candidate> tokens;
  for (CK_FUNCTION_LIST* functions : modules->list())
    for (const CK_SLOT_ID slot : slots_of(functions)) {
      Candidate token;
      if (functions->C_GetTokenInfo(slot, &token.info) != CKR_OK ||
          !(token.info.flags & CKF_TOKEN_INITIALIZED))
        continue;
      const CK_TOKEN_INFO& info = token.info;
      token.place = {modules,
                     functions,
                     slot,
                     info.flags,
                     trimmed(info.label),
                     trimmed(info.serialNumber),
                     trimmed(info.manufacturerID),
                     trimmed(info.model)};
      tokens.push_back(std::move(token));
    }
  return tokens;
}

bool names_module(const TokenUri::Data& uri, CK_FUNCTION_LIST* functions) {
  if (uri.module_name.empty()) return true;
  char* name = p11_kit().module_get_name(functions);
  const std::unique_ptr<char, decltype(&std::free)> owned(name, &std::free);
  return name && uri.module_name == name;
}

/// RFC 7512, 2.5: every attribute that the URI has must be equal.
bool matches(const TokenUri::Data& uri, Candidate& token) {
  const P11Kit& kit = p11_kit();
  CK_FUNCTION_LIST* functions = token.place.functions;
  const CK_SLOT_ID slot = kit.uri_get_slot_id(uri.uri.get());
  CK_INFO module_info{};
  CK_SLOT_INFO slot_info{};
  return (slot == static_cast<CK_SLOT_ID>(-1) || slot == token.place.slot) &&
         kit.uri_match_token_info(uri.uri.get(), &token.info) &&
         functions->C_GetInfo(&module_info) == CKR_OK &&
         kit.uri_match_module_info(uri.uri.get(), &module_info) &&
         functions->C_GetSlotInfo(token.place.slot, &slot_info) == CKR_OK &&
         kit.uri_match_slot_info(uri.uri.get(), &slot_info) && names_module(uri, functions);
}

std::string names_of(const std::vector<TokenPlace>& tokens) {
  std::string text;
  for (std::size_t i = 0; i < tokens.size() && i < max_named; ++i)
    text += fmt::format("{}'{}' (serial {})", i == 0 ? "" : ", ", tokens[i].label,
                        tokens[i].serial.empty() ? "none" : tokens[i].serial);
  if (tokens.size() > max_named) text += fmt::format(" and {} more", tokens.size() - max_named);
  return text;
}

Error no_token(const TokenUri& uri, const std::vector<TokenPlace>& there) {
  return Error(Error::Kind::state, "no token is what '" + printable(uri.text()) + "' says",
               there.empty() ? "plug it in; without its module registered with p11-kit, give the "
                               "module: PKCS11_MODULE_PATH=/usr/lib/…/MODULE.so"
                             : "there are: " + names_of(there));
}

Error not_loaded(const std::string& path) {
  Error error(Error::Kind::state, "the PKCS#11 module '" + printable(path) + "' cannot be loaded",
              "give the path of the module that came with the token, for this processor");
  if (std::string reason = p11_kit_reason(); !reason.empty())
    error.causes.push_back(std::move(reason));
  return error;
}

}  // namespace

std::shared_ptr<const Modules> Modules::registered() {
  const std::shared_ptr<Modules> modules(new Modules);
  modules->registered_ = p11_kit().modules_load_and_initialize(0);
  if (!modules->registered_) {
    Error error(Error::Kind::state, "the registered PKCS#11 modules cannot be loaded",
                "'p11-kit list-modules' shows them");
    if (std::string reason = p11_kit_reason(); !reason.empty())
      error.causes.push_back(std::move(reason));
    throw error;
  }
  for (CK_FUNCTION_LIST** each = modules->registered_; *each; ++each)
    modules->list_.push_back(*each);
  return modules;
}

std::shared_ptr<const Modules> Modules::at(const std::string& path) {
  const std::shared_ptr<Modules> modules(new Modules);
  CK_FUNCTION_LIST* module = p11_kit().module_load(path.c_str(), 0);
  if (!module) throw not_loaded(path);
  const CK_RV rv = p11_kit().module_initialize(module);
  if (rv != CKR_OK && rv != CKR_CRYPTOKI_ALREADY_INITIALIZED) {
    p11_kit().module_release(module);
    throw token_failure("the PKCS#11 module '" + printable(path) + "' does not start",
                        "C_Initialize", rv);
  }
  modules->list_.push_back(module);
  return modules;
}

Modules::~Modules() {
  if (registered_) {
    p11_kit().modules_finalize_and_release(registered_);
    return;
  }
  for (CK_FUNCTION_LIST* module : list_) {
    p11_kit().module_finalize(module);
    p11_kit().module_release(module);
  }
}

TokenPlace find_token(const std::shared_ptr<const Modules>& modules, const TokenUri& uri) {
  std::vector<TokenPlace> there, meant;
  for (Candidate& token : tokens_of(modules)) {
    if (matches(uri.data(), token)) meant.push_back(token.place);
    there.push_back(std::move(token.place));
  }
  if (meant.empty()) throw no_token(uri, there);
  if (meant.size() > 1)
    throw Error(Error::Kind::state,
                fmt::format("{} tokens are what '{}' says: {}", meant.size(), printable(uri.text()),
                            names_of(meant)),
                "add ;serial=… to the URI");
  return meant.front();
}

CK_FLAGS current_flags(const TokenPlace& place) {
  CK_TOKEN_INFO info{};
  return place.functions->C_GetTokenInfo(place.slot, &info) == CKR_OK ? info.flags : place.flags;
}

}  // namespace sealwright::ossl
