#pragma once

// What an agent and the process that uses it say to each other: one JSON object a line, over a unix
// socket. Requests go to the agent, notices come from it. Pure.
//
// Times are milliseconds since the Unix epoch.

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "controllers/result/result.hpp"

namespace ork::embedded {

// --- requests ---

struct StartContainer {
  std::string id;                 // never used before
  std::vector<std::string> argv;  // at least one; the program is looked for in PATH of `env`
  std::vector<std::string> env;   // "NAME=value", the whole environment
  std::string cwd;
  std::string log;                // stdout and stderr are appended to this file; its folder exists
  std::int64_t memory_bytes = 0;  // 0: no limit
  std::int64_t cpu_millis = 0;    // 1000: one processor; 0: no limit
  friend bool operator==(const StartContainer&, const StartContainer&) = default;
};

// To the whole process group.
struct SignalContainer {
  std::string id;
  int signal = 0;
  friend bool operator==(const SignalContainer&, const SignalContainer&) = default;
};

// Tells of all that runs and all that has ended, then ListEnd.
struct ListContainers {
  friend bool operator==(const ListContainers&, const ListContainers&) = default;
};

// The end of these is known and need not be kept.
struct ForgetContainers {
  std::vector<std::string> ids;
  friend bool operator==(const ForgetContainers&, const ForgetContainers&) = default;
};

// SIGTERM to all, SIGKILL after the grace, then the agent ends.
struct StopAgent {
  std::int64_t grace_ms = 0;
  friend bool operator==(const StopAgent&, const StopAgent&) = default;
};

using Request = std::variant<StartContainer, SignalContainer, ListContainers, ForgetContainers, StopAgent>;

// --- notices ---

// First on each connection. `instance` differs between two agents.
struct AgentHello {
  std::string instance;
  bool limits_memory = false;  // by cgroup; else by looking now and then
  bool limits_cpu = false;
  friend bool operator==(const AgentHello&, const AgentHello&) = default;
};

struct ContainerStarted {
  std::string id;
  std::int64_t pid = 0;
  std::int64_t start_ms = 0;
  friend bool operator==(const ContainerStarted&, const ContainerStarted&) = default;
};

// Told again on each list until it is forgotten.
struct ContainerEnded {
  std::string id;
  std::int64_t start_ms = 0;  // 0: it could not be started, `error` says why
  std::int64_t end_ms = 0;
  int exit_code = 0;  // 128 + signal where one ended it
  int signal = 0;
  bool out_of_memory = false;
  std::int64_t peak_memory_bytes = 0;
  std::string error;
  friend bool operator==(const ContainerEnded&, const ContainerEnded&) = default;
};

struct ListEnd {
  friend bool operator==(const ListEnd&, const ListEnd&) = default;
};

using Notice = std::variant<AgentHello, ContainerStarted, ContainerEnded, ListEnd>;

// One line each, '\n' included.
std::string encode(const Request& request);
std::string encode(const Notice& notice);
// The error is a sentence. A line that is longer than limits::agent_message_bytes is not asked about.
Result<Request, std::string> decode_request(std::string_view line);
Result<Notice, std::string> decode_notice(std::string_view line);

}  // namespace ork::embedded
