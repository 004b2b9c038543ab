#pragma once

// One Pod on this node, from when there is room for it until its last status is stored.
//
//   Queued --begin()--> Active --last container ended--> Ended --status stored--> Done
//      |                  |  stop(): SIGTERM, SIGKILL after the grace       (deleted: then DELETE)
//      +-- stop() --------+---------------------------------^
//   any --gone()--> the object is no more: what runs is killed, nothing is written

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "operator/embedded/node/node_context.hpp"
#include "operator/embedded/node/pod_run.hpp"
#include "operator/embedded/node/volumes.hpp"
#include "operator/runtime/backoff.hpp"

namespace ork::embedded {

// What a runner knows of one Pod's containers, by container id.
struct KnownContainers {
  std::map<std::string, ContainerStarted> running;
  std::map<std::string, ContainerEnded> ended;
  bool empty() const { return running.empty() && ended.empty(); }
};

struct PodWorkerHooks {
  std::function<void()> on_ended;  // its room is free
  std::function<void()> on_done;   // nothing is left to do; the worker may be destroyed, later
  std::function<void(const std::string& container)> on_container_ended;
};

class PodWorker {
 public:
  PodWorker(NodeContext& context, NodeStats& stats, PodSpec pod, PodWorkerHooks hooks);
  ~PodWorker();
  PodWorker(const PodWorker&) = delete;
  PodWorker& operator=(const PodWorker&) = delete;

  const PodSpec& pod() const { return pod_; }
  bool begun() const { return phase_ != Phase::Queued; }
  bool ended() const { return phase_ == Phase::Ended || phase_ == Phase::Done; }
  bool holds_room() const { return phase_ == Phase::Active; }
  // False also where there is no such container.
  bool container_live(const std::string& container) const;
  bool container_begun(const std::string& container) const;

  // There is room.
  void begin();
  // The node has come back and its runner knows these containers of the Pod.
  void resume(const KnownContainers& known);
  // The node has come back, and nobody knows what became of the Pod.
  void lose();
  // The runner was lost and is there again; `fresh`: it is another one.
  void relisted(const KnownContainers& known, bool fresh);

  void started(const ContainerStarted& notice);
  void ended(const ContainerEnded& notice);

  // Ends its containers; the first reason holds, a shorter grace too.
  void stop(StopReason reason, std::int64_t grace_seconds);
  void gone();

 private:
  enum class Phase { Queued, Active, Ended, Done };
  struct Container {
    const ContainerSpec* spec = nullptr;
    ContainerRun* run = nullptr;
    ContainerPlace place;
  };

  std::string id_of(const ContainerSpec& spec, int restart) const;
  // The container of an id, and which of its runs; nullopt: not one of this Pod's.
  std::optional<std::pair<Container, int>> find(const std::string& id);
  template <typename Visit>
  void each_container(Visit visit);

  void fetch_sources();
  void source_answered(const SourceRef& source, const Result<kube::Response, kube::Error>& answer);
  void prepare();
  void wait_for(const std::string& reason, const std::string& message);
  void step();
  void start(const ContainerPlace& place);
  Result<StartContainer, std::string> plan(const ContainerSpec& spec, int restart, bool& may_pass);
  Result<StartContainer, std::string> plan_process_of(const ContainerSpec& spec, const Variables& variables,
                                                      const std::vector<PlannedMount>& mounts, StartContainer start);
  StartContainer plan_engine_command(const ContainerSpec& spec, const Variables& variables,
                                     const std::vector<PlannedMount>& mounts, StartContainer start) const;
  void cannot_run(Container container, const std::string& message);
  Termination termination_of(const ContainerSpec& spec, const ContainerEnded& notice) const;
  bool out_of_memory(const ContainerSpec& spec, const ContainerEnded& notice) const;
  void end_container(Container container, Termination end);
  void note_progress();
  void signal_live(int signal);
  void finish();
  void status_changed();
  void write_status();
  void status_answered(bool final, const Result<kube::Response, kube::Error>& answer);
  void delete_object();
  void done();
  void again_later(std::function<void()> what);
  void call(kube::Request request, kube::ResponseHandler handler);

  NodeContext& context_;
  NodeStats& stats_;
  PodSpec pod_;
  PodWorkerHooks hooks_;
  Phase phase_ = Phase::Queued;
  PodRun run_;
  bool gone_ = false;
  Sources sources_;
  std::size_t sources_awaited_ = 0;
  bool prepared_ = false;
  bool resumed_ = false;  // its containers use its volumes already
  std::vector<PlannedVolume> volumes_;
  std::string volume_problem_;
  bool told_of_folder_ = false;
  std::string waited_for_;  // what an Event has told of
  std::string written_;     // the last status that was stored, as JSON
  bool writing_ = false;
  bool write_again_ = false;
  runtime::Backoff backoff_;
  std::unique_ptr<runtime::Timer> status_timer_;
  std::unique_ptr<runtime::Timer> step_timer_;
  std::unique_ptr<runtime::Timer> kill_timer_;
  std::unique_ptr<runtime::Timer> retry_timer_;
  std::shared_ptr<int> alive_ = std::make_shared<int>(0);
};

}  // namespace ork::embedded
