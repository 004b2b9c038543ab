#include "operator/cli/cluster/run_follower.hpp"

#include <utility>

#include "operator/cli/cluster/resources.hpp"
#include "operator/manifest/manifest.hpp"

namespace ork::cli {
namespace {

runtime::WatchTarget only(const std::string& ns, const std::string& name) {
  runtime::WatchTarget target{.resource = workflow_runs, .ns = ns};
  target.field_selector = "metadata.name=" + name;
  return target;
}

}  // namespace

RunFollower::RunFollower(Session& session, const std::string& ns, const std::string& name, std::string uid,
                         RunHooks hooks)
    : uid_(std::move(uid)),
      hooks_(std::move(hooks)),
      sink_([this](runtime::ChangeType change, const Json& object) { seen(change, object); }),
      watcher_(session.transport(), session.loop(), sink_, only(ns, name),
               {.on_synced =
                    [this] {
                      // Deleted before it was listed: no event will tell.
                      if (!ever_seen_) hooks_.on_gone();
                    },
                .on_trouble = [this](const std::string& what, runtime::Duration) { hooks_.on_trouble(what); }}) {}

void RunFollower::seen(runtime::ChangeType change, const Json& object) {
  ever_seen_ = true;
  auto run = api::decode_workflow_run(object);
  const bool ours = run && run->meta.uid == uid_;
  if (change == runtime::ChangeType::Deleted) {
    if (ours || !run) hooks_.on_gone();
    return;
  }
  if (!run) return hooks_.on_trouble("the run can't be read: " + run.error().sentence());
  if (!ours) return hooks_.on_gone();
  hooks_.on_change(*run, object);
}

}  // namespace ork::cli
