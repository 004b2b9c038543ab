#pragma once

// `ork graph`: which task of a Workflow waits for which, without any cluster; and with one, how long they take.

#include <functional>
#include <iosfwd>
#include <string>
#include <vector>

#include "controllers/api/workflow_run.hpp"
#include "operator/cli/cluster/failure.hpp"
#include "operator/cli/console/console.hpp"
#include "operator/cli/verbs/flags.hpp"

namespace ork::cli {

// The runs that a cluster has of the Workflow of that name.
using RunsOf = std::function<Result<std::vector<api::WorkflowRun>, Failure>(const std::string& workflow)>;

// Usage: the file holds several and none is named, or has not the one that is. Invalid: what it holds is not right.
// `runs_of` is asked with --from-runs only.
int run_graph(const GraphFlags& flags, Console& console, std::istream& standard_input, const RunsOf& runs_of = {});

}  // namespace ork::cli
