#include "operator/cli/show/tree.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <map>
#include <numeric>
#include <string_view>

#include "controllers/run/waiting.hpp"
#include "operator/cli/show/elapsed.hpp"
#include "operator/cli/show/limits.hpp"

namespace ork::show {
namespace {

using api::Phase;
using Indexes = std::vector<std::size_t>;

struct Branches {
  std::string_view item, last, trunk, no_trunk;
};

constexpr Branches drawn{"\xE2\x94\x9C\xE2\x94\x80 ", "\xE2\x94\x94\xE2\x94\x80 ", "\xE2\x94\x82  ", "   "};
constexpr Branches ascii{"|- ", "`- ", "|  ", "   "};

// What is worth a line first where there are too few. Lower is sooner.
int rank_of(Phase phase) {
  switch (phase) {
    case Phase::Failed: return 0;
    case Phase::Running:
    case Phase::Deferred: return 1;
    case Phase::Retrying: return 2;
    case Phase::Queued: return 3;
    case Phase::Pending: return 4;
    case Phase::Cancelled: return 5;
    case Phase::UpstreamFailed: return 6;
    case Phase::Skipped: return 7;
    case Phase::Succeeded: break;
  }
  return 8;
}

class Tree {
 public:
  Tree(const RunView& view, const Screen& screen)
      : view_(view), screen_(screen), branches_(screen.unicode ? drawn : ascii) {}

  void head() {
    const api::RunStatus& status = view_.run.status;
    Line line(view_.run.meta.name, Colour::Bold);
    line.add("  ").add(api::to_string(status.phase), colour_of(status.phase));
    for (const std::string& part : {elapsed(status.start_ms, status.completion_ms, view_.now), counts_of(view_.run)}) {
      if (!part.empty()) line.add("  " + part);
    }
    // Before there are tasks the message is all there is to see.
    if (status.tasks.empty() && !status.message.empty()) {
      line.add("  " + first_line(status.message, limits::message_columns, screen_.unicode));
    }
    if (status.observed_generation < 0) line.add("  not taken up yet by an operator");
    put(line);
  }

  // The tasks at these places, in that order; `more` is a line for the others, or empty.
  void tasks(const Indexes& places, const std::string& more, bool details) {
    measure(places);
    for (std::size_t i = 0; i < places.size(); ++i) {
      const bool last = i + 1 == places.size() && more.empty();
      task(*view_.run.status.tasks[places[i]], last);
      if (details) below(*view_.run.status.tasks[places[i]], last);
    }
    if (!more.empty()) put(Line(branches_.last, Colour::Dim).add(more, Colour::Dim));
  }

  std::vector<std::string> take() && { return std::move(lines_); }

 private:
  void put(const Line& line) { lines_.push_back(line.render(screen_)); }

  void measure(const Indexes& places) {
    for (const std::size_t place : places) {
      const api::TaskStatus& task = *view_.run.status.tasks[place];
      name_ = std::max(name_, std::min(width_of(task.name), limits::name_columns));
      phase_ = std::max(phase_, api::to_string(task.phase).size());
      time_ = std::max(time_, time_of(task).size());
    }
  }

  std::string time_of(const api::TaskStatus& task) const {
    return elapsed(task.start_ms, task.completion_ms, view_.now);
  }

  void task(const api::TaskStatus& task, bool last) {
    Line line(last ? branches_.last : branches_.item, Colour::Dim);
    std::size_t column = width_of(branches_.item) + name_ + 2;
    line.add(cut(task.name, limits::name_columns, screen_.unicode)).pad_to(column);
    line.add(api::to_string(task.phase), colour_of(task.phase)).pad_to(column += phase_ + 2);
    line.add(time_of(task)).pad_to(column += time_ + (time_ > 0 ? 2 : 0));
    put(line.add(detail_of(view_, task, screen_.unicode)));
  }

  // Below a task's line: what ended badly before, and what came out.
  void below(const api::TaskStatus& task, bool last) {
    const std::string_view trunk = last ? branches_.no_trunk : branches_.trunk;
    for (const api::Attempt& attempt : task.attempts) {
      Line line(trunk, Colour::Dim);
      line.add("attempt " + std::to_string(attempt.attempt));
      const std::string took = attempt.completion_ms == 0 ? "" : elapsed(attempt.start_ms, attempt.completion_ms, 0);
      for (const std::string& part : {took, cause_of(attempt.cause, attempt.reason, attempt.exit_code)}) {
        if (!part.empty()) line.add("  " + part);
      }
      if (!attempt.failed_indexes.empty()) line.add("  indexes " + attempt.failed_indexes);
      if (!attempt.node.empty()) line.add("  on " + attempt.node);
      put(line);
      put(Line(trunk, Colour::Dim).add("  " + first_line(attempt.message, limits::message_columns, screen_.unicode)));
    }
    if (task.phase == Phase::Running && task.reason == run::reason_asking) {
      put(Line(trunk, Colour::Dim)
              .add("ork run approve " + view_.run.meta.name + " --task " + task.name + ", or reject"));
    }
    if (!task.run.empty()) {
      const bool many = task.count > 0;
      put(Line(trunk, Colour::Dim)
              .add(many ? "runs " + task.run + "-0 to -" + std::to_string(task.count - 1) : "run " + task.run)
              .add(": ork run status " + task.run + (many ? "-0" : "")));
    }
    if (!task.output) return;
    const std::string output = task.output->dump(-1, ' ', false, api::Json::error_handler_t::replace);
    put(Line(trunk, Colour::Dim).add("output " + cut(output, limits::output_columns, screen_.unicode)));
  }

  const RunView& view_;
  const Screen& screen_;
  const Branches& branches_;
  std::size_t name_ = 0, phase_ = 0, time_ = 0;
  std::vector<std::string> lines_;
};

Indexes all_of(const RunView& view) {
  Indexes places(view.run.status.tasks.size());
  std::iota(places.begin(), places.end(), std::size_t{0});
  return places;
}

// Splits off the places that get no line, and says what they are.
std::string leave_out(const RunView& view, Indexes& places, std::size_t lines, bool unicode) {
  if (places.size() <= lines) return {};
  const auto rank = [&](std::size_t place) { return rank_of(view.run.status.tasks[place]->phase); };
  std::stable_sort(places.begin(), places.end(), [&](std::size_t a, std::size_t b) { return rank(a) < rank(b); });
  std::map<int, std::pair<std::string_view, std::size_t>> others;
  for (std::size_t i = lines - 1; i < places.size(); ++i) {
    auto& [word, count] = others[rank(places[i])];
    word = api::to_string(view.run.status.tasks[places[i]]->phase);
    ++count;
  }
  places.resize(lines - 1);
  std::sort(places.begin(), places.end());
  std::string out = unicode ? "\xE2\x80\xA6 and" : "... and";
  const char* separator = " ";
  for (const auto& [ignored, other] : others) {
    out += separator + std::to_string(other.second) + " " + std::string(other.first);
    separator = ", ";
  }
  return out;
}

}  // namespace

std::vector<std::string> live_tree(const RunView& view, const Screen& screen) {
  Screen bounded = screen;
  if (bounded.width > 0) bounded.width = std::max(bounded.width, limits::least_width);
  Indexes places = all_of(view);
  std::string more;
  if (screen.height > 0) {
    // One line for the head, one that stays free so that the terminal does not scroll.
    const auto lines = static_cast<std::size_t>(std::max(screen.height, limits::least_height) - 2);
    more = leave_out(view, places, lines, screen.unicode);
  }
  Tree tree(view, bounded);
  tree.head();
  tree.tasks(places, more, /*details=*/false);
  return std::move(tree).take();
}

std::vector<std::string> full_tree(const RunView& view, const Screen& screen) {
  Tree tree(view, screen);
  tree.head();
  tree.tasks(all_of(view), "", /*details=*/true);
  return std::move(tree).take();
}

}  // namespace ork::show
