// Hashes of many files at once.

#include "driver/file_hash.h"

#include <atomic>
#include <exception>
#include <mutex>
#include <thread>

#include "base/error.h"
#include "driver/catalog_build.h"

namespace sealwright::driver {
namespace {
constexpr std::size_t chunk_bytes = 256 * 1024;

FileHashes hash_flat(const InputFile& file) {
  ossl::Hasher sha1(ossl::Digest::sha1), sha256(ossl::Digest::sha256);
  Bytes chunk(static_cast<std::size_t>(std::min<std::uint64_t>(chunk_bytes, file.size())));
  for (std::uint64_t at = 0; at < file.size();) {
    const auto count = std::min<std::uint64_t>(chunk.size(), file.size() - at);
    const auto part = std::span(chunk).first(static_cast<std::size_t>(count));
    file.read_at(at, part);
    sha1.update(part);
    sha256.update(part);
    at += count;
  }
  return {signing::MemberKind::flat, sha1.finish(), sha256.finish()};
}

FileHashes hash_pe(const InputFile& file, const signing::PeLayout& layout) {
  constexpr ossl::Digest digests[] = {ossl::Digest::sha1, ossl::Digest::sha256};
  const auto found = signing::digest_pe(file, layout, digests);
  return {signing::MemberKind::pe, found.digests[0], found.digests[1]};
}

/// Takes files off a common list until it is empty or one fails.
class Workers {
 public:
  Workers(const std::vector<std::filesystem::path>& paths, const Progress& progress)
      : paths_(paths), progress_(progress), hashes_(paths.size()), errors_(paths.size()) {}

  std::vector<FileHashes> run() {
    const auto cores = std::max(1U, std::thread::hardware_concurrency());
    const auto count = std::min<std::size_t>(cores, paths_.size());
    {
      std::vector<std::jthread> threads;
      for (std::size_t i = 1; i < count; ++i) threads.emplace_back([this] { work(); });
      work();
    }
    for (const auto& error : errors_)
      if (error) std::rethrow_exception(error);
    return std::move(hashes_);
  }

 private:
  void work() {
    for (auto i = next_++; i < paths_.size() && !failed_; i = next_++) {
      try {
        hashes_[i] = hash_file(paths_[i]);
        report();
      } catch (...) {
        errors_[i] = std::current_exception();
        failed_ = true;
      }
    }
  }
  void report() {
    if (!progress_) return;
    const std::lock_guard lock(mutex_);
    progress_(++done_, paths_.size());
  }

  const std::vector<std::filesystem::path>& paths_;
  const Progress& progress_;
  std::vector<FileHashes> hashes_;
  std::vector<std::exception_ptr> errors_;
  std::atomic<std::size_t> next_ = 0;
  std::atomic<bool> failed_ = false;
  std::mutex mutex_;
  std::uint64_t done_ = 0;
};
}  // namespace

std::optional<signing::PeLayout> signable_layout(const InputFile& file) {
  if (!signing::is_pe(file)) return std::nullopt;
  try {
    return signing::read_pe(file);
  } catch (const Error& error) {
    if (error.kind != Error::Kind::input) throw;
    return std::nullopt;
  }
}

FileHashes hash_file(const std::filesystem::path& path) {
  const InputFile file(path);
  const auto layout = signable_layout(file);
  return layout ? hash_pe(file, *layout) : hash_flat(file);
}

std::vector<FileHashes> hash_files(const std::vector<std::filesystem::path>& paths,
                                   const Progress& progress) {
  return Workers(paths, progress).run();
}

}  // namespace sealwright::driver
