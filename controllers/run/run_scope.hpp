#pragma once

// What an expression of a run can ask for: params, tasks.NAME.output|phase|attempt|exitCode, run.name and,
// once the run has a result, run.phase|reason|message.

#include <span>

#include "controllers/expr/expression.hpp"
#include "controllers/run/snapshot.hpp"

namespace ork::run {

// All of these have to outlive it, and the values that it gives out.
class RunScope : public expr::Scope {
 public:
  RunScope(const Snapshot& snapshot, const api::Json& params, std::span<const api::TaskStatusPtr> tasks)
      : snapshot_(snapshot), params_(params), tasks_(tasks) {}
  std::optional<expr::Value> variable(std::string_view name) const override;
  std::optional<std::int64_t> utc_offset_s(std::string_view zone, const expr::Timestamp& time) const override;

 private:
  const Snapshot& snapshot_;
  const api::Json& params_;
  std::span<const api::TaskStatusPtr> tasks_;
};

// The same of one index of a task: `index`, and `item` where it goes over items.
class IndexScope : public expr::Scope {
 public:
  // `item`: null where there is none. Both have to outlive it, and the values that it gives out.
  IndexScope(const expr::Scope& run, std::int64_t index, const api::Json* item)
      : run_(run), index_(index), item_(item) {}
  std::optional<expr::Value> variable(std::string_view name) const override;
  std::optional<std::int64_t> utc_offset_s(std::string_view zone, const expr::Timestamp& time) const override {
    return run_.utc_offset_s(zone, time);
  }

 private:
  const expr::Scope& run_;
  std::int64_t index_;
  const api::Json* item_;
};

}  // namespace ork::run
