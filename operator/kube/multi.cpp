#include "operator/kube/multi.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <optional>

#include "operator/kube/limits.hpp"

namespace ork::kube {
namespace asio = boost::asio;
using Clock = std::chrono::steady_clock;

// A socket stays registered with Asio from its first to its last day. curl takes its interest back
// and forth with every HTTP/1.1 request; that only changes `wanted`.
struct Multi::Socket {
  Socket(asio::io_context& io, curl_socket_t number, bool is_ours)
      : fd(number), ours(is_ours), descriptor(io, number) {}

  curl_socket_t fd;
  bool ours;  // opened by us, hence closed by us; else it belongs to curl's resolver
  bool open = true;
  bool reading = false;
  bool writing = false;
  int wanted = 0;  // CURL_POLL_IN and _OUT, the same bits as CURL_CSELECT_IN and _OUT
  asio::posix::stream_descriptor descriptor;
};

// curl names a new time on nearly every request. The timer is moved only when it must ring
// earlier; ringing too early is found out then and costs less.
struct Multi::Timer {
  explicit Timer(asio::io_context& io) : timer(io) {}
  asio::steady_timer timer;
  std::optional<Clock::time_point> armed;
  std::optional<Clock::time_point> wanted;
};

struct Multi::Callbacks {
  static int socket(CURL*, curl_socket_t fd, int what, void* self, void*) {
    static_cast<Multi*>(self)->want_socket(fd, what);
    return 0;
  }

  static int timer(CURLM*, long timeout_ms, void* self) {
    static_cast<Multi*>(self)->want_timer(timeout_ms);
    return 0;
  }

  static curl_socket_t open(void* self, curlsocktype, curl_sockaddr* address) {
    auto& multi = *static_cast<Multi*>(self);
    const int fd = ::socket(address->family, address->socktype | SOCK_CLOEXEC | SOCK_NONBLOCK, address->protocol);
    if (fd < 0) return CURL_SOCKET_BAD;
    // A peer that vanished without a FIN is noticed by data that nobody acknowledges.
    const auto timeout_ms = static_cast<unsigned>(limits::unacknowledged.count());
    ::setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &timeout_ms, sizeof timeout_ms);
    multi.sockets_[fd] = std::make_shared<Socket>(multi.io_, fd, true);
    return fd;
  }

  static int close(void* self, curl_socket_t fd) {
    auto& multi = *static_cast<Multi*>(self);
    const auto it = multi.sockets_.find(fd);
    if (it == multi.sockets_.end()) return ::close(fd);
    const auto socket = it->second;
    multi.sockets_.erase(it);
    socket->open = false;
    boost::system::error_code ignored;
    socket->descriptor.close(ignored);
    return 0;
  }
};

Multi::Multi(asio::io_context& io, std::weak_ptr<Sink> sink)
    : io_(io), sink_(std::move(sink)), timer_(std::make_unique<Timer>(io)), born_(Clock::now()) {}

std::shared_ptr<Multi> Multi::make(asio::io_context& io, std::weak_ptr<Sink> sink, long max_connections) {
  // Function-local: initialised once, thread-safe, before the first handle.
  static const CURLcode initialised = curl_global_init(CURL_GLOBAL_DEFAULT);
  static_cast<void>(initialised);
  std::shared_ptr<Multi> self(new Multi(io, std::move(sink)));
  self->multi_ = curl_multi_init();
  curl_multi_setopt(self->multi_, CURLMOPT_SOCKETFUNCTION, &Callbacks::socket);
  curl_multi_setopt(self->multi_, CURLMOPT_SOCKETDATA, self.get());
  curl_multi_setopt(self->multi_, CURLMOPT_TIMERFUNCTION, &Callbacks::timer);
  curl_multi_setopt(self->multi_, CURLMOPT_TIMERDATA, self.get());
  curl_multi_setopt(self->multi_, CURLMOPT_PIPELINING, CURLPIPE_MULTIPLEX);
  self->set_max_connections(max_connections);
  return self;
}

Multi::~Multi() { close(); }

void Multi::close() {
  if (multi_ == nullptr) return;
  curl_multi_cleanup(multi_);
  multi_ = nullptr;
  for (auto& [fd, socket] : sockets_) {
    socket->open = false;
    if (!socket->ours) socket->descriptor.release();
  }
  sockets_.clear();
  timer_->timer.cancel();
}

bool Multi::add(CURL* easy) {
  curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, &Callbacks::open);
  curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, this);
  curl_easy_setopt(easy, CURLOPT_CLOSESOCKETFUNCTION, &Callbacks::close);
  curl_easy_setopt(easy, CURLOPT_CLOSESOCKETDATA, this);
  return multi_ != nullptr && curl_multi_add_handle(multi_, easy) == CURLM_OK;
}

void Multi::remove(CURL* easy) {
  if (multi_ != nullptr) curl_multi_remove_handle(multi_, easy);
}

void Multi::set_max_connections(long connections) {
  if (multi_ == nullptr) return;
  curl_multi_setopt(multi_, CURLMOPT_MAX_TOTAL_CONNECTIONS, connections);
  curl_multi_setopt(multi_, CURLMOPT_MAX_HOST_CONNECTIONS, connections);
  curl_multi_setopt(multi_, CURLMOPT_MAXCONNECTS, connections);
}

void Multi::want_timer(long timeout_ms) {
  if (timeout_ms < 0) {
    timer_->wanted.reset();
  } else if (timeout_ms == 0) {
    timer_->wanted.reset();
    kick();
  } else {
    const auto when = Clock::now() + std::chrono::milliseconds(timeout_ms);
    timer_->wanted = when;
    if (!timer_->armed || when < *timer_->armed) arm_timer(when);
  }
}

void Multi::arm_timer(Clock::time_point when) {
  timer_->armed = when;
  timer_->timer.expires_at(when);
  timer_->timer.async_wait([weak = weak_from_this()](boost::system::error_code error) {
    if (error) return;
    if (const auto self = weak.lock()) self->on_timer();
  });
}

void Multi::on_timer() {
  timer_->armed.reset();
  if (multi_ == nullptr || !timer_->wanted) return;
  if (*timer_->wanted > Clock::now()) return arm_timer(*timer_->wanted);
  timer_->wanted.reset();
  act(CURL_SOCKET_TIMEOUT, 0);
}

// "At once" is what curl asks for whenever a handle is added: one turn serves all that were added
// in the meantime, without a system call for the timer.
void Multi::kick() {
  if (kicked_) return;
  kicked_ = true;
  asio::post(io_, [weak = weak_from_this()] {
    const auto self = weak.lock();
    if (!self) return;
    self->kicked_ = false;
    self->act(CURL_SOCKET_TIMEOUT, 0);
  });
}

void Multi::want_socket(curl_socket_t fd, int what) {
  auto it = sockets_.find(fd);
  if (what == CURL_POLL_REMOVE) {
    if (it == sockets_.end()) return;
    it->second->wanted = 0;
    if (it->second->ours) return;
    // curl closes it itself right after this; Asio must have let go of it before.
    it->second->open = false;
    it->second->descriptor.release();
    sockets_.erase(it);
    return;
  }
  if (it == sockets_.end()) it = sockets_.emplace(fd, std::make_shared<Socket>(io_, fd, false)).first;
  it->second->wanted = what;
  arm(it->second);
}

void Multi::arm(const std::shared_ptr<Socket>& socket) {
  if ((socket->wanted & CURL_POLL_IN) != 0 && !socket->reading) {
    socket->reading = true;
    socket->descriptor.async_wait(asio::posix::stream_descriptor::wait_read,
                                  [weak = weak_from_this(), socket](boost::system::error_code error) {
                                    socket->reading = false;
                                    const auto self = weak.lock();
                                    if (self) self->on_ready(socket, CURL_CSELECT_IN, bool(error));
                                  });
  }
  if ((socket->wanted & CURL_POLL_OUT) != 0 && !socket->writing) {
    socket->writing = true;
    socket->descriptor.async_wait(asio::posix::stream_descriptor::wait_write,
                                  [weak = weak_from_this(), socket](boost::system::error_code error) {
                                    socket->writing = false;
                                    const auto self = weak.lock();
                                    if (self) self->on_ready(socket, CURL_CSELECT_OUT, bool(error));
                                  });
  }
}

void Multi::on_ready(const std::shared_ptr<Socket>& socket, int event, bool failed) {
  if (multi_ == nullptr || !socket->open || (socket->wanted & event) == 0) return;
  act(socket->fd, failed ? CURL_CSELECT_ERR : event);
  if (multi_ != nullptr && socket->open) arm(socket);
}

void Multi::act(curl_socket_t fd, int events) {
  if (multi_ == nullptr) return;
  int running = 0;
  curl_multi_socket_action(multi_, fd, events, &running);
  drain();
}

void Multi::drain() {
  const auto sink = sink_.lock();
  if (!sink) return;
  sink->on_turn();
  int left = 0;
  while (multi_ != nullptr) {
    const CURLMsg* message = curl_multi_info_read(multi_, &left);
    if (message == nullptr) return;
    if (message->msg == CURLMSG_DONE) sink->on_done(message->easy_handle, message->data.result);
  }
}

}  // namespace ork::kube
