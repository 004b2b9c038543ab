#pragma once

// What a parser of flags can't be told: that one of two is needed, and not both.

#include <string>

#include "operator/cli/verbs/flags.hpp"

namespace ork::cli {

// Empty: nothing is wrong.
std::string wrong_together(const RunStartFlags& flags);
std::string wrong_together(const RunRerunFlags& flags);
std::string wrong_together(const RunStatusFlags& flags);
std::string wrong_together(const RunCancelFlags& flags);
std::string wrong_together(const WorkflowDeleteFlags& flags);
std::string wrong_together(const DevFlags& flags);
std::string wrong_together(const EvalFlags& flags);
template <typename Flags>
std::string wrong_together(const Flags&) {
  return {};
}

}  // namespace ork::cli
