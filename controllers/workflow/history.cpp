#include "controllers/workflow/history.hpp"

#include <algorithm>
#include <tuple>

namespace ork::workflow {
namespace {

bool is_older(const FinishedRun* a, const FinishedRun* b) {
  return std::tie(a->completion_ms, a->name) < std::tie(b->completion_ms, b->name);
}

// Adds to `expired` the runs that ended so and are more than the limit allows, the newest being kept.
void expire(std::span<const FinishedRun> runs, bool succeeded, const std::optional<std::int64_t>& limit,
            std::vector<const FinishedRun*>& expired) {
  if (!limit) return;
  std::vector<const FinishedRun*> same;
  for (const FinishedRun& run : runs) {
    if ((run.phase == api::Phase::Succeeded) == succeeded) same.push_back(&run);
  }
  const auto kept = static_cast<std::size_t>(std::max<std::int64_t>(*limit, 0));
  if (same.size() <= kept) return;
  std::sort(same.begin(), same.end(), is_older);
  same.resize(same.size() - kept);
  expired.insert(expired.end(), same.begin(), same.end());
}

}  // namespace

std::vector<ExpiredRun> expired_runs(std::span<const FinishedRun> runs, const HistoryLimits& limits) {
  std::vector<const FinishedRun*> expired;
  expire(runs, true, limits.successful, expired);
  expire(runs, false, limits.failed, expired);
  std::sort(expired.begin(), expired.end(), is_older);
  std::vector<ExpiredRun> out;
  out.reserve(expired.size());
  for (const FinishedRun* run : expired) out.push_back({run->name, run->uid});
  return out;
}

}  // namespace ork::workflow
