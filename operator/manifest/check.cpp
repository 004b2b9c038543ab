#include "operator/manifest/check.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <iterator>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>

#include "controllers/api/meta.hpp"
#include "controllers/api/stored_bytes.hpp"
#include "controllers/api/workflow_run.hpp"
#include "controllers/dag/nearest.hpp"
#include "controllers/expr/quote.hpp"
#include "controllers/run/status_budget.hpp"
#include "controllers/schema/words.hpp"
#include "controllers/workflow/compile.hpp"
#include "controllers/workflow/find_task.hpp"
#include "controllers/workflow/names.hpp"
#include "controllers/workflow/params.hpp"
#include "operator/manifest/calls.hpp"
#include "operator/manifest/limits.hpp"

namespace ork::manifest {
namespace {

using workflow::maybe_meant;

std::string all_acts() {
  std::string out;
  for (const std::string_view name : api::act_names()) out += (out.empty() ? "" : ", ") + std::string(name);
  return out;
}

constexpr std::array<std::string_view, 5> object_fields = {"apiVersion", "kind", "metadata", "spec", "status"};
constexpr std::array<std::string_view, 10> run_fields = {
    "workflowRef",   "workflow", "params",  "cancel",  "suspend",
    "scheduledTime", "rerunOf",  "childOf", "actions", "ttlSecondsAfterFinished"};
constexpr std::array<std::string_view, 2> ref_fields = {"name", "revision"};
constexpr std::array<std::string_view, 3> rerun_fields = {"name", "uid", "from"};
constexpr std::array<std::string_view, 6> action_fields = {"id", "task", "do", "by", "output", "comment"};
constexpr std::array<std::string_view, 2> our_kinds = {"Workflow", "WorkflowRun"};

const Json& field_of(const Json& object, const char* name) {
  static const Json none;
  if (!object.is_object()) return none;
  const auto it = object.find(name);
  return it == object.end() ? none : *it;
}

std::string key_of(const Json& object, std::string_view name) {
  return std::string(namespace_of(object)) + "/" + std::string(name);
}

class Checker {
 public:
  explicit Checker(Others others) : others_(others) {}

  std::vector<Problem> run(std::span<const Manifest> manifests) {
    for (const Manifest& manifest : manifests) {
      if (is_workflow(manifest.value)) declare(manifest);
    }
    for (const Manifest& manifest : manifests) {
      if (problems_.size() >= limits::problems) break;
      manifest_ = &manifest;
      check_object();
    }
    return std::move(problems_);
  }

 private:
  void add(std::string path, std::string_view message) {
    if (problems_.size() < limits::problems) problems_.push_back(problem_of(*manifest_, std::move(path), message));
  }
  void add_all(const std::vector<workflow::Problem>& found) {
    for (const workflow::Problem& problem : found) {
      if (problems_.size() < limits::problems) problems_.push_back(problem_of(*manifest_, problem));
    }
  }
  const Json& object() const { return manifest_->value; }

  // A run may stand before its Workflow.
  void declare(const Manifest& manifest) {
    const Json& workflow = manifest.value;
    auto compiled = workflow::compile(field_of(workflow, "spec"));
    if (!compiled) {
      wrong_.emplace(&manifest, std::move(compiled).error());
    } else {
      declared_[std::string(namespace_of(workflow))].insert_or_assign(std::string(name_of(workflow)),
                                                                      declared_of(std::move(*compiled)));
    }
  }

  void check_object() {
    if (!object().is_object()) return add("", "must be an object with apiVersion, kind and metadata");
    if (!has_text("apiVersion") || !has_text("kind")) return;
    const bool ours = is_workflow(object()) || is_workflow_run(object());
    if (ours || others_ == Others::Checked) {
      check_metadata();
      check_twice();
    }
    if (is_workflow(object())) return check_workflow();
    if (is_workflow_run(object())) return check_run();
    check_kind();
  }

  bool has_text(const char* field) {
    const Json& value = field_of(object(), field);
    if (value.is_string() && value != "") return true;
    add(field, value.is_null() ? std::string(field) + " is missing" : "must be a text");
    return false;
  }

  void check_metadata() {
    const Json& metadata = field_of(object(), "metadata");
    if (!metadata.is_object()) return add("metadata", "is missing: an object needs at least a name");
    const bool generated = field_of(metadata, "generateName").is_string() && !is_workflow(object());
    const Json& name = field_of(metadata, "name");
    if (!name.is_null() && !name.is_string()) {
      add("metadata.name", "is " + schema::show_value(name) + ", but must be a text: put it in quotes");
    } else if ((name.is_null() || name == "") && !generated) {
      add("metadata.name", "a name is missing");
    }
    check_texts(metadata, "labels");
    check_texts(metadata, "annotations");
  }

  void check_texts(const Json& metadata, const char* field) {
    const Json& map = field_of(metadata, field);
    const std::string path = std::string("metadata.") + field;
    if (map.is_null()) return;
    if (!map.is_object()) return add(path, "must be an object of texts");
    for (const auto& [name, value] : map.items()) {
      if (value.is_string()) continue;
      add(path + "." + name, "is " + schema::show_value(value) + ", but must be a text: put it in quotes");
    }
  }

  void check_twice() {
    if (name_of(object()).empty()) return;
    const std::string key = std::string(api_version_of(object())) + " " + std::string(kind_of(object())) + " " +
                            key_of(object(), name_of(object()));
    const auto [first, added] = seen_.emplace(key, manifest_);
    if (added) return;
    const Manifest& before = *first->second;
    add("metadata.name", "this " + std::string(kind_of(object())) + " is there already, at " + before.source->name +
                             ":" + std::to_string(before.place.value.line) + ": rename or remove one of them");
  }

  // An object of another kind may still be meant to be one of ours.
  void check_kind() {
    const std::string_view version = api_version_of(object());
    const std::array<std::string_view, 1> ours = {api::api_version};
    const bool our_group = version.substr(0, version.find('/')) == api::group;
    if (our_group) {
      return add("kind", "ork.dev has no kind " + expr::in_quotes(kind_of(object())) +
                             maybe_meant(dag::nearest(kind_of(object()), our_kinds)));
    }
    const bool our_kind = std::find(our_kinds.begin(), our_kinds.end(), kind_of(object())) != our_kinds.end();
    const std::string_view meant = dag::nearest(version, ours);
    if (our_kind && !meant.empty()) {
      add("apiVersion",
          "there is no " + std::string(kind_of(object())) + " of " + expr::in_quotes(version) + maybe_meant(meant));
    }
  }

  bool check_version() {
    if (api_version_of(object()) == api::api_version) return true;
    add("apiVersion",
        "there is no version " + expr::in_quotes(api_version_of(object())) + maybe_meant(api::api_version));
    return false;
  }

  void check_name() {
    const std::string_view name = name_of(object());
    if (name.empty() || workflow::is_task_name(name)) return;
    add("metadata.name", expr::in_quotes(name) +
                             " must be at most 63 lower case letters, digits and '-', and begin and end with a letter "
                             "or digit");
  }

  void check_known(const Json& value, std::span<const std::string_view> known, const std::string& path) {
    for (const auto& [name, inner] : value.items()) {
      if (std::find(known.begin(), known.end(), name) != known.end()) continue;
      const std::string_view nearest = dag::nearest(name, known);
      add(path, "there is no field " + expr::in_quotes(name) +
                    (nearest.empty() ? "; remove it, or move it to where it belongs" : maybe_meant(nearest)));
    }
  }

  // Who forgets the line "spec:" has the spec's fields at the top.
  bool is_spec_left_out(const char* field) {
    if (!field_of(object(), "spec").is_null() || field_of(object(), field).is_null()) return false;
    add("", "there is no field " + expr::in_quotes(field) +
                " here: it belongs below spec, so put a line \"spec:\" before it");
    return true;
  }

  void check_workflow() {
    if (!check_version()) return;
    if (is_spec_left_out("tasks")) return;
    check_known(object(), object_fields, "");
    check_name();
    check_input_names(field_of(object(), "spec"), "spec");
    const auto wrong = wrong_.find(manifest_);
    if (wrong != wrong_.end()) return add_all(wrong->second);
    const DeclaredWorkflows& others = declared_[std::string(namespace_of(object()))];
    const auto own = others.find(name_of(object()));
    if (own != others.end()) add_all(check_calls(own->first, own->second, others, "spec"));
  }

  void check_run() {
    if (!check_version()) return;
    if (is_spec_left_out("workflowRef") || is_spec_left_out("workflow")) return;
    check_known(object(), object_fields, "");
    check_name();
    const Json& spec = field_of(object(), "spec");
    if (!spec.is_object()) return add("spec", "is missing: a run needs a workflowRef or a workflow");
    check_known(spec, run_fields, "spec");
    check_flag(spec, "cancel");
    check_flag(spec, "suspend");
    check_rerun(field_of(spec, "rerunOf"));
    check_actions(field_of(spec, "actions"));
    const Json& time = field_of(spec, "scheduledTime");
    if (!time.is_null() && !(time.is_string() && api::parse_time(time.get_ref<const std::string&>()))) {
      add("spec.scheduledTime", "is " + schema::show_value(time) + ", but must be a time such as 2026-11-22T02:00:00Z");
    }
    const Json& ttl = field_of(spec, "ttlSecondsAfterFinished");
    if (!ttl.is_null() && !(ttl.is_number_integer() && ttl >= 0)) {
      add("spec.ttlSecondsAfterFinished", "is " + schema::show_value(ttl) + ", but must be a number of seconds");
    }
    const Json& params = field_of(spec, "params");
    if (!params.is_null() && !params.is_object()) {
      return add("spec.params", "must be an object that gives each param's value by its name");
    }
    check_what_it_runs(spec);
  }

  // Whether there is such a run only the cluster knows.
  void check_rerun(const Json& rerun_of) {
    if (rerun_of.is_null()) return;
    const char* example = "must name a run that has ended, as in {name: etl-x7k2p, from: Failed}";
    if (!rerun_of.is_object()) return add("spec.rerunOf", example);
    check_known(rerun_of, rerun_fields, "spec.rerunOf");
    const Json& name = field_of(rerun_of, "name");
    if (!name.is_string() || name == "") add("spec.rerunOf", example);
    const Json& from = field_of(rerun_of, "from");
    const bool known = from.is_null() || from == api::from_failed ||
                       (from.is_string() && workflow::is_task_name(from.get_ref<const std::string&>()));
    if (!known)
      add("spec.rerunOf.from", "is " + schema::show_value(from) + ", but must be Failed or the name of a task");
  }

  void check_actions(const Json& actions) {
    if (actions.is_null()) return;
    if (!actions.is_array()) return add("spec.actions", "must be a list, as in [{id: again-1, task: load, do: Retry}]");
    std::set<std::string> ids;
    for (std::size_t i = 0; i < actions.size(); ++i) {
      const std::string path = workflow::item("spec.actions", i);
      if (!actions[i].is_object()) {
        add(path, "must be an object, as in {id: again-1, task: load, do: Retry}");
        continue;
      }
      check_known(actions[i], action_fields, path);
      check_action(actions[i], path, ids);
    }
  }

  void check_action(const Json& action, const std::string& path, std::set<std::string>& ids) {
    for (const char* field : {"id", "task", "do"}) {
      const Json& value = field_of(action, field);
      if (!value.is_string() || value == "")
        add(path, std::string(field) + " is missing: an action has an id, a task and do");
    }
    const Json& id = field_of(action, "id");
    if (id.is_string() && !ids.insert(id.get<std::string>()).second)
      add(path + ".id", expr::in_quotes(id.get<std::string>()) + " is there already: each action has an id of its own");
    const Json& act = field_of(action, "do");
    if (!act.is_string() || act == "") return;
    const auto& wish = act.get_ref<const std::string&>();
    if (!api::parse_act(wish)) {
      const std::string_view nearest = dag::nearest(wish, api::act_names());
      add(path + ".do", "there is no action " + expr::in_quotes(wish) +
                            (nearest.empty() ? "; there are: " + all_acts() : maybe_meant(nearest)));
    } else if (wish != "MarkSucceeded" && !field_of(action, "output").is_null()) {
      add(path + ".output",
          "only a task that is marked as succeeded is given an output: remove it, or do MarkSucceeded");
    } else if (wish != "Approve" && wish != "Reject" && !field_of(action, "comment").is_null()) {
      add(path + ".comment", "only an answer is given a comment: remove it, or do Approve or Reject");
    }
  }

  void check_flag(const Json& spec, const char* field) {
    const Json& value = field_of(spec, field);
    if (value.is_null() || value.is_boolean()) return;
    add(std::string("spec.") + field, schema::type_mismatch(value, "boolean"));
  }

  void check_what_it_runs(const Json& spec) {
    const Json& ref = field_of(spec, "workflowRef");
    const Json& inline_workflow = field_of(spec, "workflow");
    if (ref.is_null() == inline_workflow.is_null()) {
      return add("spec", ref.is_null()
                             ? "has neither workflowRef (runs a Workflow by name) nor workflow (runs the tasks "
                               "written in it): give it one of them"
                             : "has both workflowRef and workflow: remove one of them");
    }
    if (ref.is_null()) return check_inline(spec, inline_workflow);
    const Json& name = field_of(ref, "name");
    if (!name.is_string() || name == "") return add("spec.workflowRef", "must name a Workflow, as in {name: etl}");
    check_known(ref, ref_fields, "spec.workflowRef");
    const DeclaredWorkflows& others = declared_[std::string(namespace_of(object()))];
    const auto known = others.find(name.get_ref<const std::string&>());
    if (known != others.end()) check_params(known->second.params, spec);
  }

  // Who writes `y: params.y` means no input of the name true.
  void check_input_names(const Json& spec, const std::string& path) {
    const Json& tasks = field_of(spec, "tasks");
    for (std::size_t i = 0; tasks.is_array() && i < tasks.size(); ++i) {
      for (const char* name : {"true", "false"}) {
        if (field_of(field_of(tasks[i], "inputs"), name).is_null()) continue;
        add(workflow::item(path + ".tasks", i) + ".inputs." + name,
            "an input's name can't be " + std::string(name) + ", which is what YAML makes of " +
                (name[0] == 't' ? "y, yes and on" : "n, no and off") + ": put it in quotes");
      }
    }
  }

  void check_inline(const Json& spec, const Json& inline_workflow) {
    check_input_names(inline_workflow, "spec.workflow");
    auto compiled = workflow::compile(inline_workflow, "spec.workflow");
    if (!compiled) return add_all(compiled.error());
    check_params(compiled->params, spec);
    check_named_tasks(*compiled, spec);
    if (const auto why = run::no_status_room(*compiled, api::stored_bytes(object()))) add("spec.workflow", *why);
    add_all(check_calls("", declared_of(std::move(*compiled)), declared_[std::string(namespace_of(object()))],
                        "spec.workflow"));
  }

  void check_named_tasks(const workflow::Definition& definition, const Json& spec) {
    const auto check = [&](const Json& name, workflow::Among among, const std::string& path) {
      if (!name.is_string() || name == "") return;
      const std::string problem = workflow::no_such_task(definition, name.get_ref<const std::string&>(), among);
      if (!problem.empty()) add(path, problem);
    };
    const Json& actions = field_of(spec, "actions");
    for (std::size_t i = 0; actions.is_array() && i < actions.size(); ++i) {
      check(field_of(actions[i], "task"), workflow::Among::TasksAndHooks, workflow::item("spec.actions", i) + ".task");
    }
    const Json& from = field_of(field_of(spec, "rerunOf"), "from");
    if (from != api::from_failed) check(from, workflow::Among::Tasks, "spec.rerunOf.from");
  }

  void check_params(std::span<const workflow::CompiledParam> declared, const Json& spec) {
    auto values = workflow::resolve_params(declared, field_of(spec, "params"));
    if (!values) add_all(values.error());
  }

  Others others_;
  const Manifest* manifest_ = nullptr;
  std::map<std::string, DeclaredWorkflows> declared_;                // by namespace
  std::map<const Manifest*, std::vector<workflow::Problem>> wrong_;  // of Workflows' specs
  std::map<std::string, const Manifest*> seen_;
  std::vector<Problem> problems_;
};

}  // namespace

std::vector<Problem> check(std::span<const Manifest> manifests, Others others) {
  return Checker(others).run(manifests);
}

std::vector<Problem> check_all(const Loaded& loaded, Others others) {
  std::vector<Problem> problems = loaded.problems;
  std::vector<Problem> found = check(loaded.manifests, others);
  std::move(found.begin(), found.end(), std::back_inserter(problems));
  std::map<std::string_view, std::size_t> places;
  for (const std::string& file : loaded.files) places.emplace(file, places.size());
  const auto key = [&](const Problem& p) { return std::tuple(places[p.file], p.at.line, p.at.column); };
  std::stable_sort(problems.begin(), problems.end(), [&](const auto& a, const auto& b) { return key(a) < key(b); });
  return problems;
}

}  // namespace ork::manifest
