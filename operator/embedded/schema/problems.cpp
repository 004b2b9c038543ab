#include "operator/embedded/schema/problems.hpp"

#include "operator/embedded/schema/go_text.hpp"

namespace ork::embedded::problems {
namespace {

FieldProblem made(ProblemType type, std::string field, std::string what, std::string_view detail) {
  if (!detail.empty()) what.append(": ").append(detail);
  return {type, std::move(field), std::move(what)};
}

}  // namespace

std::string printed(const Json& value) {
  if (value.is_string()) return go_text::quoted(value.get_ref<const std::string&>());
  if (value.is_number_float()) return go_text::number(value.get<double>());
  return go_text::json(value);
}

FieldProblem invalid(std::string field, const Json& value, std::string_view detail) {
  return made(ProblemType::Invalid, std::move(field), "Invalid value: " + printed(value), detail);
}

FieldProblem invalid(std::string field, std::string_view detail) {
  return made(ProblemType::Invalid, std::move(field), "Invalid value", detail);
}

FieldProblem type_invalid(std::string field, const Json& value, std::string_view detail) {
  return made(ProblemType::TypeInvalid, std::move(field), "Invalid value: " + printed(value), detail);
}

FieldProblem required(std::string field, std::string_view detail) {
  return made(ProblemType::Required, std::move(field), "Required value", detail);
}

FieldProblem not_supported(std::string field, const Json& value, const std::vector<std::string>& supported) {
  std::string detail;
  for (const std::string& one : supported) {
    detail += (detail.empty() ? "supported values: " : ", ") + go_text::quoted(one);
  }
  return made(ProblemType::NotSupported, std::move(field), "Unsupported value: " + printed(value), detail);
}

FieldProblem duplicate(std::string field, const Json& value) {
  return made(ProblemType::Duplicate, std::move(field), "Duplicate value: " + printed(value), "");
}

FieldProblem forbidden(std::string field, std::string_view detail) {
  return made(ProblemType::Forbidden, std::move(field), "Forbidden", detail);
}

FieldProblem not_found(std::string field, const Json& value) {
  return made(ProblemType::NotFound, std::move(field), "Not found: " + printed(value), "");
}

FieldProblem too_long(std::string field, std::int64_t most) {
  std::string detail = most < 0 ? "value is too long"
                                : "may not be more than " + std::to_string(most) + (most == 1 ? " byte" : " bytes");
  return made(ProblemType::TooLong, std::move(field), "Too long", detail);
}

FieldProblem too_many(std::string field, std::int64_t actual, std::int64_t most) {
  std::string what = actual < 0 ? "Too many" : "Too many: " + std::to_string(actual);
  std::string detail =
      most < 0 ? "has too many items" : "must have at most " + std::to_string(most) + (most == 1 ? " item" : " items");
  return made(ProblemType::TooMany, std::move(field), what, detail);
}

FieldProblem internal(std::string field, std::string_view detail) {
  return made(ProblemType::Internal, std::move(field), "Internal error", detail);
}

}  // namespace ork::embedded::problems
