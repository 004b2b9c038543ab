#include "operator/telemetry/listener.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <charconv>
#include <optional>
#include <set>

#include "operator/telemetry/limits.hpp"

namespace ork::telemetry {
namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::ip::tcp;
using Error = boost::system::error_code;

namespace {

std::string_view view(beast::string_view text) { return {text.data(), text.size()}; }

}  // namespace

// One client's connection: a request, its answer, and again. Kept alive by its own handlers.
class Connection final : public std::enable_shared_from_this<Connection> {
 public:
  Connection(tcp::socket socket, Listener::Answer& answer, std::function<void(Connection*)> closed)
      : stream_(std::move(socket)), answer_(answer), closed_(std::move(closed)) {}

  void start() { read(limits::exchange); }

  // No handler of it touches the listener any more.
  void close() {
    if (!closed_) return;
    const auto self = shared_from_this();
    const auto closed = std::exchange(closed_, nullptr);
    Error ignored;
    stream_.socket().shutdown(tcp::socket::shutdown_both, ignored);
    stream_.close();
    closed(this);
  }

 private:
  void read(limits::milliseconds bound) {
    parser_.emplace();
    parser_->header_limit(limits::request_bytes);
    parser_->body_limit(limits::request_bytes);
    stream_.expires_after(bound);
    http::async_read(stream_, in_, *parser_, [self = shared_from_this()](const Error& error, std::size_t) {
      if (!self->closed_) return;
      if (error) return self->close();
      self->serve();
    });
  }

  void serve() {
    const auto& request = parser_->get();
    std::string_view target = view(request.target());
    target = target.substr(0, target.find('?'));
    const bool is_get = request.method() == http::verb::get || request.method() == http::verb::head;
    Answered said = is_get ? answer_({target, view(request[http::field::accept])})
                           : Answered{.status = 405, .body = "only GET is answered here\n"};
    response_ = http::response<http::string_body>(static_cast<http::status>(said.status), request.version());
    response_.set(http::field::content_type, said.content_type);
    response_.set(http::field::cache_control, "no-store");
    response_.keep_alive(request.keep_alive());
    response_.body() = std::move(said.body);
    response_.prepare_payload();
    if (request.method() == http::verb::head) response_.body().clear();
    stream_.expires_after(limits::exchange);
    http::async_write(stream_, response_, [self = shared_from_this()](const Error& error, std::size_t) {
      if (!self->closed_) return;
      if (error || self->response_.need_eof()) return self->close();
      self->read(limits::idle);
    });
  }

  beast::tcp_stream stream_;
  beast::flat_buffer in_{2 * limits::request_bytes};
  std::optional<http::request_parser<http::string_body>> parser_;
  http::response<http::string_body> response_;
  Listener::Answer& answer_;
  std::function<void(Connection*)> closed_;  // empty once it is closed
};

struct Listener::Impl final : std::enable_shared_from_this<Impl> {
  Impl(asio::io_context& io, Answer said) : acceptor(io), pause(io), answer(std::move(said)) {}

  Status<std::string> listen(const ListenAddress& address) {
    Error error;
    const tcp::endpoint endpoint(address.host.empty() ? asio::ip::address(asio::ip::address_v6::any())
                                                      : asio::ip::make_address(address.host, error),
                                 address.port);
    if (!error) open_at(endpoint, error);
    // A machine without IPv6.
    if (error && address.host.empty()) open_at(tcp::endpoint(asio::ip::address_v4::any(), address.port), error);
    if (!error) return Done{};
    return Err("can't listen on " + address.host + ":" + std::to_string(address.port) + ": " + error.message());
  }

  void open_at(const tcp::endpoint& endpoint, Error& error) {
    Error ignored;
    acceptor.close(ignored);
    error = {};
    acceptor.open(endpoint.protocol(), error);
    if (!error) acceptor.set_option(asio::socket_base::reuse_address(true), error);
    if (!error && endpoint.address().is_v6()) acceptor.set_option(asio::ip::v6_only(false), error);
    if (!error) acceptor.bind(endpoint, error);
    if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
  }

  void accept() {
    acceptor.async_accept([weak = weak_from_this()](const Error& error, tcp::socket socket) {
      const auto self = weak.lock();
      if (!self || !self->acceptor.is_open()) return;
      if (!error) {
        self->accepted(std::move(socket));
        return self->accept();
      }
      self->pause.expires_after(limits::accept_pause);  // no file to be had: not again at once
      self->pause.async_wait([weak](const Error& cancelled) {
        const auto later = weak.lock();
        if (later && !cancelled) later->accept();
      });
    });
  }

  void accepted(tcp::socket socket) {
    if (open.size() >= limits::connections) return;  // closed by its end
    const auto one =
        std::make_shared<Connection>(std::move(socket), answer, [this](Connection* closed) { open.erase(closed); });
    open.insert(one.get());
    one->start();
  }

  tcp::acceptor acceptor;
  asio::steady_timer pause;
  Answer answer;
  std::set<Connection*> open;
};

Result<ListenAddress, std::string> parse_listen_address(std::string_view text) {
  const auto wrong = [&] {
    return Err("\"" + std::string(text) + "\" is no address to listen on, like :8080 or 127.0.0.1:8080");
  };
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return wrong();
  std::string_view host = text.substr(0, colon);
  const std::string_view port = text.substr(colon + 1);
  ListenAddress out;
  const auto [end, problem] = std::from_chars(port.data(), port.data() + port.size(), out.port);
  if (problem != std::errc() || end != port.data() + port.size()) return wrong();
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  Error error;
  if (!host.empty()) asio::ip::make_address(std::string(host), error);
  if (error) return wrong();
  out.host = host;
  return out;
}

Result<std::unique_ptr<Listener>, std::string> Listener::open(asio::io_context& io, const ListenAddress& address,
                                                              Answer answer) {
  auto impl = std::make_shared<Impl>(io, std::move(answer));
  if (auto listening = impl->listen(address); !listening) return Err(listening.error());
  impl->accept();
  return std::unique_ptr<Listener>(new Listener(std::move(impl)));
}

Listener::Listener(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}

Listener::~Listener() {
  Error ignored;
  impl_->acceptor.close(ignored);
  impl_->pause.cancel();
  for (Connection* one : std::set<Connection*>(impl_->open)) one->close();
}

std::uint16_t Listener::port() const {
  Error ignored;
  return impl_->acceptor.local_endpoint(ignored).port();
}

std::size_t Listener::connections() const { return impl_->open.size(); }

}  // namespace ork::telemetry
