#include "operator/reconcile/operator.hpp"

#include "operator/reconcile/kinds.hpp"

namespace ork::reconcile {
namespace {

// Ours are those that carry the run's uid.
constexpr const char* owned_selector = "ork.dev/run-uid";
constexpr const char* revision_selector = "app.kubernetes.io/managed-by=ork";

}  // namespace

Operator::Operator(kube::Transport& transport, runtime::Loop& loop, OperatorOptions options, OperatorHooks hooks)
    : transport_(transport),
      loop_(loop),
      options_(std::move(options)),
      hooks_(std::move(hooks)),
      mirror_({.run_changed =
                   [this](const std::string& key) {
                     if (synced_) runs_.changed(key);
                   },
               .run_gone = [this](const api::WorkflowRun& run) { runs_.gone(run); },
               .workflow_changed =
                   [this](const std::string& key) {
                     if (synced_) workflows_.add(key);
                   }}),
      events_(transport, loop, options_.instance),
      runs_({transport, loop, mirror_, definitions_, events_, [this](std::string_view key) { return works_on(key); },
             [this](const std::string& what) { hooks_.on_trouble(what); }, options_.observer, hooks_.taken_at,
             options_.unplaced_tasks}),
      workflows_(
          {transport, loop, mirror_, definitions_, events_, [this](std::string_view key) { return works_on(key); },
           [this](const std::string& what) { hooks_.on_trouble(what); }, options_.observer, hooks_.taken_at},
          runs_) {
  runs_.on_workflow_concerned([this](const std::string& key) { workflows_.add(key); });
}

runtime::WatchHooks Operator::watch_hooks(const char* kind, std::function<void()> on_synced) {
  return {.on_synced = std::move(on_synced),
          .on_quarantine =
              [this, kind](const runtime::Unreadable& object) {
                hooks_.on_trouble(std::string(kind) + " " + object.ns + "/" + object.name +
                                  " can't be read and is left alone: " + object.reason);
              },
          .on_trouble =
              [this, kind](const std::string& what, runtime::Duration wait) {
                hooks_.on_trouble(std::string("watching ") + kind + "s: " + what + "; again in " +
                                  std::to_string(wait.count()) + " ms");
              }};
}

std::unique_ptr<runtime::Watcher> Operator::watch(const kube::Resource& resource, runtime::Sink& sink, const char* kind,
                                                  std::string labels, std::function<void()> on_synced) {
  auto watcher = std::make_unique<runtime::Watcher>(
      transport_, loop_, sink,
      runtime::WatchTarget{.resource = resource, .ns = options_.ns, .label_selector = std::move(labels)},
      watch_hooks(kind, std::move(on_synced)));
  watcher->start();
  return watcher;
}

// Runs before Jobs before Pods: what belongs to finished runs can then be left out as it is listed.
void Operator::start() {
  const auto one_synced = [this] { definitions_synced(); };
  watchers_.push_back(watch(workflows(), mirror_.workflow_sink(), "Workflow", "", one_synced));
  watchers_.push_back(
      watch(controller_revisions(), mirror_.revision_sink(), "ControllerRevision", revision_selector, one_synced));
  watchers_.push_back(watch(workflow_runs(), mirror_.run_sink(), "WorkflowRun", "", one_synced));
}

void Operator::definitions_synced() {
  if (--kinds_to_sync_ > 0) return;
  watchers_.push_back(watch(jobs(), mirror_.job_sink(), "Job", owned_selector, [this] {
    watchers_.push_back(watch(pods(), mirror_.pod_sink(), "Pod", owned_selector, [this] { begin(); }));
  }));
}

void Operator::begin() {
  synced_ = true;
  take_on([this](std::string_view share_key) { return works_on(share_key); });
  if (hooks_.on_synced) hooks_.on_synced();
}

void Operator::take_on(const Which& which) {
  const auto add_workflow = [&](const std::string& key) {
    if (which(key)) workflows_.add(key);
  };
  mirror_.workflows.for_each([&](const api::Workflow& workflow) { add_workflow(api::key_of(workflow.meta)); });
  mirror_.revisions.for_each([&](const api::Revision& revision) { add_workflow(workflow_key_of(revision)); });
  mirror_.runs.for_each([&](const api::WorkflowRun& run) {
    if (which(share_key_of(run))) runs_.add(api::key_of(run.meta));
  });
}

void Operator::let_go(const Which& which) {
  runs_.let_go(which);
  workflows_.let_go(which);
}

bool Operator::works_on(std::string_view share_key) const {
  return synced_ && (!hooks_.works_on || hooks_.works_on(share_key));
}

void Operator::stop() {
  synced_ = false;
  watchers_.clear();
}

}  // namespace ork::reconcile
