#include <sys/stat.h>

#include <fstream>

#include "fixture.h"

using namespace sealwright;
using namespace sealwright::test;

namespace {

const ossl::KeySpec p256{ossl::KeyType::ec, 0, ossl::Curve::p256};

store::Inventory empty_inventory(bool lab, const std::filesystem::path& path = ":memory:") {
  return store::Inventory::create(path, {"0123456789abcdef0123456789abcdef", "acme", lab, {}},
                                  [] { return *parse_time("2026-01-02"); });
}

/// Everything that is in the inventory's files.
std::string bytes_of(const std::filesystem::path& path) {
  std::string all;
  for (const char* suffix : {"", "-wal", "-shm", "-holders"}) {
    std::ifstream file(path.string() + suffix, std::ios::binary);
    all.append(std::istreambuf_iterator<char>(file), {});
  }
  return all;
}

bool holds(const std::string& all, BytesView wanted) {
  return all.find(text(wanted)) != std::string::npos;
}

}  // namespace

TEST_CASE("a key signs again after the inventory was closed", "[ca]") {
  const Scratch scratch;
  const auto path = scratch / "inventory.db";
  const ossl::SignatureAlgorithm algorithm{ossl::Scheme::ecdsa, ossl::Digest::sha256};
  store::Generation generation;
  {
    Lab lab(path);
    generation = lab.issue("root", root_policy(), std::nullopt);
  }
  auto lab = Lab::reopen(path, *parse_time("2026-01-02"));
  const auto signature = lab.signer(generation)->sign(algorithm, view("message"));
  CHECK(ca::certificate_of(generation).public_key().verify(algorithm, view("message"), signature));
}

TEST_CASE("a credential opens the keyrings of its slot and no other", "[ca]") {
  auto inventory = empty_inventory(false);
  const auto laptop = passphrase("laptop"), ci = passphrase("ci");
  ca::create_keyrings(inventory, {"root", "issuing", "signing"},
                      {{"laptop", laptop, {"root", "issuing", "signing"}}, {"ci", ci, {"signing"}}},
                      cheap());
  using Names = std::vector<std::string>;
  CHECK(ca::open_keyrings(inventory, laptop, {}, cheap()).names() ==
        Names{"issuing", "root", "signing"});
  CHECK(ca::open_keyrings(inventory, laptop, {"root"}, cheap()).names() == Names{"root"});
  CHECK(ca::open_keyrings(inventory, ci, {}, cheap()).names() == Names{"signing"});

  const auto signing = ca::open_keyrings(inventory, ci, {"signing"}, cheap());
  CHECK(error_of([&] { signing.generate("root", p256, store::ExportRule::never); }).message ==
        "keyring 'root' is not open");
  const auto file = ca::Credential::key_file(ossl::Secret(Bytes(32, 7)));
  const struct {
    const char* name;
    const ca::Credential& credential;
    std::vector<std::string> wanted;
    Error::Kind kind;
    const char *message, *hint;
  } rows[] = {
      {"a passphrase that is wrong",
       passphrase("lapTop"),
       {"root"},
       Error::Kind::crypto,
       "the passphrase opens no slot",
       "slots that take a passphrase: 'laptop', 'ci'"},
      {"a passphrase that is wrong, for all",
       passphrase("x"),
       {},
       Error::Kind::crypto,
       "the passphrase opens no slot",
       "slots that take a passphrase: 'ci', 'laptop'"},
      {"a keyring that the slot lacks",
       ci,
       {"root"},
       Error::Kind::crypto,
       "the passphrase does not open keyring 'root'",
       "slots that open it: 'laptop'"},
      {"no slot of this kind",
       file,
       {"root"},
       Error::Kind::crypto,
       "the key file opens no slot",
       "no slot of this workspace takes a key file"},
      {"a keyring that is not there",
       ci,
       {"services"},
       Error::Kind::state,
       "there is no keyring 'services'",
       "there are 'issuing', 'root', 'signing'"},
  };
  for (const auto& row : rows) DYNAMIC_SECTION(row.name) {
      const auto error =
          error_of([&] { ca::open_keyrings(inventory, row.credential, row.wanted, cheap()); });
      CHECK(error.kind == row.kind);
      CHECK(error.message == row.message);
      CHECK(error.hint == row.hint);
    }
}

TEST_CASE("outside labs no slot opens signing and services both", "[ca]") {
  const auto both = passphrase();
  const std::vector<std::string> names = {"services", "signing"};
  auto inventory = empty_inventory(false);
  const auto error = error_of([&] {
    ca::create_keyrings(inventory, names, {{"all", both, names}}, cheap());
  });
  CHECK(error.kind == Error::Kind::policy);
  CHECK(error.message ==
        "slot 'all' would open 'signing' and 'services' both, and its thief could backdate "
        "signatures");
  CHECK(error.hint == "give 'services' a slot of its own");
  CHECK(inventory.keyrings().empty());

  auto lab = empty_inventory(true);
  CHECK(ca::create_keyrings(lab, names, {{"all", both, names}}, cheap()).names() == names);
}

TEST_CASE("a keyring that nothing opens is not made", "[ca]") {
  auto inventory = empty_inventory(true);
  const auto one = passphrase();
  CHECK_THROWS_WITH(
      ca::create_keyrings(inventory, {"root", "signing"}, {{"main", one, {"root"}}}, cheap()),
      "no slot opens keyring 'signing'");
  CHECK_THROWS_WITH(ca::create_keyrings(inventory, {"root"}, {{"main", one, {}}}, cheap()),
                    "slot 'main' would open no keyring");
  CHECK(inventory.keyrings().empty());
}

TEST_CASE("a key file opens what a machine needs, without a passphrase", "[ca]") {
  const Scratch scratch;
  const auto path = scratch / ca::lab_key_file;
  ca::write_key_file(path, ossl::system_random());
  struct stat status {};
  REQUIRE(stat(path.c_str(), &status) == 0);
  CHECK((status.st_mode & 07777) == 0600);
  CHECK(status.st_size == 32);
  CHECK(error_of([&] { ca::write_key_file(path, ossl::system_random()); }).kind ==
        Error::Kind::state);

  auto inventory = empty_inventory(true);
  const auto file = ca::Credential::key_file(path);
  ca::create_keyrings(inventory, {"default"}, {{"lab", file, {"default"}}}, cheap());
  CHECK(ca::open_keyrings(inventory, ca::Credential::key_file(path), {"default"}, cheap())
            .holds("default"));
  CHECK_THROWS_WITH(ca::open_keyrings(inventory, passphrase(), {"default"}, cheap()),
                    "the passphrase opens no slot");

  std::ofstream(scratch / "short.key") << "too short";
  CHECK_THROWS_WITH(ca::Credential::key_file(scratch / "short.key"),
                    "the key file '" + (scratch / "short.key").string() + "' is open to others");
  std::filesystem::permissions(scratch / "short.key", std::filesystem::perms(0600));
  CHECK_THROWS_WITH(
      ca::Credential::key_file(scratch / "short.key"),
      "'" + (scratch / "short.key").string() + "': a key file has 32 bytes, this one has 9");
  CHECK_THROWS_WITH(ca::Credential::passphrase(ossl::Secret()), "the passphrase is empty");
  CHECK_THROWS_WITH(passphrase(std::string(1025, 'x')), "the passphrase is longer than 1024 bytes");
}

TEST_CASE("a passphrase slot is made with the full cost unless told otherwise", "[ca]") {
  auto inventory = empty_inventory(true);
  const auto one = passphrase();
  ca::create_keyrings(inventory, {"default"}, {{"main", one, {"default"}}}, {});
  const auto slot = inventory.slots().at(0);
  CHECK(slot.scrypt_n == 131072);
  CHECK(slot.scrypt_r == 8);
  CHECK(slot.scrypt_p == 1);
  CHECK(slot.salt.size() == 32);
}

TEST_CASE("a changed passphrase opens what the old one did, which opens nothing", "[ca]") {
  auto inventory = empty_inventory(true);
  const auto old = passphrase("old"), fresh = passphrase("fresh");
  ca::create_keyrings(inventory, {"root", "signing"}, {{"main", old, {"root", "signing"}}},
                      cheap());
  CHECK_THROWS_WITH(ca::change_slot(inventory, "main", fresh, fresh, cheap()),
                    "the passphrase does not open slot 'main'");
  CHECK_THROWS_WITH(ca::change_slot(inventory, "other", old, fresh, cheap()),
                    "there is no slot 'other'");
  ca::change_slot(inventory, "main", old, fresh, cheap());
  CHECK(ca::open_keyrings(inventory, fresh, {}, cheap()).names().size() == 2);
  CHECK_THROWS_WITH(ca::open_keyrings(inventory, old, {}, cheap()), "the passphrase opens no slot");
  CHECK(inventory.verify_events().intact());
}

TEST_CASE("a slot is added by who has the keyrings open", "[ca]") {
  auto inventory = empty_inventory(true);
  const auto one = passphrase("one"), two = passphrase("two");
  const auto open = ca::create_keyrings(inventory, {"root", "signing"},
                                        {{"main", one, {"root", "signing"}}}, cheap());
  ca::add_slot(inventory, open, {"ci", two, {"signing"}}, cheap());
  CHECK(ca::open_keyrings(inventory, two, {}, cheap()).names() ==
        std::vector<std::string>{"signing"});
  const auto only_signing = ca::open_keyrings(inventory, two, {}, cheap());
  CHECK_THROWS_WITH(ca::add_slot(inventory, only_signing, {"x", two, {"root"}}, cheap()),
                    "keyring 'root' is not open");
  auto both = ca::open_keyrings(inventory, two, {"signing"}, cheap());
  both.merge(ca::open_keyrings(inventory, one, {"root"}, cheap()));
  CHECK(both.names().size() == 2);
}

TEST_CASE("no key, data key or passphrase is ever readable in the files", "[ca]") {
  const Scratch scratch;
  const auto path = scratch / "inventory.db";
  auto inventory = empty_inventory(true, path);
  std::vector<Bytes> drawn;
  auto options = cheap();
  options.random = [&](std::span<std::uint8_t> into) {
    ossl::system_random()(into);
    drawn.emplace_back(into.begin(), into.end());
  };
  const std::string first = "a passphrase to look for", second = "another to look for";
  const auto old = passphrase(first), fresh = passphrase(second);
  auto open = ca::create_keyrings(inventory, {"signing"}, {{"main", old, {"signing"}}}, options);
  const Bytes data_key = drawn.at(1);
  REQUIRE(data_key.size() == 32);
  const auto private_key = ossl::PrivateKey::generate(p256);
  const ossl::Secret pkcs8 = private_key.to_pkcs8();
  auto record = open.seal("signing", private_key, store::ExportRule::ask);
  inventory.begin_issuance({store::EntityKind::certificate,
                            "driver",
                            1,
                            {{"p", 1, {}}, "", {}},
                            Serial{{1}},
                            {},
                            std::nullopt,
                            {},
                            "CN=x",
                            record.id,
                            record});
  const std::string wrapped = text(inventory.slots().at(0).opens.at(0).sealed);
  const auto nothing_leaks = [&] {
    const std::string all = bytes_of(path);
    REQUIRE(holds(all, record.sealed));
    CHECK_FALSE(holds(all, data_key));
    CHECK_FALSE(holds(all, view(first)));
    CHECK_FALSE(holds(all, view(second)));
    // The private scalar stands near the beginning of the PrivateKeyInfo; any run of it would show.
    for (std::size_t at = 28; at + 16 <= 68; ++at)
      CHECK_FALSE(holds(all, pkcs8.view().subspan(at, 16)));
  };
  nothing_leaks();
  CHECK(bytes_of(path).find(wrapped) != std::string::npos);
  ca::change_slot(inventory, "main", old, fresh, options);
  nothing_leaks();
  CHECK(bytes_of(path).find(wrapped) == std::string::npos);
  CHECK(inventory.key(record.id));
}

TEST_CASE("a sealed key opens only as the row that it is", "[ca]") {
  Lab lab;
  const auto one = lab.keys.generate("signing", p256, store::ExportRule::never).record;
  const auto two = lab.keys.generate("signing", p256, store::ExportRule::never).record;
  auto swapped = one;
  swapped.sealed = two.sealed;
  auto other_public_key = one;
  other_public_key.spki = two.spki;
  auto other_id = one;
  other_id.id = two.id;
  auto other_keyring = one;
  other_keyring.keyring = "issuing";
  auto changed = one;
  changed.sealed[changed.sealed.size() / 2] ^= 1;
  auto cut = one;
  cut.sealed.resize(20);
  for (const auto& record : {swapped, other_public_key, other_id, other_keyring, changed, cut}) {
    const auto error = error_of([&] { lab.keys.signer(record); });
    CHECK(error.kind == Error::Kind::crypto);
    CHECK(error.message == "private key " + record.id.hex() + " does not open");
  }
  CHECK(lab.keys.signer(one)->public_key().id() == one.id);
}
