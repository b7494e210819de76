// Ceremonies from both sides: what is asked, judged, signed and taken over.

#include <algorithm>

#include "base/encoding.h"
#include "ca/chain.h"
#include "ca/crl.h"
#include "ca/issue.h"
#include "twins.h"
#include "workspace/elsewhere.h"
#include "workspace/init.h"
#include "x509/oids.h"

using namespace sealwright;
using namespace sealwright::test;

namespace {

std::vector<std::string> texts(const std::vector<workspace::AcceptedItem>& items) {
  std::vector<std::string> made;
  for (const auto& item : items) made.push_back(item.name + ": " + item.text.substr(0, 16));
  return made;
}

workspace::Plan apply_online(const Twins& twins) {
  auto workspace = twins.online();
  auto plan = workspace::make_plan(workspace);
  auto keys = keys_of(workspace);
  workspace::apply(workspace, plan, keys, {ossl::system_random(), {}});
  return plan;
}

/// The refusal of the one item that is refused.
std::string refusal(const Twins& twins, const workspace::CeremonyRequest& request) {
  const auto safe = twins.safe();
  std::string text;
  for (const auto& item : workspace::judge(safe, request, {}))
    if (item.refused) text += (text.empty() ? "" : " / ") + item.refused->message;
  return text;
}

}  // namespace

TEST_CASE("a ceremony brings the root, what it issues, and its list", "[ceremony]") {
  const Twins twins;
  const auto asked = twins.ask();
  REQUIRE(asked.request.authorities.size() == 1);
  REQUIRE(asked.request.certificates.size() == 1);
  REQUIRE(asked.request.lists.size() == 1);
  CHECK(asked.request.certificates[0].terms.subject == "CN=Issuing 1,O=Twins");
  CHECK(refusal(twins, asked.request).empty());

  const auto answer = twins.perform(asked);
  CHECK(texts(twins.accept(answer)) ==
        std::vector<std::string>{"far-root@1: accepted, active", "issuing@1: accepted, active",
                                 "far-root@1 list: accepted, number"});
  apply_online(twins);
  const auto workspace = twins.online();
  const auto signer = workspace.inventory().active("signer");
  REQUIRE(signer);
  const auto chain = ca::chain_of(workspace.inventory(), *signer);
  REQUIRE(chain.size() == 3);
  CHECK(chain[0].signed_by(chain[1].public_key()));
  CHECK(chain[1].signed_by(chain[2].public_key()));
  CHECK(chain[2].self_signed());
  CHECK_FALSE(workspace.inventory().active("far-root")->key);
  CHECK(workspace.inventory().latest_crl(workspace.inventory().active("far-root")->id));
  CHECK(twins.safe().inventory().keys().size() == 1);

  SECTION("the same answer again changes nothing") {
    const auto head = workspace.inventory().head();
    CHECK(texts(twins.accept(answer)) ==
          std::vector<std::string>{"far-root@1: accepted already", "issuing@1: accepted already",
                                   "far-root@1 list: accepted already"});
    CHECK(twins.online().inventory().head() == head);
  }
  SECTION("the same request again gives the same certificates") {
    const auto again = twins.perform(asked);
    CHECK(again.answer.authorities[0].certificate == answer.answer.authorities[0].certificate);
    CHECK(again.answer.certificates[0].certificate == answer.answer.certificates[0].certificate);
    CHECK(again.answer.lists[0].crl == answer.answer.lists[0].crl);
    const auto safe = twins.safe();
    const auto items = workspace::judge(safe, asked.request, {});
    CHECK(items[1].lines.back() == "note     issued on 2026-11-21 for this key: it is given again");
  }
  SECTION("nothing is left to ask") {
    auto online = twins.online();
    auto keys = keys_of(online);
    CHECK(workspace::ask(online, keys, "anna").request.empty());
  }
  SECTION("what was revoked since comes onto the next list") {
    const auto issuing = *workspace.inventory().active("issuing");
    auto online = twins.online();
    online.inventory().revoke(issuing.id, {"keyCompromise", {}, {}, {}, false});
    const auto second = twins.ask();
    REQUIRE(second.request.lists.size() == 1);
    REQUIRE(second.request.lists[0].revoked.size() == 1);
    CHECK(second.request.lists[0].revoked[0].serial == issuing.serial);
    const auto listed = twins.perform(second);
    REQUIRE(listed.answer.lists.size() == 1);
    REQUIRE(listed.answer.lists[0].crl.find(issuing.serial));
    CHECK(listed.answer.lists[0].crl.find(issuing.serial)->reason ==
          x509::RevocationReason::key_compromise);
    CHECK(twins.safe().inventory().generation("issuing", 1)->state ==
          store::GenerationState::revoked);
    twins.accept(listed);
    CHECK(twins.online().inventory().latest_crl(*issuing.issuer)->number == 2);
  }
}

TEST_CASE("a ceremony may be held in parts", "[ceremony]") {
  const Twins twins;
  const auto asked = twins.ask();
  const auto first = twins.perform(asked, {"far-root"});
  CHECK(first.answer.certificates.empty());
  CHECK(twins.accept(first).size() == 2);
  const auto second = twins.perform(asked, {"issuing"});
  CHECK(second.answer.authorities.empty());
  CHECK(texts(twins.accept(second)) == std::vector<std::string>{"issuing@1: accepted, active"});
  const auto error = error_from([&] { twins.perform(asked, {"isuing"}); });
  CHECK(error.kind == Error::Kind::usage);
  CHECK(error.message == "the file does not ask for 'isuing'");
  CHECK(error.hint == "did you mean 'issuing'?");
}

TEST_CASE("a certificate without its root waits for it", "[ceremony]") {
  const Twins twins;
  const auto answer = twins.perform(twins.ask(), {"issuing"});
  const auto error = error_from([&] { twins.accept(answer); });
  CHECK(error.kind == Error::Kind::state);
  CHECK(error.message == "the issuer of 'issuing' is not known here, so nothing can be checked");
  CHECK(error.hint == "accept the certificate of 'far-root' first");
}

TEST_CASE("the safe signs what its own YAML says, and nothing else", "[ceremony]") {
  const Twins twins;
  const auto asked = twins.ask().request;
  const std::string yaml = "sealwright.yaml";
  const auto other_key = [] {
    ossl::KeySigner signer(ossl::PrivateKey::generate({ossl::KeyType::rsa, 2048}));
    return x509::make_request({x509::Name::parse("CN=Issuing 1,O=Twins"), {}}, ossl::Digest::sha256,
                              signer);
  };
  struct Row {
    const char* what;
    std::function<void(workspace::CeremonyRequest&)> change;
    std::string message;
  };
  const Row rows[] = {
      {"an authority that is not there",
       [](auto& request) { request.authorities[0].name = "near-root"; },
       yaml + ":2:7: there is no authority 'near-root' here"},
      {"an authority that is not offline",
       [](auto& request) { request.authorities[0].name = "issuing"; },
       yaml + ":12:3: the key of 'issuing' is not in the safe"},
      {"another policy of the root",
       [](auto& request) { request.authorities[0].terms.policy = "quick-root@2"; },
       yaml + ":7:3: 'far-root' is of policy 'quick-root@1' here, and 'quick-root@2' in the file"},
      {"a policy that says something else",
       [](auto& request) { request.authorities[0].terms.fingerprint = std::string(64, '0'); },
       yaml +
           ":7:3: 'far-root' is of policy 'quick-root@1', which says something else on the other "
           "side"},
      {"another subject of the root",
       [](auto& request) { request.authorities[0].terms.subject = "CN=Evil Root"; },
       yaml + ":7:3: the subject of 'far-root' is 'CN=Far Root {generation},O=Twins' here, and "
              "'CN=Evil Root' in the file"},
      {"a certificate that is not there",
       [](auto& request) { request.certificates[0].name = "evil"; },
       yaml + ":2:7: there is nothing called 'evil' here"},
      {"one that another authority issues",
       [](auto& request) { request.certificates[0].name = "signer"; },
       yaml + ":17:3: 'signer' is issued by 'issuing' here, and by 'far-root' in the file"},
      {"an issuer that is not offline",
       [](auto& request) { request.certificates[0].issuer = "issuing"; },
       yaml + ":12:3: the key of 'issuing' is not in the safe"},
      {"another policy",
       [](auto& request) { request.certificates[0].terms.policy = "quick-root@1"; },
       yaml +
           ":12:3: 'issuing' is of policy 'quick-issuing@1' here, and 'quick-root@1' in the file"},
      {"another subject", [](auto& request) { request.certificates[0].terms.subject = "CN=Evil"; },
       yaml + ":12:3: the subject of 'issuing' is 'CN=Issuing 1,O=Twins' here, and 'CN=Evil' in "
              "the file"},
      {"another generation", [](auto& request) { request.certificates[0].generation = 2; },
       yaml + ":12:3: the subject of 'issuing' is 'CN=Issuing 2,O=Twins' here, and 'CN=Issuing "
              "1,O=Twins' in the file"},
      {"a key of another kind",
       [&](auto& request) { request.certificates[0].request = other_key(); },
       yaml + ":12:3: the key of the request for 'issuing' is RSA-2048, and policy "
              "'quick-issuing' asks for ECDSA P-256 or longer"},
      {"a list of another certificate",
       [](auto& request) { request.lists[0].certificate = std::string(64, 'a'); },
       yaml + ":7:3: 'far-root' has no certificate " + std::string(64, 'a') + " here"},
      {"a list of an authority that is not offline",
       [](auto& request) { request.lists[0].authority = "issuing"; },
       yaml + ":12:3: the key of 'issuing' is not in the safe"},
      {"a reason that is none",
       [](auto& request) {
         request.lists[0].revoked.push_back({Serial{{0x17}}, Time{}, "because", {}});
       },
       yaml + ":7:3: 'because' is no reason to revoke 17"},
      {"a revocation in the future",
       [&](auto& request) {
         request.lists[0].revoked.push_back(
             {Serial{{0x17}}, twins.now + std::chrono::hours(1), "", {}});
       },
       yaml + ":7:3: 17 would be revoked in the future, on 2026-11-21"},
  };
  for (const auto& row : rows) DYNAMIC_SECTION(row.what) {
      auto request = asked;
      row.change(request);
      CHECK(refusal(twins, request) == row.message);
      // Whatever the number says now, nothing at all is signed.
      const auto error = error_from([&] { twins.perform(written(request)); });
      CHECK(error.kind == Error::Kind::policy);
      CHECK(twins.safe().inventory().generations().empty());
      CHECK(twins.safe().inventory().keys().empty());
    }
}

namespace {

/// A request by a new key, for the policy of `either`.
x509::Request asking(const std::string& subject, const std::vector<x509::Extension>& extensions) {
  ossl::KeySigner signer(ossl::PrivateKey::generate({ossl::KeyType::ec}));
  return x509::make_request({x509::Name::parse(subject), extensions}, ossl::Digest::sha256, signer);
}

/// Twins whose policy takes from requests what it can, and the item 'box' under the root.
Twins open_twins() {
  return Twins([](std::string text) {
    return replaced(text, "certificates:\n",
                    "certificates:\n  box: {policy: open-signer, issuer: far-root, subject: {CN: "
                    "Box}, key: {store: external}}\n");
  });
}

}  // namespace

TEST_CASE("the subject in the file is the one that is signed, whoever brings it", "[ceremony]") {
  const auto twins = open_twins();
  auto request = twins.ask().request;
  request.certificates[0] = {"box", 1, "far-root", {}, asking("CN=Evil", {})};
  const auto safe = twins.safe();
  const auto& policy = *safe.hierarchy().item("box")->policy;
  request.certificates[0].terms = {policy.name + "@1", policy.fingerprint, "CN=Box,O=Twins"};
  const std::string message =
      "sealwright.yaml:17:3: the subject of 'box' is 'CN=Evil' here, and 'CN=Box,O=Twins' in the "
      "file";
  CHECK(refusal(twins, request) == message);
  CHECK(error_from([&] { twins.perform(written(request)); }).message == message);
  CHECK(twins.safe().inventory().generations().empty());
  request.certificates[0].terms.subject = "CN=Evil";
  CHECK(refusal(twins, request).empty());
}

TEST_CASE("all that a request asks for is seen before and after it is signed", "[ceremony]") {
  const auto twins = open_twins();
  using Kind = x509::GeneralName::Kind;
  const std::vector<x509::Extension> extensions = {
      x509::subject_alternative_name_extension(
          {{Kind::dns, "evil.example"}, {Kind::ip, "192.0.2.1"}}, false),
      x509::extended_key_usage_extension({x509::oids::code_signing}, false),
      {Oid("1.3.6.1.5.5.7.1.24"), false, {0x30, 0x03, 0x02, 0x01, 0x05}}};
  auto online = twins.online();
  const auto& item = *online.hierarchy().item("box");
  const auto request = asking("CN=Box", extensions);
  auto wanted = workspace::order_elsewhere(online, item, store::Origin::hierarchy);
  wanted.order = ca::with_request(wanted.order, request);
  ca::forward_request(online.inventory(), wanted, request);
  const auto asked = twins.ask();
  const std::vector<std::string> words = {"name dns:evil.example", "name ip:192.0.2.1",
                                          "usage codeSigning",
                                          "other tlsFeature 3003020105"};
  const auto has = [](const std::vector<std::string>& lines, const std::string& line) {
    return std::find(lines.begin(), lines.end(), line) != lines.end();
  };
  const auto box = [](const std::vector<workspace::CeremonyItem>& items) {
    return *std::find_if(items.begin(), items.end(),
                         [](const auto& one) { return one.name == "box@1"; });
  };
  const auto safe = twins.safe();
  const auto judged = box(workspace::judge(safe, asked.request, {}));
  CHECK_FALSE(judged.refused);
  CHECK(has(judged.lines, "until    2028-11-21"));
  const auto answer = twins.perform(asked);
  const auto brought = box(workspace::items_of(answer.answer));
  for (const auto& word : words) {
    CAPTURE(word);
    CHECK_THAT(asked.file.text, Catch::Contains("      - '" + word + "'\n"));
    CHECK(has(box(workspace::items_of(asked.request)).lines, "asks     " + word));
    CHECK(has(judged.lines, "says     " + word));
    CHECK_THAT(answer.file.text, Catch::Contains("      - '" + word + "'\n"));
    CHECK(has(brought.lines, "says     " + word));
  }
  CHECK_THAT(answer.file.text, Catch::Contains("      - 'CA TRUE, path length 0'\n"));
  CHECK_THAT(error_from([&] {
               workspace::read_ceremony_request(
                   replaced(asked.file.text, "dns:evil.example", "dns:good.example"), "a");
             }).message,
             Catch::Contains("this line is not as it was written") ||
                 Catch::Contains("something in it was changed"));
}

TEST_CASE("nobody brings another key for an authority in the safe", "[ceremony]") {
  const Twins twins([](std::string text) {
    return replaced(text, "certificates:\n",
                    "  mid: {policy: quick-issuing, issuer: far-root, subject: {CN: Mid}, key: "
                    "{store: offline}}\ncertificates:\n");
  });
  auto request = twins.ask().request;
  auto& asked = request.certificates[0];
  asked.name = "mid";
  asked.terms.subject = "CN=Mid,O=Twins";
  std::erase_if(request.authorities, [](const auto& one) { return one.name == "mid"; });
  CHECK_THAT(refusal(twins, request),
             Catch::EndsWith("the key of 'mid' is in the safe, and the file brings another"));
}

TEST_CASE("a request for another key of a name is told to those present", "[ceremony]") {
  const Twins twins;
  twins.perform(twins.ask());
  auto online = twins.online();
  online.inventory().cancel_request(online.inventory().waiting_request("issuing")->id, "lost");
  const auto asked = twins.ask();
  const auto safe = twins.safe();
  const auto items = workspace::judge(safe, asked.request, {});
  CHECK(items[1].lines.back() ==
        "note     'issuing@1' was issued on 2026-11-21 for another key, until 2036-11-21");
  const auto answer = twins.perform(asked);
  CHECK(answer.answer.certificates[0].certificate.subject().text() == "CN=Issuing 1,O=Twins");
  CHECK(twins.accept(answer).size() == 3);
  CHECK(twins.online().inventory().active("issuing")->number == 1);
}

TEST_CASE("each workspace knows the other by its first file", "[ceremony]") {
  const Twins twins;
  const auto asked = twins.ask();
  const auto state_error = [](auto work) {
    const auto error = error_from(work);
    CHECK(error.kind == Error::Kind::state);
    return error.message;
  };
  SECTION("in the safe") {
    auto foreign = asked.request;
    foreign.origin.workspace = "others";
    CHECK(state_error([&] { twins.perform(written(foreign)); }) ==
          "the file is of the PKI 'others', and this is 'twins'");
    foreign = asked.request;
    foreign.origin.id = twins.safe().inventory().workspace().id;
    CHECK(state_error([&] { twins.perform(written(foreign)); }) ==
          "the file was made in this very workspace");
    twins.perform(asked);
    foreign.origin.id = std::string(32, '7');
    CHECK(state_error([&] { twins.perform(written(foreign)); }) ==
          "the file comes from another workspace than the ceremonies before");
  }
  SECTION("on the network") {
    const auto answer = twins.perform(asked);
    auto foreign = answer.answer;
    foreign.request[0] ^= 1;
    CHECK(state_error([&] { twins.accept(written(foreign)); }) ==
          "the file answers a request that was not made here");
    foreign = answer.answer;
    foreign.asked_by = std::string(32, '7');
    CHECK(state_error([&] { twins.accept(written(foreign)); }) ==
          "the file answers a request that was not made here");
    twins.accept(answer);
    foreign = answer.answer;
    foreign.origin.id = std::string(32, '7');
    CHECK(state_error([&] { twins.accept(written(foreign)); }) ==
          "the file comes from another workspace than the ceremonies before");
  }
  SECTION("and what each of them does") {
    auto safe = twins.safe();
    auto keys = keys_of(safe);
    CHECK(state_error([&] { workspace::ask(safe, keys, "anna"); }) ==
          "this is the workspace in the safe: it answers, and asks nothing");
    CHECK(state_error([&] { workspace::accept_answer(safe, twins.perform(asked)); }) ==
          "this is the workspace in the safe: it answers, and accepts nothing");
    const auto online = twins.online();
    CHECK(state_error([&] { workspace::judge(online, asked.request, {}); }) ==
          "this is not the workspace in the safe");
  }
}

TEST_CASE("an answer must be what was asked and what the policies say", "[ceremony]") {
  const Twins twins, others;
  const auto asked = twins.ask();
  const auto answer = twins.perform(asked).answer;
  const auto foreign = others.perform(others.ask()).answer;
  struct Row {
    const char* what;
    std::function<void(workspace::CeremonyAnswer&)> change;
    Error::Kind kind;
    std::string message;
  };
  const Row rows[] = {
      {"another PKI's root",
       [&](auto& changed) {
         changed.authorities[0].certificate = foreign.authorities[0].certificate;
       },
       Error::Kind::crypto, "the certificate for 'issuing' is not signed by 'far-root@1'"},
      {"a root that did not sign itself",
       [&](auto& changed) {
         changed.authorities[0].certificate = answer.certificates[0].certificate;
       },
       Error::Kind::crypto,
       "sealwright.yaml:7:3: the certificate of 'far-root' is not signed with its own key"},
      {"a root of another policy",
       [](auto& changed) { changed.authorities[0].terms.fingerprint = std::string(64, '0'); },
       Error::Kind::policy,
       "sealwright.yaml:7:3: 'far-root' is of policy 'quick-root@1', which says something else on "
       "the other side"},
      {"a root of another generation", [](auto& changed) { changed.authorities[0].generation = 2; },
       Error::Kind::policy,
       "sealwright.yaml:7:3: the certificate for 'far-root' is not accepted: as-its-policy: the "
       "certificate names 'CN=Far Root 1,O=Twins', not 'CN=Far Root 2,O=Twins'"},
      {"an authority that is not offline",
       [](auto& changed) { changed.authorities[0].name = "issuing"; }, Error::Kind::policy,
       "sealwright.yaml:12:3: there is no offline authority 'issuing' here"},
      {"a certificate that nobody waits for",
       [](auto& changed) { changed.certificates[0].name = "signer"; }, Error::Kind::state,
       "nothing waits for 'signer@1'"},
      {"a certificate for another key",
       [&](auto& changed) {
         changed.certificates[0].certificate = foreign.certificates[0].certificate;
       },
       Error::Kind::input, "the certificate is not for the key of the request for 'issuing'"},
      {"a list of another root",
       [&](auto& changed) { changed.lists[0].crl = foreign.lists[0].crl; }, Error::Kind::crypto,
       ""},
  };
  for (const auto& row : rows) DYNAMIC_SECTION(row.what) {
      auto changed = answer;
      row.change(changed);
      const auto error = error_from([&] { twins.accept(written(changed)); });
      CHECK(error.kind == row.kind);
      if (!row.message.empty()) CHECK(error.message == row.message);
      CHECK(twins.online().inventory().generations().empty());
    }
}

TEST_CASE("a request that somebody brings goes on to the safe", "[ceremony]") {
  const Twins twins([](std::string text) {
    return replaced(text, "certificates:\n",
                    "certificates:\n  box: {policy: quick-signer, issuer: far-root, subject: {CN: "
                    "Box}, key: {store: external}}\n");
  });
  auto online = twins.online();
  const auto& item = *online.hierarchy().item("box");
  CHECK(workspace::place_of(online, item) == workspace::Place::request);
  ossl::KeySigner theirs(ossl::PrivateKey::generate({ossl::KeyType::ec}));
  const auto request =
      x509::make_request({x509::Name::parse("CN=anything"), {}}, ossl::Digest::sha256, theirs);
  ca::forward_request(online.inventory(),
                      workspace::order_elsewhere(online, item, store::Origin::hierarchy), request);
  const auto answer = twins.perform(twins.ask());
  twins.accept(answer);
  const auto box = twins.online().inventory().active("box");
  REQUIRE(box);
  CHECK(box->subject == "CN=Box,O=Twins");
  CHECK_FALSE(box->key);
  CHECK(ca::certificate_of(*box).public_key() == theirs.public_key());
}

TEST_CASE("the safe holds the keyrings of offline keys, and no others", "[ceremony]") {
  const Scratch scratch;
  workspace::InitOptions options;
  options.folder = scratch / "safe";
  options.offline = true;
  options.clock = [] { return Time{std::chrono::sys_days{std::chrono::year{2026} / 1 / 2}}; };
  options.keyring_options = {ossl::system_random(), {1 << 10, 8, 1}};
  options.new_passphrase = [] { return ossl::Secret(std::string_view("correct horse")); };
  SECTION("of four") {
    write_file(scratch / "a.yaml",
               view(std::string_view("version: 1\nname: four\nauthorities:\n"
                                     "  far-root: {policy: offline-root-ca, subject: {CN: Far, O: "
                                     "Four}, key: {store: offline}}\n")));
    options.hierarchy = (scratch / "a.yaml").string();
    workspace::init(options);
    const auto safe = workspace::Workspace::open(scratch / "safe", options.clock);
    CHECK(safe.inventory().workspace().offline);
    REQUIRE(safe.inventory().keyrings().size() == 1);
    CHECK(safe.inventory().keyrings()[0].name == "root");
  }
  SECTION("or is of no use") {
    options.hierarchy = "driver-lab";
    options.no_passphrase = true;
    const auto error = error_from([&] { workspace::init(options); });
    CHECK(error.kind == Error::Kind::policy);
    CHECK(error.message == "no authority of this hierarchy keeps its key in the safe");
    CHECK_FALSE(std::filesystem::exists(scratch / "safe"));
  }
}

TEST_CASE("what waits says for whom and what to do", "[ceremony]") {
  Twins twins([](std::string text) {
    return replaced(
        text, "certificates:\n",
        "  corp: {policy: imported-ca, subject: {CN: Corp}, key: {store: external}}\n"
        "certificates:\n"
        "  ext: {policy: quick-signer, issuer: corp, subject: {CN: Ext}}\n"
        "  box: {policy: quick-signer, issuer: issuing, subject: {CN: Box}, key: {store: "
        "external}}\n");
  });
  const auto waits = [&](const workspace::Workspace& workspace, const std::string& name) {
    return workspace::waiting_for(workspace, *workspace.hierarchy().item(name)).value_or("-");
  };
  {
    const auto online = twins.online(), safe = twins.safe();
    const std::pair<const char*, const char*> rows[] = {
        {"far-root", "waits for a ceremony with 'far-root': sealwright ceremony request -o FILE"},
        {"issuing", "waits for a ceremony with 'far-root': sealwright ceremony request -o FILE"},
        {"signer", "-"},
        {"corp", "waits for its certificate, made elsewhere: sealwright ceremony accept FILE"},
        {"ext", "waits for a request to 'corp': sealwright request ext -o FILE"},
        {"box", "waits for a request for its key: sealwright issue box --csr FILE"},
    };
    for (const auto& [name, text] : rows) {
      CHECK(waits(online, name) == text);
      CHECK(waits(safe, name) == "-");
    }
  }
  const auto asked = twins.ask();
  const auto online = twins.online();
  CHECK(waits(online, "issuing") == "waits for the ceremony with 'far-root' since 2026-11-21");
  CHECK(waits(online, "ext") ==
        "waits for the certificate by 'corp' since 2026-11-21: sealwright ceremony accept FILE");
  twins.accept(twins.perform(asked));
  CHECK(waits(twins.online(), "issuing") == "-");
  CHECK(waits(twins.online(), "far-root") == "-");
}

TEST_CASE("certificates of foreign authorities come as plain files", "[ceremony]") {
  const Twins twins([](std::string text) {
    return replaced(
        text, "certificates:\n",
        "  corp: {policy: imported-ca, subject: {CN: Far Root 1}, key: {store: external}}\n"
        "certificates:\n"
        "  ext: {policy: quick-signer, issuer: corp, subject: {CN: Ext}}\n");
  });
  // The part of Corp is played by the safe of other twins.
  const Twins corp([](std::string text) {
    return replaced(text, "certificates:\n",
                    "certificates:\n  ext: {policy: quick-signer, issuer: far-root, subject: {CN: "
                    "Ext}, key: {store: external}}\n");
  });
  auto online = twins.online();
  auto keys = keys_of(online);
  const auto asked = workspace::ask(online, keys, "anna");
  REQUIRE(asked.foreign.size() == 1);
  auto corps = corp.online();
  ca::forward_request(
      corps.inventory(),
      workspace::order_elsewhere(corps, *corps.hierarchy().item("ext"), store::Origin::hierarchy),
      x509::Request::from_der(asked.foreign[0].intent.request));
  const auto made = corp.perform(corp.ask()).answer;
  const auto& root = made.authorities[0].certificate;
  const auto ext = std::find_if(made.certificates.begin(), made.certificates.end(),
                                [](const auto& item) { return item.name == "ext"; });
  REQUIRE(ext != made.certificates.end());

  const auto items = workspace::accept_certificates(online, {ext->certificate, root}, "");
  REQUIRE(items.size() == 2);
  CHECK(items[0].name == "corp@1");
  CHECK(items[1].name == "ext@1");
  const auto accepted = *online.inventory().active("ext");
  CHECK(accepted.issuer == online.inventory().active("corp")->id);
  CHECK(keys.signer(accepted)->public_key() == ext->certificate.public_key());
  CHECK(texts(workspace::accept_certificates(online, {root})) ==
        std::vector<std::string>{"corp@1: accepted already"});

  const auto issuing = corp.safe().inventory().generation("issuing", 1)->certificate;
  const auto error = error_from(
      [&] { workspace::accept_certificates(online, {x509::Certificate::from_der(issuing)}); });
  CHECK(error.kind == Error::Kind::state);
  CHECK(error.message == "nobody waits for 'CN=Issuing 1,O=Twins'");
}
