#include "tests/sim/shrink.hpp"

#include <algorithm>
#include <vector>

namespace ork::sim {
namespace {

using Json = nlohmann::json;
using Cases = std::vector<Case>;

// Each function below says which cases are one step smaller.

Cases with_fewer_faults(const Case& what) {
  Cases smaller;
  for (std::size_t i = what.faults.size(); i-- > 0;) {
    smaller.push_back(what);
    smaller.back().faults.erase(smaller.back().faults.begin() + static_cast<std::ptrdiff_t>(i));
  }
  return smaller;
}

// 0, or else half of it.
void reduce(const Case& what, std::int64_t& (*part)(Case&), Cases& smaller) {
  Case copy = what;
  if (part(copy) == 0) return;
  for (const std::int64_t next : {std::int64_t{0}, part(copy) / 2}) {
    smaller.push_back(what);
    part(smaller.back()) = next;
  }
}

Cases in_a_plainer_world(const Case& what) {
  Cases smaller;
  for (bool Case::* part : {&Case::restart_at_end, &Case::lease}) {
    if (!(what.*part)) continue;
    smaller.push_back(what);
    smaller.back().*part = false;
  }
  reduce(what, [](Case& one) -> std::int64_t& { return one.latency_ms; }, smaller);
  reduce(what, [](Case& one) -> std::int64_t& { return one.twin_for_ms; }, smaller);
  if (what.twin_for_ms > 0) reduce(what, [](Case& one) -> std::int64_t& { return one.twin_from_ms; }, smaller);
  return smaller;
}

Cases with_shorter_waits(const Case& what) {
  Cases smaller;
  for (std::size_t i = 0; i < what.faults.size(); ++i) {
    for (std::int64_t Fault::* part : {&Fault::wait, &Fault::back}) {
      const std::int64_t now = what.faults[i].*part;
      if (now == 0) continue;
      for (const std::int64_t next : {std::int64_t{0}, now / 2}) {
        smaller.push_back(what);
        smaller.back().faults[i].*part = next;
      }
    }
  }
  return smaller;
}

// The spec of a Workflow, or an inline one; nullptr: the object has none.
Json* spec_in(Json& object) {
  for (const char* where : {"/spec/workflow", "/spec"}) {
    if (const Json::json_pointer place(where); object.contains(place / "tasks")) return &object.at(place);
  }
  return nullptr;
}

Json* tasks_in(Json& object) {
  Json* spec = spec_in(object);
  return spec == nullptr ? nullptr : &spec->at("tasks");
}

void forget(Json& task, const std::string& name) {
  if (task.contains("dependsOn")) {
    Json& upstream = task["dependsOn"];
    upstream.erase(std::remove(upstream.begin(), upstream.end(), Json(name)), upstream.end());
    if (upstream.empty()) task.erase("dependsOn");
  }
  if (task.value("when", "").find("tasks." + name + ".") != std::string::npos) task.erase("when");
  if (task.contains("cache") && task["cache"].dump().find("tasks." + name + ".") != std::string::npos)
    task.erase("cache");
  if (task.contains("inputs") && task["inputs"].dump().find("tasks." + name + ".") != std::string::npos) {
    task.erase("inputs");
  }
  for (const char* field : {"count", "forEach", "matrix"}) {
    if (task.contains(field) && task[field].dump().find("tasks." + name + ".") != std::string::npos) task.erase(field);
  }
  // Of nothing there is none.
  if (!task.contains("dependsOn")) task.erase("trigger");
}

// `object`: a task, or a spec.
void forget_in_hooks(Json& object, const std::string& name) {
  if (!object.contains("hooks")) return;
  for (auto& list : object["hooks"]) {
    for (std::size_t i = 0; list.is_array() && i < list.size(); ++i) forget(list[i], name);
  }
}

Cases with_fewer_tasks(const Case& what) {
  Cases smaller;
  for (std::size_t i = 0; i < what.shape.objects.size(); ++i) {
    Json object = what.shape.objects[i];
    Json* tasks = tasks_in(object);
    if (tasks == nullptr || tasks->size() < 2) continue;
    for (std::size_t gone = tasks->size(); gone-- > 0;) {
      Case copy = what;
      Json* left = tasks_in(copy.shape.objects[i]);
      const std::string name = left->at(gone).value("name", "");
      left->erase(gone);
      for (Json& task : *left) {
        forget(task, name);
        forget_in_hooks(task, name);
      }
      forget_in_hooks(*spec_in(copy.shape.objects[i]), name);
      std::erase_if(copy.shape.programs, [&](const ProgramRule& rule) { return rule.task == name; });
      smaller.push_back(std::move(copy));
    }
  }
  return smaller;
}

template <typename Part>
void leave_one_out(const Case& what, std::vector<Part> Shape::* parts, Cases& smaller) {
  for (std::size_t i = (what.shape.*parts).size(); i-- > 0;) {
    smaller.push_back(what);
    auto& left = smaller.back().shape.*parts;
    left.erase(left.begin() + static_cast<std::ptrdiff_t>(i));
  }
}

// Shapes with a name stay what they are called.
Cases of_a_smaller_shape(const Case& what) {
  if (find_shape(what.shape.name) != nullptr) return {};
  Cases smaller = with_fewer_tasks(what);
  leave_one_out(what, &Shape::wishes, smaller);
  leave_one_out(what, &Shape::programs, smaller);
  if (what.shape.objects.size() > 2) leave_one_out(what, &Shape::objects, smaller);
  return smaller;
}

}  // namespace

Case shrink(const Case& what, const std::function<bool(const Case&)>& fails, int most) {
  Case smallest = what;
  for (bool smaller = true; smaller && most > 0;) {
    smaller = false;
    for (const auto candidates : {with_fewer_faults, in_a_plainer_world, of_a_smaller_shape, with_shorter_waits}) {
      Cases tried = candidates(smallest);
      // Once one has been taken, those behind it are made anew from it.
      for (std::size_t i = 0; i < tried.size() && most > 0; --most) {
        if (!fails(tried[i])) {
          ++i;
          continue;
        }
        smallest = std::move(tried[i]);
        tried = candidates(smallest);
        smaller = true;
      }
    }
  }
  return smallest;
}

}  // namespace ork::sim
