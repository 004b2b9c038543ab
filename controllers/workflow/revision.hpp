#pragma once

// Revisions: immutable copies of a Workflow's spec, kept as apps/v1 ControllerRevisions. A run pins
// one by name, so its name is a function of what it holds.

#include <cstdint>
#include <string>
#include <string_view>

#include "controllers/api/workflow.hpp"

namespace ork::workflow {

// "<workflow>-<hash>": ten characters that hash the workflow's name and the spec, so that equal
// specs get equal names whatever the order of their fields. The workflow's part is cut so that the
// whole is at most 63 bytes. `salt` gives another name for the same spec, should two specs meet.
// The spec must be one that compiled: a deep one would recurse.
std::string revision_name(std::string_view workflow, const api::Json& spec, int salt = 0);

// The ControllerRevision to create. It has no owner reference: the garbage collector must not take
// it from a run that still needs it.
api::Json build_revision(const api::Workflow& workflow, std::string_view name, std::int64_t number);

}  // namespace ork::workflow
