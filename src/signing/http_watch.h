#pragma once
// Inside signing only: bounds a conversation over a socket from outside, whatever its reader does.

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <thread>

namespace sealwright::signing {

/// Ends the conversation on a socket when it takes too long or brings too much: the HTTP library
/// bounds each wait and the body, but neither the whole nor the headers.
class ConversationWatch {
 public:
  enum class Verdict { fine, too_long, too_much };

  ConversationWatch(std::chrono::milliseconds limit, std::uint64_t max_bytes);
  ~ConversationWatch();
  ConversationWatch(const ConversationWatch&) = delete;
  ConversationWatch& operator=(const ConversationWatch&) = delete;

  /// The socket that is used from now on; it stays the caller's.
  void adopt(int socket);
  Verdict verdict();

 private:
  void run();
  Verdict look(std::chrono::steady_clock::time_point deadline) const;

  std::chrono::milliseconds limit_;
  std::uint64_t max_bytes_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool over_ = false;
  int socket_ = -1;  ///< A duplicate.
  Verdict verdict_ = Verdict::fine;
  std::thread thread_;
};

}  // namespace sealwright::signing
