#include "operator/cli/show/ending.hpp"

#include <algorithm>

#include "operator/cli/show/elapsed.hpp"
#include "operator/cli/show/limits.hpp"

namespace ork::show {
namespace {

using api::Phase;

// Its failure is none of the run's.
bool may_fail(const RunView& view, const api::TaskStatus& task) {
  const int place = view.definition == nullptr ? -1 : view.definition->index_of(task.name);
  if (place < 0) return task.is_hook();
  const workflow::CompiledTask& compiled = view.definition->tasks[static_cast<std::size_t>(place)];
  return task.is_hook() ? !compiled.task.fails_run : compiled.on_failure == api::OnFailure::Run;
}

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    lines.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

class Ending {
 public:
  Ending(const RunView& view, const Screen& screen) : view_(view), screen_(screen) {}

  void head(const std::optional<Culprit>& culprit) {
    const api::RunStatus& status = view_.run.status;
    Line line("run " + view_.run.meta.name + " ");
    line.add(api::to_string(status.phase), colour_of(status.phase));
    const std::string took = elapsed(status.start_ms, status.completion_ms, view_.now);
    if (!took.empty()) line.add(" after " + took);
    line.add(": " + (culprit ? blame(*culprit) : first_line(status.message, limits::message_columns, screen_.unicode)));
    lines_.push_back(line.render({.colour = screen_.colour}));
  }

  void cause(const Culprit& culprit) {
    const api::TaskStatus& task = *culprit.task;
    put(first_line(task.message, limits::message_columns, screen_.unicode));
    std::string cause(api::to_string(task.cause));
    const std::string detail = cause_of(task.cause, task.reason, task.exit_code);
    if (!detail.empty() && detail != cause) cause += (cause.empty() ? "" : ", ") + detail;
    if (!cause.empty()) put("cause: " + cause);
  }

  void log(const Culprit& culprit, std::span<const std::string> log) {
    std::vector<std::string_view> lines(log.begin(), log.end());
    // The message of a program that left none is the end of its log: all but the sentence in front.
    if (lines.empty()) {
      lines = lines_of(culprit.task->message);
      if (!lines.empty()) lines.erase(lines.begin());
    }
    if (lines.empty()) return;
    if (lines.size() > limits::log_lines) lines.erase(lines.begin(), lines.end() - limits::log_lines);
    std::string whose = culprit.task->name;
    if (culprit.index) whose += "[" + std::to_string(*culprit.index) + "]";
    lines_.push_back("the last lines of " + whose + ", attempt " + std::to_string(culprit.attempt) + ":");
    for (const std::string_view line : lines) put(first_line(line, limits::message_columns, screen_.unicode));
  }

  void commands(const std::optional<Culprit>& culprit, std::string_view flags) {
    const std::string run = view_.run.meta.name + std::string(flags);
    lines_.emplace_back("to look further:");
    if (culprit) {
      put("ork run logs " + view_.run.meta.name + " " + culprit->task->name + std::string(flags) +
          (culprit->index ? " --index " + std::to_string(*culprit->index) : ""));
    }
    put("ork run status " + run);
  }

  std::vector<std::string> take() && { return std::move(lines_); }

 private:
  static std::string blame(const Culprit& culprit) {
    std::string out = (culprit.task->is_hook() ? "hook " : "task ") + culprit.task->name + " failed";
    if (culprit.index) out += " at index " + std::to_string(*culprit.index);
    if (culprit.attempt > 1) out += " after " + std::to_string(culprit.attempt) + " attempts";
    return out;
  }

  void put(const std::string& text) { lines_.push_back(Line("  " + text).render({})); }

  const RunView& view_;
  const Screen& screen_;
  std::vector<std::string> lines_;
};

}  // namespace

std::optional<Culprit> culprit_of(const RunView& view) {
  if (view.run.status.phase != Phase::Failed) return std::nullopt;
  for (const api::TaskStatusPtr& task : view.run.status.tasks) {
    if (task->phase != Phase::Failed || may_fail(view, *task)) continue;
    Culprit culprit{task.get(), task->attempt, std::nullopt};
    if (!task->failed_indexes.empty()) culprit.index = task->failed_indexes.ranges().front().first;
    return culprit;
  }
  return std::nullopt;
}

std::vector<std::string> ending(const RunView& view, const EndingOptions& options, const Screen& screen) {
  Ending ending(view, screen);
  const std::optional<Culprit> culprit = culprit_of(view);
  ending.head(culprit);
  if (culprit) {
    ending.cause(*culprit);
    if (options.with_log) ending.log(*culprit, options.log);
  }
  if (view.run.status.phase != Phase::Succeeded) ending.commands(culprit, options.flags);
  return std::move(ending).take();
}

}  // namespace ork::show
