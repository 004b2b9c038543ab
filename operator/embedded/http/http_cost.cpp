// What one request costs the server: requests a second and its CPU, with a handler that does nothing.
//
//   http_cost [requests] [connections] [answer bytes] [tls|plain]
//
// The client is a process of its own, so that the CPU told is the server's alone.

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "operator/embedded/http/http_server.hpp"

namespace {

namespace asio = boost::asio;
using namespace ork::embedded;
using asio::ip::tcp;
using Clock = std::chrono::steady_clock;

double cpu_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& t) { return double(t.tv_sec) + double(t.tv_usec) / 1e6; };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

class SameAnswer final : public Handler {
 public:
  SameAnswer(asio::io_context& io, std::size_t bytes) : io_(io), body_(bytes, 'x') {}
  void serve(Call, Responder responder) override {
    asio::post(io_, [this, responder = std::move(responder)] {
      Answer answer;
      answer.body = body_;
      responder(std::move(answer));
    });
  }

 private:
  asio::io_context& io_;
  std::string body_;
};

// One connection that asks, waits for the answer, and asks again.
template <typename Stream>
class Asker {
 public:
  Asker(Stream stream, std::size_t answer_bytes, long& left)
      : stream_(std::move(stream)), answer_bytes_(answer_bytes), left_(left) {}

  void ask() {
    if (left_-- <= 0) return;
    asio::async_write(stream_, asio::buffer(request_), [this](auto error, std::size_t) {
      if (!error) read_head();
    });
  }

 private:
  void read_head() {
    asio::async_read_until(stream_, asio::dynamic_buffer(in_), "\r\n\r\n", [this](auto error, std::size_t head) {
      if (error) return;
      const std::size_t whole = head + answer_bytes_;
      if (in_.size() >= whole) return again(whole);
      asio::async_read(stream_, asio::dynamic_buffer(in_), asio::transfer_exactly(whole - in_.size()),
                       [this, whole](auto failed, std::size_t) {
                         if (!failed) again(whole);
                       });
    });
  }
  void again(std::size_t bytes) {
    in_.erase(0, bytes);
    ask();
  }

  Stream stream_;
  std::size_t answer_bytes_;
  long& left_;
  std::string in_;
  const std::string request_ =
      "GET /api/v1/namespaces/default/pods/etl-load-1-x7k2p HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: http-cost\r\n"
      "Accept: application/json\r\nAuthorization: Bearer cost\r\n\r\n";
};

void ask_all(std::uint16_t port, long requests, int connections, std::size_t answer_bytes, bool tls) {
  asio::io_context io(1);
  asio::ssl::context context(asio::ssl::context::tls_client);
  std::vector<std::unique_ptr<Asker<tcp::socket>>> plain;
  std::vector<std::unique_ptr<Asker<asio::ssl::stream<tcp::socket>>>> secret;
  for (int i = 0; i < connections; ++i) {
    tcp::socket socket(io);
    socket.connect({asio::ip::make_address("127.0.0.1"), port});
    socket.set_option(tcp::no_delay(true));
    if (!tls) {
      plain.push_back(std::make_unique<Asker<tcp::socket>>(std::move(socket), answer_bytes, requests));
      plain.back()->ask();
      continue;
    }
    asio::ssl::stream<tcp::socket> stream(std::move(socket), context);
    stream.handshake(asio::ssl::stream_base::client);
    secret.push_back(
        std::make_unique<Asker<asio::ssl::stream<tcp::socket>>>(std::move(stream), answer_bytes, requests));
    secret.back()->ask();
  }
  io.run();
}

}  // namespace

int main(int argc, char** argv) {
  const long requests = argc > 1 ? std::atol(argv[1]) : 100'000;
  const int connections = argc > 2 ? std::atoi(argv[2]) : 8;
  const std::size_t answer_bytes = argc > 3 ? std::strtoul(argv[3], nullptr, 10) : 1000;
  const bool tls = argc > 4 && std::string(argv[4]) == "tls";

  asio::io_context io(1);
  SameAnswer handler(io, answer_bytes);
  HttpOptions options;
  options.token = "cost";
  if (tls) {
    std::string folder = (std::filesystem::temp_directory_path() / "ork-http-cost-XXXXXX").string();
    if (mkdtemp(folder.data()) == nullptr) return 1;
    auto access = open_access(folder, std::time(nullptr));
    std::error_code ignored;
    std::filesystem::remove_all(folder, ignored);
    if (!access) return 1;
    options.identity = access->identity;
  }
  auto server = HttpServer::open(io, handler, options);
  if (!server) {
    std::fprintf(stderr, "%s\n", server.error().c_str());
    return 1;
  }
  const pid_t client = fork();
  if (client == 0) {
    ask_all((*server)->port(), requests, connections, answer_bytes, tls);
    _exit(0);
  }
  while ((*server)->connections() < std::size_t(connections)) io.run_one();
  const double cpu = cpu_seconds();
  const auto start = Clock::now();
  while ((*server)->connections() > 0) io.run_one();
  const double seconds = std::chrono::duration<double>(Clock::now() - start).count();
  waitpid(client, nullptr, 0);
  std::printf("%-5s %8ld requests %4d connections %8zu bytes %9.0f /s %6.1f us CPU of the server a request\n",
              tls ? "tls" : "plain", requests, connections, answer_bytes, double(requests) / seconds,
              (cpu_seconds() - cpu) / double(requests) * 1e6);
  return 0;
}
