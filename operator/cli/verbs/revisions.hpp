#pragma once

// The revisions of a Workflow, for those who ask by number.

#include <string>
#include <vector>

#include "controllers/api/revision.hpp"
#include "operator/cli/verbs/verbs.hpp"

namespace ork::cli {

struct KnownRevision {
  Json object;
  api::Revision revision;
};

struct Revisions {
  Json workflow;                     // the Workflow itself
  std::string current;               // the name of the revision that runs start from; empty: none is stored yet
  std::vector<KnownRevision> known;  // by number
};

// A Workflow without any is a failure that says why there may be none.
Result<Revisions, Failure> get_revisions(Context& context, const std::string& workflow);

// `text` is a number or a name; empty: the one before the present one. The failure names those that there are.
Result<const KnownRevision*, Failure> choose_revision(const Revisions& revisions, const std::string& text);
// The one that runs start from.
Result<const KnownRevision*, Failure> current_revision(const Revisions& revisions);

}  // namespace ork::cli
