#pragma once

// A small process that starts containers and outlives whoever asks for them: `ork dev` may be killed
// and come back, and finds its containers running and those that have ended with how they ended.
//
// One client at a time, over the unix socket DIR/agent.sock; a new one takes the place of the old.
// It goes by itself when nobody has spoken with it for limits::agent_idle and nothing runs; what
// nobody has acknowledged by then is kept in DIR for the next agent. SIGTERM stops all containers,
// then the agent. If it is killed itself, its containers die with it (their children with the next
// agent's start).

#include <chrono>
#include <string>

#include "operator/embedded/node/agent/limits.hpp"

namespace ork::embedded {

struct AgentOptions {
  std::string dir;    // exists, and is ours alone
  int listener = -1;  // a listening unix socket that was inherited; -1: make DIR/agent.sock
  std::chrono::milliseconds idle = limits::agent_idle;
  unsigned lock_seconds = limits::agent_lock_seconds;  // how long to wait for another one to be gone
};

// DIR/agent.lock holds its pid. The exit code of the process: 0, or 1 with a sentence on stderr.
int run_node_agent(const AgentOptions& options);

}  // namespace ork::embedded
