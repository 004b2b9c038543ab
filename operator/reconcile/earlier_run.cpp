#include "operator/reconcile/earlier_run.hpp"

#include <nlohmann/json.hpp>
#include <utility>

#include "controllers/workflow/compile.hpp"
#include "operator/reconcile/answers.hpp"
#include "operator/reconcile/kinds.hpp"

namespace ork::reconcile {
namespace {

using Answer = Result<kube::Response, kube::Error>;
using Told = Result<run::EarlierRun, kube::Error>;

Told read_answer(const Answer& answer, const std::string& name) {
  run::EarlierRun out;
  if (!answer && answer.error().code == kube::Errc::NotFound) return out;
  if (!answer && answer.error().code == kube::Errc::Forbidden) {
    out.problem = "may not be read: " + answer.error().message;
    return out;
  }
  if (!answer) return Err(answer.error());
  const nlohmann::json object = nlohmann::json::parse(answer->body, nullptr, false);
  if (object.is_discarded()) return Err(unreadable_answer("WorkflowRun " + name));
  auto run = api::decode_workflow_run(object);
  if (run) {
    out.run = std::make_shared<const api::WorkflowRun>(std::move(*run));
  } else {
    out.problem = "can't be read: " + run.error().sentence();
  }
  return out;
}

}  // namespace

void ask_for_run(kube::Transport& transport, const std::string& ns, const std::string& name,
                 std::function<void(Told)> told) {
  transport.call(kube::get_request(workflow_runs(), ns, name),
                 [name, told = std::move(told)](const Answer& answer) { told(read_answer(answer, name)); });
}

void find_definition(const Mirror& mirror, Definitions& definitions, run::EarlierRun& earlier) {
  if (earlier.run == nullptr || earlier.definition != nullptr) return;
  const api::WorkflowRun& run = *earlier.run;
  if (run.spec.workflow != nullptr) {
    auto compiled = workflow::compile(*run.spec.workflow, "spec.workflow");
    if (compiled) earlier.definition = std::make_shared<const workflow::Definition>(std::move(*compiled));
  } else if (const api::Revision* revision = mirror.revisions.find({run.meta.ns, run.status.revision})) {
    earlier.definition = definitions.of(*revision);
  } else {
    return;
  }
  if (earlier.definition == nullptr) earlier.problem = "ran what is no valid workflow any more";
}

}  // namespace ork::reconcile
