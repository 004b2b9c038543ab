#pragma once

// A node, in memory: watches its Pods, runs their containers for as long as their programs say,
// and tells of it in their status as a kubelet does. One container a Pod, restartPolicy Never: what the
// operator asks for. (operator/embedded/node is another: it has files and processes.)
//
//   Waiting --started--> Running --program ends, or is stopped--> Ended --status stored, if deleted: DELETE--> Done

#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "operator/kube/transport.hpp"
#include "operator/runtime/loop.hpp"
#include "operator/runtime/sink.hpp"
#include "operator/runtime/watcher.hpp"
#include "tests/sim/program.hpp"
#include "tests/sim/trace.hpp"

namespace ork::sim {

// Conditions are merged by their type: those that others have written stay.
inline constexpr const char* strategic_patch = "application/strategic-merge-patch+json";
// The body of a DELETE after which a Pod's object is gone at once, whatever becomes of its containers.
std::string by_force(const std::string& uid);

struct KubeletOptions {
  std::string node = "local";
  std::string actor = "kubelet";   // as the trace calls it
  bool shares_conditions = false;  // others write conditions of its Pods too
};

class Kubelet {
 public:
  // All must outlive this.
  Kubelet(kube::Transport& transport, runtime::Loop& loop, const std::vector<ProgramRule>& programs,
          const Processes& processes, LostTries& lost, Trace& trace, KubeletOptions options = {});
  ~Kubelet();
  Kubelet(const Kubelet&) = delete;
  Kubelet& operator=(const Kubelet&) = delete;

  void start();

  // Nobody hears of it any more, and it hears of nothing; without power what runs is lost.
  void vanish(bool without_power);
  // It looks at its Pods again, and tells what has become of them meanwhile.
  void come_back();
  // Another machine of the same name: it has run nothing.
  void forget_pods();
  bool away() const { return watcher_ == nullptr; }
  // Ends a Pod because memory runs short; nothing where it does not run.
  void evict(std::string_view pod);

 private:
  class PodSink;
  enum class Phase { Waiting, Running, Ended, Done };
  struct Pod {
    std::string uid;
    std::string ns;
    std::string name;
    Process process;
    Program program;
    std::string items;      // the ConfigMap of which it mounts its index's keys; empty: none
    nlohmann::json mounts;  // and how, as its container has them
    std::optional<std::map<std::string, std::string>> files;  // what it has found there, by path
    Phase phase = Phase::Waiting;
    bool deleting = false;
    std::string reason;      // of the Pod's failure: Evicted
    std::string end_reason;  // of its container's end; empty: as the exit code says
    int exit_code = 0;
    runtime::Instant ends{};  // of its program, if nobody ends it
    std::int64_t admitted_ms = 0;
    std::int64_t start_ms = 0;
    std::int64_t end_ms = 0;
    bool writing = false;
    bool write_again = false;
    std::unique_ptr<runtime::Timer> timer;        // of the program
    std::unique_ptr<runtime::Timer> retry_timer;  // of a request
  };
  using Json = nlohmann::json;

  void seen(const Json& object);
  void gone(const std::string& uid);
  void admit(const Json& object);
  void watch();
  void begin(Pod& pod);
  void read_files(Pod& pod);
  void end_by_itself(Pod& pod);
  void end(Pod& pod, int exit_code, bool by_itself = false);
  void stop(Pod& pod);
  void put_down(Event::Kind kind, const Pod& pod, bool by_itself = false);
  Json status_of(const Pod& pod) const;
  void write_status(Pod& pod);
  void status_answered(Pod& pod, bool final, const Result<kube::Response, kube::Error>& answer);
  void delete_object(Pod& pod);
  void again_later(Pod& pod, void (Kubelet::*what)(Pod&));

  kube::Transport& transport_;
  runtime::Loop& loop_;
  const std::vector<ProgramRule>& programs_;
  const Processes& processes_;
  LostTries& lost_;
  Trace& trace_;
  KubeletOptions options_;
  std::map<std::string, Pod> pods_;  // by uid; Done ones too, so that old news starts nothing again
  std::unique_ptr<PodSink> sink_;
  std::unique_ptr<runtime::Watcher> watcher_;  // null: away
  std::shared_ptr<int> alive_ = std::make_shared<int>(0);
};

}  // namespace ork::sim
