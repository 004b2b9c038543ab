#pragma once

// Traces for tests of the invariants.

#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "tests/sim/invariants.hpp"

namespace ork::sim {

// A trace written by hand: a run of "a" and "b" (after "a", with further fields), one second from line to line.
class Script {
  using Json = nlohmann::json;

 public:
  explicit Script(Json of_b = Json::object()) : of_b_(std::move(of_b)) {}
  Script& run(const Json& status) {
    Json b = {{"name", "b"}, {"dependsOn", {"a"}}, {"retry", {{"limit", 1}}}};
    b.update(of_b_);
    return write("operator", "workflowruns.ork.dev", "default/r",
                 {{"metadata", {{"name", "r"}, {"uid", "run-1"}}},
                  {"spec", {{"workflow", {{"tasks", {{{"name", "a"}, {"retry", {{"limit", 1}}}}, b}}}}}},
                  {"status", status}});
  }
  Script& run_gone() { return gone("user", "workflowruns.ork.dev", "default/r"); }
  Script& job(const std::string& task, int attempt, const std::string& actor = "operator",
              const std::string& controller = "run-1", const Json& status = nlohmann::json::object()) {
    const std::string name = "r-" + task + "-" + std::to_string(attempt);
    const Json labels = {
        {"ork.dev/run-uid", "run-1"}, {"ork.dev/task", task}, {"ork.dev/attempt", std::to_string(attempt)}};
    const Json owners = {{{"controller", true}, {"uid", controller}}};
    return write(actor, "jobs.batch", "default/" + name,
                 {{"metadata",
                   {{"name", name},
                    {"uid", "uid-" + name + "-" + std::to_string(deleted_)},
                    {"labels", labels},
                    {"ownerReferences", owners}}},
                  {"status", status}});
  }
  // What is made under this name afterwards is another Job.
  Script& job_gone(const std::string& task, int attempt) {
    ++deleted_;
    return gone("user", "jobs.batch", "default/r-" + task + "-" + std::to_string(attempt));
  }
  Script& starts(const std::string& task, int attempt, const std::string& pod, std::int64_t index = -1,
                 std::map<std::string, std::string> files = {}) {
    Event event = next(Event::Kind::Start, "kubelet");
    event.process = {pod, "run-1", task, attempt, index};
    event.files = std::move(files);
    trace_.add(std::move(event));
    return *this;
  }
  Script& ends(const std::string& pod, int exit_code, bool by_itself = true) {
    Event event = next(Event::Kind::Exit, "kubelet");
    event.process.pod_uid = pod;
    event.exit_code = exit_code;
    event.by_itself = by_itself;
    trace_.add(std::move(event));
    return *this;
  }
  Script& waits(std::int64_t seconds) {
    seconds_ += seconds;
    return *this;
  }
  Script& fault(const std::string& actor, const std::string& note) {
    Event event = next(Event::Kind::Fault, actor);
    event.note = note;
    trace_.add(std::move(event));
    return *this;
  }
  runtime::Instant now() const { return runtime::Instant{} + runtime::Duration{1000 * seconds_}; }

  // Any object.
  Script& stored(const std::string& actor, const std::string& collection, const std::string& key, const Json& object) {
    return write(actor, collection, key, object);
  }

  Script& gone(const std::string& actor, const std::string& collection, const std::string& key) {
    Event event = next(Event::Kind::Write, actor);
    event.collection = collection;
    event.key = key;
    event.version = ++version_;
    trace_.add(std::move(event));
    return *this;
  }

  // What `check` says, given the history, what else it asks for, and where to put it.
  template <typename Check, typename... More>
  std::vector<std::string> found(Check check, More... more) const {
    Violations violations;
    check(History(trace_), more..., violations);
    std::vector<std::string> said;
    for (const Violation& violation : violations) said.push_back(violation.invariant + ": " + violation.what);
    return said;
  }

 private:
  Event next(Event::Kind kind, const std::string& actor) {
    Event event;
    event.kind = kind;
    event.actor = actor;
    ++seconds_;
    event.at = now();
    return event;
  }
  Script& write(const std::string& actor, const std::string& collection, const std::string& key, const Json& object) {
    Event event = next(Event::Kind::Write, actor);
    event.collection = collection;
    event.key = key;
    event.version = ++version_;
    event.text = std::make_shared<const std::string>(object.dump());
    event.object = std::make_shared<const Json>(object);
    trace_.add(std::move(event));
    return *this;
  }

  Json of_b_;
  Trace trace_;
  std::int64_t seconds_ = 0;
  std::uint64_t version_ = 0;
  int deleted_ = 0;  // Jobs
};

inline nlohmann::json status(const std::string& phase, const std::vector<nlohmann::json>& tasks = {}) {
  return {{"phase", phase}, {"tasks", tasks}};
}

inline nlohmann::json task(const std::string& name, const std::string& phase, int attempt,
                           const nlohmann::json& more = nlohmann::json::object()) {
  nlohmann::json out = {{"name", name}, {"phase", phase}, {"attempt", attempt}};
  out.update(more);
  return out;
}

}  // namespace ork::sim
