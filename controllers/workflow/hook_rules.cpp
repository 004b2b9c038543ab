#include "controllers/workflow/hook_rules.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "controllers/expr/quote.hpp"
#include "controllers/workflow/limits.hpp"
#include "controllers/workflow/task_rules.hpp"

namespace ork::workflow {
namespace {

class EdgeChecker {
 public:
  EdgeChecker(const api::WorkflowSpec& spec, const std::vector<TaskExpressions>& expressions, std::string_view path,
              ProblemList& problems)
      : spec_(spec), expressions_(expressions), path_(path), problems_(problems) {
    for (std::size_t i = 0; i < spec.tasks.size(); ++i) places_.emplace(spec.tasks[i].name, i);
  }

  void check(std::size_t i) {
    const std::string here = path_of_task(spec_, path_, i);
    const auto& depends_on = spec_.tasks[i].depends_on;
    for (std::size_t k = 0; k < depends_on.size(); ++k)
      check_edge(i, depends_on[k], /*read=*/false, item(here + ".dependsOn", k));
    const auto all = expressions_[i].all();
    for (std::size_t k = 0; k < all.size(); ++k) {
      for (const std::string& name : all[k]->references().tasks)
        check_edge(i, name, /*read=*/true, expressions_[i].path_of(k, here));
    }
  }

 private:
  void check_edge(std::size_t i, const std::string& name, bool read, const std::string& path) {
    const auto found = places_.find(name);
    if (found == places_.end()) return;
    const api::Hook* hook = spec_.tasks[i].hook.get();
    const bool of_hook = spec_.tasks[found->second].hook != nullptr;
    const std::string quoted = expr::in_quotes(name);
    if (hook == nullptr && of_hook) {
      problems_.add(path, quoted + " is a hook, and no task waits for those: make a task of it, or a hook of this one");
    } else if (hook == nullptr || of_hook) {
      return;
    } else if (!read) {
      problems_.add(path, quoted + " is a task, and a hook's time comes by itself: remove it; what " + quoted +
                              " gave can be read in inputs");
    } else if (hook->moment == api::Moment::Start && hook->of == -1) {
      problems_.add(path, "refers to " + quoted + ", of which nothing is known yet when the run starts");
    } else if (hook->moment == api::Moment::Start && hook->of == static_cast<int>(found->second)) {
      problems_.add(path, "refers to " + quoted + ", of which nothing is known yet when it starts");
    }
  }

  const api::WorkflowSpec& spec_;
  const std::vector<TaskExpressions>& expressions_;
  std::string_view path_;
  ProblemList& problems_;
  std::map<std::string_view, std::size_t> places_;
};

}  // namespace

std::size_t count_ordinary(const api::WorkflowSpec& spec) {
  const auto first =
      std::find_if(spec.tasks.begin(), spec.tasks.end(), [](const api::Task& task) { return task.hook != nullptr; });
  return static_cast<std::size_t>(first - spec.tasks.begin());
}

void check_hooks(const api::WorkflowSpec& spec, std::string_view path, ProblemList& problems) {
  const std::size_t tasks = count_ordinary(spec);
  // Of too many tasks the table of fields tells.
  if (spec.tasks.size() <= max_tasks || tasks > max_tasks) return;
  problems.add(std::string(path), "has " + std::to_string(tasks) + " tasks and " +
                                      std::to_string(spec.tasks.size() - tasks) + " hooks, but may have at most " +
                                      std::to_string(max_tasks) + " of both together");
}

void check_hook(const api::Task& hook, const std::string& path, ProblemList& problems) {
  const std::pair<const char*, bool> fields[] = {{"count", hook.count || hook.count_expression},
                                                 {"forEach", !hook.for_each.is_null()},
                                                 {"matrix", !hook.matrix.is_null()},
                                                 {"parallelism", hook.parallelism.has_value()},
                                                 {"tolerate", hook.tolerate.has_value()},
                                                 {"wait", hook.wait.has_value()},
                                                 {"approve", hook.approve.has_value()},
                                                 {"cache", hook.cache.has_value()},
                                                 {"workflow", hook.workflow.has_value()},
                                                 {"onFailure", hook.on_failure.has_value()}};
  for (const auto& [name, there] : fields) {
    if (there) problems.add(path + "." + name, "means nothing for a hook, which is one Pod, run once: remove it");
  }
}

void check_what_hooks_wait_for(const api::WorkflowSpec& spec, const std::vector<TaskExpressions>& expressions,
                               std::string_view path, ProblemList& problems) {
  if (count_ordinary(spec) == spec.tasks.size()) return;
  EdgeChecker checker(spec, expressions, path, problems);
  for (std::size_t i = 0; i < spec.tasks.size() && !problems.full(); ++i) checker.check(i);
}

}  // namespace ork::workflow
