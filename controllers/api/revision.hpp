#pragma once

// apps/v1 ControllerRevision as ork uses it: an immutable copy of a Workflow's spec, pinned by the
// runs that started from it. It belongs to the Workflow by label and not by owner reference: the
// garbage collector must not take it from a run that still needs it.

#include <memory>
#include <string>

#include "controllers/api/workflow.hpp"

namespace ork::api {

struct Revision {
  ObjectMeta meta;
  std::string workflow;  // label ork.dev/workflow: the Workflow's name
  std::int64_t revision = 0;
  std::shared_ptr<const Json> spec;
};

Result<Revision, DecodeError> decode_revision(const Json& object);

}  // namespace ork::api
