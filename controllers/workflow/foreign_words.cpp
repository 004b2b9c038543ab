#include "controllers/workflow/foreign_words.hpp"

#include <algorithm>
#include <array>

namespace ork::workflow {
namespace {

struct Foreign {
  std::string_view field;
  std::string_view instead;
};

constexpr std::string_view depends_on = "write dependsOn: a list of tasks' names";
constexpr std::string_view container =
    "a task is its container: give image, command, args or script to the task itself";
constexpr std::string_view pod = "it belongs to a Pod: use podTemplate in place of image, command, args and script";
constexpr std::string_view tasks = "write tasks: a list, each with its own image and script or command";
constexpr std::string_view retry = "write retry: {limit: 3}";
constexpr std::string_view timeout = "write timeout: 5m";

// By field. Argo's, Tekton's, GitHub's, Airflow's, and a Pod's own.
constexpr std::array foreign = {
    Foreign{"activeDeadlineSeconds", timeout},
    Foreign{"affinity", pod},
    Foreign{"arguments", "write params in the workflow, and inputs in a task"},
    Foreign{"backoffLimit", retry},
    Foreign{"container", container},
    Foreign{"containers", pod},
    Foreign{"dag", tasks},
    Foreign{"dependencies", depends_on},
    Foreign{"depends", depends_on},
    Foreign{"depends_on", depends_on},
    Foreign{"entrypoint", tasks},
    Foreign{"environment", "write env: a list, as in [{name: LEVEL, value: debug}]"},
    Foreign{"imagePullPolicy", pod},
    Foreign{"imagePullSecrets", pod},
    Foreign{"initContainers", pod},
    Foreign{"jobs", tasks},
    Foreign{"maxRetries", retry},
    Foreign{"needs", depends_on},
    Foreign{"nodeSelector", pod},
    Foreign{"outputs", "a task writes its output, one JSON value, to $ORK_OUTPUT, and nothing declares it"},
    Foreign{"parameters", "write params in the workflow, and inputs in a task"},
    Foreign{"ports", pod},
    Foreign{"priorityClassName", pod},
    Foreign{"replicas", "write count"},
    Foreign{"retries", retry},
    Foreign{"retryStrategy", retry},
    Foreign{"run", "write script"},
    Foreign{"runAfter", depends_on},
    Foreign{"securityContext", pod},
    Foreign{"serviceAccount", "write serviceAccountName"},
    Foreign{"sidecars", pod},
    Foreign{"steps", tasks},
    Foreign{"template", container},
    Foreign{"templates", tasks},
    Foreign{"timeoutSeconds", timeout},
    Foreign{"tolerations", pod},
    Foreign{"ttlStrategy", "write ttlSecondsAfterFinished"},
    Foreign{"volumeMounts", pod},
    Foreign{"volumes", pod},
    Foreign{"workingDir", pod},
};

}  // namespace

std::string_view instead_of_foreign(std::string_view field) {
  const auto found =
      std::find_if(foreign.begin(), foreign.end(), [&](const Foreign& each) { return each.field == field; });
  return found == foreign.end() ? std::string_view() : found->instead;
}

}  // namespace ork::workflow
