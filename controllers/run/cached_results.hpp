#pragma once

// Where results are found by their cache keys: of each the newest, that a finished run has left. What it was is not
// held, only which run to ask. Bounded (limits.hpp): what the longest ended runs have left is forgotten first.

#include <map>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "controllers/api/workflow_run.hpp"

namespace ork::run {

struct CachedResult {
  std::string run;
  std::string uid;
  api::TimeMs made_ms = 0;  // when its task ended
};

// Whether a task of that run has left a result for others: it has really run, and succeeded, and its output is all
// there; and its run, one by the name of a Workflow, has ended, so that nothing of it changes any more.
bool leaves_result(const api::WorkflowRun& run, const api::TaskStatus& task);

class CachedResults {
 public:
  // What the run has left, in place of what it was last said to have.
  void add(const api::WorkflowRun& run);
  // The run is gone. Of it only what says which one it is, and when it ended.
  void remove(const api::WorkflowRun& run);

  // nullptr: none is known.
  const CachedResult* find(const std::string& ns, const std::string& workflow, const std::string& key) const;
  std::size_t size() const { return size_; }

 private:
  using Ended = std::pair<api::TimeMs, std::string>;  // a run: when it ended, its uid

  void forget(std::map<Ended, std::vector<std::string>>::iterator run);

  std::unordered_map<std::string, CachedResult> newest_;  // by namespace, Workflow and key
  std::map<Ended, std::vector<std::string>> left_;        // what each run has left, by the same
  std::size_t size_ = 0;                                  // of all in left_
};

}  // namespace ork::run
