// How the values of store/records.h are written, in the database and for people.

#include <array>

#include "store/records.h"

namespace sealwright::store {
namespace {

constexpr std::array<std::string_view, 5> states = {"next", "active", "retiring", "retired",
                                                    "revoked"};

}  // namespace

std::string_view to_text(EntityKind kind) {
  return kind == EntityKind::authority ? "authority" : "certificate";
}

std::string_view to_text(Origin origin) {
  switch (origin) {
    case Origin::command:
      return "command";
    case Origin::import:
      return "import";
    case Origin::hierarchy:
      break;
  }
  return "hierarchy";
}

std::string_view to_text(RequestKind kind) {
  return kind == RequestKind::foreign ? "foreign" : "ceremony";
}

std::string_view to_text(GenerationState state) { return states.at(std::size_t(state)); }

std::optional<GenerationState> generation_state(std::string_view text) {
  for (std::size_t i = 0; i < states.size(); ++i)
    if (states[i] == text) return GenerationState(i);
  return std::nullopt;
}

bool is_live(GenerationState state) { return state <= GenerationState::retiring; }

std::string_view to_text(ExportRule rule) {
  switch (rule) {
    case ExportRule::ask:
      return "ask";
    case ExportRule::allowed:
      return "allowed";
    case ExportRule::never:
      break;
  }
  return "never";
}

std::string_view to_text(SlotKind kind) {
  return kind == SlotKind::passphrase ? "passphrase" : "key-file";
}

std::string_view to_text(StoreLocation location) {
  return location == StoreLocation::local_machine ? "LocalMachine" : "CurrentUser";
}

std::string_view to_text(SignatureOutcome outcome) {
  switch (outcome) {
    case SignatureOutcome::made:
      return "made";
    case SignatureOutcome::abandoned:
      return "abandoned";
    case SignatureOutcome::unfinished:
      break;
  }
  return "unfinished";
}

}  // namespace sealwright::store
