#include <array>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>

#include "operator/embedded/http/answer_text.hpp"
#include "operator/embedded/http/byte_stream.hpp"

namespace ork::embedded {
namespace asio = boost::asio;
namespace {

constexpr unsigned char tls_handshake_record = 0x16;

std::string plain_http_answer() {
  Answer answer;
  answer.status = 400;
  answer.body = status_body(400, "BadRequest", "Client sent an HTTP request to an HTTPS server.");
  return head_text(answer, {.body_bytes = answer.body.size(), .close = true, .date = http_date(0)}) + answer.body;
}

class TlsStream final : public ByteStream {
 public:
  TlsStream(asio::ip::tcp::socket socket, asio::ssl::context& context) : stream_(std::move(socket), context) {}

  void start(Done done) override {
    socket().async_wait(asio::socket_base::wait_read,
                        [this, done = std::move(done)](boost::system::error_code error) mutable {
                          std::array<unsigned char, 1> first{};
                          if (!error) socket().receive(asio::buffer(first), asio::socket_base::message_peek, error);
                          if (error) return done(error, 0);
                          if (first[0] != tls_handshake_record) return turn_away(std::move(done));
                          stream_.async_handshake(asio::ssl::stream_base::server,
                                                  [done = std::move(done)](const auto& result) { done(result, 0); });
                        });
  }
  void read_some(asio::mutable_buffer into, Done done) override { stream_.async_read_some(into, std::move(done)); }
  void write(std::string_view bytes, Done done) override {
    asio::async_write(stream_, asio::buffer(bytes.data(), bytes.size()), std::move(done));
  }
  void finish(Done done) override {
    stream_.async_shutdown([done = std::move(done)](const auto& error) { done(error, 0); });
  }
  void half_close() override {
    boost::system::error_code ignored;
    socket().shutdown(asio::socket_base::shutdown_send, ignored);
  }
  void close() override {
    boost::system::error_code ignored;
    socket().close(ignored);
  }

 private:
  asio::ip::tcp::socket& socket() { return stream_.next_layer(); }

  // What the client has sent is read first: closing with unread bytes could take the answer away.
  void turn_away(Done done) {
    unread_.resize(4096);
    socket().async_read_some(
        asio::buffer(unread_), [this, done = std::move(done)](const auto& error, std::size_t) mutable {
          if (error) return done(error, 0);
          unread_ = plain_http_answer();
          asio::async_write(socket(), asio::buffer(unread_), [done = std::move(done)](const auto&, std::size_t) {
            done(boost::asio::error::operation_not_supported, 0);
          });
        });
  }

  asio::ssl::stream<asio::ip::tcp::socket> stream_;
  std::string unread_;
};

}  // namespace

std::unique_ptr<ByteStream> tls_stream(asio::ip::tcp::socket socket, asio::ssl::context& context) {
  return std::make_unique<TlsStream>(std::move(socket), context);
}

}  // namespace ork::embedded
