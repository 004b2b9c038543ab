#include "operator/cli/verbs/follow.hpp"

#include <memory>
#include <utility>

#include "operator/cli/cluster/limits.hpp"
#include "operator/cli/cluster/log_follower.hpp"
#include "operator/cli/cluster/resources.hpp"
#include "operator/cli/cluster/run_follower.hpp"
#include "operator/cli/show/changes.hpp"
#include "operator/cli/show/elapsed.hpp"
#include "operator/cli/show/ending.hpp"
#include "operator/cli/show/limits.hpp"
#include "operator/cli/show/painter.hpp"
#include "operator/cli/show/tree.hpp"

namespace ork::cli {
namespace {

class Following {
 public:
  Following(Context& context, const FoundRun& found, const FollowOptions& options)
      : context_(context), options_(options), run_(found.run), object_(found.object) {
    definition_ = inline_definition(run_);
    if (options_.style == FollowStyle::Tree && context_.console.can_paint(options_.channel)) begin_painting();
  }

  Followed run() {
    context_.session.on_interrupt([this] { interrupted(); });
    if (options_.timeout) timeout_ = context_.session.loop().after(*options_.timeout, [this] { timed_out(); });
    unseen_ = context_.session.loop().after(limits::unseen_run, [this] { wonder(); });
    if (with_logs()) follow_logs();
    run_follower_ = std::make_unique<RunFollower>(
        context_.session, context_.ns, run_.meta.name, run_.meta.uid,
        RunHooks{.on_change = [this](const api::WorkflowRun& run, const Json& object) { changed(run, object); },
                 .on_gone = [this] { gone(); },
                 .on_trouble = [this](const std::string& sentence) { note(sentence); }});
    run_follower_->start();
    context_.session.run();
    // Nothing is heard of any more: what follows asks and waits by itself.
    run_follower_.reset();
    log_follower_.reset();
    timeout_.reset();
    unseen_.reset();
    tick_.reset();
    if (painter_) painter_->finish();
    if (ended_ && options_.tell_ending) tell_ending();
    for (const std::string& line : last_words_) context_.console.err_line(line);
    return {code_, std::move(object_)};
  }

 private:
  bool with_logs() const { return options_.style == FollowStyle::Logs || options_.style == FollowStyle::LogsOnly; }
  bool with_lines() const {
    return options_.style == FollowStyle::Logs || (options_.style == FollowStyle::Tree && !painter_);
  }
  show::RunView view() const { return {run_, definition_.get(), context_.session.loop().wall_ms()}; }

  void begin_painting() {
    painter_ = std::make_unique<show::Painter>(
        context_.session.loop(), [this] { return painted(); },
        [this](std::string_view text) { context_.console.write(options_.channel, text); });
    tick();
  }

  // Durations go on while nothing changes.
  void tick() {
    painter_->refresh();
    tick_ = context_.session.loop().after(runtime::Duration(1'000), [this] { tick(); });
  }

  std::vector<std::string> painted() const {
    show::Screen screen = context_.console.screen(options_.channel);
    if (!note_.empty() && screen.height > 0) --screen.height;
    std::vector<std::string> lines = show::live_tree(view(), screen);
    if (!note_.empty()) lines.push_back(show::Line(note_, show::Colour::Dim).render(screen));
    return lines;
  }

  void changed(const api::WorkflowRun& run, const Json& object) {
    if (ended_) return;
    const bool first = !shown_;
    const api::WorkflowRun before = std::exchange(run_, run);
    object_ = object;
    if (run_.status.observed_generation >= 0) unseen_.reset();
    if (options_.on_change) options_.on_change(object_);
    ask_for_definition();
    if (with_lines()) {
      for (const std::string& line : show::changes(first ? nullptr : &before, view())) {
        context_.console.write(options_.channel, line + "\n");
      }
    }
    shown_ = true;
    if (painter_) painter_->refresh();
    if (api::is_final(run_.status.phase)) end();
  }

  void end() {
    ended_ = true;
    code_ = outcome_of(run_);
    if (log_follower_) return log_follower_->run_ended();
    context_.session.stop();
  }

  void follow_logs() {
    log_follower_ = std::make_unique<LogFollower>(
        context_.session, context_.ns, run_.meta.uid, options_.logs, options_.tail,
        LogFollowerHooks{.on_line = [this](const LogSource& source, std::string_view line) { log_line(source, line); },
                         .on_trouble = [this](const std::string& sentence) { note(sentence); },
                         .on_done =
                             [this](std::optional<Failure> failure) {
                               if (!failure) return context_.session.stop();
                               ended_ = false;
                               give_up(failure->code, "error: " + failure->message);
                             }});
    log_follower_->start();
  }

  void log_line(const LogSource& source, std::string_view line) {
    std::string text = options_.prefix ? log_prefix(source) : std::string();
    text += line;
    context_.console.out(text + "\n");
  }

  // The names of what a task waits for stand in the revision, which the run names once it has been taken up.
  void ask_for_definition() {
    if (!painter_ || definition_ || asked_ || run_.status.revision.empty()) return;
    asked_ = true;
    context_.session.transport().call(
        kube::get_request(controller_revisions, context_.ns, run_.status.revision),
        [this, alive = std::weak_ptr<bool>(alive_)](Result<kube::Response, kube::Error> answer) {
          if (alive.expired() || !answer) return;
          if (auto revision = parse_answer(answer->body)) definition_ = definition_of_revision(*revision);
          painter_->refresh();
        });
  }

  void wonder() { note("the run has not been taken up yet: is an operator running?"); }

  void gone() {
    if (ended_) return;
    give_up(ExitCode::NotFound, "error: run " + run_.meta.name + " was deleted before it had ended");
  }

  void interrupted() {
    if (!ended_) return give_up(ExitCode::Interrupted, "interrupted: " + goes_on());
    // Only its last words were still to be told.
    code_ = ExitCode::Interrupted;
    context_.session.stop();
  }

  void timed_out() {
    give_up(ExitCode::WaitTimeout,
            "error: not ended after " + show::elapsed(options_.timeout->count()) + ": " + goes_on());
  }

  std::string goes_on() const {
    return "run " + run_.meta.name + " goes on. Follow it again with: ork run status " + run_.meta.name + " --watch" +
           context_.flags;
  }

  void give_up(ExitCode code, std::string words) {
    ended_ = false;
    code_ = code;
    last_words_ = {std::move(words)};
    context_.session.stop();
  }

  // Beside the tree, where one is painted; a trouble that stays is told once.
  void note(const std::string& sentence) {
    if (sentence == note_) return;
    note_ = sentence;
    if (painter_) return painter_->refresh();
    context_.console.err_line("ork: " + sentence);
  }

  void tell_ending() {
    if (!definition_) definition_ = get_definition(context_, run_);
    std::vector<std::string> log;
    if (!with_logs()) log = last_log_lines(context_, run_, definition_.get());
    const show::EndingOptions options{.log = log, .with_log = !with_logs(), .flags = context_.flags};
    for (const std::string& line : show::ending(view(), options, context_.console.screen(options_.channel))) {
      context_.console.write(options_.channel, line + "\n");
    }
  }

  Context& context_;
  const FollowOptions& options_;
  api::WorkflowRun run_;
  Json object_;
  DefinitionPtr definition_;
  bool asked_ = false;
  bool shown_ = false;
  bool ended_ = false;
  ExitCode code_ = ExitCode::Ok;
  std::string note_;
  std::vector<std::string> last_words_;
  std::unique_ptr<show::Painter> painter_;
  std::unique_ptr<RunFollower> run_follower_;
  std::unique_ptr<LogFollower> log_follower_;
  std::unique_ptr<runtime::Timer> timeout_, unseen_, tick_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace

Followed follow_run(Context& context, const FoundRun& found, const FollowOptions& options) {
  return Following(context, found, options).run();
}

std::string log_prefix(const LogSource& source) {
  std::string out = source.task;
  if (source.index) out += "[" + std::to_string(*source.index) + "]";
  if (source.attempt > 1) out += " attempt " + std::to_string(source.attempt);
  return out + " | ";
}

std::vector<std::string> last_log_lines(Context& context, const api::WorkflowRun& run,
                                        const workflow::Definition* definition) {
  std::vector<std::string> lines;
  const auto culprit = show::culprit_of({run, definition, 0});
  if (!culprit) return lines;
  const LogFilter filter{culprit->task->name, culprit->attempt, culprit->index};
  // Without it there is the task's message; a failure here says nothing of the run.
  const auto read = print_logs(
      context.session, context.ns, run.meta.uid, filter, static_cast<std::int64_t>(show::limits::log_lines),
      [&](const LogSource&, std::string_view line) { lines.emplace_back(line); }, [](const std::string&) {});
  if (!read) lines.clear();
  return lines;
}

}  // namespace ork::cli
