#include "controllers/run/call.hpp"

#include <algorithm>

#include "controllers/run/fan_out.hpp"
#include "controllers/run/limits.hpp"
#include "controllers/run/queue.hpp"
#include "controllers/run/refused.hpp"
#include "controllers/workflow/limits.hpp"

namespace ork::run {
namespace {

std::string listed(const std::vector<std::string>& callers, const std::string& last) {
  std::string out;
  for (const std::string& caller : callers) out += (caller.empty() ? "(inline)" : caller) + " > ";
  return out + last;
}

// The runs from the outermost to this one.
std::vector<std::string> callers_of(const Snapshot& snapshot) {
  std::vector<std::string> out;
  if (snapshot.parent) out = snapshot.parent->workflows;
  out.push_back(snapshot.workflow_name);
  return out;
}

class Caller {
 public:
  explicit Caller(const CallInput& input) : input_(input), run_(input.snapshot.run->meta) {}

  Calls run() {
    std::int64_t room = input_.room - count_live();
    const std::vector<std::int64_t> lacking = indexes_without_run();
    if (room <= 0 || lacking.empty()) return {};
    std::string why = why_not_called(callers_of(input_.snapshot), input_.task.task.workflow->name);
    if (!why.empty()) return fail("CallsTooDeep", std::move(why));
    const auto items = items_of(input_.task, input_.count, input_.scope);
    if (!items) return fail("ForEachUnavailable", items.error());
    for (const std::int64_t index : lacking) {
      if (room-- <= 0 || out_.create.size() >= input_.creates) break;
      const std::string name = child_name(run_, input_.task.name(), input_.attempt, index);
      if (const RefusedJob* refused = find_refused(input_.snapshot, name)) {
        if (refused->final) return fail("RunRejected", said_of(*refused));
        if (refused->retry_ms > input_.now) {
          out_.refused = said_of(*refused);
          out_.retry_ms = std::min(out_.retry_ms.value_or(refused->retry_ms), refused->retry_ms);
          continue;
        }
      }
      const bool has_item = index >= 0 && input_.task.has_items();
      auto made = make(name, index, has_item ? &(*items)[static_cast<std::size_t>(index)] : nullptr);
      if (!made) return fail(made.error().reason, made.error().message);
      out_.create.push_back(std::move(*made));
    }
    return std::move(out_);
  }

 private:
  static Calls fail(std::string reason, std::string message) {
    Calls out;
    out.failure = CallFailure{std::move(reason), std::move(message)};
    return out;
  }

  bool is_on_its_way(std::int64_t index) const {
    return input_.snapshot.creating.contains(child_name(run_, input_.task.name(), input_.attempt, index));
  }

  // Those that have ended make room for others.
  std::int64_t count_live() const {
    std::int64_t live = 0;
    for (const api::WorkflowRun* child : children()) live += api::is_final(child->status.phase) ? 0 : 1;
    if (input_.snapshot.creating.empty()) return live;
    for (std::int64_t i = 0; i < input_.count; ++i) live += is_on_its_way(i) ? 1 : 0;
    return live;
  }

  std::vector<const api::WorkflowRun*> children() const {
    return input_.observed == nullptr ? std::vector<const api::WorkflowRun*>() : input_.observed->children;
  }

  // Indexes that have not succeeded, and of which there is no run, nor is about to be; -1 for a task without any.
  std::vector<std::int64_t> indexes_without_run() const {
    if (input_.count == 0) return {-1};
    api::IndexSet there = input_.status.succeeded_indexes;
    for (const api::WorkflowRun* child : children()) there.insert(child->spec.child_of->index);
    std::vector<std::int64_t> out;
    for (std::int64_t i = 0; i < input_.count; ++i) {
      if (!there.contains(i) && !(!input_.snapshot.creating.empty() && is_on_its_way(i))) out.push_back(i);
    }
    return out;
  }

  Result<NewJob, CallFailure> make(const std::string& name, std::int64_t index, const api::Json* item) {
    const IndexScope of_index(input_.scope, index, item);
    const expr::Scope& scope = index < 0 ? static_cast<const expr::Scope&>(input_.scope) : of_index;
    api::Json params = api::Json::object();
    for (const workflow::Input& param : input_.task.inputs) {
      auto value = expr::evaluate(param.expression, scope);
      if (!value) {
        const std::string which = index < 0 ? "" : "of index " + std::to_string(index) + " ";
        return Err(CallFailure{"ParamUnavailable",
                               "param " + param.name + " " + which + "has no value: " + value.error().message});
      }
      params[param.name] = expr::to_json(*value);
    }
    const api::ChildOf of{input_.task.name(), input_.attempt, index, input_.count};
    NewJob out{.name = name, .task = of.task, .attempt = of.attempt, .is_run = true};
    out.body = build_child({*input_.snapshot.run, input_.snapshot.workflow_name, input_.task.task.workflow->name, of,
                            params, queue_labels_of(input_.snapshot)});
    if (out.body.size() > max_child_bytes) {
      return Err(CallFailure{"ParamsTooLarge", "the params of run " + name + " make it larger than " +
                                                   std::to_string(max_child_bytes) +
                                                   " bytes: hand over where to find them instead"});
    }
    return out;
  }

  const CallInput& input_;
  const api::ObjectMeta& run_;
  Calls out_;
};

}  // namespace

Calls call(const CallInput& input) { return Caller(input).run(); }

std::string why_not_called(const std::vector<std::string>& callers, const std::string& workflow) {
  if (std::find(callers.begin(), callers.end(), workflow) != callers.end())
    return "Workflow " + workflow + " would call itself: " + listed(callers, workflow);
  if (callers.size() < max_call_depth) return "";
  return "runs call runs at most " + std::to_string(max_call_depth) +
         " deep, and this would be one more: " + listed(callers, workflow);
}

}  // namespace ork::run
