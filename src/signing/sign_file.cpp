// Signing PE files and catalogs.

#include <sys/stat.h>

#include <exception>
#include <thread>

#include "base/encoding.h"
#include "base/error.h"
#include "signing/file.h"
#include "signing/naming.h"
#include "signing/supported.h"

namespace sealwright::signing {
namespace {
namespace fs = std::filesystem;

/// The new file, with what it takes over from the old one.
class Output {
 public:
  Output(const InputFile& in, const fs::path& out, Existing existing)
      : in_(in),
        before_(state_of(in)),
        path_(target(in, out)),
        file_(path_, {Access::everyone, rule(in, out, existing)}) {
    ::fchmod(file_.fd(), before_.st_mode & 0777);
  }
  AtomicFile& file() { return file_; }
  WritableFile writable() const { return {file_.fd(), path_}; }
  /// Makes it appear, unless the input is no longer what was digested.
  void commit() {
    const struct stat now = state_of(in_);
    const bool same = now.st_size == before_.st_size &&
                      now.st_mtim.tv_sec == before_.st_mtim.tv_sec &&
                      now.st_mtim.tv_nsec == before_.st_mtim.tv_nsec;
    if (!same)
      throw Error(Error::Kind::state, quoted(in_.path()) + " changed while it was being signed",
                  "sign it when nothing else writes to it");
    file_.commit();
  }

 private:
  static struct stat state_of(const InputFile& in) {
    struct stat status {};
    if (::fstat(in.fd(), &status) != 0)
      throw Error(Error::Kind::io, "cannot read " + quoted(in.path()));
    return status;
  }
  static bool in_place(const InputFile& in, const fs::path& out) {
    return fs::absolute(in.path()).lexically_normal() == fs::absolute(out).lexically_normal();
  }
  /// In place a link stays a link: the file it leads to is replaced.
  static fs::path target(const InputFile& in, const fs::path& out) {
    return in_place(in, out) ? fs::canonical(out) : out;
  }
  static Existing rule(const InputFile& in, const fs::path& out, Existing existing) {
    return in_place(in, out) ? Existing::replace : existing;
  }

  const InputFile& in_;
  struct stat before_;
  fs::path path_;
  AtomicFile file_;
};

/// Runs `work` beside the caller; join() passes its exception on.
class Beside {
 public:
  template <class Work>
  explicit Beside(Work work)
      : thread_([this, work] {
          try {
            work();
          } catch (...) {
            error_ = std::current_exception();
          }
        }) {}
  ~Beside() {
    if (thread_.joinable()) thread_.join();
  }
  Beside(const Beside&) = delete;
  Beside& operator=(const Beside&) = delete;
  void join() {
    thread_.join();
    if (error_) std::rethrow_exception(error_);
  }

 private:
  std::exception_ptr error_;
  std::thread thread_;
};

SignedFile describe(FileKind kind, const SignOptions& options, BytesView digest,
                    Signature signature) {
  SignedFile result;
  result.kind = kind;
  result.digest = options.digest;
  result.file_digest = to_hex(digest);
  result.signature_sha256 = to_hex(ossl::hash(ossl::Digest::sha256, signature.der));
  result.timestamp = std::move(signature.timestamp);
  return result;
}

SignedFile sign_pe(const InputFile& in, Output& out, const Identity& identity,
                   const SignOptions& options, const Progress& progress) {
  const PeLayout found = read_pe(in);
  if (found.trailing_bytes() != 0)
    throw Error(Error::Kind::input,
                quoted(in.path()) + " has " + std::to_string(found.trailing_bytes()) +
                    " bytes after its certificate table, where no signature covers them",
                "take them or the old signature off before signing");
  const PeLayout layout = without_signature(found);
  Beside copy([&] { copy_content(in, layout, out.writable()); });
  DigestOptions digest_options;
  if (options.page_hashes)
    digest_options.page_hashes =
        options.digest == ossl::Digest::sha1 ? ossl::Digest::sha1 : ossl::Digest::sha256;
  const PeDigests digests =
      digest_pe(in, layout, std::span(&options.digest, 1), digest_options, progress);
  const Bytes image = pe_image_data(ImageFlags::none, digests.page_hashes);
  const IndirectData data{oids::pe_image_data, image, options.digest, digests.digests.front()};
  Signature signature = sign_content(oids::indirect_data, encode(data), identity, options);
  copy.join();
  embed_signature(layout, digests, signature.der, out.writable());
  SignedFile result =
      describe(FileKind::pe, options, digests.digests.front(), std::move(signature));
  result.replaced = found.has_table();
  return result;
}

/// The catalog that `in` is, signed or not, with nothing behind it.
x509::SignedData read_catalog_data(const InputFile& in) {
  try {
    x509::SignedData data = x509::read_signed_data(read_catalog_bytes(in));
    if (data.content_type == oids::trust_list && !data.content.empty()) return data;
  } catch (const Error& error) {
    throw with_prefix(error, quoted(in.path()));
  }
  throw Error(Error::Kind::input, quoted(in.path()) + " is signed data, but no catalog");
}

SignedFile sign_catalog(const InputFile& in, Output& out, const Identity& identity,
                        const SignOptions& options) {
  if (options.page_hashes)
    throw Error(Error::Kind::usage, quoted(in.path()) + " is a catalog and has no pages to hash",
                "make the catalog with page hashes");
  const x509::SignedData before = read_catalog_data(in);
  Signature signature = sign_content(oids::trust_list, before.content, identity, options);
  out.file().write(signature.der);
  const Bytes digest = ossl::hash(options.digest, x509::digested_content(before));
  SignedFile result = describe(FileKind::catalog, options, digest, std::move(signature));
  result.replaced = !before.signers.empty();
  return result;
}

}  // namespace

SignedFile sign_file(const fs::path& in, const fs::path& out, const Identity& identity,
                     const SignOptions& options, Existing existing, const Progress& progress) {
  const InputFile file(in);
  const FileKind kind = detect(file);
  demand_supported(file, kind);
  Output output(file, out, existing);
  SignedFile result = kind == FileKind::pe ? sign_pe(file, output, identity, options, progress)
                                           : sign_catalog(file, output, identity, options);
  output.commit();
  return result;
}

}  // namespace sealwright::signing
