// House rule 1 under fire: processes that die between intent and result, and several that issue at
// once.

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <set>
#include <thread>

#include "fixture.h"

using namespace sealwright;
using namespace sealwright::test;

namespace {

/// Dies as by a power cut in the moment the signature is made.
class DyingSigner : public ossl::Signer {
 public:
  explicit DyingSigner(std::unique_ptr<ossl::Signer> signer) : signer_(std::move(signer)) {}
  const ossl::PublicKey& public_key() const override { return signer_->public_key(); }
  Bytes sign(const ossl::SignatureAlgorithm&, BytesView) override {
    kill(getpid(), SIGKILL);
    return {};
  }

 private:
  std::unique_ptr<ossl::Signer> signer_;
};

pid_t start(const std::function<void()>& work) {
  const pid_t child = fork();
  REQUIRE(child >= 0);
  if (child != 0) return child;
  try {
    work();
    _exit(0);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "in a child process: %s\n", error.what());
    _exit(1);
  }
}

int wait_for(pid_t child) {
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace

TEST_CASE("a run that is killed while it signs leaves an intent that the next run settles",
          "[ca]") {
  const Scratch scratch;
  const auto path = scratch / "inventory.db";
  const Time now = *parse_time("2026-01-02T12:00:00Z");
  {
    Lab lab(path);
    lab.issuing();
  }
  const pid_t child = start([&] {
    auto lab = Lab::reopen(path, now);
    const auto issuer = *lab.inventory.active("lab-issuing");
    DyingSigner dying(lab.signer(issuer));
    ca::issue(lab.inventory,
              ca::prepare(lab.inventory, order_for("driver", signing_policy(), issuer),
                          lab.key(signing_policy(), "signing"), ossl::system_random()),
              &dying);
  });
  REQUIRE(wait_for(child) == 128 + SIGKILL);

  auto lab = Lab::reopen(path, now + std::chrono::seconds(1));
  const auto unfinished = lab.inventory.unfinished_issuances();
  REQUIRE(unfinished.size() == 1);
  CHECK_FALSE(unfinished[0].running);
  CHECK(lab.inventory.keys().size() == 3);
  const auto settled = ca::settle_unfinished(lab.inventory);
  REQUIRE(settled.size() == 1);
  CHECK(settled[0].name == "driver");
  CHECK(settled[0].subject == "CN=driver");
  CHECK(settled[0].started == now);
  CHECK(lab.inventory.keys().size() == 2);
  CHECK(ca::settle_unfinished(lab.inventory).empty());

  const auto g = lab.issue("driver", signing_policy(), lab.inventory.active("lab-issuing"));
  CHECK(g.number == 1);
  CHECK(g.serial != settled[0].serial);
  CHECK(lab.inventory.verify_events().intact());
  if (have_program("sqlite3"))
    CHECK(run({"sqlite3", path.string(), "PRAGMA integrity_check; PRAGMA foreign_key_check"}).out ==
          "ok\n");
}

TEST_CASE("what another run is doing right now is left alone", "[ca]") {
  const Scratch scratch;
  const auto path = scratch / "inventory.db";
  Lab one(path);
  const auto issuer = one.issuing();
  auto two = Lab::reopen(path, *one.now);

  /// Settles, from another handle, while the signature is being made.
  class Meddled : public ossl::Signer {
   public:
    Meddled(std::unique_ptr<ossl::Signer> signer, std::function<void()> meddle)
        : signer_(std::move(signer)), meddle_(std::move(meddle)) {}
    const ossl::PublicKey& public_key() const override { return signer_->public_key(); }
    Bytes sign(const ossl::SignatureAlgorithm& algorithm, BytesView to_be_signed) override {
      meddle_();
      return signer_->sign(algorithm, to_be_signed);
    }

   private:
    std::unique_ptr<ossl::Signer> signer_;
    std::function<void()> meddle_;
  };
  std::size_t seen = 0;
  Meddled signer(one.signer(issuer), [&] {
    seen = two.inventory.unfinished_issuances().size();
    CHECK(ca::settle_unfinished(two.inventory).empty());
    CHECK(error_of([&] { two.issue("driver", signing_policy(), issuer); }).message ==
          "'driver@1' was issued by another run, or is being issued");
  });
  ca::issue(one.inventory,
            ca::prepare(one.inventory, order_for("driver", signing_policy(), issuer),
                        one.key(signing_policy(), "signing"), ossl::system_random()),
            &signer);
  CHECK(seen == 1);
  CHECK(two.inventory.active("driver"));
}

TEST_CASE("processes and threads issue at the same time without a serial number twice", "[ca]") {
  constexpr int each = 15;
  const Scratch scratch;
  const auto path = scratch / "inventory.db";
  const Time now = *parse_time("2026-01-02T12:00:00Z");
  {
    Lab lab(path);
    lab.issuing();
  }
  const auto issue_some = [&](const std::string& prefix) {
    auto lab = Lab::reopen(path, now);
    const auto issuer = lab.inventory.active("lab-issuing");
    for (int n = 0; n < each; ++n) lab.issue(prefix + std::to_string(n), signing_policy(), issuer);
  };
  const auto in_threads = [&](const std::string& prefix) {
    std::thread other([&] { issue_some(prefix + "a"); });
    issue_some(prefix + "b");
    other.join();
  };
  const pid_t one = start([&] { in_threads("one"); });
  const pid_t two = start([&] { in_threads("two"); });
  CHECK(wait_for(one) == 0);
  CHECK(wait_for(two) == 0);

  auto lab = Lab::reopen(path, now);
  const auto generations = lab.inventory.generations();
  CHECK(generations.size() == 2 + 4 * each);
  std::set<Bytes> serials;
  for (const auto& g : generations) serials.insert(g.serial.value);
  CHECK(serials.size() == generations.size());
  const auto issuer = ca::certificate_of(*lab.inventory.active("lab-issuing")).public_key();
  for (const auto& g : generations)
    if (g.kind == store::EntityKind::certificate) CHECK(ca::certificate_of(g).signed_by(issuer));
  CHECK(lab.inventory.verify_events().intact());
}

TEST_CASE("of two runs that renew the same certificate one wins", "[ca]") {
  const Scratch scratch;
  const auto path = scratch / "inventory.db";
  Lab one(path);
  const auto issuer = one.issuing();
  auto two = Lab::reopen(path, *one.now);
  const auto order = order_for("driver", signing_policy(), issuer);
  auto first = ca::prepare(one.inventory, order, one.key(signing_policy(), "signing"),
                           ossl::system_random());
  auto second = ca::prepare(two.inventory, order, two.key(signing_policy(), "signing"),
                            ossl::system_random());
  const auto signer = one.signer(issuer);
  ca::issue(one.inventory, std::move(first), signer.get());
  const auto error = error_of([&] { ca::issue(two.inventory, std::move(second), signer.get()); });
  CHECK(error.kind == Error::Kind::state);
  CHECK(error.message == "'driver@1' was issued by another run, or is being issued");
  CHECK(two.inventory.generations_of("driver").size() == 1);
}
