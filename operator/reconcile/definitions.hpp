#pragma once

// Compiled definitions, each made once: of Workflows as they stand, and of the revisions that live
// runs pin. A revision's definition lives as long as somebody holds it.

#include <memory>
#include <string>
#include <unordered_map>

#include "controllers/api/revision.hpp"
#include "controllers/workflow/plan.hpp"

namespace ork::reconcile {

class Definitions {
 public:
  // Of the Workflow's present generation. Valid until the next call for the same Workflow.
  const workflow::CompiledWorkflow& of(const api::Workflow& workflow);
  // nullptr: the revision holds no valid spec (it was valid when it was made, so somebody edited it).
  std::shared_ptr<const workflow::Definition> of(const api::Revision& revision);
  void forget_workflow(const std::string& key) { workflows_.erase(key); }

 private:
  std::unordered_map<std::string, workflow::CompiledWorkflow> workflows_;                 // by key
  std::unordered_map<std::string, std::weak_ptr<const workflow::Definition>> revisions_;  // by uid
};

}  // namespace ork::reconcile
