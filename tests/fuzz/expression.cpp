// Expressions: whatever is written, it is parsed or refused; what is evaluated gives the same twice, is of the type
// that the check has foretold, and is explained as it was answered.

#include <nlohmann/json.hpp>

#include "controllers/expr/check.hpp"
#include "controllers/expr/explain.hpp"
#include "controllers/expr/expression.hpp"
#include "tests/fuzz/target.hpp"

namespace ork::expr {
namespace {

const Json& variables() {
  static const Json all = Json::parse(R"({
    "params": {"day": "2026-01-31", "n": 3, "ratio": 0.5, "tags": ["a", "b", "c"], "deep": {"a": [{"b": null}]}},
    "tasks": {"list": {"phase": "Succeeded", "attempt": 1, "exitCode": 0, "output": [1, 2.5, "x", true, null]}},
    "item": {"k": 1}, "index": 7, "run": {"name": "etl", "phase": "Failed"},
    "big": 9223372036854775807, "small": -9223372036854775807, "text": "h\u00e9llo\u0000"})");
  return all;
}

class Variables : public Scope {
 public:
  std::optional<Value> variable(std::string_view name) const override {
    const auto found = variables().find(name);
    if (found == variables().end()) return std::nullopt;
    return view_of(*found);
  }
  std::optional<std::int64_t> utc_offset_s(std::string_view zone, const Timestamp&) const override {
    return zone == "Europe/Berlin" ? std::optional<std::int64_t>(3600) : std::nullopt;
  }
};

class AnyTypes : public Types {
 public:
  std::optional<Type> variable(std::string_view name) const override {
    return variables().contains(name) ? std::optional(type_of_kind(Type::Is::Any)) : std::nullopt;
  }
};

bool is_within(std::size_t begin, std::size_t end, std::string_view text) { return begin <= end && end <= text.size(); }

void try_one(std::string_view text) {
  const auto expression = parse(text);
  if (!expression) {
    fuzz::require(expression.error().position <= text.size(), "a parse error stands in the text");
    fuzz::require(!expression.error().message.empty(), "a parse error says something");
    return;
  }
  const Checked checked = check(*expression, AnyTypes());
  for (const TypeError& error : checked.errors)
    fuzz::require(is_within(error.begin, error.end, text), "a type error stands in the text");

  const Variables scope;
  const auto value = evaluate(*expression, scope);
  const auto again = evaluate(*expression, scope);
  const Explanation explained = explain(*expression, scope);
  fuzz::require(value.ok() == again.ok(), "it has a value twice, or never");
  fuzz::require(value.ok() == explained.answer.ok(), "it is explained as it was answered");
  for (const Part& part : explained.parts)
    fuzz::require(is_within(part.begin, part.end, text), "a part stands in the text");
  if (!value) {
    fuzz::require(is_within(value.error().begin, value.error().end, text), "an error stands in the text");
    fuzz::require(value.error().message == again.error().message, "the same error twice");
    fuzz::require(value.error().message == explained.answer.error().message, "the same error explained");
    return;
  }
  const auto written = to_json(*value).dump(-1, ' ', true, Json::error_handler_t::replace);
  fuzz::require(written == to_json(*again).dump(-1, ' ', true, Json::error_handler_t::replace), "the same value twice");
  fuzz::require(!checked.errors.empty() || admits(checked.type, value->kind()), "a value is of the type foretold");
}

}  // namespace
}  // namespace ork::expr

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  ork::expr::try_one(ork::fuzz::text_of(data, size));
  return 0;
}
