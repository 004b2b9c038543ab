#pragma once

// What only Pods have: their log and their binding to a node.

#include <optional>
#include <string>

#include "operator/embedded/api/api_error.hpp"
#include "operator/embedded/api/pod_logs.hpp"
#include "operator/embedded/api/target.hpp"
#include "operator/runtime/loop.hpp"

namespace ork::embedded {

// The query of GET .../pods/NAME/log as a value: which container is meant where none is named. An
// error also where the container has not started.
Result<LogRequest, ApiError> log_request(const Json& pod, const Target& target);

// A log as a stream; what the node says against it comes as its only line, as a kubelet's does.
std::unique_ptr<kube::Stream> open_log(PodLogs& logs, runtime::Loop& loop, const LogRequest& request,
                                       kube::StreamHandlers handlers);

// Carries out a Binding on `pod`: spec.nodeName and the condition PodScheduled. The error is why a
// 409: it is bound already, or being deleted.
// What is wrong with a Binding itself.
std::optional<std::string> binding_problem(const Json& binding);
std::optional<std::string> bind_pod(Json& pod, const Json& binding, const std::string& now);

}  // namespace ork::embedded
