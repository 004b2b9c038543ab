#pragma once

// Asks the API server itself for what a plan missed: what a read without a resourceVersion answers is the
// present, however far behind the watches are.

#include <functional>
#include <string>

#include "controllers/run/missing.hpp"
#include "operator/kube/transport.hpp"
#include "operator/reconcile/mirror.hpp"

namespace ork::reconcile {

// True: it is there, and a watch is going to show it, or how it ended; where somebody has taken off the label by which
// watches are selected, it has been put back on a Job, and a Pod that has ended has been taken into the mirror.
using LookedUp = std::function<void(const Result<bool, kube::Error>& there)>;

// `owner_uid`: of the run; a Job that is another's counts as missing. All references must outlive the answer.
void look_up(kube::Transport& transport, Mirror& mirror, const std::string& ns, const std::string& owner_uid,
             const run::Missing& missing, LookedUp told);

// Whether there is a Workflow of that name.
void look_up_workflow(kube::Transport& transport, const std::string& ns, const std::string& name, LookedUp told);

}  // namespace ork::reconcile
