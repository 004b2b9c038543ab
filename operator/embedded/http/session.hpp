#pragma once

// One client's connection, from its handshake to its end. Reads a request, asks the handler, writes
// the answer, and again. Kept alive by its own handlers and by the server's list.

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "operator/embedded/api/call.hpp"
#include "operator/embedded/http/byte_stream.hpp"
#include "operator/embedded/http/http_server.hpp"
#include "operator/embedded/http/request_head.hpp"

namespace ork::embedded {

class Session;
class StreamWriter;

// What a session needs of its server. It is not touched any more after Session::close().
class SessionOwner {
 public:
  virtual ~SessionOwner() = default;
  virtual Handler& handler() = 0;
  virtual const HttpOptions& options() const = 0;
  virtual std::string_view date() = 0;  // now, for the Date header
  virtual void closed(Session& session) = 0;
};

class Session final : public std::enable_shared_from_this<Session> {
 public:
  using Clock = std::chrono::steady_clock;

  Session(SessionOwner& owner, std::unique_ptr<ByteStream> bytes);
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  void start();
  // No further request: ends after the answer under way, at once where there is none.
  void stop();
  // At once, as it stands.
  void close();
  // Gives up what has taken too long. Asked by the server every now and then.
  void look_at_clock(Clock::time_point now);

 private:
  enum class State {
    Starting,   // the handshake
    Idle,       // not a byte of the next request is there
    Head,       // its header is on its way
    Body,       // the header was found good, its body is on its way
    Serving,    // the handler has it
    Answering,  // the answer is being written
    Streaming,  // the answer is a stream
    Draining,   // the last answer is written; the client is given time to read it
    Closed,
  };
  using Parser = boost::beast::http::request_parser<boost::beast::http::string_body>;
  using Error = boost::system::error_code;

  void enter(State state, std::chrono::milliseconds bound);
  void next_request();
  void read();
  void on_read(const Error& error, std::size_t bytes);
  void parse();
  bool admit();
  void serve();
  void refuse(const Refusal& refusal);
  void refuse_syntax(const Error& error);

  void answer(std::uint64_t number, Answer answer);
  void write_answer(Answer answer);
  void write(std::string_view bytes, void (Session::*then)());
  void write_body();
  void answered();
  void open_stream(Answer answer);
  void stream_written(bool whole);
  void drain();
  void finish();

  SessionOwner& owner_;
  std::unique_ptr<ByteStream> bytes_;
  State state_ = State::Starting;
  Clock::time_point deadline_;
  boost::beast::flat_buffer in_;
  std::optional<Parser> parser_;
  bool reading_ = false;
  bool stopping_ = false;
  bool last_ = false;      // the answer under way is the connection's last
  bool http_1_0_ = false;  // of the request under way
  bool head_only_ = false;
  std::uint64_t number_ = 0;  // of the request under way: an answer to another one is late
  std::size_t drained_ = 0;
  std::string out_;
  std::string body_;
  std::shared_ptr<StreamWriter> stream_;
};

}  // namespace ork::embedded
