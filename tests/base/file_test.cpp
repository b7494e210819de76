#include "base/file.h"

#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cerrno>
#include <csignal>
#include <cstddef>
#include <cstdlib>

#include "base/error.h"
#include "support.h"

using namespace sealwright;
namespace fs = std::filesystem;

namespace {

constexpr WriteOptions replace{.existing = Existing::replace};

/// The names in a folder; a temporary file left behind is one too many.
std::vector<std::string> names(const fs::path& folder) {
  std::vector<std::string> found;
  for (const auto& entry : fs::directory_iterator(folder)) found.push_back(entry.path().filename());
  std::sort(found.begin(), found.end());
  return found;
}

mode_t mode(const fs::path& path) {
  struct stat status {};
  REQUIRE(::lstat(path.c_str(), &status) == 0);
  return status.st_mode & 07777;
}

class Umask {
 public:
  explicit Umask(mode_t mask) : old_(::umask(mask)) {}
  ~Umask() { ::umask(old_); }

 private:
  mode_t old_;
};

/// What `work` throws in a process of its own, as "KIND MESSAGE"; "done" if nothing. For what would
/// change this process: its user, its limits.
template <class Work>
std::string in_child(Work work) {
  int pipe_ends[2];
  REQUIRE(::pipe(pipe_ends) == 0);
  const pid_t child = ::fork();
  if (child == 0) {
    std::string result = "done";
    try {
      work();
    } catch (const Error& error) {
      result = std::to_string(exit_code(error.kind)) + " " + error.message;
    }
    [[maybe_unused]] const auto count = ::write(pipe_ends[1], result.data(), result.size());
    ::_exit(0);
  }
  ::close(pipe_ends[1]);
  std::string result(4096, '\0');
  const auto count = ::read(pipe_ends[0], result.data(), result.size());
  ::close(pipe_ends[0]);
  ::waitpid(child, nullptr, 0);
  return result.substr(0, count > 0 ? static_cast<std::size_t>(count) : 0);
}

/// From now on the system refuses this call where `flags`, some of its third argument, are set.
void forbid(long call, std::uint32_t flags, int error) {
  sock_filter program[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, static_cast<std::uint32_t>(call), 0, 4),
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, args[2])),
      BPF_STMT(BPF_ALU | BPF_AND | BPF_K, flags),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, flags, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | static_cast<std::uint32_t>(error)),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  const sock_fprog filter{std::size(program), program};
  if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
      ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) != 0)
    throw Error(Error::Kind::internal, "no seccomp here");
}

std::string thrown(const std::function<void()>& work) {
  try {
    work();
  } catch (const Error& error) {
    return std::to_string(exit_code(error.kind)) + " " + error.message +
           (error.hint.empty() ? "" : " | " + error.hint);
  }
  return "nothing";
}

}  // namespace

TEST_CASE("a file is written and read whole", "[file]") {
  const test::Scratch scratch;
  for (const std::size_t size : {0, 1, 65535, 65536, 65537, 1'000'000}) {
    Bytes bytes(size);
    for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<std::uint8_t>(i * 7);
    write_file(scratch / "a.bin", bytes, replace);
    CHECK(read_file(scratch / "a.bin") == bytes);
    CHECK(read_file(scratch / "a.bin", size) == bytes);
    CHECK(read_text(scratch / "a.bin") == text(bytes));
    if (size > 0)
      CHECK(thrown([&] { read_file(scratch / "a.bin", size - 1); }) ==
            "3 '" + (scratch / "a.bin").string() + "' is longer than " + std::to_string(size - 1) +
                " bytes");
  }
  CHECK(names(scratch.path()) == std::vector<std::string>{"a.bin"});
}

TEST_CASE("what cannot be read is named with the reason", "[file]") {
  const test::Scratch scratch;
  const auto missing = (scratch / "missing").string();
  CHECK(thrown([&] { read_file(missing); }) ==
        "7 cannot read '" + missing + "': No such file or directory");
  CHECK(thrown([&] { InputFile{missing}; }) ==
        "7 cannot read '" + missing + "': No such file or directory");
  CHECK(thrown([&] { read_text(scratch.path()); }) ==
        "7 cannot read '" + scratch.path().string() + "': Is a directory");
  CHECK(thrown([&] { InputFile{scratch.path()}; }) ==
        "3 '" + scratch.path().string() + "' is not a regular file");
  CHECK(thrown([&] { read_file(scratch / "a\x1b[2Jb"); }) ==
        "7 cannot read '" + scratch.path().string() + "/a\\x1b[2Jb': No such file or directory");
}

TEST_CASE("an endless or a pretended size does not outgrow the limit", "[file]") {
  CHECK(thrown([] { read_stream("/dev/zero", 1000); }) ==
        "3 '/dev/zero' is longer than 1000 bytes");
  CHECK(read_stream("/dev/null", 1000).empty());
  CHECK_THAT(read_text("/proc/self/status"), Catch::Contains("Uid:"));  // st_size is 0
}

TEST_CASE("a pipe or a device is refused, not waited for", "[file]") {
  const test::Scratch scratch;
  const auto pipe = (scratch / "pipe").string();
  REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  CHECK(thrown([&] { read_file(pipe); }) == "3 '" + pipe + "' is not a regular file");
  CHECK(thrown([&] { read_text(pipe); }) == "3 '" + pipe + "' is not a regular file");
  CHECK(thrown([] { read_file("/dev/zero"); }) == "3 '/dev/zero' is not a regular file");
}

TEST_CASE("a pipe that the caller opened is read to its end", "[file]") {
  int ends[2];
  REQUIRE(::pipe(ends) == 0);
  REQUIRE(::write(ends[1], "given", 5) == 5);
  ::close(ends[1]);
  const auto number = std::to_string(ends[0]);
  SECTION("by /dev/fd") { CHECK(read_text("/dev/fd/" + number) == "given"); }
  SECTION("by /proc") { CHECK(read_text("/proc/self/fd/" + number) == "given"); }
  SECTION("as a stream") { CHECK(text(read_stream("/dev/fd/" + number, 5)) == "given"); }
  ::close(ends[0]);
}

TEST_CASE("InputFile reads anywhere in a regular file, and nothing behind it", "[file]") {
  const test::Scratch scratch;
  const auto path = scratch / "a";
  write_file(path, view("0123456789"));
  InputFile opened(path);
  const InputFile file(std::move(opened));
  CHECK(file.size() == 10);
  CHECK(file.path() == path);
  Bytes four(4);
  file.read_at(6, four);
  CHECK(text(four) == "6789");
  file.read_at(10, {});
  const auto cut_short = "3 '" + path.string() + "' is cut short";
  CHECK(thrown([&] { file.read_at(7, four); }) == cut_short);
  CHECK(thrown([&] { file.read_at(11, {}); }) == cut_short);
  CHECK(thrown([&] { file.read_at(UINT64_MAX, four); }) == cut_short);
  fs::resize_file(path, 8);
  CHECK(thrown([&] { file.read_at(6, four); }) == cut_short);
}

TEST_CASE("InputFile does not wait for a pipe's writer", "[file]") {
  const test::Scratch scratch;
  REQUIRE(::mkfifo((scratch / "pipe").c_str(), 0600) == 0);
  CHECK(thrown([&] { InputFile{scratch / "pipe"}; }) ==
        "3 '" + (scratch / "pipe").string() + "' is not a regular file");
}

TEST_CASE("a file that is there is kept unless replacing is asked for", "[file]") {
  const test::Scratch scratch;
  const auto path = scratch / "a";
  write_file(path, view("old"));
  const auto exists = "5 '" + path.string() + "' already exists | pass --overwrite to replace it";
  CHECK(thrown([&] { write_file(path, view("new")); }) == exists);
  CHECK(read_text(path) == "old");
  write_file(path, view("new"), replace);
  CHECK(read_text(path) == "new");
  CHECK(names(scratch.path()) == std::vector<std::string>{"a"});
}

TEST_CASE("a file that appears while another is written is kept", "[file]") {
  const test::Scratch scratch;
  const auto path = scratch / "a";
  {
    AtomicFile file(path);
    file.write(view("late"));
    write_file(path, view("early"));
    CHECK_THAT(thrown([&] { file.commit(); }), Catch::Contains("already exists"));
  }
  CHECK(read_text(path) == "early");
  CHECK(names(scratch.path()) == std::vector<std::string>{"a"});
}

TEST_CASE("nothing is seen of an AtomicFile before commit, and nothing is left without it",
          "[file]") {
  const test::Scratch scratch;
  const auto path = scratch / "a";
  {
    AtomicFile file(path);
    file.write(view("half"));
    CHECK_FALSE(fs::exists(path));
  }
  CHECK(names(scratch.path()).empty());
  AtomicFile file(path);
  file.write(view("first, "));
  file.write(view("second"));
  file.commit();
  CHECK(read_text(path) == "first, second");
  CHECK_THROWS_WITH(file.write(view("more")), "write to a file that is closed");
  CHECK_THROWS_WITH(file.commit(), "commit of a file that is closed");
}

TEST_CASE("secrets are for their owner, and the umask only takes away", "[file]") {
  const test::Scratch scratch;
  struct Row {
    mode_t umask;
    Access access;
    mode_t file, folder;
  };
  const Row rows[] = {
      {0, Access::everyone, 0644, 0777},   {0, Access::owner, 0600, 0700},
      {022, Access::everyone, 0644, 0755}, {077, Access::everyone, 0600, 0700},
      {077, Access::owner, 0600, 0700},    {0137, Access::everyone, 0640, 0640},
  };
  for (const Row& row : rows) {
    const Umask umask(row.umask);
    CAPTURE(row.umask, row.access);
    write_file(scratch / "a", view("x"), {row.access, Existing::replace});
    CHECK(mode(scratch / "a") == row.file);
    if (row.folder == 0640) continue;  // not even the owner could write below that
    write_file(scratch.path() / "new" / "b", view("x"), {row.access, Existing::refuse});
    CHECK(mode(scratch / "new") == row.folder);
    fs::remove_all(scratch / "new");
  }
  write_file(scratch / "a", view("x"), {Access::everyone, Existing::replace});
  write_file(scratch / "a", view("x"), {Access::owner, Existing::replace});
  CHECK(mode(scratch / "a") == 0600);
}

TEST_CASE("missing folders are made", "[file]") {
  const test::Scratch scratch;
  write_file(scratch.path() / "x/y/z/a", view("1"));
  write_file(scratch.path() / "x/./y/../y/b", view("2"));
  write_file(scratch.path() / "p/./q/../r//c", view("3"));
  CHECK(read_text(scratch / "x/y/z/a") == "1");
  CHECK(read_text(scratch / "x/y/b") == "2");
  CHECK(read_text(scratch / "p/r/c") == "3");
}

TEST_CASE("a relative name is beside the working folder", "[file]") {
  const test::Scratch scratch;
  CHECK(in_child([&] {
          fs::current_path(scratch.path());
          write_file("a", view("1"));
          write_file("b/c", view("2"));
        }) == "done");
  CHECK(names(scratch.path()) == std::vector<std::string>{"a", "b"});
}

TEST_CASE("a link is replaced, not followed", "[file]") {
  const test::Scratch scratch;
  write_file(scratch / "kept", view("kept"));
  fs::create_symlink("kept", scratch / "link");
  fs::create_symlink("nowhere", scratch / "dangling");
  CHECK_THAT(thrown([&] { write_file(scratch / "link", view("x")); }),
             Catch::Contains("already exists"));
  CHECK_THAT(thrown([&] { write_file(scratch / "dangling", view("x")); }),
             Catch::Contains("already exists"));
  write_file(scratch / "link", view("new"), replace);
  write_file(scratch / "dangling", view("new"), replace);
  CHECK(read_text(scratch / "kept") == "kept");
  CHECK_FALSE(fs::is_symlink(scratch / "link"));
  CHECK(read_text(scratch / "link") == "new");
  CHECK(names(scratch.path()) == std::vector<std::string>{"dangling", "kept", "link"});
}

TEST_CASE("devices and folders are not replaced", "[file]") {
  const test::Scratch scratch;
  const auto folder = (scratch / "folder").string();
  fs::create_directory(folder);
  fs::create_symlink("/dev/null", scratch / "link");
  const auto link = (scratch / "link").string();
  CHECK(thrown([&] { write_file("/dev/null", view("x"), replace); }) ==
        "7 cannot write '/dev/null': not a regular file");
  CHECK(thrown([&] { write_file(link, view("x"), replace); }) ==
        "7 cannot write '" + link + "': not a regular file");
  for (const auto& target : {folder, folder + "/", folder + "/.", folder + "/.."})
    CHECK(thrown([&] { write_file(target, view("x"), replace); }) ==
          "7 cannot write '" + target + "': Is a directory");
  CHECK(names(scratch.path()) == std::vector<std::string>{"folder", "link"});
}

TEST_CASE("what cannot be written is named with the reason", "[file]") {
  const test::Scratch scratch;
  write_file(scratch / "file", view("x"));
  const auto below = (scratch / "file/a").string();
  CHECK(thrown([&] { write_file(below, view("x")); }) ==
        "7 cannot write '" + below + "': Not a directory");
  const auto deep = (scratch / "file/a/b/c").string();
  CHECK(thrown([&] { write_file(deep, view("x")); }) ==
        "7 cannot write '" + deep + "': Not a directory");
  CHECK_THAT(thrown([] { write_file("/proc/sealwright", view("x")); }),
             Catch::StartsWith("7 cannot write '/proc/sealwright': "));
  const auto lengthy = (scratch / std::string(300, 'n')).string();
  CHECK(thrown([&] { write_file(lengthy, view("x")); }) ==
        "7 cannot write '" + lengthy + "': File name too long");
  CHECK(names(scratch.path()) == std::vector<std::string>{"file"});
}

TEST_CASE("the longest name a file system takes can be written", "[file]") {
  const test::Scratch scratch;
  const auto path = scratch / std::string(255, 'n');
  write_file(path, view("1"));
  write_file(path, view("2"), replace);
  CHECK(read_text(path) == "2");
}

TEST_CASE("a user without the right to write gets a reason and changes nothing", "[file]") {
  if (::geteuid() != 0) {
    WARN("SKIPPED: needs root to become another user");
    return;
  }
  const test::Scratch scratch;
  fs::permissions(scratch.path(), fs::perms(0755));
  write_file(scratch / "a", view("old"));
  const auto path = (scratch / "a").string();
  const auto as_nobody = [&](const fs::path& target) {
    return in_child([&] {
      if (::setgid(65534) != 0 || ::setuid(65534) != 0) return;
      write_file(target, view("new"), replace);
    });
  };
  CHECK(as_nobody(path) == "7 cannot write '" + path + "': Permission denied");
  CHECK(as_nobody(scratch / "new/b") ==
        "7 cannot write '" + (scratch / "new/b").string() + "': Permission denied");
  CHECK(read_text(path) == "old");
  CHECK(names(scratch.path()) == std::vector<std::string>{"a"});

  // A folder that can be written but not read cannot be synced; the file is written all the same.
  fs::create_directory(scratch / "drop");
  fs::permissions(scratch / "drop", fs::perms(0333));
  CHECK(as_nobody(scratch / "drop/a") == "done");
  CHECK(read_text(scratch / "drop/a") == "new");
}

TEST_CASE("a write that fails half way leaves the old file and no other", "[file]") {
  const test::Scratch scratch;
  const auto path = scratch / "a";
  write_file(path, view("old"));
  CHECK(in_child([&] {
          ::signal(SIGXFSZ, SIG_IGN);
          const rlimit limit{100'000, 100'000};
          ::setrlimit(RLIMIT_FSIZE, &limit);
          write_file(path, Bytes(200'000), replace);
        }) == "7 cannot write '" + path.string() + "': File too large");
  CHECK(read_text(path) == "old");
  CHECK(names(scratch.path()) == std::vector<std::string>{"a"});
}

TEST_CASE("a process that is killed leaves nothing of what it was writing", "[file]") {
  const test::Scratch scratch;
  const int folder = ::open(scratch.path().c_str(), O_RDWR | O_TMPFILE | O_CLOEXEC, 0600);
  if (folder < 0) {
    WARN("SKIPPED: the file system has no files without a name");
    return;
  }
  ::close(folder);
  in_child([&] {
    AtomicFile one(scratch / "one", {Access::owner, Existing::refuse});
    AtomicFile other(scratch / "other", replace);
    one.write(view("secret"));
    other.write(view("half"));
    one.sync();
    ::kill(::getpid(), SIGKILL);
  });
  CHECK(names(scratch.path()).empty());
}

TEST_CASE(
    "systems that give no nameless files, or do not let them be named, hold the same promises",
    "[file]") {
  const bool given = GENERATE(false, true);
  const auto refuse_something = [given] {
    given ? forbid(SYS_linkat, 0, EPERM)                               // a sandbox
          : forbid(SYS_openat, O_TMPFILE & ~O_DIRECTORY, EOPNOTSUPP);  // NFS, FAT
  };
  const test::Scratch scratch;
  const auto a = scratch / "a", b = scratch / "b";
  const Umask umask(022);
  write_file(b, view("old"));
  CHECK(in_child([&] {
          refuse_something();
          AtomicFile file(a, {Access::owner, Existing::refuse});
          if (!given && names(scratch.path()).size() != 2)
            throw Error(Error::Kind::internal, "it has no name");
          file.write(view("new"));
          file.commit();
          write_file(b, view("new"), replace);
          AtomicFile(scratch / "c").write(view("given up"));
          write_file(a, view("newer"));
        }) == "5 '" + a.string() + "' already exists");
  CHECK(read_text(a) == "new");
  CHECK(read_text(b) == "new");
  CHECK(mode(a) == 0600);
  CHECK(mode(b) == 0644);
  CHECK(names(scratch.path()) == std::vector<std::string>{"a", "b"});
}

TEST_CASE("of files that belong together all are written, or none is new", "[file]") {
  const test::Scratch scratch;
  std::vector<std::size_t> told;
  const auto write = [&](std::vector<std::pair<std::string, Bytes>> files) {
    std::vector<NewFile> list;
    for (const auto& [name, bytes] : files) list.push_back({scratch / name, bytes, {}});
    return thrown([&] { write_files(list, [&](std::size_t i) { told.push_back(i); }); });
  };
  SECTION("all") {
    CHECK(write({{"a", Bytes{1}}, {"b", Bytes{2}}}) == "nothing");
    CHECK(names(scratch.path()) == std::vector<std::string>{"a", "b"});
    CHECK(told == std::vector<std::size_t>{0, 1});
  }
  SECTION("one is there already") {
    write_file(scratch / "b", view("old"));
    CHECK_THAT(write({{"a", Bytes{1}}, {"b", Bytes{2}}}), Catch::Contains("already exists"));
    CHECK(names(scratch.path()) == std::vector<std::string>{"b"});
  }
  SECTION("one does not fit") {
    CHECK(in_child([&] {
            ::signal(SIGXFSZ, SIG_IGN);
            const rlimit limit{100'000, 100'000};
            ::setrlimit(RLIMIT_FSIZE, &limit);
            const Bytes one(1), big(200'000);
            const NewFile files[] = {{scratch / "a", one, {}}, {scratch / "b", big, {}}};
            write_files(files);
          }) == "7 cannot write '" + (scratch / "b").string() + "': File too large");
    CHECK(names(scratch.path()).empty());
  }
  SECTION("more than may be open at once") {
    CHECK(in_child([&] {
            const rlimit limit{32, 32};
            ::setrlimit(RLIMIT_NOFILE, &limit);
            const Bytes byte(1);
            std::vector<NewFile> files;
            for (int i = 0; i < 100; ++i) files.push_back({scratch / std::to_string(i), byte, {}});
            write_files(files);
          }) == "done");
    CHECK(names(scratch.path()).size() == 100);
  }
}

TEST_CASE("a full disk, from within", "[.full-disk]") {
  const fs::path disk = std::getenv("SEALWRIGHT_TEST_DISK");
  write_file(disk / "a", view("old"));
  const auto full = "7 cannot write '" + (disk / "a").string() + "': No space left on device";
  CHECK(thrown([&] { write_file(disk / "a", Bytes(1 << 20), replace); }) == full);
  CHECK(read_text(disk / "a") == "old");
  CHECK(names(disk) == std::vector<std::string>{"a"});
  write_file(disk / "b", Bytes(8192));
}

TEST_CASE("a full disk leaves the old file and no other", "[file]") {
  const test::Scratch scratch;
  if (test::run({"unshare", "-rm", "mount", "-t", "tmpfs", "tmpfs", scratch.path().string()})
          .exit_code != 0) {
    WARN("SKIPPED: unshare cannot mount a small disk here");
    return;
  }
  ::setenv("SEALWRIGHT_TEST_DISK", scratch.path().c_str(), 1);
  const auto self = fs::read_symlink("/proc/self/exe").string();
  const auto ran =
      test::run({"unshare", "-rm", "sh", "-c",
                 "mount -t tmpfs -o size=64k tmpfs \"$SEALWRIGHT_TEST_DISK\" && exec \"$0\" "
                 "'[.full-disk]'",
                 self});
  INFO(ran.out << ran.err);
  CHECK(ran.exit_code == 0);
  CHECK_THAT(ran.out, Catch::Contains("All tests passed"));
}
