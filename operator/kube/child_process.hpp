#pragma once

// Runs one program without blocking the loop: no input, bounded output, bounded time. Its process
// group is killed when time is up, when it says too much, or when this object is destroyed.

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "controllers/result/result.hpp"

namespace boost::asio {
class io_context;
}

namespace ork::kube {

class ChildProcess {
 public:
  struct Command {
    std::string program;  // looked for in PATH unless it has a '/'
    std::vector<std::string> args;
    std::vector<std::pair<std::string, std::string>> env;  // added to our own environment
    std::chrono::milliseconds timeout{60'000};
    std::size_t output_bytes = 1u << 20;  // of stdout; of stderr only the end is kept
  };
  struct Failure {
    std::string message;     // "ended with status 3: <end of its stderr>"
    bool not_found = false;  // there is no such program
  };
  // What it wrote to stdout, once it has ended with status 0.
  using Handler = std::function<void(Result<std::string, Failure>)>;

  // The handler is called once, from the loop, unless this object is destroyed first. It may
  // destroy this object. The io_context must outlive it.
  ChildProcess(boost::asio::io_context& io, const Command& command, Handler handler);
  ~ChildProcess();
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

 private:
  struct Run;
  std::shared_ptr<Run> run_;
};

}  // namespace ork::kube
