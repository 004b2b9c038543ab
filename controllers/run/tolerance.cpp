#include "controllers/run/tolerance.hpp"

namespace ork::run {

std::int64_t tolerated_failures(const workflow::CompiledTask& task, std::int64_t count) {
  const auto& tolerate = task.task.tolerate;
  if (!tolerate || !task.fans_out()) return 0;
  return tolerate->percent ? count * tolerate->failures / 100 : tolerate->failures;
}

}  // namespace ork::run
