#include "operator/embedded/http/http_server.hpp"

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <unordered_map>
#include <utility>
#include <vector>

#include "operator/embedded/http/answer_text.hpp"
#include "operator/embedded/http/session.hpp"

namespace ork::embedded {
namespace asio = boost::asio;
using asio::ip::tcp;
using Error = boost::system::error_code;
using std::chrono::milliseconds;

struct HttpServer::Impl final : SessionOwner, std::enable_shared_from_this<Impl> {
  Impl(asio::io_context& io, Handler& h, HttpOptions o)
      : handler_(h), options_(std::move(o)), acceptor(io), accept_timer(io), clock_timer(io) {}

  Handler& handler() override { return handler_; }
  const HttpOptions& options() const override { return options_; }
  std::string_view date() override;
  void closed(Session& session) override;

  Status<std::string> listen();
  Status<std::string> show_identity();
  void accept();
  void accepted(tcp::socket socket);
  void watch_clock();
  void stop(std::function<void()> done);
  void close_all();
  std::vector<std::shared_ptr<Session>> all() const;

  Handler& handler_;
  HttpOptions options_;
  std::optional<asio::ssl::context> tls;
  tcp::acceptor acceptor;
  std::string url;
  std::uint16_t port = 0;
  asio::steady_timer accept_timer;
  asio::steady_timer clock_timer;
  bool accepting = false;
  bool watching = false;
  std::unordered_map<Session*, std::shared_ptr<Session>> sessions;
  Session::Clock::time_point stop_deadline = Session::Clock::time_point::max();
  std::function<void()> on_stopped;
  std::int64_t date_second = -1;
  std::string date_text;
};

std::string_view HttpServer::Impl::date() {
  const auto since = std::chrono::system_clock::now().time_since_epoch();
  const std::int64_t second = std::chrono::duration_cast<std::chrono::seconds>(since).count();
  if (second != date_second) {
    date_second = second;
    date_text = http_date(second);
  }
  return date_text;
}

Status<std::string> HttpServer::Impl::show_identity() {
  if (!options_.identity) return Done{};
  Error error;
  tls.emplace(asio::ssl::context::tls_server);
  tls->set_options(
      asio::ssl::context::default_workarounds | asio::ssl::context::no_tlsv1 | asio::ssl::context::no_tlsv1_1, error);
  if (!error) tls->use_certificate(asio::buffer(options_.identity->certificate), asio::ssl::context::pem, error);
  if (!error) tls->use_private_key(asio::buffer(options_.identity->key), asio::ssl::context::pem, error);
  if (error) return Err(std::string("the API's certificate or its key can't be used: " + error.message()));
  return Done{};
}

Status<std::string> HttpServer::Impl::listen() {
  if (options_.token.empty()) return Err(std::string("the API needs a token; without one anyone could use it"));
  Error error;
  const auto address = asio::ip::make_address(options_.address, error);
  if (error || !address.is_loopback()) {
    return Err("the API listens on loopback only (127.0.0.1 or ::1), not on " + options_.address);
  }
  if (auto shown = show_identity(); !shown) return shown;
  const tcp::endpoint endpoint(address, options_.port);
  acceptor.open(endpoint.protocol(), error);
  if (!error) acceptor.set_option(asio::socket_base::reuse_address(true), error);
  if (!error) acceptor.bind(endpoint, error);
  if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
  tcp::endpoint bound;
  if (!error) bound = acceptor.local_endpoint(error);
  if (error) {
    return Err("the API can't listen on " + options_.address + ", port " + std::to_string(options_.port) + ": " +
               error.message());
  }
  const std::string host = address.is_v6() ? "[" + address.to_string() + "]" : address.to_string();
  port = bound.port();
  url = (tls ? "https://" : "http://") + host + ":" + std::to_string(port);
  return Done{};
}

// At the limit nothing is accepted: the kernel keeps those who wait until a connection ends.
void HttpServer::Impl::accept() {
  if (accepting || !acceptor.is_open() || sessions.size() >= http_limits::connections) return;
  accepting = true;
  acceptor.async_accept([weak = weak_from_this()](const Error& error, tcp::socket socket) {
    const auto self = weak.lock();
    if (!self) return;
    self->accepting = false;
    if (!self->acceptor.is_open()) return;
    if (!error) {
      self->accepted(std::move(socket));
      return self->accept();
    }
    self->accept_timer.expires_after(http_limits::accept_pause);  // no file to be had: not again at once
    self->accept_timer.async_wait([weak](const Error& cancelled) {
      const auto later = weak.lock();
      if (later && !cancelled) later->accept();
    });
  });
}

void HttpServer::Impl::accepted(tcp::socket socket) {
  Error ignored;
  socket.set_option(tcp::no_delay(true), ignored);
  auto bytes = tls ? tls_stream(std::move(socket), *tls) : plain_stream(std::move(socket));
  const auto session = std::make_shared<Session>(*this, std::move(bytes));
  sessions.emplace(session.get(), session);
  session->start();
  watch_clock();
}

void HttpServer::Impl::closed(Session& session) {
  sessions.erase(&session);
  if (sessions.empty() && on_stopped) {
    clock_timer.cancel();
    asio::post(acceptor.get_executor(), std::exchange(on_stopped, nullptr));
  }
  accept();
}

std::vector<std::shared_ptr<Session>> HttpServer::Impl::all() const {
  std::vector<std::shared_ptr<Session>> out;
  out.reserve(sessions.size());
  for (const auto& [_, session] : sessions) out.push_back(session);
  return out;
}

// One timer for all: time-outs are of seconds, and a request would pay for setting its own. There is
// none while nobody is connected.
void HttpServer::Impl::watch_clock() {
  if (watching) return;
  watching = true;
  const HttpTimeouts& t = options_.timeouts;
  const auto shortest = std::min({t.idle, t.head, t.body, t.answer, t.write, t.stop});
  clock_timer.expires_after(std::clamp(shortest / 4, milliseconds(5), milliseconds(500)));
  clock_timer.async_wait([weak = weak_from_this()](const Error& cancelled) {
    const auto self = weak.lock();
    if (!self) return;
    self->watching = false;
    if (cancelled) return;
    const auto now = Session::Clock::now();
    if (now >= self->stop_deadline) return self->close_all();
    for (const auto& session : self->all()) session->look_at_clock(now);
    if (!self->sessions.empty()) self->watch_clock();
  });
}

void HttpServer::Impl::stop(std::function<void()> done) {
  Error ignored;
  acceptor.close(ignored);
  accept_timer.cancel();
  stop_deadline = Session::Clock::now() + options_.timeouts.stop;
  if (sessions.empty()) {
    asio::post(acceptor.get_executor(), std::move(done));
    return;
  }
  on_stopped = std::move(done);
  for (const auto& session : all()) session->stop();
}

void HttpServer::Impl::close_all() {
  for (const auto& session : all()) session->close();
}

Result<std::unique_ptr<HttpServer>, std::string> HttpServer::open(asio::io_context& io, Handler& handler,
                                                                  HttpOptions options) {
  auto impl = std::make_shared<Impl>(io, handler, std::move(options));
  if (auto listening = impl->listen(); !listening) return Err(listening.error());
  impl->accept();
  return std::unique_ptr<HttpServer>(new HttpServer(std::move(impl)));
}

HttpServer::HttpServer(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}

HttpServer::~HttpServer() {
  Error ignored;
  impl_->acceptor.close(ignored);
  impl_->on_stopped = nullptr;
  impl_->close_all();
}

std::uint16_t HttpServer::port() const { return impl_->port; }
std::string HttpServer::url() const { return impl_->url; }
std::size_t HttpServer::connections() const { return impl_->sessions.size(); }
void HttpServer::stop(std::function<void()> done) { impl_->stop(std::move(done)); }

}  // namespace ork::embedded
