#include "tests/sim/program.hpp"

namespace ork::sim {

Program program_of(const std::vector<ProgramRule>& rules, const Process& process) {
  for (const ProgramRule& rule : rules) {
    if (rule.task != process.task || process.attempt > rule.up_to_attempt) continue;
    if (rule.index < 0 || rule.index == process.index) return rule.program;
  }
  return {};
}

}  // namespace ork::sim
