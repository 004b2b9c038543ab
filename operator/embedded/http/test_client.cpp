#include "operator/embedded/http/test_client.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>
#include <chrono>
#include <cstdlib>

namespace ork::embedded::testing {
namespace asio = boost::asio;
using asio::ip::tcp;

bool run_until(asio::io_context& io, const std::function<bool()>& condition) {
  const auto patience = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  while (!condition()) {
    if (std::chrono::steady_clock::now() > patience) return false;
    io.restart();
    io.run_one_for(std::chrono::milliseconds(20));
  }
  return true;
}

RawClient::RawClient(asio::io_context& io, std::uint16_t port) : io_(io), socket_(io) {
  socket_.connect(tcp::endpoint(asio::ip::make_address("127.0.0.1"), port));
  read();
}

void RawClient::read() {
  if (read_pending_ || !reading_ || eof_) return;
  read_pending_ = true;
  const auto done = [this, buffer = buffer_, alive = std::weak_ptr<bool>(alive_)](
                        const boost::system::error_code& error, std::size_t bytes) {
    if (alive.expired()) return;
    read_pending_ = false;
    in_.append(buffer->data(), bytes);
    if (error) eof_ = true;
    read();
  };
  socket_.async_read_some(asio::buffer(*buffer_), done);
}

void RawClient::go_on_reading() {
  reading_ = true;
  read();
}

void RawClient::send(std::string bytes) {
  out_ = std::make_shared<std::string>(std::move(bytes));
  asio::async_write(socket_, asio::buffer(*out_), [out = out_](const boost::system::error_code&, std::size_t) {});
}

bool RawClient::until(std::string_view text) {
  if (!run_until(io_, [&] { return in_.find(text) != std::string::npos || eof_; })) return false;
  const std::size_t at = in_.find(text);
  if (at == std::string::npos) return false;
  in_.erase(0, at + text.size());
  return true;
}

bool RawClient::take_chunked(std::string& body) {
  for (;;) {
    if (!run_until(io_, [&] { return in_.find("\r\n") != std::string::npos || eof_; })) return false;
    const std::size_t line = in_.find("\r\n");
    if (line == std::string::npos) return false;
    const std::size_t size = std::strtoul(in_.c_str(), nullptr, 16);
    const std::size_t frame = line + 2 + size + 2;
    if (!run_until(io_, [&] { return in_.size() >= frame || eof_; }) || in_.size() < frame) return false;
    body += in_.substr(line + 2, size);
    in_.erase(0, frame);
    if (size == 0) return true;
  }
}

RawAnswer RawClient::answer(bool has_body) {
  RawAnswer out;
  run_until(io_, [&] { return in_.find("\r\n\r\n") != std::string::npos || eof_; });
  const std::size_t end = in_.find("\r\n\r\n");
  if (end == std::string::npos) return out;
  out.head = in_.substr(0, end);
  in_.erase(0, end + 4);
  out.status = std::atoi(out.head.c_str() + 9);
  constexpr std::string_view length = "\r\nContent-Length: ";
  const std::size_t at = out.head.find(length);
  if (!has_body || out.status == 100) {
    out.whole = true;
  } else if (at != std::string::npos) {
    const std::size_t size = std::strtoul(out.head.c_str() + at + length.size(), nullptr, 10);
    run_until(io_, [&] { return in_.size() >= size || eof_; });
    out.whole = in_.size() >= size;
    out.body = in_.substr(0, size);
    in_.erase(0, size);
  } else if (out.head.find("\r\nTransfer-Encoding: chunked") != std::string::npos) {
    out.whole = take_chunked(out.body);
  } else {
    out.whole = run_until(io_, [&] { return eof_; });
    out.body = std::exchange(in_, {});
  }
  return out;
}

bool RawClient::ended() {
  return run_until(io_, [&] { return eof_; }) && in_.empty();
}

void RawClient::close() {
  boost::system::error_code ignored;
  socket_.close(ignored);
}

void ScriptedHandler::serve(Call call, Responder responder) {
  calls.push_back(call);
  if (script) return script(calls.back(), std::move(responder));
  Answer answer;
  answer.content_type = "text/plain";
  answer.body = "ok";
  reply(std::move(responder), std::move(answer));
}

void ScriptedHandler::reply(Responder responder, Answer answer) {
  asio::post(
      io_, [responder = std::move(responder), answer = std::move(answer)]() mutable { responder(std::move(answer)); });
}

}  // namespace ork::embedded::testing
