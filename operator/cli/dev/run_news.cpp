#include "operator/cli/dev/run_news.hpp"

#include <utility>

#include "operator/cli/cluster/resources.hpp"
#include "operator/cli/show/changes.hpp"

namespace ork::cli {

RunNews::RunNews(kube::Transport& transport, runtime::Loop& loop, std::function<void(const std::string&)> say)
    : loop_(loop),
      say_(std::move(say)),
      sink_([this](runtime::ChangeType change, const Json& object) { seen(change, object); }),
      watcher_(transport, loop, sink_, {.resource = workflow_runs}, {.on_synced = [this] { synced_ = true; }}) {}

void RunNews::seen(runtime::ChangeType change, const Json& object) {
  auto run = api::decode_workflow_run(object);
  if (!run) return;
  const auto before = shown_.find(run->meta.uid);
  const bool ended = run->status.completion_ms != 0;
  if (change == runtime::ChangeType::Deleted || (ended && !synced_)) {
    if (before != shown_.end()) shown_.erase(before);
    return;
  }
  // One that ended and was told; its last changes are of no interest.
  if (ended && before == shown_.end() && run->meta.deleting) return;
  const show::RunView view{.run = *run, .definition = nullptr, .now = loop_.wall_ms()};
  for (const std::string& line : show::changes(before == shown_.end() ? nullptr : &before->second, view)) {
    say_(run->meta.name + "  " + line + "\n");
  }
  // Kept although it has ended, so that nothing is told twice; it goes when the run is deleted.
  std::string uid = run->meta.uid;
  shown_.insert_or_assign(std::move(uid), std::move(*run));
}

}  // namespace ork::cli
