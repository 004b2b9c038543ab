#include "controllers/workflow/foreign_words.hpp"

#include <algorithm>
#include <array>

namespace ork::workflow {
namespace {

struct Foreign {
  std::string_view field;
  std::string_view instead;
};

constexpr std::string_view instead_of_depends_on = "write dependsOn: a list of tasks' names";
constexpr std::string_view instead_of_container =
    "a task is its container: give image, command, args or script to the task itself";
constexpr std::string_view for_a_pod =
    "it belongs to a Pod: use podTemplate in place of image, command, args and script";
constexpr std::string_view instead_of_items = "write forEach: a list, a map or an expression that gives one";
constexpr std::string_view instead_of_tasks = "write tasks: a list, each with its own image and script or command";
constexpr std::string_view instead_of_retry = "write retry: {limit: 3}";
constexpr std::string_view instead_of_timeout = "write timeout: 5m";

// By field. Argo's, Tekton's, GitHub's, Airflow's, and a Pod's own.
constexpr std::array foreign = {
    Foreign{"activeDeadlineSeconds", instead_of_timeout},
    Foreign{"affinity", for_a_pod},
    Foreign{"arguments", "write params in the workflow, and inputs in a task"},
    Foreign{"backoffLimit", instead_of_retry},
    Foreign{"container", instead_of_container},
    Foreign{"containers", for_a_pod},
    Foreign{"dag", instead_of_tasks},
    Foreign{"dependencies", instead_of_depends_on},
    Foreign{"depends", instead_of_depends_on},
    Foreign{"depends_on", instead_of_depends_on},
    Foreign{"entrypoint", instead_of_tasks},
    Foreign{"environment", "write env: a list, as in [{name: LEVEL, value: debug}]"},
    Foreign{"imagePullPolicy", for_a_pod},
    Foreign{"imagePullSecrets", for_a_pod},
    Foreign{"initContainers", for_a_pod},
    Foreign{"jobs", instead_of_tasks},
    Foreign{"maxRetries", instead_of_retry},
    Foreign{"needs", instead_of_depends_on},
    Foreign{"nodeSelector", for_a_pod},
    Foreign{
        "outputs",
        "a task writes its output, one JSON value, to $ORK_OUTPUT; what it has to be may be said as output: a schema"},
    Foreign{"parameters", "write params in the workflow, and inputs in a task"},
    Foreign{"ports", for_a_pod},
    Foreign{"priorityClassName", for_a_pod},
    Foreign{"replicas", "write count"},
    Foreign{"retries", instead_of_retry},
    Foreign{"retryStrategy", instead_of_retry},
    Foreign{"run", "write script"},
    Foreign{"runAfter", instead_of_depends_on},
    Foreign{"serviceAccount", "write serviceAccountName"},
    Foreign{"sidecars", for_a_pod},
    Foreign{"sleep", "write wait: {for: 5m}"},
    Foreign{"steps", instead_of_tasks},
    Foreign{"strategy", "write matrix on the task itself, and parallelism for max-parallel"},
    Foreign{"suspend", "write wait: {for: 5m}, or approve: {message: \"May it go on?\"}"},
    Foreign{"template", instead_of_container},
    Foreign{"templates", instead_of_tasks},
    Foreign{"timeoutSeconds", instead_of_timeout},
    Foreign{"tolerations", for_a_pod},
    Foreign{"ttlStrategy", "write ttlSecondsAfterFinished"},
    Foreign{"volumeMounts", for_a_pod},
    Foreign{"volumes", for_a_pod},
    Foreign{"withItems", instead_of_items},
    Foreign{"withParam", instead_of_items},
    Foreign{"withSequence", "write count: a number or an expression"},
    Foreign{"workingDir", for_a_pod},
};

}  // namespace

std::string_view instead_of_foreign(std::string_view field) {
  const auto found =
      std::find_if(foreign.begin(), foreign.end(), [&](const Foreign& each) { return each.field == field; });
  return found == foreign.end() ? std::string_view() : found->instead;
}

}  // namespace ork::workflow
