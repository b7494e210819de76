#include "compat/certmgr_call.h"

#include <algorithm>

#include "base/encoding.h"
#include "base/error.h"
#include "base/suggest.h"
#include "ossl/digest.h"

namespace sealwright::compat {
namespace {

using Action = CertmgrCall::Action;
using Kind = FileObject::Kind;

constexpr std::size_t max_named = 8;

[[noreturn]] void usage(const std::string& message, const std::string& hint = {}) {
  throw Error(Error::Kind::usage, message, hint);
}

Action action_of(const CommandLine& line) {
  const bool add = line.has("add"), remove = line.has("del"), put = line.has("put");
  if (int{add} + int{remove} + int{put} > 1) usage("only one of -add, -del and -put can be done");
  if (add) return Action::add;
  if (remove) return Action::remove;
  return put ? Action::put : Action::show;
}

store::StoreLocation location_of(const CommandLine& line) {
  const auto word = line.value("r");
  if (!word) return store::StoreLocation::current_user;
  if (!line.has("s")) usage("'-r' is about a store, and there is no '-s'", "write -s -r " + *word);
  if (equal_ignoring_case(*word, "currentUser")) return store::StoreLocation::current_user;
  if (equal_ignoring_case(*word, "localMachine")) return store::StoreLocation::local_machine;
  const auto near = did_you_mean(*word, {"currentUser", "localMachine"});
  usage("'" + printable(*word) + "' is no place of stores",
        near.empty() ? "write currentUser or localMachine" : near);
}

Selection selection_of(const CommandLine& line) {
  Selection selection;
  if (line.has("c")) selection.kinds.insert(Kind::certificate);
  if (line.has("CTL")) selection.kinds.insert(Kind::trust_list);
  if (line.has("CRL")) selection.kinds.insert(Kind::revocation_list);
  selection.all = line.has("all");
  selection.common_name = line.value_or("n", "");
  if (line.has("n") && selection.common_name.empty()) usage("'-n' names nothing");
  if (const auto text = line.value("sha1")) {
    selection.sha1 = parse_thumbprint(*text);
    if (!selection.sha1)
      usage("'" + printable(*text) + "' is no SHA-1 hash", "it has 40 hex digits");
  }
  if (selection.all && (line.has("n") || line.has("sha1")))
    usage("'-all' and one by -n or -sha1 cannot both be meant");
  if (line.has("n") && (line.has("CTL") || line.has("CRL")))
    usage("'-n' is the common name of a certificate: lists have none", "take -sha1 for lists");
  return selection;
}

/// Words of the model that lead to Windows' own providers.
void note_ignored(const CommandLine& line, World& world) {
  if (line.has("f") && !line.has("y")) usage("'-f' is about the provider of '-y'");
  if (line.has("y"))
    world.note("'-y' and '-f' name a provider of Windows: the stores here are the inventory's");
  if (line.has("e")) world.note("'-e' is not looked at: what is written is DER");
}

std::pair<std::size_t, std::size_t> places_of(Action action) {
  switch (action) {
    case Action::add:
    case Action::put:
      return {2, 2};
    case Action::remove:
      return {1, 2};
    case Action::show:
      break;
  }
  return {1, 1};
}

/// -s is about the word behind it.
void read_places(const CommandLine& line, CertmgrCall& call) {
  const auto& words = line.files();
  const auto [least, most] = places_of(call.action);
  const auto store = line.has("s") ? line.files_before("s") : words.size();
  if (line.has("s") && store >= words.size()) usage("'-s' needs the name of a store behind it");
  if (words.size() < least)
    usage(words.empty() ? "a file or a store is needed" : "where to is not said",
          "certmgr -add ROOT.cer -s -r localMachine root");
  if (words.size() > most) usage("'" + printable(words[most]) + "' is one word too many");
  const auto place = [&](std::size_t at) {
    return Place{store == at, words[at],
                 store == at ? location_of(line) : store::StoreLocation::current_user};
  };
  location_of(line);
  call.source = place(0);
  if (words.size() > 1) call.target = place(1);
}

void check(const CertmgrCall& call) {
  const bool to_store = call.target && call.target->is_store;
  if (call.action == Action::put && to_store)
    usage("'-put' writes a file, and '" + printable(call.target->name) + "' is a store",
          "take -add to fill a store");
  if (call.action == Action::put && call.selection.all)
    usage("'-put' writes one certificate", "take -add -all -7 for several in one file");
  if (call.action == Action::remove && call.source.is_store && call.target)
    usage("'" + printable(call.target->name) + "' is one word too many",
          "what is taken out of a store is written nowhere");
  if (call.action == Action::remove && to_store)
    usage("'-del' from a file leaves a file, and '" + printable(call.target->name) +
          "' is a store");
  if (call.as_pkcs7 && (to_store || (call.action == Action::remove && call.source.is_store)))
    usage("'-7' is about a file, and '" +
          printable(to_store ? call.target->name : call.source.name) + "' is a store");
}

std::string_view word_for(Kind kind, bool several) {
  switch (kind) {
    case Kind::trust_list:
      return several ? "trust lists" : "trust list";
    case Kind::revocation_list:
      return several ? "revocation lists" : "revocation list";
    case Kind::certificate:
      break;
  }
  return several ? "certificates" : "certificate";
}

Thumbprint sha1_of(const FileObject& object) {
  if (object.certificate) return object.certificate->thumbprint();
  Thumbprint made;
  const Bytes digest = ossl::hash(ossl::Digest::sha1, object.der);
  std::ranges::copy(digest, made.value.begin());
  return made;
}

void keep_kinds(std::vector<FileObject>& objects, const Selection& selection) {
  auto kinds = selection.kinds;
  const auto has_certificate = std::ranges::any_of(
      objects, [](const FileObject& one) { return one.kind == Kind::certificate; });
  if (kinds.empty() && !selection.all && !selection.sha1 &&
      (has_certificate || !selection.common_name.empty()))
    kinds.insert(Kind::certificate);
  if (!kinds.empty())
    std::erase_if(objects, [&](const FileObject& one) { return !kinds.contains(one.kind); });
}

/// The whole common name, else a part of it, as -in of makecert has it.
void keep_named(std::vector<FileObject>& objects, const std::string& name) {
  if (name.empty()) return;
  const auto called = [&](const FileObject& one) {
    return one.certificate && equal_ignoring_case(one.certificate->subject().common_name(), name);
  };
  const auto contains = [&](const FileObject& one) {
    return one.certificate &&
           ascii_lower(one.certificate->subject().common_name()).find(ascii_lower(name)) !=
               std::string::npos;
  };
  const bool whole = std::ranges::any_of(objects, called);
  std::erase_if(objects,
                [&](const FileObject& one) { return whole ? !called(one) : !contains(one); });
}

std::string names_of(const std::vector<FileObject>& objects) {
  std::string text;
  for (std::size_t i = 0; i < objects.size() && i < max_named; ++i)
    text += (i ? ", " : "") +
            (objects[i].certificate
                 ? shown(*objects[i].certificate)
                 : std::string(word_for(objects[i].kind, false)) + " " + sha1_of(objects[i]).hex());
  return objects.size() > max_named ? text + ", …" : text;
}

[[noreturn]] void refuse_none(const Selection& selection, const Place& place) {
  const std::string what(
      word_for(selection.kinds.size() == 1 ? *selection.kinds.begin() : Kind::certificate, false));
  std::string which;
  if (!selection.common_name.empty())
    which = " named '" + printable(selection.common_name) + "'";
  else if (selection.sha1)
    which = " with the SHA-1 hash " + selection.sha1->hex();
  throw Error(Error::Kind::input, shown(place) + " holds no " + what + which);
}

}  // namespace

std::string shown(const Place& place) {
  if (!place.is_store) return "'" + place.name + "'";
  return "store '" + printable(place.name) + "' of " + std::string(to_text(place.location));
}

CertmgrCall read_certmgr_call(const CommandLine& line, World& world) {
  CertmgrCall call;
  call.action = action_of(line);
  call.selection = selection_of(line);
  call.verbose = line.has("v");
  call.as_pkcs7 = line.has("7");
  read_places(line, call);
  check(call);
  note_ignored(line, world);
  return call;
}

std::vector<FileObject> select(std::vector<FileObject> objects, const Selection& selection,
                               const Place& place) {
  keep_kinds(objects, selection);
  keep_named(objects, selection.common_name);
  if (selection.sha1)
    std::erase_if(objects, [&](const FileObject& one) { return sha1_of(one) != *selection.sha1; });
  if (objects.empty()) refuse_none(selection, place);
  if (objects.size() > 1 && !selection.all)
    throw Error(Error::Kind::input,
                shown(place) + " holds " + std::to_string(objects.size()) + " " +
                    std::string(word_for(objects.front().kind, true)) + " that could be meant",
                "-all takes them all, -n NAME or -sha1 HASH one of: " + names_of(objects));
  return objects;
}

}  // namespace sealwright::compat
