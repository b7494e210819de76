#pragma once
// Bytes that are wiped: passphrases, keys, and what is about to be encrypted.

#include <string_view>

#include "base/bytes.h"

namespace sealwright::ossl {

/// Move-only secret bytes, wiped when they end (OPENSSL_cleanse) and never copied by accident.
class Secret {
 public:
  Secret() = default;
  explicit Secret(std::size_t size) : bytes_(size) {}
  explicit Secret(BytesView bytes) : bytes_(bytes.begin(), bytes.end()) {}
  explicit Secret(Bytes&& bytes) noexcept : bytes_(std::move(bytes)) {}
  explicit Secret(std::string_view text) : Secret(sealwright::view(text)) {}
  Secret(Secret&& other) noexcept : bytes_(std::move(other.bytes_)) { other.bytes_.clear(); }
  Secret& operator=(Secret&& other) noexcept;
  ~Secret() { wipe(); }

  Secret clone() const { return Secret(view()); }
  BytesView view() const { return bytes_; }
  std::string_view text() const {
    return {reinterpret_cast<const char*>(bytes_.data()), bytes_.size()};
  }
  std::span<std::uint8_t> writable() { return bytes_; }
  std::size_t size() const { return bytes_.size(); }
  bool empty() const { return bytes_.empty(); }
  void wipe() noexcept;

 private:
  Bytes bytes_;
};

}  // namespace sealwright::ossl
