#pragma once

// Deletes what nobody owns any more, and what stands in a namespace that is being deleted. A client of
// the API server like any other; it reads metadata only.
//
// An object whose owners are all gone (by uid) is deleted in the background. An owner that it has not
// heard of is looked up before anything is deleted: watches of two kinds are not in step. The
// finalizers foregroundDeletion and orphan are carried out and removed; a dependent with
// blockOwnerDeletion holds its owner back. A Terminating namespace loses its finalizer once all kinds
// are empty in it.

#include <functional>
#include <memory>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "operator/embedded/client/selecting_transport.hpp"
#include "operator/embedded/garbage_collector/object_graph.hpp"
#include "operator/kube/transport.hpp"
#include "operator/runtime/loop.hpp"
#include "operator/runtime/watcher.hpp"
#include "operator/runtime/work_queue.hpp"

namespace ork::embedded {

struct CollectedKind {
  kube::Resource resource;
  bool namespaced = true;
  // False for what neither owns nor is owned (Events): it is only deleted with its namespace.
  bool has_owners = true;
};

struct GarbageCollectorOptions {
  std::vector<CollectedKind> kinds;
  // The kind Namespace is watched beside them, unless this is false.
  bool namespaces = true;
};

struct GarbageCollectorHooks {
  std::function<void()> on_synced;
  std::function<void(const std::string&)> on_trouble;  // a sentence for the log
};

class GarbageCollector {
 public:
  // Transport and loop must outlive the collector.
  GarbageCollector(kube::Transport& transport, runtime::Loop& loop, GarbageCollectorOptions options,
                   GarbageCollectorHooks hooks = {});
  ~GarbageCollector();
  GarbageCollector(const GarbageCollector&) = delete;
  GarbageCollector& operator=(const GarbageCollector&) = delete;

  void start();
  // Nothing is sent any more, and nothing listened to.
  void stop();

  bool synced() const { return synced_; }
  std::size_t objects() const { return graph_.size(); }
  std::uint64_t deletions() const { return deletions_; }

 private:
  class KindSink;
  class NamespaceSink;

  void one_synced();
  void seen(OwnedObject object);
  void gone(const std::string& uid);
  bool is_settled(const OwnedObject& object) const;

  void process(const std::string& uid);
  void carry_out(const OwnedObject& object, GarbageVerdict verdict);
  void look_up(const std::string& uid, const OwnedObject& object, const OwnerRef& owner);
  void delete_object(const OwnedObject& object, const char* policy);
  void orphan_dependents(const OwnedObject& object);
  void orphaned(const std::string& owner_uid, const std::string& uid);
  // Reads the object's metadata, lets `change` make a merge patch of it (empty: nothing to do), and
  // sends that.
  void edit(const OwnedObject& object, std::function<std::string(const std::string& body)> change,
            std::function<void(bool good)> then);
  bool edited(const kube::Error& error) const;
  void finished(const std::string& uid, const Result<kube::Response, kube::Error>& answer);

  // namespace_cleaning.cpp
  struct Cleaning;
  void clean_namespace(const std::string& name);
  void clean_kind(std::shared_ptr<Cleaning> cleaning);
  void cleaned_kind(const std::shared_ptr<Cleaning>& cleaning, const std::string& body);
  void finalize_namespace(const std::string& name);
  void namespace_again(const std::string& name);

  void call(kube::Request request, kube::ResponseHandler handler);

  kube::Transport& transport_;
  runtime::Loop& loop_;
  GarbageCollectorOptions options_;
  GarbageCollectorHooks hooks_;
  SelectingTransport metadata_;
  ObjectGraph graph_;
  runtime::WorkQueue queue_;
  std::vector<std::unique_ptr<runtime::Sink>> sinks_;
  std::vector<std::unique_ptr<runtime::Watcher>> watchers_;
  std::size_t to_sync_ = 0;
  bool synced_ = false;
  std::uint64_t deletions_ = 0;
  // Terminating namespaces: the wait before the next look, and the timer of it.
  struct Leaving {
    runtime::Duration wait{0};
    std::unique_ptr<runtime::Timer> timer;
  };
  std::unordered_map<std::string, Leaving> leaving_;
  std::shared_ptr<int> alive_ = std::make_shared<int>(0);
};

}  // namespace ork::embedded
