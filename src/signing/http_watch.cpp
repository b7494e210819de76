#include "signing/http_watch.h"

#include <fcntl.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace sealwright::signing {
namespace {

constexpr std::chrono::milliseconds interval{20};

std::uint64_t bytes_received(int socket) {
  tcp_info info{};
  socklen_t length = sizeof info;
  if (::getsockopt(socket, IPPROTO_TCP, TCP_INFO, &info, &length) != 0) return 0;
  return info.tcpi_bytes_received;
}

}  // namespace

ConversationWatch::ConversationWatch(std::chrono::milliseconds limit, std::uint64_t max_bytes)
    : limit_(limit), max_bytes_(max_bytes), thread_([this] { run(); }) {}

ConversationWatch::~ConversationWatch() {
  {
    const std::lock_guard lock(mutex_);
    over_ = true;
  }
  changed_.notify_all();
  thread_.join();
  if (socket_ >= 0) ::close(socket_);
}

void ConversationWatch::adopt(int socket) {
  const int duplicate = ::fcntl(socket, F_DUPFD_CLOEXEC, 0);
  const std::lock_guard lock(mutex_);
  if (socket_ >= 0) ::close(socket_);
  socket_ = duplicate;
}

ConversationWatch::Verdict ConversationWatch::verdict() {
  const std::lock_guard lock(mutex_);
  return verdict_;
}

ConversationWatch::Verdict ConversationWatch::look(
    std::chrono::steady_clock::time_point deadline) const {
  if (std::chrono::steady_clock::now() >= deadline) return Verdict::too_long;
  if (socket_ >= 0 && bytes_received(socket_) > max_bytes_) return Verdict::too_much;
  return Verdict::fine;
}

void ConversationWatch::run() {
  const auto deadline = std::chrono::steady_clock::now() + limit_;
  std::unique_lock lock(mutex_);
  while (!changed_.wait_for(lock, interval, [this] { return over_; })) {
    if (verdict_ == Verdict::fine) verdict_ = look(deadline);
    // Again each time: another socket may have been adopted since.
    if (verdict_ != Verdict::fine && socket_ >= 0) ::shutdown(socket_, SHUT_RDWR);
  }
}

}  // namespace sealwright::signing
