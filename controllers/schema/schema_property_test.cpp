// parse() and check() take any JSON whatever: they neither throw nor crash, what they say is bounded, and a value that
// is right stays right once it is completed.

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "controllers/schema/limits.hpp"
#include "controllers/schema/test_schemas.hpp"

namespace ork::schema {
namespace {

using namespace std::string_literals;

// Whatever the size rapidcheck is at: small cases alone would never get past the first rule.
int pick(int count) { return *rc::gen::resize(100, rc::gen::inRange(0, count)); }

Json any_scalar() {
  switch (pick(6)) {
    case 0: return nullptr;
    case 1: return *rc::gen::arbitrary<bool>();
    case 2: return *rc::gen::element<std::int64_t>(0, 1, -1, 3, INT64_MAX, INT64_MIN);
    case 3: return *rc::gen::element(0.5, -1.0, 3.0, 1e300);
    case 4: return UINT64_MAX;
    default: return *rc::gen::element("a"s, "b"s, ""s, "10s"s, "2026-01-31"s, "\0\x1b[2J"s, "\xff\xfe"s);
  }
}

Json any_value(int depth) {
  const int kind = depth == 0 ? 0 : pick(3);
  if (kind == 0) return any_scalar();
  Json out = kind == 1 ? Json::array() : Json::object();
  for (int i = pick(4); i > 0; --i) {
    if (kind == 1) {
      out.push_back(any_value(depth - 1));
    } else {
      out[*rc::gen::element("a"s, "b"s, "c d"s, "\xff"s)] = any_value(depth - 1);
    }
  }
  return out;
}

Json any_schema(int depth) {
  if (pick(20) == 0) return any_value(1);
  Json out = Json::object();
  for (int i = pick(4); i > 0; --i) {
    switch (pick(depth == 0 ? 5 : 9)) {
      case 0:
        out["type"] = *rc::gen::element("string"s, "integer"s, "number"s, "boolean"s, "array"s, "object"s, "A"s, "B"s);
        break;
      case 1: out["default"] = any_value(1); break;
      // No objects: one of an enum is told by what was given, without the defaults of its fields.
      case 2: out["enum"] = Json::array({any_scalar(), any_scalar()}); break;
      case 3: out[*rc::gen::element("minimum"s, "maxLength"s, "maxItems"s, "exclusiveMaximum"s)] = any_scalar(); break;
      case 4: out[*rc::gen::element("pattern"s, "format"s, "odd"s)] = any_scalar(); break;
      case 5: out["items"] = any_schema(depth - 1); break;
      case 6: out["additionalProperties"] = pick(2) == 0 ? Json(false) : any_schema(depth - 1); break;
      case 7: out["required"] = Json::array({"a"}); break;
      default: out["properties"] = {{"a", any_schema(depth - 1)}, {"c d", any_schema(depth - 1)}};
    }
  }
  return out;
}

RC_GTEST_PROP(SchemaProperty, TakesAnything, ()) {
  std::vector<Problem> problems;
  const Types types = parse_types(Json{{"A", any_schema(2)}, {"B", any_schema(2)}}, problems);
  const SchemaPtr schema = parse(any_schema(3), types, {}, problems);
  RC_ASSERT(problems.size() <= 2 * max_schema_problems);
  const Json value = any_value(3);
  const std::vector<Problem> wrong = check(value, *schema);
  RC_ASSERT(wrong.size() <= max_value_problems);
  if (!wrong.empty()) return;
  const auto whole = completed(value, *schema, 1000);
  if (whole) RC_ASSERT(check(*whole, *schema).empty());
}

}  // namespace
}  // namespace ork::schema
