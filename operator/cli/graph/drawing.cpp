#include "operator/cli/graph/drawing.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <map>
#include <utility>
#include <vector>

#include "operator/cli/graph/limits.hpp"

namespace ork::cli {
namespace {

using workflow::CompiledTask;
using workflow::Definition;

constexpr int none = -1;

std::string plain_label_of(const Definition& definition, int place) {
  const CompiledTask& task = definition.tasks[static_cast<std::size_t>(place)];
  if (task.is_hook()) return task.name() + "  " + definition.hook_in_words(static_cast<std::size_t>(place));
  if (const auto& wait = task.task.wait)
    return task.name() + "  waits" + (wait->for_ms ? " " + api::format_duration(*wait->for_ms) : "") +
           (wait->run ? " for a run" : "") + (wait->object ? " for " + wait->object->kind : "");
  if (task.task.approve) return task.name() + "  asks";
  const auto count = task.written_count();
  if (task.calls())
    return task.name() + "  runs " + task.task.workflow->name + (count ? " x" + std::to_string(*count) : "");
  return task.name() + (count ? "  x" + std::to_string(*count) : "");
}

std::string label_of(const Definition& definition, int place, const Timing* timing) {
  const std::string typical = timing == nullptr ? std::string() : typical_in_words(*timing, place);
  return plain_label_of(definition, place) + (typical.empty() ? "" : "  ") + typical;
}

bool is_critical(const Timing* timing, int place) { return timing != nullptr && timing->is_critical(place); }

std::string_view critical_mark(bool unicode) { return unicode ? "◆" : "#"; }

// The sides of a character cell that a line leaves it by.
struct Sides {
  bool up = false, down = false, left = false, right = false;
};

std::string_view line_through(const Sides& sides, bool unicode) {
  // By up, down, left, right as bits of 8, 4, 2, 1.
  constexpr std::array<std::string_view, 16> drawn = {" ", "─", "─", "─", "│", "╭", "╮", "┬",
                                                      "│", "╰", "╯", "┴", "│", "├", "┤", "┼"};
  constexpr std::array<std::string_view, 16> plain = {" ", "-", "-", "-", "|", ".", ".", ".",
                                                      "|", "'", "'", "'", "|", "|", "|", "+"};
  const std::size_t index =
      (sides.up ? 8U : 0U) + (sides.down ? 4U : 0U) + (sides.left ? 2U : 0U) + (sides.right ? 1U : 0U);
  return unicode ? drawn[index] : plain[index];
}

std::size_t columns(const std::string& text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

// Lines by lane: each lane leads down to one task that is still to come.
class Lanes {
 public:
  Lanes(const Definition& definition, bool unicode, const Timing* timing)
      : definition_(definition), unicode_(unicode), timing_(timing) {}

  // Empty where it takes more lanes than an eye can follow.
  std::string draw() {
    for (const int task : definition_.graph.order()) {
      const std::size_t lane = lane_of(task);
      rows_.push_back({task_row(lane, task), task});
      const std::string below = lead_on(task, lane);
      if (!below.empty()) rows_.push_back({below, none});
      if (lanes_.size() > limits::drawn_lanes) return {};
    }
    const std::size_t width = widest_ * 2;
    std::string out;
    for (const auto& [text, task] : rows_) {
      std::string line = text;
      if (task != none) {
        line.resize(line.size() + width - columns(text), ' ');
        line += label_of(definition_, task, timing_);
      }
      line.erase(line.find_last_not_of(' ') + 1);
      out += line + "\n";
    }
    return out;
  }

 private:
  struct Row {
    std::string text;
    int task = none;
  };

  std::size_t find(int task) const {
    return static_cast<std::size_t>(std::find(lanes_.begin(), lanes_.end(), task) - lanes_.begin());
  }

  // The lane that leads to the task; a new one where it waits for nothing.
  std::size_t lane_of(int task) {
    const std::size_t found = find(task);
    return found < lanes_.size() ? found : new_lane(task, 0);
  }

  std::size_t new_lane(int task, std::size_t from) {
    std::size_t lane = from;
    while (lane < lanes_.size() && lanes_[lane] != none) ++lane;
    if (lane == lanes_.size()) lanes_.push_back(none);
    lanes_[lane] = task;
    widest_ = std::max(widest_, lanes_.size());
    return lane;
  }

  std::string task_row(std::size_t lane, int task) const {
    const std::string_view node = is_critical(timing_, task) ? critical_mark(unicode_) : unicode_ ? "●" : "*";
    std::string out;
    for (std::size_t i = 0; i < lanes_.size(); ++i) {
      const bool taken = lanes_[i] != none;
      out += i == lane ? node : line_through({.up = taken, .down = taken}, unicode_);
      out += " ";
    }
    return out;
  }

  // Gives the lanes below the task to those that wait for it; the row in which lines go sideways, or nothing.
  std::string lead_on(int task, std::size_t lane) {
    std::vector<int> next(definition_.graph.downstream(task).begin(), definition_.graph.downstream(task).end());
    const std::vector<int> before = lanes_;
    lanes_[lane] = none;
    std::vector<std::size_t> led;
    // One that no lane leads to yet goes straight on.
    const auto straight = std::find_if(next.begin(), next.end(), [&](int each) { return find(each) == lanes_.size(); });
    if (straight != next.end()) {
      lanes_[lane] = *straight;
      next.erase(straight);
    }
    for (const int each : next) {
      const std::size_t found = find(each);
      led.push_back(found < lanes_.size() ? found : new_lane(each, lane + 1));
    }
    std::string row = led.empty() ? std::string() : sideways(before, lane, led);
    while (!lanes_.empty() && lanes_.back() == none) lanes_.pop_back();
    return row;
  }

  // `before`: the lanes above this row, `led`: those that the task's line goes to from `lane`.
  std::string sideways(const std::vector<int>& before, std::size_t lane, const std::vector<std::size_t>& led) const {
    const std::size_t first = std::min(lane, *std::min_element(led.begin(), led.end()));
    const std::size_t last = std::max(lane, *std::max_element(led.begin(), led.end()));
    std::string out;
    for (std::size_t i = 0; i < lanes_.size(); ++i) {
      const bool meets = i == lane || std::find(led.begin(), led.end(), i) != led.end();
      const bool above = i < before.size() && before[i] != none;
      const bool below = lanes_[i] != none;
      const bool passed = !meets && above && below;  // a line that only crosses
      out += line_through({.up = above,
                           .down = below,
                           .left = !passed && i > first && i <= last,
                           .right = !passed && i >= first && i < last},
                          unicode_);
      out += line_through({.left = i >= first && i < last, .right = i >= first && i < last}, unicode_);
    }
    return out;
  }

  const Definition& definition_;
  bool unicode_;
  const Timing* timing_;
  std::vector<int> lanes_;  // by lane: the task that it leads to
  std::size_t widest_ = 0;
  std::vector<Row> rows_;
};

std::string names_of(const Definition& definition, std::span<const int> tasks) {
  constexpr std::size_t most = 4;
  std::string out;
  for (std::size_t i = 0; i < std::min(tasks.size(), most); ++i) {
    out += (i == 0 ? "" : ", ") + definition.tasks[static_cast<std::size_t>(tasks[i])].name();
  }
  return tasks.size() <= most ? out : out + " and " + std::to_string(tasks.size() - most) + " more";
}

// Tasks of one layer that wait for the same and are waited for by the same, in declared order.
using Group = std::vector<int>;

std::vector<Group> groups_of(const Definition& definition, const std::vector<int>& layer, const Timing* timing) {
  std::vector<Group> out;
  std::map<std::pair<std::vector<int>, std::vector<int>>, Group> alike;
  for (const int task : layer) {
    if (is_critical(timing, task)) {
      out.push_back({task});
      continue;
    }
    const auto up = definition.graph.upstream(task);
    const auto down = definition.graph.downstream(task);
    alike[{{up.begin(), up.end()}, {down.begin(), down.end()}}].push_back(task);
  }
  for (auto& [key, group] : alike) {
    if (group.size() >= limits::grouped_tasks) {
      out.push_back(std::move(group));
    } else {
      for (const int task : group) out.push_back({task});
    }
  }
  std::sort(out.begin(), out.end());
  return out;
}

std::string group_label(const Definition& definition, const Group& group, bool unicode, const Timing* timing) {
  const auto name = [&](int task) { return definition.tasks[static_cast<std::size_t>(task)].name(); };
  if (group.size() == 1) {
    const bool critical = is_critical(timing, group.front());
    return label_of(definition, group.front(), timing) + (critical ? "  " : "") +
           std::string(critical ? critical_mark(unicode) : "");
  }
  return name(group.front()) + " ... " + name(group.back()) + "  " + std::to_string(group.size()) + " tasks";
}

std::string draw_layers(const Definition& definition, bool unicode, const Timing* timing) {
  std::vector<std::vector<int>> layers;
  for (const int task : definition.graph.order()) {
    const auto layer = static_cast<std::size_t>(definition.graph.layer(task));
    if (layer >= layers.size()) layers.resize(layer + 1);
    layers[layer].push_back(task);
  }
  struct Line {
    std::string number, label, after;
  };
  std::vector<Line> lines;
  std::size_t width = 0;
  for (std::size_t i = 0; i < layers.size(); ++i) {
    std::string number = std::to_string(i + 1);
    for (const Group& group : groups_of(definition, layers[i], timing)) {
      lines.push_back({std::exchange(number, {}), group_label(definition, group, unicode, timing),
                       names_of(definition, definition.graph.upstream(group.front()))});
      width = std::max(width, columns(lines.back().label));
    }
  }
  const std::size_t digits = std::to_string(layers.size()).size();
  std::string out;
  for (const Line& line : lines) {
    out += std::string(digits - line.number.size(), ' ') + line.number + "  " + line.label;
    if (!line.after.empty()) {
      out += std::string(width - columns(line.label), ' ') + (unicode ? "  ← " : "  <- ") + line.after;
    }
    out += "\n";
  }
  return out;
}

}  // namespace

std::string draw(const Definition& definition, bool unicode, const Timing* timing) {
  std::string out = Lanes(definition, unicode, timing).draw();
  if (out.empty()) out = draw_layers(definition, unicode, timing);
  if (timing == nullptr || timing->critical.empty()) return out;
  return out + "\n" + std::string(critical_mark(unicode)) + " " + critical_in_words(definition, *timing) + "\n";
}

}  // namespace ork::cli
