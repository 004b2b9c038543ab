#include "operator/cli/cluster/session.hpp"

#include <memory>
#include <optional>
#include <utility>

#include "controllers/expr/depth.hpp"
#include "operator/cli/cluster/limits.hpp"

namespace ork::cli {

Result<Json, Failure> parse_answer(const std::string& body) {
  Json parsed = Json::parse(body, nullptr, /*allow_exceptions=*/false);
  if (parsed.is_discarded()) return Err(Failure{ExitCode::Error, "the API server's answer is no JSON"});
  if (expr::is_deeper_than(parsed, limits::answer_depth)) {
    return Err(Failure{ExitCode::Error, "the API server's answer is nested too deep"});
  }
  return parsed;
}

Result<Answered, Failure> ask(Session& session, kube::Request request) {
  const kube::Method method = request.method;
  // An answer that comes after an interrupt finds nobody.
  const auto answer = std::make_shared<std::optional<Result<kube::Response, kube::Error>>>();
  session.transport().call(std::move(request), [&session, weak = std::weak_ptr(answer)](auto given) {
    const auto waiting = weak.lock();
    if (!waiting) return;
    *waiting = std::move(given);
    session.stop();
  });
  session.run();
  if (!*answer) return Err(Failure{ExitCode::Interrupted, "interrupted"});
  const Result<kube::Response, kube::Error>& given = **answer;
  if (!given) return Err(failure_of(given.error(), method));
  auto parsed = parse_answer(given->body);
  if (!parsed) return Err(parsed.error());
  return Answered{*std::move(parsed), given->status == 201};
}

}  // namespace ork::cli
