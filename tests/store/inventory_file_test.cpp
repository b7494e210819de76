// The inventory as files: who may read them, what is refused, what a full disk and other processes
// do to it.

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <thread>

#include "fixture.h"

using namespace sealwright;
using namespace sealwright::test;
namespace fs = std::filesystem;

namespace {

mode_t mode_of(const fs::path& path) {
  struct stat status {};
  REQUIRE(stat(path.c_str(), &status) == 0);
  return status.st_mode & 07777;
}

void write_text(const fs::path& path, const std::string& text) {
  std::ofstream(path, std::ios::binary) << text;
}

std::vector<std::string> names_in(const fs::path& folder) {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder))
    names.push_back(entry.path().filename().string());
  std::sort(names.begin(), names.end());
  return names;
}

/// A file system of 400 KB at `folder` that only this process sees, as `unshare -rm` makes it.
bool mount_small_disk(const fs::path& folder) {
  const std::string user = std::to_string(geteuid()), group = std::to_string(getegid());
  if (unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0) return false;
  write_text("/proc/self/setgroups", "deny");
  write_text("/proc/self/uid_map", "0 " + user + " 1");
  write_text("/proc/self/gid_map", "0 " + group + " 1");
  return mount("tmpfs", folder.c_str(), "tmpfs", 0, "size=600k") == 0;
}

/// Runs `work` in a child process; what it returns is the exit code, 99 when it throws.
template <class Work>
int in_child(Work&& work) {
  const pid_t child = fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    int code = 99;
    try {
      code = work();
    } catch (const std::exception& error) {
      std::fprintf(stderr, "in a child process: %s\n", error.what());
    }
    _exit(code);
  }
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace

TEST_CASE("only its owner can read an inventory, whatever the umask", "[store]") {
  Hours hours;
  const Scratch scratch;
  const auto path = scratch.path() / ".sealwright" / "inventory.db";
  const mode_t before = umask(0);
  auto inventory = store::Inventory::create(path, workspace(), hours.clock());
  inventory.begin_issuance(intent("driver", 1, 1));
  umask(before);
  CHECK(mode_of(path.parent_path()) == 0700);
  for (const char* suffix : {"", "-wal", "-shm", "-holders"})
    CHECK(mode_of(path.string() + suffix) == 0600);
  CHECK(names_in(path.parent_path()).size() == 4);
}

TEST_CASE("SQLite's own program finds nothing wrong with an inventory", "[store]") {
  if (!have_program("sqlite3")) {
    WARN("SKIPPED: sqlite3 is not installed");
    return;
  }
  Hours hours;
  const Scratch scratch;
  const auto path = scratch / "inventory.db";
  auto inventory = store::Inventory::create(path, workspace(), hours.clock());
  issue(inventory, "driver", 1, 1);
  inventory.retire(issue(inventory, "driver", 2, 2).id, "x");
  const auto asked = [&](const char* sql) { return run({"sqlite3", path.string(), sql}).out; };
  CHECK(asked("PRAGMA integrity_check") == "ok\n");
  CHECK(asked("PRAGMA foreign_key_check") == "");
  CHECK(asked("PRAGMA journal_mode") == "wal\n");
  CHECK(asked("PRAGMA application_id") == "1398231636\n");
  CHECK(asked("SELECT version FROM schema_version") == "3\n");
  CHECK(asked("SELECT id, name, lab FROM workspace") ==
        "00112233445566778899aabbccddeeff|acme|1\n");
}

TEST_CASE("what was written is there when the inventory is opened again", "[store]") {
  Hours hours;
  const Scratch scratch;
  const auto path = scratch / "inventory.db";
  store::EventHead head;
  {
    auto inventory = store::Inventory::create(path, workspace(), hours.clock());
    issue(inventory, "driver", 1, 1);
    head = inventory.head();
  }
  const auto inventory = store::Inventory::open(path, hours.clock());
  CHECK(inventory.head() == head);
  CHECK(inventory.workspace().name == "acme");
  CHECK(inventory.workspace().lab);
  CHECK(inventory.workspace().created == hours.now);
  CHECK(inventory.verify_events().intact());
}

TEST_CASE("an inventory is never made where something is", "[store]") {
  Hours hours;
  const Scratch scratch;
  const auto path = scratch / "inventory.db";
  store::Inventory::create(path, workspace(), hours.clock());
  const auto before = run({"sha256sum", path.string()}).out;
  const auto error = error_of([&] { store::Inventory::create(path, workspace(), hours.clock()); });
  CHECK(error.message == "'" + path.string() + "' already exists");
  CHECK(error.kind == Error::Kind::state);
  CHECK(run({"sha256sum", path.string()}).out == before);
}

TEST_CASE("an inventory appears with what it must hold, or not at all", "[store]") {
  Hours hours;
  const Scratch scratch;
  const auto path = scratch.path() / ".sealwright" / "inventory.db";
  const auto fail = [](store::Inventory& inventory) {
    inventory.add_keyring({"root", "dk", {}});
    throw Error(Error::Kind::input, "the passphrase is empty");
  };
  CHECK_THROWS_WITH(store::Inventory::create(path, workspace(), hours.clock(), {}, fail),
                    "the passphrase is empty");
  CHECK(names_in(scratch.path()).empty());
  const auto inventory =
      store::Inventory::create(path, workspace(), hours.clock(), {}, [&](store::Inventory& fresh) {
        CHECK_FALSE(fs::exists(path));
        fresh.add_keyring({"root", "dk", {}});
      });
  CHECK(inventory.keyrings().size() == 1);
}

TEST_CASE("open refuses what is no inventory, and leaves it as it is", "[store]") {
  Hours hours;
  const Scratch scratch;
  const auto path = scratch / "inventory.db";
  const std::string shown = "'" + path.string() + "'";
  const struct {
    const char* name;
    std::function<void()> make;
    Error::Kind kind;
    std::string message;
  } rows[] = {
      {"nothing at all", [] {}, Error::Kind::state, "there is no inventory at " + shown},
      {"a folder", [&] { fs::create_directory(path); }, Error::Kind::io,
       shown + " is a folder, not an inventory"},
      {"an empty file", [&] { write_text(path, ""); }, Error::Kind::input,
       shown + " is not an inventory"},
      {"text", [&] { write_text(path, std::string(5000, 'x')); }, Error::Kind::input,
       shown + " is not an inventory"},
      {"another program's database",
       [&] {
         sqlite3* other = nullptr;
         sqlite3_open(path.c_str(), &other);
         sqlite3_exec(other, "CREATE TABLE workspace (id)", nullptr, nullptr, nullptr);
         sqlite3_close(other);
       },
       Error::Kind::input, shown + " is not an inventory"},
      {"a pipe", [&] { mkfifo(path.c_str(), 0600); }, Error::Kind::input,
       shown + " is not an inventory"},
      {"an inventory that was cut short",
       [&] {
         store::Inventory::create(path, workspace(), hours.clock());
         fs::resize_file(path, 8192);
       },
       Error::Kind::input, shown + " is damaged"},
      {"an inventory overwritten in the middle",
       [&] {
         store::Inventory::create(path, workspace(), hours.clock());
         std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
         file.seekp(4096);
         file << std::string(8192, '\xff');
       },
       Error::Kind::input, shown + " is damaged"},
  };
  for (const auto& row : rows) DYNAMIC_SECTION(row.name) {
      row.make();
      const auto error = error_of([&] { store::Inventory::open(path, hours.clock()); });
      CHECK(error.message == row.message);
      CHECK(error.kind == row.kind);
    }
}

TEST_CASE("without the right to read or write the error says so", "[store]") {
  if (geteuid() != 0) {
    WARN("SKIPPED: needs root to become somebody else");
    return;
  }
  Hours hours;
  const Scratch scratch;
  fs::permissions(scratch.path(), fs::perms(0755));
  const auto path = scratch / "inventory.db";
  store::Inventory::create(path, workspace(), hours.clock());
  const auto as_nobody = [&](const std::string& message, Error::Kind kind, auto&& work) {
    return in_child([&] {
      if (setgid(65534) != 0 || setuid(65534) != 0) return 98;
      try {
        work();
      } catch (const Error& error) {
        if (error.message == message && error.kind == kind) return 0;
        std::fprintf(stderr, "%s\n", error.what());
        return 1;
      }
      return 2;
    });
  };
  const auto open = [&] { store::Inventory::open(path, hours.clock()); };
  const std::string shown = "'" + path.string() + "'";
  CHECK(as_nobody("cannot open " + shown + ": Permission denied", Error::Kind::io, open) == 0);
  fs::permissions(path, fs::perms(0444));
  CHECK(as_nobody("cannot open " + shown + ": Permission denied", Error::Kind::io, open) == 0);
  fs::permissions(path, fs::perms(0666));
  CHECK(as_nobody("cannot write " + shown + ": it, or its folder, is read-only", Error::Kind::io,
                  open) == 0);
  const auto elsewhere = scratch / "new.db";
  CHECK(as_nobody("cannot create '" + elsewhere.string() + "': Permission denied", Error::Kind::io,
                  [&] { store::Inventory::create(elsewhere, workspace(), hours.clock()); }) == 0);
  CHECK(names_in(scratch.path()) == std::vector<std::string>{"inventory.db"});
}

TEST_CASE("a full disk is reported, and the inventory is as before", "[store]") {
  const Scratch scratch;
  const int code = in_child([&] {
    if (!mount_small_disk(scratch.path())) return 77;
    Hours hours;
    const auto path = scratch / "inventory.db";
    auto inventory = store::Inventory::create(path, workspace(), hours.clock());
    for (int n = 1;; ++n) {
      const auto head = inventory.head();
      try {
        auto wanted = intent("driver", n, std::uint8_t(n));
        wanted.subject.assign(20'000, 'x');
        inventory.begin_issuance(wanted);
      } catch (const Error& error) {
        if (error.kind != Error::Kind::io) return 1;
        if (error.message != "cannot write '" + path.string() + "': the disk is full") return 2;
        if (!(inventory.head() == head)) return 3;
        if (inventory.unfinished_issuances().size() != std::size_t(n - 1)) return 4;
        if (!inventory.verify_events().intact()) return 5;
        break;
      }
      if (n == 100) return 6;
    }
    // Nor does a new one stay behind half made.
    const auto other = scratch / "other.db";
    try {
      store::Inventory::create(other, workspace(), hours.clock());
      return 7;
    } catch (const Error& error) {
      if (error.message != "cannot write '" + other.string() + "': the disk is full") return 8;
    }
    return names_in(scratch.path()).size() == 4 ? 0 : 9;
  });
  if (code == 77) {
    WARN("SKIPPED: this user may not mount a tmpfs");
    return;
  }
  CHECK(code == 0);
}

TEST_CASE("a transaction of another process is waited for, up to a limit", "[store]") {
  Hours hours;
  const Scratch scratch;
  const auto path = scratch / "inventory.db";
  auto one = store::Inventory::create(path, workspace(), hours.clock());
  auto two = store::Inventory::open(path, hours.clock(), {std::chrono::milliseconds(50)});
  one.together([&] {
    one.record_event("a.b", "x", Json::object());
    const auto error = error_of([&] { two.record_event("c.d", "y", Json::object()); });
    CHECK(error.kind == Error::Kind::state);
    CHECK(error.message == "the inventory is busy");
    CHECK(two.head().sequence == 1);
  });
  two.record_event("c.d", "y", Json::object());
  CHECK(one.head().sequence == 3);
}

TEST_CASE("threads and processes write at the same time, and the chain stays whole", "[store]") {
  Hours hours;
  const Scratch scratch;
  const auto path = scratch / "inventory.db";
  store::Inventory::create(path, workspace(), hours.clock());
  const auto work = [&](int writer) {
    auto inventory = store::Inventory::open(path, hours.clock(), {std::chrono::seconds(60)});
    for (int n = 0; n < 50; ++n)
      inventory.record_event("test", std::to_string(writer), Json::object().set("n", n));
    return 0;
  };
  std::vector<pid_t> children;
  for (int child = 0; child < 2; ++child) {
    const pid_t pid = fork();
    REQUIRE(pid >= 0);
    if (pid == 0) {
      try {
        _exit(work(child));
      } catch (...) {
        _exit(1);
      }
    }
    children.push_back(pid);
  }
  auto shared = store::Inventory::open(path, hours.clock(), {std::chrono::seconds(60)});
  std::vector<std::thread> threads;
  for (int t = 0; t < 2; ++t)
    threads.emplace_back([&] {
      for (int n = 0; n < 50; ++n) shared.record_event("test", "shared", Json::object());
    });
  for (auto& thread : threads) thread.join();
  for (const pid_t child : children) {
    int status = 0;
    waitpid(child, &status, 0);
    CHECK(status == 0);
  }
  CHECK(shared.head().sequence == 1 + 4 * 50);
  CHECK(shared.verify_events().intact());
}
