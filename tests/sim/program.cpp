#include "tests/sim/program.hpp"

#include <algorithm>
#include <charconv>

#include "tests/sim/text_at.hpp"

namespace ork::sim {

Program program_of(const std::vector<ProgramRule>& rules, const Process& process) {
  for (const ProgramRule& rule : rules) {
    if (rule.task != process.task || process.attempt > rule.up_to_attempt) continue;
    if (rule.index < 0 || rule.index == process.index) return rule.program;
  }
  return {};
}

namespace {

template <typename Number>
Number number_in(const std::string& text, Number otherwise) {
  std::from_chars(text.data(), text.data() + text.size(), otherwise);
  return otherwise;
}

}  // namespace

Process process_of(const nlohmann::json& pod) {
  const std::string index = text_at(pod, "/metadata/annotations/batch.kubernetes.io~1job-completion-index");
  return {text_at(pod, "/metadata/uid"), text_at(pod, "/metadata/labels/ork.dev~1run-uid"),
          text_at(pod, "/metadata/labels/ork.dev~1task"),
          number_in(text_at(pod, "/metadata/labels/ork.dev~1attempt"), 0), number_in(index, std::int64_t{-1})};
}

Process Processes::of(const nlohmann::json& pod) const {
  const auto it = by_pod_.find(text_at(pod, "/metadata/uid"));
  return it == by_pod_.end() ? process_of(pod) : it->second;
}

Process LostTries::without(Process process) const {
  const auto it = attempts_.find(place_of(process));
  if (it == attempts_.end()) return process;
  const int attempt = process.attempt;
  process.attempt -= static_cast<int>(
      std::count_if(it->second.begin(), it->second.end(), [attempt](int lost) { return lost < attempt; }));
  return process;
}

}  // namespace ork::sim
