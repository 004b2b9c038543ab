#pragma once

// Requests of one sort (calls, or streams) on connections of their own: a bounded queue, a window
// of transfers in flight, the gate of Retry-After, and the one repetition after a 401.
//
// A transfer is queued, then active, then settled. The window is 1 until the first answer shows
// which HTTP the server speaks; then HTTP/2 gets many transfers on few connections and HTTP/1.1 few
// transfers on as many connections.

#include <chrono>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "operator/kube/call_info.hpp"
#include "operator/kube/credentials.hpp"
#include "operator/kube/gate.hpp"
#include "operator/kube/multi.hpp"
#include "operator/kube/transfer.hpp"

namespace ork::kube {

struct Endpoint;
class HeaderLists;

struct LaneLimits {
  std::size_t in_flight = 0;  // with HTTP/2
  long connections = 0;       // with HTTP/2
  std::size_t http1 = 0;      // transfers, each with its connection, with HTTP/1.1
  std::size_t queued = 0;
};

class Lane final : public Multi::Sink, public std::enable_shared_from_this<Lane> {
 public:
  // `gate` may be shared by lanes of one transport.
  Lane(boost::asio::io_context& io, std::shared_ptr<Credentials> credentials, std::shared_ptr<Gate> gate,
       LaneLimits limits, CallObserver observer);
  ~Lane() override;
  Lane(const Lane&) = delete;
  Lane& operator=(const Lane&) = delete;

  void submit(std::shared_ptr<Transfer> transfer);
  // Nobody wants to know any more: ends it without a word.
  void cancel(Transfer& transfer);
  // Ends everything without a word, and for good.
  void close();

  // Called by curl, within its callbacks.
  std::size_t take_bytes(Transfer& transfer, const char* data, std::size_t size);
  void take_header(Transfer& transfer, std::string_view line);

  void on_turn() override;
  void on_done(CURL* easy, CURLcode code) override;

 private:
  using Clock = Transfer::Clock;
  enum class Protocol { Unknown, Http1, Http2 };
  struct Wake;

  // Sending (lane.cpp)
  void pump();
  bool have_credentials(std::shared_ptr<const Material>& material);
  bool renew(std::uint64_t seen);
  void start(const std::shared_ptr<Transfer>& transfer, std::shared_ptr<const Material> material);
  std::size_t window() const;
  void learn_protocol(CURL* easy);
  void detach(Transfer& transfer);
  void touch(Transfer& transfer);
  void deliver(Transfer& transfer);

  // Ends (lane_ends.cpp)
  bool repeat(const std::shared_ptr<Transfer>& transfer, std::uint64_t seen);
  Error error_of(const Transfer& transfer, const Ending& ending,
                 std::optional<std::chrono::milliseconds> retry_after) const;
  void settle(const std::shared_ptr<Transfer>& transfer, std::optional<Error> error);
  void observe(const Transfer& transfer, std::optional<Errc> error) const;
  void fail_queue(const Error& error);
  void fail_later(std::shared_ptr<Transfer> transfer, Error error);
  Ending ending_of(const Transfer& transfer, CURLcode code) const;
  void leave_connection(const Transfer& transfer);
  void wake_at(Clock::time_point when);
  void sweep();
  void end_late(const std::shared_ptr<Transfer>& transfer, Clock::time_point now);

  boost::asio::io_context& io_;
  std::shared_ptr<Credentials> credentials_;
  std::shared_ptr<Gate> gate_;
  LaneLimits limits_;
  CallObserver observer_;
  std::unique_ptr<Endpoint> endpoint_;
  std::unique_ptr<HeaderLists> headers_;
  std::string url_;  // reused: the server's URL, then the request's path
  std::shared_ptr<Multi> multi_;
  Protocol protocol_ = Protocol::Unknown;
  std::deque<std::shared_ptr<Transfer>> queue_;
  std::vector<std::shared_ptr<Transfer>> active_;
  std::vector<std::shared_ptr<Transfer>> touched_;
  std::vector<std::unique_ptr<Easy>> idle_;
  std::unique_ptr<Wake> wake_;
  std::string scratch_;
  bool waiting_for_credentials_ = false;
  bool closed_ = false;
};

}  // namespace ork::kube
