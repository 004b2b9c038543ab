#pragma once

// For tests of verbs: a scripted API server, and what was written to stdout and stderr.

#include <string>

#include "operator/cli/cluster/test_session.hpp"
#include "operator/cli/verbs/verbs.hpp"

namespace ork::cli {

class TestConsole final : public Console {
 public:
  void write(Channel channel, std::string_view text) override { (channel == Channel::Out ? stdout_ : stderr_) += text; }
  show::Screen screen(Channel) const override { return {.width = terminal ? 80 : 0, .height = terminal ? 24 : 0}; }
  bool can_paint(Channel) const override { return terminal; }

  std::string stdout_, stderr_;
  bool terminal = false;
};

// Namespace "a" of a cluster in which what the test says is there.
struct TestContext {
  TestSession session;
  TestConsole console;
  Context context{session, console, "a", ""};

  // The next answers, in the order given.
  void answer(kube::Method method, const std::string& prefix, const Json& body, int status = 200) {
    session.api.answer(method, prefix, status, body.dump());
  }
  std::size_t count(kube::Method method) const { return session.api.count(method, ""); }
  const kube::Request& request(std::size_t i) const { return session.api.requests().at(i).request; }
  // The newest request of that method.
  const kube::Request& last(kube::Method method) const {
    const auto& all = session.api.requests();
    for (auto it = all.rbegin(); it != all.rend(); ++it) {
      if (it->request.method == method) return it->request;
    }
    ADD_FAILURE() << "there was no such request";
    return all.front().request;
  }
};

inline const std::string runs_path = "/apis/ork.dev/v1alpha1/namespaces/a/workflowruns";
inline const std::string workflows_path = "/apis/ork.dev/v1alpha1/namespaces/a/workflows";
inline const std::string pods_path = "/api/v1/namespaces/a/pods";

inline Json list_of(const Json& items) { return {{"metadata", {{"resourceVersion", "5"}}}, {"items", items}}; }

inline Json workflow_object(const Json& spec, const std::string& name = "etl") {
  return {{"apiVersion", "ork.dev/v1alpha1"},
          {"kind", "Workflow"},
          {"metadata", {{"name", name}, {"namespace", "a"}, {"uid", "uw"}, {"resourceVersion", "1"}}},
          {"spec", spec}};
}

// A run in that phase, with tasks as they stand in a status.
inline Json run_object(const std::string& phase, const Json& tasks = Json::array(), const std::string& reason = "",
                       const std::string& version = "4") {
  Json out = {{"apiVersion", "ork.dev/v1alpha1"},
              {"kind", "WorkflowRun"},
              {"metadata", {{"name", "r"}, {"namespace", "a"}, {"uid", "u1"}, {"resourceVersion", version}}},
              {"spec", {{"workflowRef", {{"name", "etl"}}}}},
              {"status",
               {{"phase", phase},
                {"observedGeneration", 1},
                {"message", "so it is"},
                {"counts", {{"total", tasks.size()}}},
                {"tasks", tasks}}}};
  if (phase.empty()) out["status"] = {{"observedGeneration", -1}};
  if (!reason.empty()) {
    out["status"]["conditions"] = Json::array({{{"type", "Succeeded"}, {"status", "False"}, {"reason", reason}}});
  }
  return out;
}

}  // namespace ork::cli
