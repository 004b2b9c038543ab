#include "controllers/run/retry_condition.hpp"

#include "controllers/api/workflow_run.hpp"

namespace ork::run {
namespace {

class FailureScope : public expr::Scope {
 public:
  FailureScope(const jobs::ProgramFailure& failure, int attempt) : failure_(failure), attempt_(attempt) {}

  std::optional<expr::Value> variable(std::string_view name) const override {
    if (name == "exitCode") return expr::of_int(failure_.exit_code.value_or(-1));
    if (name == "cause") return expr::of_string(std::string(api::to_string(failure_.cause)));
    if (name == "message") return expr::of_string(failure_.message);
    if (name == "attempt") return expr::of_int(attempt_);
    return std::nullopt;
  }

 private:
  const jobs::ProgramFailure& failure_;
  int attempt_;
};

}  // namespace

Result<bool, std::string> is_retry_wanted(const expr::Expression& when, std::span<const jobs::ProgramFailure> failures,
                                          int attempt) {
  for (const jobs::ProgramFailure& failure : failures) {
    const auto value = expr::evaluate(when, FailureScope(failure, attempt));
    if (!value) return Err("retry.when has no value: " + value.error().message);
    const bool* wanted = value->get_if<bool>();
    if (wanted == nullptr) return Err(std::string("retry.when is neither true nor false"));
    if (!*wanted) return false;
  }
  return true;
}

}  // namespace ork::run
