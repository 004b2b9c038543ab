#include "controllers/workflow/schedule.hpp"

#include <algorithm>

#include "controllers/workflow/hash.hpp"
#include "controllers/workflow/limits.hpp"

namespace ork::workflow {
namespace {

using api::ConcurrencyPolicy;
using api::Json;
using api::TimeMs;

class Decider {
 public:
  Decider(const ScheduleSnapshot& snapshot, TimeMs now)
      : snapshot_(snapshot), written_(snapshot.schedule.written), now_(now) {
    out_.status = snapshot.workflow.status.schedule.value_or(api::ScheduleStatus{});
  }

  ScheduleDecision decide() {
    const std::string by = written_.cron + (written_.time_zone.empty() ? "" : ", " + written_.time_zone);
    if (written_.suspend) return stand_still("suspended");
    if (snapshot_.suspended) return stand_still("its Workflow is suspended");
    if (!written_.time_zone.empty() && !offset())
      return stand_still("there is no time zone " + written_.time_zone + ", or the operator has no list of them");
    if (out_.status.by != by) {
      out_.status.by = by;
      out_.status.message.clear();
      out_.status.next_ms = 0;
    }
    // Our clock may have been ahead when that was found.
    const auto next = next_after(std::max(now_, out_.status.last_ms));
    if (!next) return stand_still("no such time comes within eight years");
    if (out_.status.next_ms == 0 || *next < out_.status.next_ms) out_.status.next_ms = *next;
    if (out_.status.next_ms <= now_) take_turn(*next);
    out_.wake_ms = std::min(*next, now_ + schedule_look_ms);
    return std::move(out_);
  }

 private:
  std::optional<std::int64_t> offset() const {
    if (snapshot_.utc_offset_s == nullptr) return std::nullopt;
    return snapshot_.utc_offset_s(written_.time_zone, now_ / 1000);
  }

  std::optional<TimeMs> next_after(TimeMs time) const {
    return cron::next(snapshot_.schedule.cron, time, written_.time_zone, snapshot_.utc_offset_s);
  }

  ScheduleDecision stand_still(std::string why) {
    out_.status.by.clear();
    out_.status.next_ms = 0;
    out_.status.message = std::move(why);
    return std::move(out_);
  }

  // A time has come. `next`: the one after it.
  void take_turn(TimeMs next) {
    const TimeMs first = std::max(out_.status.next_ms, out_.status.last_ms + 1);
    const auto last =
        cron::last_within(snapshot_.schedule.cron, first, now_, written_.time_zone, snapshot_.utc_offset_s);
    if (!last) return pass(next, "");
    const TimeMs turn = *last;
    const std::string name = scheduled_run_name(snapshot_.workflow.meta.name, turn);
    if (is_there(name)) {
      out_.status.last_ms = turn;
      out_.status.last_run = name;
      return pass(next, turn == next_after(first - 1)
                            ? ""
                            : "runs from " + api::format_time(first) + " on were left out for " + name +
                                  ": ork was not there, or an earlier run went on");
    }
    const auto deadline = written_.starting_deadline_seconds;
    if (deadline && now_ > api::later_by_seconds(turn, *deadline))
      return pass(next, "the run of " + api::format_time(turn) + " was left out: it could not start within " +
                            std::to_string(*deadline) + " s");
    if (snapshot_.refused != nullptr && snapshot_.refused->name == name)
      return pass(next, "the run of " + api::format_time(turn) + " was left out: " + snapshot_.refused->message);
    if (const ScheduledRun* other = going_on(); other != nullptr && written_.concurrency != ConcurrencyPolicy::Allow)
      return wait_for(*other, turn);
    out_.create = NewRun{name, body(name, turn)};
  }

  bool is_there(const std::string& name) const {
    return std::any_of(snapshot_.runs.begin(), snapshot_.runs.end(),
                       [&](const ScheduledRun& run) { return run.name == name; });
  }

  const ScheduledRun* going_on() const {
    const auto found =
        std::find_if(snapshot_.runs.begin(), snapshot_.runs.end(), [](const ScheduledRun& run) { return !run.ended; });
    return found == snapshot_.runs.end() ? nullptr : &*found;
  }

  void pass(TimeMs next, std::string message) {
    out_.status.next_ms = next;
    out_.status.message = std::move(message);
  }

  void wait_for(const ScheduledRun& other, TimeMs turn) {
    const bool replaces = written_.concurrency == ConcurrencyPolicy::Replace;
    out_.status.message = "the run of " + api::format_time(turn) + " waits for the end of " + other.name +
                          (replaces ? ", which is cancelled" : "") +
                          " (concurrencyPolicy: " + (replaces ? "Replace" : "Forbid") + ")";
    if (!replaces) return;
    for (const ScheduledRun& run : snapshot_.runs) {
      if (!run.ended && !run.cancelled) out_.cancel.push_back(run.name);
    }
  }

  Json body(const std::string& name, TimeMs turn) const {
    const api::ObjectMeta& owner = snapshot_.workflow.meta;
    Json spec = {{"workflowRef", {{"name", owner.name}}}, {"scheduledTime", api::format_time(turn)}};
    if (!written_.params.empty()) spec["params"] = written_.params;
    return {{"apiVersion", api::api_version},
            {"kind", "WorkflowRun"},
            {"metadata",
             {{"name", name},
              {"namespace", owner.ns},
              {"ownerReferences", Json::array({{{"apiVersion", api::api_version},
                                                {"kind", "Workflow"},
                                                {"name", owner.name},
                                                {"uid", owner.uid},
                                                {"controller", true}}})}}},
            {"spec", std::move(spec)}};
  }

  const ScheduleSnapshot& snapshot_;
  const api::Schedule& written_;
  TimeMs now_;
  ScheduleDecision out_;
};

}  // namespace

ScheduleDecision decide_schedule(const ScheduleSnapshot& snapshot, TimeMs now) {
  return Decider(snapshot, now).decide();
}

std::string scheduled_run_name(std::string_view workflow, TimeMs time) {
  const std::string number = "-" + std::to_string(time / 60'000);
  if (workflow.size() + number.size() <= max_name) return std::string(workflow) + number;
  const std::string mark = "-" + hash_word(fnv1a(workflow));
  return std::string(workflow.substr(0, max_name - mark.size() - number.size())) + mark + number;
}

}  // namespace ork::workflow
