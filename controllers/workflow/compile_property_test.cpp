// compile() takes any JSON whatever: it neither throws nor crashes, what it says is bounded and safe
// to print, and what it accepts is sound.

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "controllers/workflow/limits.hpp"
#include "controllers/workflow/problems_of.hpp"

namespace ork::workflow {
namespace {

using api::Json;
using namespace std::string_literals;

// Whatever the size rapidcheck is at: small cases alone would never get past the first rule.
int pick(int count) { return *rc::gen::resize(100, rc::gen::inRange(0, count)); }

std::string any_key() {
  return *rc::gen::element("name"s, "tasks"s, "params"s, "image"s, "dependsOn"s, "inputs"s, "count"s, "parallelism"s,
                           "podTemplate"s, "spec"s, "containers"s, "metadata"s, "labels"s, "env"s, "envFrom"s, "retry"s,
                           "backoff"s, "limit"s, "defaults"s, "type"s, "default"s, "enum"s, "script"s, "command"s,
                           "timeout"s, "factor"s, "types"s, "output"s, "items"s, "properties"s, "required"s, "pattern"s,
                           "minimum"s, "secret"s, "additionalProperties"s, "onFailure"s, "resources"s, "a"s, ""s,
                           "\0\x1b[2J"s, "\u202e"s, "\xff"s);
}

Json any_scalar() {
  switch (pick(8)) {
    case 0: return nullptr;
    case 1: return *rc::gen::arbitrary<bool>();
    case 2: return *rc::gen::element<std::int64_t>(0, 1, -1, 3, 100001, INT64_MAX, INT64_MIN);
    case 3: return *rc::gen::element(0.5, -1.0, 3.0, 1e300);
    case 4: return UINT64_MAX;
    case 5: return *rc::gen::arbitrary<std::string>();
    default:
      return *rc::gen::element("a"s, "b"s, "c"s, ""s, "10s"s, "-1s"s, "integer"s, "run"s, "Never"s, "ORK_X"s,
                               "params.a"s, "a"s, "A"s, "tasks.a.output"s, "tasks.b.output.x[0]"s, "tasks.a-b.output"s,
                               "\0\x1b[2J"s, "\xff\xfe"s);
  }
}

Json any_json(int depth) {
  const int kind = depth == 0 ? 0 : pick(4);
  if (kind <= 1) return any_scalar();
  Json out = kind == 2 ? Json::array() : Json::object();
  const int size = pick(6);
  for (int i = 0; i < size; ++i) {
    if (kind == 2) {
      out.push_back(any_json(depth - 1));
    } else {
      out[any_key()] = any_json(depth - 1);
    }
  }
  return out;
}

void check_message(const std::vector<Problem>& problems) {
  RC_ASSERT(!problems.empty());
  RC_ASSERT(problems.size() <= max_problems);
  const std::string text = describe(problems);
  RC_ASSERT(text.size() <= max_description);
  RC_ASSERT(!Json(text).dump().empty());  // throws where it is not UTF-8
  RC_ASSERT(std::none_of(text.begin(), text.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; }));
}

RC_GTEST_PROP(CompileProperty, AnyJsonIsEitherCompiledOrDescribed, ()) {
  Json spec = any_json(6);
  if (spec.is_object() && pick(2) == 0) spec["tasks"] = Json::array({any_json(4), any_json(4), any_json(4)});
  const auto definition = compile(spec);
  if (!definition) check_message(definition.error());
}

// Closer to a spec, so that the later rules are reached too: one field of a right one is changed.
RC_GTEST_PROP(CompileProperty, ARightSpecWithOneValueReplacedIsEitherCompiledOrDescribed, ()) {
  Json spec = Json::parse(R"({
    "types": {"A": {"properties": {"a": {"type": "B"}}, "required": ["a"]}, "B": {"items": {"minimum": 1}, "maxItems": 3}},
    "params": [{"name": "a", "type": "string", "default": "x", "enum": ["x"]}, {"name": "b", "type": "A"},
               {"name": "c", "secret": true, "default": {"secretKeyRef": {"name": "a", "key": "b"}}}],
    "output": "tasks.a.output.a[0]",
    "defaults": {"image": "i", "retry": {"limit": 1, "backoff": {"initial": "1s"}}, "env": [{"name": "A"}]},
    "tasks": [{"name": "a", "script": "s", "output": {"type": "A", "default": {"a": []}}, "inputs": {"c": "params.c"}},
              {"name": "b", "dependsOn": ["a"], "inputs": {"x": "tasks.a.output", "y": "params.a"}, "count": 2},
              {"name": "c", "podTemplate": {"metadata": {"labels": {"a": "b"}},
                                            "spec": {"containers": [{"name": "main", "env": []}]}}}]})");
  RC_ASSERT(compile(spec).ok());
  Json* place = &spec;
  while (place->is_structured() && !place->empty() && pick(5) > 0) {
    place = &*std::next(place->begin(), pick(static_cast<int>(place->size())));
  }
  *place = any_json(3);
  const auto definition = compile(spec);
  if (!definition) {
    check_message(definition.error());
    return;
  }
  RC_ASSERT(definition->graph.size() == static_cast<int>(definition->tasks.size()));
  for (int i = 0; i < definition->graph.size(); ++i) {
    const CompiledTask& task = definition->tasks[static_cast<std::size_t>(i)];
    RC_ASSERT(definition->index_of(task.name()) == i);
    RC_ASSERT(task.task.image.has_value() || task.task.pod_template.is_object());
    RC_ASSERT(task.env().is_null() || task.env().is_array());
    for (const Input& input : task.inputs) {
      for (const auto& name : input.expression.references().tasks) {
        const auto up = definition->graph.upstream(i);
        RC_ASSERT(std::find(up.begin(), up.end(), definition->index_of(name)) != up.end());
      }
    }
  }
}

}  // namespace
}  // namespace ork::workflow
