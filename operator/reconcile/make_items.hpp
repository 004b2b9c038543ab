#pragma once

// Sees to it that the ConfigMap of a forEach's items is there, before the Job whose Pods mount it. No watch shows
// ConfigMaps: what has to be known of this one, its answer says.

#include <functional>
#include <string>

#include "controllers/run/plan.hpp"
#include "operator/kube/transport.hpp"

namespace ork::reconcile {

// True: it is there, and the run's own. False: one of that name is somebody else's.
using ItemsMade = std::function<void(const Result<bool, kube::Error>& ours)>;

// `owner_uid`: of the run. The transport must outlive the answer.
void make_items(kube::Transport& transport, const std::string& ns, const std::string& owner_uid,
                const run::NewItems& items, ItemsMade told);

}  // namespace ork::reconcile
