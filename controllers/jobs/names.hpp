#pragma once

// What a Job is called, and what else a task makes. The name is a function of run, task and attempt, so that creating
// it twice is the same as once; and of the run's uid, so that a deleted run's namesake, or the run "a" with task "b-c"
// beside the run "a-b" with task "c", never meets a Job that is not its own.

#include <string>
#include <string_view>

#include "controllers/api/workflow.hpp"

namespace ork::jobs {

// "<run>-<task>-<attempt>-<hash>". At most 57 bytes, in which run and task are cut as needed (and the
// hash is then twice as long: tasks are often named alike at their beginning): the
// Pods of an Indexed Job of 100,000 are named after it, and job-name is a label of 63.
std::string job_name(std::string_view run, std::string_view run_uid, std::string_view task, int attempt);

// The same with "items" in place of the attempt: the ConfigMap of what the indexes have of their own, one for all
// attempts that find the same. (A task that is cleared may find other items.)
std::string items_name(std::string_view run, std::string_view run_uid, std::string_view task, const api::Json& data);

}  // namespace ork::jobs
