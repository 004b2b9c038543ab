#include "operator/embedded/node/engine_runner.hpp"

#include <signal.h>

#include <utility>

#include "operator/embedded/node/engine_command.hpp"

namespace ork::embedded {
namespace {

// Before the ids of the engine's own commands; a container's begins with the uid of its Pod.
constexpr std::string_view call_prefix = "engine/";

bool is_call(const std::string& id) { return id.starts_with(call_prefix); }

// Its command may have left the container behind.
bool is_cut_off(const ContainerEnded& notice) { return notice.signal != 0 || notice.exit_code == engine_failed; }

}  // namespace

EngineRunner::EngineRunner(runtime::Loop& loop, std::unique_ptr<ContainerRunner> commands, EngineOptions options)
    : loop_(loop), commands_(std::move(commands)), options_(std::move(options)) {}

void EngineRunner::open(RunnerHandlers handlers) {
  handlers_ = std::move(handlers);
  commands_->open({.on_listed = [this](const RunnerListing& listing) { listed(listing); },
                   .on_started =
                       [this](const ContainerStarted& notice) {
                         if (!is_call(notice.id)) tell(notice);
                       },
                   .on_ended = [this](const ContainerEnded& notice) { ended(notice); },
                   .on_trouble = handlers_.on_trouble});
}

// What is asked for before the listing is lost, as that will show; the sweep would take it for a left one.
void EngineRunner::start(const StartContainer& container) {
  if (!listing_) commands_->start(container);
}

void EngineRunner::signal(const std::string& id, int signal) {
  if (signal == SIGKILL) {
    if (killing_.insert(id).second) kill(id);
    return;
  }
  signalled_.insert(id);
  commands_->signal(id, signal);
}

void EngineRunner::stop_all(std::int64_t grace_ms, std::function<void()> on_stopped) {
  commands_->stop_all(grace_ms, std::move(on_stopped));
}

void EngineRunner::call(const std::string& what, std::vector<std::string> argv, OnEnd on_end) {
  // Never used before, not by an earlier process either.
  const std::string id =
      std::string(call_prefix) + std::to_string(loop_.wall_ms()) + "-" + std::to_string(++called_) + "/" + what;
  calls_.emplace(id, std::move(on_end));
  commands_->start({.id = id,
                    .argv = std::move(argv),
                    .env = options_.environment,
                    .cwd = options_.folder,
                    .log = options_.folder + "/engine.log"});
}

void EngineRunner::listed(const RunnerListing& listing) {
  // Whatever was under way is begun anew, from what this listing says.
  calls_.clear();
  held_.clear();
  signalled_.clear();
  const bool fresh = listing.fresh || (listing_ && listing_->fresh);
  listing_ = RunnerListing{.running = {}, .ended = {}, .fresh = fresh, .limits_memory = true, .limits_cpu = true};
  std::vector<std::string> keep;
  for (const ContainerStarted& notice : listing.running) {
    if (is_call(notice.id)) continue;
    listing_->running.push_back(notice);
    keep.push_back(engine_name(notice.id));
  }
  for (const ContainerEnded& notice : listing.ended) {
    is_call(notice.id) ? commands_->forget(notice.id) : listing_->ended.push_back(notice);
  }
  call("sweep", engine_sweep(options_.program, options_.label, keep), [this](const auto& notice) { swept(notice); });
}

void EngineRunner::swept(const ContainerEnded& sweep) {
  if (sweep.exit_code != 0 && handlers_.on_trouble) {
    handlers_.on_trouble(options_.program + " can't list its containers, and one that was left behind may still run; " +
                         options_.folder + "/engine.log says why");
  }
  const RunnerListing listing = *std::exchange(listing_, std::nullopt);
  std::set<std::string> running;
  for (const ContainerStarted& notice : listing.running) running.insert(notice.id);
  std::erase_if(killing_, [&](const std::string& id) { return !running.contains(id); });
  for (const std::string& id : killing_) kill(id);
  handlers_.on_listed(listing);
  for (const Notice& notice : std::exchange(held_, {})) tell(notice);
}

void EngineRunner::ended(const ContainerEnded& notice) {
  if (is_call(notice.id)) {
    commands_->forget(notice.id);
    auto call = calls_.extract(notice.id);
    if (!call.empty()) call.mapped()(notice);
    return;
  }
  killing_.erase(notice.id);
  // A command that is told to end while it makes its container ends by itself, and leaves it.
  const bool unsure = signalled_.erase(notice.id) > 0 || is_cut_off(notice);
  if (!unsure) return tell(notice);
  call("remove/" + notice.id, engine_remove(options_.program, engine_name(notice.id)),
       [this, notice](const auto&) { tell(notice); });
}

// The container first: its command, still there, tells of its end. One that is not made yet is never made
// once its command is dead.
void EngineRunner::kill(const std::string& id) {
  call("kill/" + id, engine_kill(options_.program, engine_name(id)), [this, id](const auto&) {
    killing_.erase(id);
    commands_->signal(id, SIGKILL);
  });
}

void EngineRunner::tell(const Notice& notice) {
  if (listing_) return held_.push_back(notice);
  if (const auto* started = std::get_if<ContainerStarted>(&notice)) return handlers_.on_started(*started);
  handlers_.on_ended(std::get<ContainerEnded>(notice));
}

}  // namespace ork::embedded
