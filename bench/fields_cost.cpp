// What managed fields cost a write: the status of a Pod of 3 kB, a Pod's creation, an apply, each in
// microseconds, the median and the best of many. Not a test: a machine has moods.

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <functional>

#include "operator/embedded/fields/managed_fields.hpp"
#include "operator/embedded/kinds/kind.hpp"

namespace {

using namespace ork::embedded;
using Clock = std::chrono::steady_clock;

Json pod() {
  Json env = Json::array();
  for (int i = 0; i < 12; ++i) env.push_back({{"name", "ORK_INPUT_" + std::to_string(i)}, {"value", "value"}});
  Json container = {{"name", "task"},
                    {"image", "busybox"},
                    {"command", {"sh", "-c", "echo done"}},
                    {"env", env},
                    {"imagePullPolicy", "IfNotPresent"},
                    {"resources", {{"requests", {{"cpu", "100m"}, {"memory", "64Mi"}}}}},
                    {"terminationMessagePath", "/dev/termination-log"},
                    {"terminationMessagePolicy", "File"}};
  return {{"apiVersion", "v1"},
          {"kind", "Pod"},
          {"metadata",
           {{"name", "nightly-load-1-0-abcde"},
            {"namespace", "default"},
            {"labels", {{"job-name", "nightly-load-1"}, {"ork.dev/run", "nightly"}, {"ork.dev/task", "load"}}},
            {"annotations", {{"batch.kubernetes.io/job-completion-index", "0"}}},
            {"ownerReferences",
             {{{"apiVersion", "batch/v1"},
               {"blockOwnerDeletion", true},
               {"controller", true},
               {"kind", "Job"},
               {"name", "nightly-load-1"},
               {"uid", "0b6cd62b-31bb-47bc-872b-2d3928da1573"}}}}}},
          {"spec",
           {{"containers", {container}},
            {"dnsPolicy", "ClusterFirst"},
            {"enableServiceLinks", true},
            {"restartPolicy", "Never"},
            {"schedulerName", "default-scheduler"},
            {"securityContext", Json::object()},
            {"terminationGracePeriodSeconds", 30}}},
          {"status", {{"phase", "Pending"}, {"qosClass", "Burstable"}}}};
}

Json status(const std::string& phase, const std::string& time) {
  Json conditions = Json::array();
  for (const char* type : {"PodReadyToStartContainers", "Initialized", "Ready", "ContainersReady", "PodScheduled"}) {
    conditions.push_back(
        {{"type", type}, {"status", "True"}, {"lastProbeTime", nullptr}, {"lastTransitionTime", time}});
  }
  Json container = {{"name", "task"},
                    {"image", "busybox"},
                    {"imageID", ""},
                    {"restartCount", 0},
                    {"ready", true},
                    {"started", true},
                    {"containerID", "process://4711"},
                    {"lastState", {{}}},
                    {"state", {{"running", {{"startedAt", time}}}}}};
  return {{"phase", phase},
          {"qosClass", "Burstable"},
          {"conditions", conditions},
          {"startTime", time},
          {"hostIP", "10.0.0.1"},
          {"hostIPs", {{{"ip", "10.0.0.1"}}}},
          {"podIP", "10.0.0.2"},
          {"podIPs", {{{"ip", "10.0.0.2"}}}},
          {"containerStatuses", {container}}};
}

// `prepare` makes what `timed` works on; only `timed` is on the clock.
void measure(const char* what, const std::function<Json()>& prepare, const std::function<void(Json&)>& timed) {
  std::vector<double> taken;
  for (int i = 0; i < 5'000; ++i) {
    Json object = prepare();
    auto start = Clock::now();
    timed(object);
    taken.push_back(std::chrono::duration<double, std::micro>(Clock::now() - start).count());
  }
  std::sort(taken.begin(), taken.end());
  std::printf("%-44s median %6.1f us   best %6.1f us\n", what, taken[taken.size() / 2], taken.front());
}

}  // namespace

int main() {
  auto kinds = Kinds::load();
  const Kind* kind = (*kinds)->find_kind("v1", "Pod");
  FieldRules rules(*kind->schema, {.kind = "Pod", .has_status = true});
  Writer creator{"ork", "v1", "", "2026-01-01T00:00:00Z"};
  Writer node{"ork-node", "v1", "status", "2026-01-01T00:00:01Z"};

  Json live = pod();
  track_update(nullptr, live, rules, creator);
  live["metadata"]["uid"] = "22222222-2222-2222-2222-222222222222";
  Json running = live;
  running["status"] = status("Running", "2026-01-01T00:00:01Z");
  track_update(&live, running, rules, node);
  node.time = "2026-01-01T00:00:02Z";
  std::printf("a Pod of %zu bytes, %zu of them managedFields\n", running.dump().size(),
              running["metadata"]["managedFields"].dump().size());

  Json ended = running;
  ended["status"] = status("Succeeded", "2026-01-01T00:00:02Z");
  Json without_fields = ended;
  without_fields["metadata"].erase("managedFields");
  Json labelled = running;
  labelled["metadata"]["labels"]["seen"] = "yes";
  Json config = pod();
  config.erase("status");
  Json applied = *apply(nullptr, config, rules, creator, false);

  auto track = [&](const Json& before, const Writer& writer) {
    return [&before, &writer, &rules](Json& object) { track_update(&before, object, rules, writer); };
  };
  measure("create", pod, [&](Json& object) { track_update(nullptr, object, rules, creator); });
  measure(
      "status, first",
      [&] {
        Json o = live;
        o["status"] = running["status"];
        return o;
      },
      track(live, node));
  measure("status, again", [&] { return ended; }, track(running, node));
  measure("status, again, sent without managedFields", [&] { return without_fields; }, track(running, node));
  measure("a label", [&] { return labelled; }, track(running, creator));
  measure("no change", [&] { return running; }, track(running, creator));
  measure(
      "apply, create", [&] { return config; },
      [&](Json& object) { object = *apply(nullptr, object, rules, creator, false); });
  measure(
      "apply, no change", [&] { return config; },
      [&](Json& object) { object = *apply(&applied, object, rules, creator, false); });
  measure("(copying the Pod, for scale)", [&] { return running; }, [&](Json& object) { object = Json(running); });
  return 0;
}
