#include "controllers/run/run_scope.hpp"

#include <array>

#include "controllers/expr/quote.hpp"

namespace ork::run {
namespace {

using expr::Value;

// tasks.NAME
class TaskView : public expr::Map {
 public:
  explicit TaskView(const api::TaskStatus& task) : task_(task) {}

  std::size_t size() const override { return fields.size(); }
  Value key_at(std::size_t index) const override { return expr::of_string(std::string(fields[index])); }

  std::optional<Value> find(const Value& key) const override {
    const auto* name = key.get_if<std::string>();
    if (name == nullptr) return std::nullopt;
    if (*name == "phase") return expr::of_string(std::string(api::to_string(task_.phase)));
    if (*name == "attempt") return expr::of_int(task_.attempt);
    if (*name == "exitCode" && task_.exit_code) return expr::of_int(*task_.exit_code);
    if (*name == "output" && task_.output) return expr::view_of(*task_.output);
    return std::nullopt;
  }

  std::string about_missing(const Value& key) const override {
    const auto* name = key.get_if<std::string>();
    const std::string task = "task " + expr::in_quotes(task_.name);
    if (task_.phase == api::Phase::Skipped && name != nullptr && (*name == "output" || *name == "exitCode"))
      return "." + *name + " is missing: " + task + " was skipped";
    if (name != nullptr && *name == "output") return ".output is missing: " + task + " wrote no output";
    if (name != nullptr && *name == "exitCode") return ".exitCode is missing: no program of " + task + " has ended";
    return {};
  }

 private:
  // What goes through all of them finds those that are there.
  static constexpr std::array<std::string_view, 2> fields{"attempt", "phase"};
  const api::TaskStatus& task_;
};

class TasksView : public expr::Map {
 public:
  TasksView(const workflow::Definition& definition, std::span<const api::TaskStatusPtr> tasks)
      : definition_(definition), tasks_(tasks) {}

  std::size_t size() const override { return tasks_.size(); }
  Value key_at(std::size_t index) const override { return expr::of_string(tasks_[index]->name); }

  std::optional<Value> find(const Value& key) const override {
    const auto* name = key.get_if<std::string>();
    const int task = name == nullptr ? -1 : definition_.index_of(*name);
    if (task < 0) return std::nullopt;
    return Value::of<expr::MapPtr>(std::make_shared<TaskView>(*tasks_[static_cast<std::size_t>(task)]));
  }

 private:
  const workflow::Definition& definition_;
  std::span<const api::TaskStatusPtr> tasks_;
};

}  // namespace

std::optional<Value> RunScope::variable(std::string_view name) const {
  if (name == "params") return expr::view_of(params_);
  if (name == "tasks") return Value::of<expr::MapPtr>(std::make_shared<TasksView>(*snapshot_.definition, tasks_));
  if (name != "run") return std::nullopt;
  std::vector<std::pair<Value, Value>> fields = {{expr::of_string("name"), expr::of_string(snapshot_.run->meta.name)}};
  if (const api::TimeMs scheduled = snapshot_.run->spec.scheduled_ms; scheduled != 0)
    fields.emplace_back(
        expr::of_string("scheduledTime"),
        Value::of(expr::Timestamp{scheduled / 1000, static_cast<std::int32_t>(scheduled % 1000 * 1'000'000)}));
  if (const auto& result = snapshot_.run->status.result) {
    fields.emplace_back(expr::of_string("phase"), expr::of_string(std::string(api::to_string(result->phase))));
    fields.emplace_back(expr::of_string("reason"), expr::of_string(result->reason));
    fields.emplace_back(expr::of_string("message"), expr::of_string(result->message));
  }
  return expr::of_map(std::move(fields));
}

std::optional<Value> IndexScope::variable(std::string_view name) const {
  if (name == "index") return expr::of_int(index_);
  if (name == "item" && item_ != nullptr) return expr::view_of(*item_);
  return run_.variable(name);
}

std::optional<std::int64_t> RunScope::utc_offset_s(std::string_view zone, const expr::Timestamp& time) const {
  if (snapshot_.utc_offset_s == nullptr) return std::nullopt;
  return snapshot_.utc_offset_s(zone, time.seconds);
}

}  // namespace ork::run
