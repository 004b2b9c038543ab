#pragma once

// One curl multi handle on Asio: it owns sockets and timers, adds and removes easy handles, and
// says which are done. It knows nothing of requests.
//
// Handlers of the sink run after curl has returned, never within one of its callbacks, so they may
// add and remove handles, and may even close this Multi.

#include <curl/curl.h>

#include <chrono>
#include <memory>
#include <unordered_map>

namespace boost::asio {
class io_context;
}

namespace ork::kube {

class Multi : public std::enable_shared_from_this<Multi> {
 public:
  class Sink {
   public:
    virtual ~Sink() = default;
    // After each turn of curl: bytes may have arrived.
    virtual void on_turn() = 0;
    virtual void on_done(CURL* easy, CURLcode code) = 0;
  };

  // `io` must outlive it; `sink` may go first.
  static std::shared_ptr<Multi> make(boost::asio::io_context& io, std::weak_ptr<Sink> sink, long max_connections);
  ~Multi();
  Multi(const Multi&) = delete;
  Multi& operator=(const Multi&) = delete;

  // False where curl refuses the handle (out of memory).
  bool add(CURL* easy);
  // Ends the transfer without a word from the sink. Safe for handles that are done.
  void remove(CURL* easy);
  void set_max_connections(long connections);
  // Closes all connections. All handles must have been removed. Nothing is called afterwards.
  void close();
  std::chrono::steady_clock::time_point born() const { return born_; }

 private:
  struct Socket;
  struct Timer;
  struct Callbacks;  // curl's C callbacks

  Multi(boost::asio::io_context& io, std::weak_ptr<Sink> sink);

  void want_timer(long timeout_ms);
  void arm_timer(std::chrono::steady_clock::time_point when);
  void on_timer();
  void kick();
  void want_socket(curl_socket_t fd, int what);
  void arm(const std::shared_ptr<Socket>& socket);
  void on_ready(const std::shared_ptr<Socket>& socket, int event, bool failed);
  void act(curl_socket_t fd, int events);
  void drain();

  boost::asio::io_context& io_;
  std::weak_ptr<Sink> sink_;
  CURLM* multi_ = nullptr;
  std::unordered_map<curl_socket_t, std::shared_ptr<Socket>> sockets_;
  std::unique_ptr<Timer> timer_;
  bool kicked_ = false;
  std::chrono::steady_clock::time_point born_;
};

}  // namespace ork::kube
