#pragma once

// The run that a rerun starts from, or that has a result for another: of finished runs the mirror holds too little, so
// the API server is asked, once.

#include <functional>
#include <string>

#include "controllers/run/snapshot.hpp"
#include "operator/kube/transport.hpp"
#include "operator/reconcile/definitions.hpp"
#include "operator/reconcile/mirror.hpp"

namespace ork::reconcile {

// Without a run and without a problem: there is none of that name. The transport must outlive the answer.
void ask_for_run(kube::Transport& transport, const std::string& ns, const std::string& name,
                 std::function<void(Result<run::EarlierRun, kube::Error>)> told);

// What it ran, where that can be found; else its problem, where there is one.
void find_definition(const Mirror& mirror, Definitions& definitions, run::EarlierRun& earlier);

}  // namespace ork::reconcile
