#pragma once

// One client's connection as bytes, plain or under TLS: what a session reads and writes. One read
// and one write may be under way at the same time. Handlers run on the io_context, never within the
// call, and keep alive what they need; after close() those under way end with an error.

#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <functional>
#include <memory>
#include <string_view>

namespace boost::asio::ssl {
class context;
}

namespace ork::embedded {

class ByteStream {
 public:
  using Done = std::function<void(const boost::system::error_code&, std::size_t)>;

  virtual ~ByteStream() = default;
  // Before anything else. An error: the peer does not speak what is expected.
  virtual void start(Done done) = 0;
  virtual void read_some(boost::asio::mutable_buffer into, Done done) = 0;
  // All of it; the bytes must live until done.
  virtual void write(std::string_view bytes, Done done) = 0;
  // Says in an orderly way that nothing more will be written. Under TLS it waits for the peer's word,
  // so nothing may be left to read.
  virtual void finish(Done done) = 0;
  // The same where the peer may still be sending: reading goes on.
  virtual void half_close() = 0;
  virtual void close() = 0;
};

std::unique_ptr<ByteStream> plain_stream(boost::asio::ip::tcp::socket socket);
// `context` must outlive the stream. A client that speaks plain HTTP is told so, and start() fails.
std::unique_ptr<ByteStream> tls_stream(boost::asio::ip::tcp::socket socket, boost::asio::ssl::context& context);

}  // namespace ork::embedded
