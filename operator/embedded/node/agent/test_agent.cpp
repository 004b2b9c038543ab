// An agent as a program, for tests: `test_agent --dir DIR [--listener N] [--idle-ms N] [--lock-seconds N]`. In ork it
// is a verb of the binary.

#include <cstdlib>
#include <cstring>

#include "operator/embedded/node/agent/agent.hpp"

int main(int argc, char** argv) {
  ork::embedded::AgentOptions options;
  for (int i = 1; i + 1 < argc; i += 2) {
    if (std::strcmp(argv[i], "--dir") == 0) options.dir = argv[i + 1];
    if (std::strcmp(argv[i], "--listener") == 0) options.listener = std::atoi(argv[i + 1]);
    if (std::strcmp(argv[i], "--idle-ms") == 0) options.idle = std::chrono::milliseconds{std::atoi(argv[i + 1])};
    if (std::strcmp(argv[i], "--lock-seconds") == 0)
      options.lock_seconds = static_cast<unsigned>(std::atoi(argv[i + 1]));
  }
  return ork::embedded::run_node_agent(options);
}
