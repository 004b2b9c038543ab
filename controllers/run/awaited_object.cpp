#include "controllers/run/awaited_object.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "controllers/expr/json.hpp"
#include "controllers/jobs/failure.hpp"

namespace ork::run {
namespace {

using api::Json;

// The rest of its message is one sentence with the object's name in it.
constexpr std::size_t max_sentence = 300;

class ObjectScope : public expr::Scope {
 public:
  ObjectScope(const expr::Scope& run, const Json& object) : run_(run), object_(object) {}
  std::optional<expr::Value> variable(std::string_view name) const override {
    return name == "object" ? std::optional(expr::view_of(object_)) : run_.variable(name);
  }
  std::optional<std::int64_t> utc_offset_s(std::string_view zone, const expr::Timestamp& time) const override {
    return run_.utc_offset_s(zone, time);
  }

 private:
  const expr::Scope& run_;
  const Json& object_;
};

const Json* field(const Json& object, const char* name) {
  const auto it = object.is_object() ? object.find(name) : object.end();
  return it == object.end() ? nullptr : &*it;
}

std::string text_of(const Json& object, const char* name) {
  const Json* text = field(object, name);
  return text != nullptr && text->is_string() ? text->get<std::string>() : std::string();
}

std::optional<std::int64_t> number_of(const Json* object, const char* name) {
  const Json* number = object == nullptr ? nullptr : field(*object, name);
  return number != nullptr && number->is_number_integer() ? std::optional(number->get<std::int64_t>()) : std::nullopt;
}

// As kubectl takes them.
bool are_equal_but_for_case(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [&](char x, char y) { return lower(x) == lower(y); });
}

const Json* find_condition(const Json& object, std::string_view type) {
  const Json* status = field(object, "status");
  const Json* conditions = status == nullptr ? nullptr : field(*status, "conditions");
  if (conditions == nullptr || !conditions->is_array()) return nullptr;
  const auto it = std::find_if(conditions->begin(), conditions->end(), [type](const Json& condition) {
    return are_equal_but_for_case(text_of(condition, "type"), type);
  });
  return it == conditions->end() ? nullptr : &*it;
}

bool is_of_earlier_generation(const Json& object, const Json& condition) {
  const auto now = number_of(field(object, "metadata"), "generation");
  auto observed = number_of(&condition, "observedGeneration");
  if (!observed) observed = number_of(field(object, "status"), "observedGeneration");
  return now && observed && *observed < *now;
}

// Empty: it is True.
std::string why_not(const Json& object, const std::string& type) {
  const Json* condition = find_condition(object, type);
  if (condition == nullptr) return "it has no condition " + type;
  if (is_of_earlier_generation(object, *condition)) return type + " is told of an earlier generation of it";
  const std::string status = text_of(*condition, "status");
  if (are_equal_but_for_case(status, "True")) return "";
  const std::string reason = text_of(*condition, "reason");
  return type + " is " + (status.empty() ? "Unknown" : status) + (reason.empty() ? "" : " (" + reason + ")");
}

}  // namespace

Result<ObjectJudgement, std::string> judge_object(const workflow::CompiledTask& task, const std::string& name,
                                                  const AwaitedObject& awaited, const expr::Scope& run) {
  const api::WaitForObject& wanted = *task.task.wait->object;
  const std::string what = "waits for " + wanted.kind + " " + name;
  const auto waits = [&](const char* reason, const std::string& why) {
    return ObjectJudgement{reason, jobs::printable_head(what + why, max_sentence)};
  };
  if (!awaited.problem.empty()) return waits("ObjectUnavailable", ", which can't be watched: " + awaited.problem);
  if (!awaited.is_seen) return waits("Waiting", "");
  if (awaited.object == nullptr) return waits("ObjectNotFound", ", which is not there");
  if (wanted.condition) {
    const std::string why = why_not(*awaited.object, *wanted.condition);
    return why.empty() ? ObjectJudgement{} : waits("Waiting", ": " + why);
  }
  if (!task.object_until) return ObjectJudgement{};
  const auto value = expr::evaluate(*task.object_until, ObjectScope(run, *awaited.object));
  if (!value) return waits("Waiting", ": until has no value: " + value.error().message);
  const bool* holds = value->get_if<bool>();
  if (holds == nullptr) {
    return Err("wait.object.until is " + std::string(expr::kind_in_words(*value)) + ", but has to be true or false");
  }
  return *holds ? ObjectJudgement{} : waits("Waiting", ": until is false");
}

}  // namespace ork::run
