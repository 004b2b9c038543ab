#pragma once

// The node "local", in memory: watches Pods, runs their containers for as long as their programs say,
// and tells of it in their status as a kubelet does. One container a Pod, restartPolicy Never: what the
// operator asks for. (operator/embedded/node is another: it has files and processes.)
//
//   Waiting --started--> Running --program ends, or is stopped--> Ended --status stored, if deleted: DELETE--> Done

#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "operator/kube/transport.hpp"
#include "operator/runtime/loop.hpp"
#include "operator/runtime/sink.hpp"
#include "operator/runtime/watcher.hpp"
#include "tests/sim/program.hpp"
#include "tests/sim/trace.hpp"

namespace ork::sim {

class Kubelet {
 public:
  // All must outlive this.
  Kubelet(kube::Transport& transport, runtime::Loop& loop, const std::vector<ProgramRule>& programs, Trace& trace);
  ~Kubelet();
  Kubelet(const Kubelet&) = delete;
  Kubelet& operator=(const Kubelet&) = delete;

  void start();
  bool synced() const { return watcher_->synced(); }
  std::size_t running() const;

 private:
  class PodSink;
  enum class Phase { Waiting, Running, Ended, Done };
  struct Pod {
    std::string uid;
    std::string ns;
    std::string name;
    Process process;
    Program program;
    Phase phase = Phase::Waiting;
    bool deleting = false;
    std::string reason;  // of the Pod's failure: Evicted, DeadlineExceeded
    int exit_code = 0;
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
  void begin(Pod& pod);
  void end(Pod& pod, int exit_code);
  void stop(Pod& pod);
  void put_down(Event::Kind kind, const Pod& pod);
  Json status_of(const Pod& pod) const;
  void write_status(Pod& pod);
  void status_answered(Pod& pod, bool final, const Result<kube::Response, kube::Error>& answer);
  void delete_object(Pod& pod);
  void again_later(Pod& pod, void (Kubelet::*what)(Pod&));

  kube::Transport& transport_;
  runtime::Loop& loop_;
  const std::vector<ProgramRule>& programs_;
  Trace& trace_;
  std::map<std::string, Pod> pods_;  // by uid; Done ones too, so that old news starts nothing again
  std::unique_ptr<PodSink> sink_;
  std::unique_ptr<runtime::Watcher> watcher_;
  std::shared_ptr<int> alive_ = std::make_shared<int>(0);
};

}  // namespace ork::sim
