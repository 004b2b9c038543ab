#include "controllers/run/cache.hpp"

#include "controllers/expr/json.hpp"
#include "controllers/run/inherit.hpp"
#include "controllers/run/status_budget.hpp"
#include "controllers/workflow/sha256.hpp"

namespace ork::run {
namespace {

using api::TaskStatus;
using api::TimeMs;

// Half of a SHA-256: nobody finds another key of the same digest, and 5,000 tasks have room for theirs.
constexpr std::size_t key_chars = 32;

bool has_to_run(const Snapshot& snapshot, const TaskStatus& status) {
  const auto& rerun_of = snapshot.run->spec.rerun_of;
  return status.attempt > 0 || !status.cache_key.empty() || (rerun_of && rerun_of->from == status.name);
}

bool is_fresh(TimeMs made, api::DurationMs ttl, TimeMs now) {
  return made <= now + api::clock_tolerance_ms && now - made <= ttl;
}

// nullptr: it is not what it was when it was noted, or what has made it is another run.
const TaskStatus* result_in(const EarlierRun& earlier, const CachedResult& noted, const std::string& key) {
  if (earlier.run == nullptr || earlier.run->meta.uid != noted.uid) return nullptr;
  for (const api::TaskStatusPtr& task : earlier.run->status.tasks) {
    if (task->cache_key == key && leaves_result(*earlier.run, *task)) return task.get();
  }
  return nullptr;
}

api::TaskStatusPtr answered_by(const TaskStatus& made, const std::string& run, const std::string& key, TimeMs now) {
  TaskStatus out = inherited_of(made, run);
  out.reason = reason_cached;
  out.message = "made at " + api::format_time(made.completion_ms) + (made.message.empty() ? "" : ": " + made.message);
  out.completion_ms = now;
  out.cache_key = key;
  return std::make_shared<const TaskStatus>(std::move(out));
}

}  // namespace

Result<std::string, std::string> cache_key(const workflow::CompiledTask& task, std::int64_t count,
                                           const expr::Scope& scope) {
  const auto value = expr::evaluate(*task.cache_key, scope);
  if (!value) return Err("cache.key has no value: " + value.error().message);
  const api::Json made_of = {task.name(), task.digest, count, task.cache_key->text(), expr::to_json(*value)};
  return workflow::sha256(made_of.dump(-1, ' ', false, api::Json::error_handler_t::replace)).substr(0, key_chars);
}

CacheAnswer ask_cache(const Snapshot& snapshot, const workflow::CompiledTask& task, const TaskStatus& status,
                      const std::string& key, TimeMs now) {
  CacheAnswer out;
  if (snapshot.results == nullptr || has_to_run(snapshot, status)) return out;
  const CachedResult* noted = snapshot.results->find(snapshot.run->meta.ns, snapshot.workflow_name, key);
  const api::DurationMs ttl = task.task.cache->ttl_ms;
  if (noted == nullptr || !is_fresh(noted->made_ms, ttl, now)) return out;
  if (snapshot.gone.contains({Missing::Kind::Run, noted->run, ""})) return out;
  out.consulted = noted->run;
  const auto earlier = snapshot.earlier.find(noted->run);
  out.known = earlier != snapshot.earlier.end();
  if (!out.known) return out;
  const TaskStatus* made = result_in(earlier->second, *noted, key);
  if (made != nullptr && is_fresh(made->completion_ms, ttl, now)) out.result = answered_by(*made, noted->run, key, now);
  return out;
}

}  // namespace ork::run
