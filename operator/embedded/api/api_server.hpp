#pragma once

// A kube-apiserver in small: requests in, answers out, on a Store. The verbs, their order of checks
// and their words are Kubernetes'; what is deliberately different stands in docs/ork-dev.md.

#include <memory>
#include <string>

#include "operator/embedded/api/backend.hpp"
#include "operator/embedded/api/call.hpp"
#include "operator/embedded/api/object_reader.hpp"
#include "operator/embedded/api/object_writer.hpp"
#include "operator/embedded/api/options.hpp"
#include "operator/embedded/api/pod_logs.hpp"
#include "operator/embedded/api/pod_subresources.hpp"
#include "operator/embedded/api/representation.hpp"
#include "operator/embedded/api/target.hpp"

namespace ork::embedded {

class ApiServer final : public Handler {
 public:
  // `store` is empty: load() fills it. All must outlive this.
  ApiServer(runtime::Loop& loop, Store& store, const Kinds& kinds) : ApiServer(loop, store, kinds, own_rules_) {}
  // With rules that another API server on these kinds has, too.
  ApiServer(runtime::Loop& loop, Store& store, const Kinds& kinds, RulesOfKinds& rules)
      : backend_{loop, store, kinds, rules, parsed_} {}

  // Reads what the journal holds, and adds what every cluster has: the namespaces default and
  // kube-system, and the CustomResourceDefinitions. Before the first serve().
  Status<JournalError> load();
  // Where logs come from; without, a request for one is answered as by a cluster without that node.
  void set_pod_logs(PodLogs* logs) { logs_ = logs; }

  // What the last writes have stored, as JSON.
  const ParsedObjects& parsed() const { return parsed_; }

  void serve(Call call, Responder responder) override;

 private:
  struct Request {
    const Call& call;
    const Target& target;
    const ResourcePath& path;
    Representation representation;
    std::vector<std::string>& warnings;  // for the answer's headers, whatever the answer is
  };
  using Answered = Result<Answer, ApiError>;

  Answer answer_or_apology(const Call& call);
  Answered answer(const Call& call);
  Answered answer_path(const Call& call, const Target& target);
  Answered answer_at(const Call& call, const Target& target, const ResourcePath& path);
  Answered answer_resource(const Request& request);
  std::optional<ApiError> check_route(const Call& call, const ResourcePath& path) const;
  Answered read(const Request& request);
  Answered get(const Request& request);
  // A page of a collection.
  struct Selected {
    std::vector<StoredPtr> objects;
    std::vector<std::string> names;
    ListMetadata metadata;
  };
  Result<Selected, ApiError> select(const Request& request, ReadOptions& options);
  Answered list(const Request& request);
  Answered watch(const Request& request);
  Answered logs(const Request& request);
  Answered create(const Request& request);
  Answered update(const Request& request);
  Answered patch(const Request& request);
  Answered remove(const Request& request);
  Answered remove_collection(const Request& request);
  Answered bind(const Request& request);
  Answered review_access(const Call& call, const Target& target) const;

  ObjectWriter writer(const Request& request, const WriteOptions& options);
  // In the shape that was asked for.
  Answered shown(const Request& request, int status, const std::string& text) const;
  void ensure(const Kind& kind, const Json& object);

  RulesOfKinds own_rules_;
  ParsedObjects parsed_;
  Backend backend_;
  PodLogs* logs_ = nullptr;
};

}  // namespace ork::embedded
