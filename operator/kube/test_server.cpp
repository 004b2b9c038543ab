#include "operator/kube/test_server.hpp"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/impl/src.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>

namespace ork::kube::testing {
namespace asio = boost::asio;
namespace http = boost::beast::http;
namespace ssl = boost::asio::ssl;
using asio::use_awaitable;
using asio::ip::tcp;

struct TestServer::State : std::enable_shared_from_this<State> {
  State(asio::io_context& io, const Certificate& ca, Script s)
      : authority(ca),
        script(std::move(s)),
        tls(ssl::context::tls_server),
        acceptor(io, tcp::endpoint(asio::ip::make_address("127.0.0.1"), 0)) {}

  using Socket = ssl::stream<tcp::socket>;

  Certificate authority;
  Script script;
  ssl::context tls;
  tcp::acceptor acceptor;
  std::vector<Seen> seen;
  std::vector<std::weak_ptr<Socket>> sockets;
  std::size_t connections = 0;
  std::size_t open = 0;
  std::size_t peak = 0;

  static asio::awaitable<void> accept(std::shared_ptr<State> self);
  static asio::awaitable<void> serve(std::shared_ptr<State> self, std::shared_ptr<Socket> socket);
  asio::awaitable<bool> answer(Socket& socket, const Reply& reply);
  asio::awaitable<void> wait_for_ever(Socket& socket);
};

namespace {

// A reset rather than an orderly end: what a crashing server does.
void reset(tcp::socket& socket) {
  boost::system::error_code ignored;
  socket.set_option(asio::socket_base::linger(true, 0), ignored);
  socket.close(ignored);
}

}  // namespace

asio::awaitable<void> TestServer::State::accept(std::shared_ptr<State> self) {
  const auto executor = co_await asio::this_coro::executor;
  for (;;) {
    tcp::socket accepted = co_await self->acceptor.async_accept(use_awaitable);
    accepted.set_option(tcp::no_delay(true));
    auto socket = std::make_shared<Socket>(std::move(accepted), self->tls);
    self->sockets.push_back(socket);
    ++self->connections;
    self->peak = std::max(self->peak, ++self->open);
    asio::co_spawn(executor, serve(self, socket), [self](const std::exception_ptr&) { --self->open; });
  }
}

asio::awaitable<void> TestServer::State::serve(std::shared_ptr<State> self, std::shared_ptr<Socket> socket) {
  co_await socket->async_handshake(ssl::stream_base::server, use_awaitable);
  boost::beast::flat_buffer buffer;
  for (;;) {
    http::request_parser<http::string_body> parser;
    parser.body_limit(64u << 20);
    co_await http::async_read(*socket, buffer, parser, use_awaitable);
    const auto& request = parser.get();
    const auto header = [&request](http::field f) { return std::string(request[f]); };
    Seen seen_now{std::string(request.method_string()),
                  std::string(request.target()),
                  request.body(),
                  header(http::field::authorization),
                  header(http::field::accept),
                  header(http::field::content_type),
                  header(http::field::host)};
    const std::size_t n = self->seen.size();
    self->seen.push_back(seen_now);
    const Reply reply = self->script(seen_now, n);
    if (!co_await self->answer(*socket, reply)) co_return;
  }
}

asio::awaitable<void> TestServer::State::wait_for_ever(Socket& socket) {
  char byte = 0;
  co_await asio::async_read(socket, asio::buffer(&byte, 1), use_awaitable);
}

asio::awaitable<bool> TestServer::State::answer(Socket& socket, const Reply& reply) {
  using How = Reply::How;
  if (reply.how == How::Never) co_await wait_for_ever(socket);
  if (reply.how == How::Never || reply.how == How::Reset) {
    reset(socket.next_layer());
    co_return false;
  }
  const bool chunked = reply.how == How::Chunks || reply.how == How::ChunksCut || reply.how == How::ChunksOpen;
  std::string text = "HTTP/1.1 " + std::to_string(reply.status) + " X\r\n";
  for (const auto& [name, value] : reply.headers) text += name + ": " + value + "\r\n";
  text += chunked ? "Transfer-Encoding: chunked\r\n\r\n"
                  : "Content-Length: " + std::to_string(reply.body.size()) + "\r\n\r\n";
  if (!chunked) {
    text += reply.how == How::HalfBody ? reply.body.substr(0, reply.body.size() / 2) : reply.body;
  }
  co_await asio::async_write(socket, asio::buffer(text), use_awaitable);
  for (const std::string& chunk : reply.chunks) {
    char size[20];
    std::snprintf(size, sizeof size, "%zx\r\n", chunk.size());
    const std::string framed = size + chunk + "\r\n";
    co_await asio::async_write(socket, asio::buffer(framed), use_awaitable);
  }
  if (reply.how == How::ChunksOpen) co_await wait_for_ever(socket);
  // Not a reset: that may overtake what was written before.
  if (reply.how == How::HalfBody || reply.how == How::ChunksCut) co_return false;
  if (chunked) co_await asio::async_write(socket, asio::buffer(std::string("0\r\n\r\n")), use_awaitable);
  co_return true;
}

TestServer::TestServer(asio::io_context& io, Script script) : TestServer(io, make_authority(), std::move(script)) {}

TestServer::TestServer(asio::io_context& io, const Certificate& authority, Script script)
    : state_(std::make_shared<State>(io, authority, std::move(script))) {
  const Certificate own = make_server_certificate(authority);
  state_->tls.use_certificate(asio::buffer(own.cert_pem), ssl::context::pem);
  state_->tls.use_private_key(asio::buffer(own.key_pem), ssl::context::pem);
  asio::co_spawn(io, State::accept(state_), [](const std::exception_ptr&) {});
}

TestServer::~TestServer() {
  boost::system::error_code ignored;
  state_->acceptor.close(ignored);
  close_connections();
}

void TestServer::close_connections() {
  boost::system::error_code ignored;
  for (const auto& weak : state_->sockets) {
    if (const auto socket = weak.lock()) socket->next_layer().close(ignored);
  }
  state_->sockets.clear();
}

std::uint16_t TestServer::port() const { return state_->acceptor.local_endpoint().port(); }
std::string TestServer::url() const { return "https://127.0.0.1:" + std::to_string(port()); }
const Certificate& TestServer::authority() const { return state_->authority; }
const std::vector<Seen>& TestServer::seen() const { return state_->seen; }
std::size_t TestServer::connections() const { return state_->connections; }
std::size_t TestServer::peak_connections() const { return state_->peak; }
std::size_t TestServer::open_connections() const { return state_->open; }

}  // namespace ork::kube::testing
