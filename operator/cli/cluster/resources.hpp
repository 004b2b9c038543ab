#pragma once

// The kinds that verbs ask for by name.

#include "controllers/api/meta.hpp"
#include "operator/kube/request.hpp"

namespace ork::cli {

inline const kube::Resource workflows{std::string(api::group), std::string(api::version), "workflows", "Workflow"};
inline const kube::Resource workflow_runs{std::string(api::group), std::string(api::version), "workflowruns",
                                          "WorkflowRun"};
inline const kube::Resource controller_revisions{"apps", "v1", "controllerrevisions", "ControllerRevision"};
inline const kube::Resource self_subject_reviews{"authentication.k8s.io", "v1", "selfsubjectreviews",
                                                 "SelfSubjectReview"};
inline const kube::Resource pods{"", "v1", "pods", "Pod"};

}  // namespace ork::cli
