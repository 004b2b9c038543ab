#pragma once

// The Kubernetes objects that runs wait for, each watched by itself for as long as some run does: one stream that is
// silent until the object changes. Of which kinds that may be the operator's role says.

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>

#include "controllers/run/awaited_object.hpp"
#include "operator/kube/transport.hpp"
#include "operator/runtime/loop.hpp"

namespace ork::reconcile {

class ObjectWatches {
 public:
  // `changed`: called with the key of each run that waits for an object of which something is new. Transport and loop
  // must outlive it.
  ObjectWatches(kube::Transport& transport, runtime::Loop& loop, std::function<void(const std::string& run)> changed);
  ~ObjectWatches();
  ObjectWatches(const ObjectWatches&) = delete;
  ObjectWatches& operator=(const ObjectWatches&) = delete;

  // From now on the run waits for these, and for no others. Not to be called from `changed`.
  void want(const std::string& run, const std::string& ns, const std::set<run::ObjectReference>& objects);
  // Of those that the run waits for.
  std::map<run::ObjectReference, run::AwaitedObject> seen_by(const std::string& run) const;

 private:
  class Watched;
  using Place = std::pair<std::string, run::ObjectReference>;  // its namespace, and what it is there

  void let_go(const std::string& run, const Place& place);
  void start_as_many_as_may_be();

  kube::Transport& transport_;
  runtime::Loop& loop_;
  std::function<void(const std::string&)> changed_;
  std::map<Place, std::unique_ptr<Watched>> watched_;
  std::map<std::string, std::set<Place>> wanted_by_;  // key of a run
};

}  // namespace ork::reconcile
