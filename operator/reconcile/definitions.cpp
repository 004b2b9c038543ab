#include "operator/reconcile/definitions.hpp"

namespace ork::reconcile {

const workflow::CompiledWorkflow& Definitions::of(const api::Workflow& workflow) {
  const std::string key = api::key_of(workflow.meta);
  const auto it = workflows_.find(key);
  if (it != workflows_.end() && workflow::is_current(it->second, workflow)) return it->second;
  return workflows_.insert_or_assign(key, workflow::compile_workflow(workflow)).first->second;
}

std::shared_ptr<const workflow::Definition> Definitions::of(const api::Revision& revision) {
  if (const auto it = revisions_.find(revision.meta.uid); it != revisions_.end()) {
    if (auto held = it->second.lock()) return held;
  }
  auto compiled = workflow::compile(*revision.spec, "spec");
  if (!compiled) return nullptr;
  auto definition = std::make_shared<const workflow::Definition>(std::move(*compiled));
  std::erase_if(revisions_, [](const auto& entry) { return entry.second.expired(); });
  revisions_.insert_or_assign(revision.meta.uid, definition);
  return definition;
}

}  // namespace ork::reconcile
