#pragma once

// What the API server answers to our writes, read as far as we need it.

#include <optional>
#include <string>
#include <string_view>

#include "controllers/api/job.hpp"
#include "controllers/api/workflow_run.hpp"
#include "operator/kube/error.hpp"
#include "operator/runtime/loop.hpp"

namespace ork::reconcile {

// The resourceVersion of the object in a write's answer; nullopt where there is none to be read.
std::optional<std::string> written_version(std::string_view body);
// The error for an answer that is cut: what it would have told is not known, nor as what a write was carried out.
kube::Error unreadable_answer(const std::string& what);
// The uid of the owner that controls the object; nullopt where that can't be read.
std::optional<std::string> read_controller_answer(std::string_view body);
// A Job in full, as a GET answers it, or its metadata, as a create is answered that asked for no more.
std::optional<api::Job> read_job_answer(std::string_view body);
// A WorkflowRun in full.
std::optional<api::WorkflowRun> read_run_answer(std::string_view body);
// Of an object of any kind; empty where there is no such text.
std::string text_of(const api::Json& object, const char* field);

// The same request should not be sent again before this has passed: the server's own wish, or ours.
runtime::Duration least_wait(const kube::Error& error);
// True where a person should read of it; what ends by itself, and by design, is not worth a line.
bool worth_a_line(const kube::Error& error);

}  // namespace ork::reconcile
