#include <set>

#include "operator/embedded/kinds/job_check.hpp"
#include "operator/embedded/kinds/job_indexes.hpp"
#include "operator/embedded/schema/problems.hpp"

namespace ork::embedded {
namespace {

bool holds(const Place& status, const std::string& type, const std::string& value = "True") {
  for (const Place& condition : status["conditions"].items()) {
    if (condition["type"].text() == type && condition["status"].text() == value) return true;
  }
  return false;
}

// What a Job's status says, and what of it a write changes: only what changed is held against it.
class JobStatus {
 public:
  JobStatus(const Json& job, const Json& old)
      : spec_(Place(job, "")["spec"]), now_(Place(job, "")["status"]), before_(Place(old, "")["status"]) {}

  Problems problems() {
    numbers();
    uncounted();
    conditions();
    finished();
    indexes();
    if (changed("ready") || changed("active")) {
      Place ready = now_["ready"];
      if (ready.present() && ready.number() > now_["active"].number()) {
        out_.push_back(problems::invalid(ready.path(), ready.number(), "cannot set more ready pods than active"));
      }
    }
    criteria();
    kept();
    return std::move(out_);
  }

 private:
  bool changed(const char* field) const { return now_[field].value() != before_[field].value(); }
  bool complete() const { return holds(now_, "Complete"); }
  bool failed() const { return holds(now_, "Failed"); }
  bool complete_changed() const { return complete() != holds(before_, "Complete"); }
  bool failed_changed() const { return failed() != holds(before_, "Failed"); }
  bool is_finished() const { return complete() || failed(); }
  bool finished_changed() const { return is_finished() != (holds(before_, "Complete") || holds(before_, "Failed")); }

  void condition_problem(const std::string& detail) { out_.push_back(problems::invalid("status.conditions", detail)); }

  void numbers() {
    for (const char* field : {"active", "succeeded", "failed", "ready", "terminating"}) {
      append_if_negative(out_, now_[field]);
    }
  }

  void uncounted() {
    std::set<std::string> seen;
    for (const char* list : {"succeeded", "failed"}) {
      for (const Place& uid : now_["uncountedTerminatedPods"][list].items()) {
        if (uid.text().empty()) {
          out_.push_back(problems::invalid(uid.path(), "", "must not be empty"));
        } else if (!seen.insert(uid.text()).second) {
          out_.push_back(problems::duplicate(uid.path(), uid.text()));
        }
      }
    }
  }

  void conditions() {
    bool target = holds(now_, "FailureTarget"), criteria_met = holds(now_, "SuccessCriteriaMet");
    Place start = now_["startTime"], end = now_["completionTime"];
    if ((complete_changed() || failed_changed()) && complete() && failed()) {
      condition_problem("cannot set Complete=True and Failed=true conditions");
    }
    bool target_changed = target != holds(before_, "FailureTarget");
    if ((complete_changed() || target_changed) && complete() && target) {
      condition_problem("cannot set Complete=True and FailureTarget=true conditions");
    }
    if (complete_changed() || changed("completionTime")) {
      if (end.present() && !complete()) {
        out_.push_back(problems::invalid(end.path(), end.value(),
                                         "cannot set completionTime when there is no Complete=True condition"));
      }
      if (!end.present() && complete()) {
        out_.push_back(problems::required(end.path(), "completionTime is required for Complete jobs"));
      }
    }
    // Both are UTC to the second, so their texts order as they do.
    bool time_changed = changed("startTime") || changed("completionTime");
    if (time_changed && start.present() && end.present() && end.text() < start.text()) {
      out_.push_back(problems::invalid(end.path(), end.value(), "must be equal to or after `startTime`"));
    }
    if ((failed_changed() || changed("failedIndexes")) && failed() && !target) {
      condition_problem("cannot set Failed=True condition without the FailureTarget=true condition");
    }
    bool criteria_changed = criteria_met != holds(before_, "SuccessCriteriaMet");
    if ((complete_changed() || criteria_changed) && complete() && !criteria_met) {
      condition_problem("cannot set Complete=True condition without the SuccessCriteriaMet=true condition");
    }
  }

  void finished() {
    if (!is_finished()) return;
    Place active = now_["active"], pods = now_["uncountedTerminatedPods"];
    if ((finished_changed() || changed("active")) && active.number() > 0) {
      out_.push_back(problems::invalid(active.path(), active.number(), "active>0 is invalid for finished job"));
    }
    bool nothing_to_do =
        spec_["suspend"].flag() && spec_["completions"].present() && spec_["completions"].number() == 0;
    if ((finished_changed() || changed("startTime")) && !nothing_to_do && !now_["startTime"].present()) {
      out_.push_back(problems::required("status.startTime", "startTime is required for finished job"));
    }
    if ((finished_changed() || changed("uncountedTerminatedPods")) &&
        pods["succeeded"].size() + pods["failed"].size() > 0) {
      out_.push_back(problems::invalid(pods.path(), pods.value(), "must be empty for finished job"));
    }
  }

  void indexes() {
    Place done = now_["completedIndexes"], lost = now_["failedIndexes"], completions = spec_["completions"];
    bool per_index = spec_["backoffLimitPerIndex"].present();
    auto append_unreadable = [&](const Place& text, const std::string& name) {
      auto read = read_indexes(text.text(), completions.number());
      if (read) return;
      out_.push_back(problems::invalid(text.path(), text.text(), "error parsing " + name + ": " + read.error()));
    };
    if (changed("completedIndexes") && completions.present()) append_unreadable(done, "completedIndexes");
    if (changed("failedIndexes") && completions.present() && per_index && lost.present()) {
      append_unreadable(lost, "failedIndexes");
    }
    if (changed("completedIndexes") && !done.text().empty() && spec_["completionMode"].text() != "Indexed") {
      out_.push_back(problems::invalid(done.path(), done.text(),
                                       "cannot set non-empty completedIndexes when non-indexed completion mode"));
    }
    if (changed("failedIndexes") && !per_index && lost.present()) {
      out_.push_back(problems::invalid(lost.path(), lost.text(),
                                       "cannot set non-null failedIndexes when backoffLimitPerIndex is null"));
    }
    if ((changed("failedIndexes") || changed("completedIndexes")) && completions.present() && lost.present()) {
      auto shared = shared_index(done.text(), lost.text(), completions.number());
      if (shared) {
        out_.push_back(
            problems::invalid(lost.path(), lost.text(),
                              "failedIndexes and completedIndexes overlap at index: " + std::to_string(*shared)));
      }
    }
    Place terminating = now_["terminating"];
    if ((finished_changed() || changed("terminating")) && terminating.number() > 0 && is_finished()) {
      out_.push_back(
          problems::invalid(terminating.path(), terminating.number(), "terminating>0 is invalid for finished job"));
    }
  }

  void criteria() {
    bool met = holds(now_, "SuccessCriteriaMet");
    if (met && failed()) condition_problem("cannot set SuccessCriteriaMet=True and Failed=true conditions");
    if (met && holds(now_, "FailureTarget")) {
      condition_problem("cannot set SuccessCriteriaMet=True and FailureTarget=true conditions");
    }
    if (spec_["successPolicy"].present() && !met && complete()) {
      condition_problem("cannot set Complete=True for Job with SuccessPolicy unless SuccessCriteriaMet=True");
    }
  }

  // What was said once can't be taken back.
  void kept() {
    for (const char* type : {"Failed", "Complete", "FailureTarget"}) {
      if (holds(before_, type) && !holds(now_, type)) {
        condition_problem("cannot disable the terminal " + std::string(type) + "=True condition");
      }
    }
    bool scaled =
        spec_["completionMode"].text() == "Indexed" && spec_["completions"].value() == spec_["parallelism"].value();
    for (const char* field : {"failed", "succeeded"}) {
      if (std::string(field) == "succeeded" && scaled) continue;
      if (now_[field].number() < before_[field].number()) {
        out_.push_back(problems::invalid(now_.path(field), now_[field].number(),
                                         "cannot decrease the " + std::string(field) + " counter"));
      }
    }
    Place end = now_["completionTime"], start = before_["startTime"];
    if (end.present() && before_["completionTime"].present()) append_if_changed(out_, end, before_["completionTime"]);
    bool resumes = holds(before_, "Suspended") && holds(now_, "Suspended", "False");
    if (changed("startTime") && !resumes && start.present() && !spec_["suspend"].flag()) {
      out_.push_back(problems::required("status.startTime", "startTime cannot be removed for unsuspended job"));
    }
    bool met = holds(now_, "SuccessCriteriaMet"), was_met = holds(before_, "SuccessCriteriaMet");
    if (was_met && !met) condition_problem("cannot disable the SuccessCriteriaMet=True condition");
    if (holds(before_, "Complete") && !was_met && met) {
      condition_problem("cannot set SuccessCriteriaMet=True for Job already has Complete=true conditions");
    }
  }

  Place spec_, now_, before_;
  Problems out_;
};

}  // namespace

Problems job_status_problems(const Json& job, const Json* old) {
  if (old == nullptr) return {};
  Problems out = core_meta_update_problems(job, *old);
  append(out, JobStatus(job, *old).problems());
  return out;
}

}  // namespace ork::embedded
