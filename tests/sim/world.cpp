#include "tests/sim/world.hpp"

#include <algorithm>
#include <set>
#include <stdexcept>

#include "operator/embedded/api/api_server.hpp"
#include "operator/embedded/api/in_process_transport.hpp"
#include "operator/embedded/garbage_collector/garbage_collector.hpp"
#include "operator/embedded/job_controller/job_controller.hpp"
#include "operator/reconcile/kinds.hpp"
#include "operator/reconcile/replica.hpp"
#include "tests/sim/faulty_transport.hpp"
#include "tests/sim/forger.hpp"
#include "tests/sim/history.hpp"
#include "tests/sim/kubelet.hpp"
#include "tests/sim/limits.hpp"
#include "tests/sim/meddler.hpp"
#include "tests/sim/nodes.hpp"
#include "tests/sim/queue.hpp"
#include "tests/sim/text_at.hpp"

namespace ork::sim {
namespace {

using embedded::InProcessTransport;
using runtime::Duration;

const embedded::CollectedKind& collected(const kube::Resource& resource) {
  static std::map<std::string, embedded::CollectedKind> all;
  return all.try_emplace(resource.plural, embedded::CollectedKind{.resource = resource}).first->second;
}

// Those that anything here makes: a world has no others.
embedded::GarbageCollectorOptions collector_options() {
  embedded::GarbageCollectorOptions options;
  for (const kube::Resource* resource : {&reconcile::workflows(), &reconcile::workflow_runs(),
                                         &reconcile::controller_revisions(), &reconcile::jobs(), &reconcile::pods()}) {
    options.kinds.push_back(collected(*resource));
  }
  return options;
}

const kube::Resource& resource_of(const nlohmann::json& object) {
  if (object.at("kind") == "ConfigMap") return reconcile::config_maps();
  return object.at("kind") == "Workflow" ? reconcile::workflows() : reconcile::workflow_runs();
}

embedded::RulesOfKinds& all_rules() {
  static embedded::RulesOfKinds rules;
  return rules;
}

// What every cluster has from its beginning. The same in each world, and a hundred kilobytes to make.
struct FirstObject {
  std::string collection;
  std::string key;
  embedded::StoredPtr stored;
};

std::vector<FirstObject> first_objects() {
  runtime::ManualLoop loop;
  embedded::MemoryJournal journal(loop);
  embedded::Store store(loop, journal);
  embedded::ApiServer api(loop, store, all_kinds(), all_rules());
  if (!api.load()) throw std::runtime_error("the API server did not start");
  std::vector<FirstObject> objects;
  for (const char* collection : {"namespaces", "customresourcedefinitions.apiextensions.k8s.io"}) {
    const auto page = store.list(collection, {});
    for (const auto& [key, stored] : page->objects) objects.push_back({collection, std::string(key), stored});
  }
  std::sort(objects.begin(), objects.end(),
            [](const FirstObject& a, const FirstObject& b) { return a.stored->version < b.stored->version; });
  return objects;
}

bool is_judged(std::string_view collection) {
  return collection == "workflowruns.ork.dev" || collection == "jobs.batch" || collection == "workflows.ork.dev" ||
         collection == "controllerrevisions.apps";
}

// An actor's way to the API, over all its processes.
struct Way {
  Way(runtime::ManualLoop& world, Chance chance, embedded::Handler& api, embedded::Store& store, TracedJournal& journal,
      std::string the_name, const std::string& user_agent)
      : name(std::move(the_name)), loop(world, chance), door(api, store, journal, name), transport(door, user_agent) {}
  std::string name;
  ActorLoop loop;
  Door door;
  InProcessTransport transport;
  Line line;
};

KubeletOptions first_node(const Case& what) {
  return {.node = "local", .actor = "kubelet", .shares_conditions = strikes_nodes(what.faults)};
}

KubeletOptions second_node() { return {.node = "local-2", .actor = "kubelet-2", .shares_conditions = true}; }

class World {
 public:
  explicit World(const Case& what);
  Outcome run();

 private:
  // One operator process; destroying it is kill -9. With a Lease it is a replica, else an operator that works on all.
  struct OperatorProcess {
    OperatorProcess(World& world, Way& way, std::uint32_t number, std::function<void(const Fault&)> on_crash);
    FaultyTransport transport;
    std::optional<reconcile::Operator> alone;
    std::optional<reconcile::Replica> replica;
  };
  using Held = std::unique_ptr<OperatorProcess>;

  void begin();
  void put_down(const std::string& actor, const std::string& note);
  void strike_around(const Fault& fault, const kube::Request& request);
  Held& held_of(const Way& way) { return &way == &twin_way_ ? twin_ : operator_; }
  void start(Way& way, Held& held);
  void crashed(Way& way, Held& held, std::int64_t back_ms);
  void kill(Way& way, Held& held);
  void let_twin_live();
  void run_seen(const Event& event);
  void see_who_works();
  void make_objects();
  void grant(const Wish& wish);
  void make(const nlohmann::json& object);
  void patch_runs(const char* body);
  void patch_workflows(const nlohmann::json& patch);
  void act(nlohmann::json action);
  void delete_all(const kube::Resource& resource, const char* collection);
  void user_calls(kube::Request request);
  bool all_ended() const;
  void go_on_until_all_ended();
  void stay_quiet();

  const Case& case_;
  nlohmann::json actions_ = nlohmann::json::array();  // what was asked for so far
  std::set<std::string, std::less<>> children_;       // keys of child runs
  Outcome outcome_;
  runtime::ManualLoop loop_;
  Chance chance_;
  TracedJournal journal_;
  embedded::Store store_;
  embedded::ApiServer api_;
  Later later_;
  Weather weather_;
  Way operator_way_, twin_way_, jobs_way_, collector_way_, kubelet_way_, kubelet_2_way_, nodes_way_, queue_way_,
      user_way_;
  FaultyTransport of_jobs_, of_collector_, of_kubelet_, of_kubelet_2_;
  Processes processes_;
  LostTries lost_tries_;
  Nodes nodes_;
  Meddler meddler_;
  Forger forger_;
  Queue queue_;
  embedded::JobController jobs_;
  embedded::GarbageCollector collector_;
  Kubelet kubelet_, kubelet_2_;
  Held operator_;
  Held twin_;
  bool twin_lives_ = false;
  std::size_t wishes_left_;
  const bool is_edited_;  // labels are no proof then
};

World::OperatorProcess::OperatorProcess(World& world, Way& way, std::uint32_t number,
                                        std::function<void(const Fault&)> on_crash)
    : transport(way.transport, way.loop, way.name, way.line, world.weather_, std::move(on_crash)) {
  const std::string instance = "sim-" + std::to_string(number);
  reconcile::OperatorOptions options{.ns = "", .instance = instance};
  if (world.case_.unplaced_tasks > 0) options.unplaced_tasks = world.case_.unplaced_tasks;
  if (world.case_.lease) {
    const auto tell_share = [&world, &way, this] {
      world.put_down(way.name, "works on " + std::to_string(replica->shares().held()) + " buckets");
    };
    const auto lost = [&world, &way](const std::string& why) {
      world.put_down(way.name, "has lost its Lease: " + why);
      world.crashed(way, world.held_of(way), limits::back_after_loss.count());
    };
    replica.emplace(
        transport, transport, way.loop, replicas::SharesOptions{.ns = "default", .identity = instance},
        std::move(options),
        reconcile::ReplicaHooks{
            .on_synced = {}, .on_share = tell_share, .on_lost = lost, .on_trouble = [](const std::string&) {}});
    replica->start();
  } else {
    alone.emplace(transport, way.loop, std::move(options),
                  reconcile::OperatorHooks{.works_on = {}, .on_synced = {}, .on_trouble = [](const std::string&) {}});
    alone->start();
  }
}

World::World(const Case& what)
    : case_(what),
      chance_(what.seed),
      journal_(loop_, outcome_.trace),
      store_(loop_, journal_),
      api_(loop_, store_, all_kinds(), all_rules()),
      later_(loop_),
      weather_{FaultTable(what.faults),
               outcome_.trace,
               later_,
               [this] { store_.compact(); },
               false,
               [this](const Fault& fault, const kube::Request& request) { strike_around(fault, request); }},
      operator_way_(loop_, chance_.stream("operator"), api_, store_, journal_, "operator", "ork/1"),
      twin_way_(loop_, chance_.stream("twin"), api_, store_, journal_, "twin", "ork/1"),
      jobs_way_(loop_, chance_.stream("job-controller"), api_, store_, journal_, "job-controller",
                "kube-controller-manager/1"),
      collector_way_(loop_, chance_.stream("garbage-collector"), api_, store_, journal_, "garbage-collector",
                     "kube-controller-manager/1"),
      kubelet_way_(loop_, chance_.stream("kubelet"), api_, store_, journal_, "kubelet", "kubelet/1"),
      kubelet_2_way_(loop_, chance_.stream("kubelet-2"), api_, store_, journal_, "kubelet-2", "kubelet/1"),
      nodes_way_(loop_, chance_.stream("node-controller"), api_, store_, journal_, "node-controller",
                 "kube-controller-manager/1"),
      queue_way_(loop_, chance_.stream("queue"), api_, store_, journal_, "queue", "kueue/1"),
      user_way_(loop_, chance_.stream("user"), api_, store_, journal_, "user", "kubectl/1"),
      of_jobs_(jobs_way_.transport, jobs_way_.loop, jobs_way_.name, jobs_way_.line, weather_),
      of_collector_(collector_way_.transport, collector_way_.loop, collector_way_.name, collector_way_.line, weather_),
      of_kubelet_(kubelet_way_.transport, kubelet_way_.loop, kubelet_way_.name, kubelet_way_.line, weather_),
      of_kubelet_2_(kubelet_2_way_.transport, kubelet_2_way_.loop, kubelet_2_way_.name, kubelet_2_way_.line, weather_),
      nodes_(nodes_way_.transport, loop_, later_, processes_, lost_tries_, outcome_.trace),
      meddler_(user_way_.transport, later_),
      forger_(user_way_.transport, later_),
      queue_(queue_way_.transport, later_, chance_.stream("turns")),
      jobs_(of_jobs_, jobs_way_.loop, {.next_node = [this] { return nodes_.next_place(); }}),
      collector_(of_collector_, collector_way_.loop, collector_options()),
      kubelet_(of_kubelet_, kubelet_way_.loop, what.shape.programs, processes_, lost_tries_, outcome_.trace,
               first_node(what)),
      kubelet_2_(of_kubelet_2_, kubelet_2_way_.loop, what.shape.programs, processes_, lost_tries_, outcome_.trace,
                 second_node()),
      wishes_left_(what.shape.wishes.size()),
      is_edited_(strikes_objects(what.faults)) {
  for (Way* way : {&operator_way_, &twin_way_, &jobs_way_, &collector_way_, &kubelet_way_, &kubelet_2_way_}) {
    way->line.latency_ms = what.latency_ms;
    way->line.chance = chance_.stream(way->name + " latency");
  }
  operator_way_.line.log = &outcome_.operator_requests;
  twin_way_.line.log = &outcome_.twin_requests;
  nodes_.add(first_node(what), kubelet_);
  if (strikes_nodes(what.faults)) nodes_.add(second_node(), kubelet_2_);
  journal_.read = [this](const embedded::JournalEntry& entry) -> std::shared_ptr<const nlohmann::json> {
    if (!is_judged(entry.collection) && !(is_edited_ && entry.collection == "pods")) return nullptr;
    auto known = api_.parsed().known(entry.text);
    return known != nullptr ? known : std::make_shared<const nlohmann::json>(nlohmann::json::parse(*entry.text));
  };
  journal_.on_write = [this](const Event& event) { run_seen(event); };
}

// As ApiServer::load() leaves an empty store, and the chance that it draws uids from.
void World::begin() {
  static const std::vector<FirstObject> first = first_objects();
  for (const FirstObject& object : first) {
    store_.put(object.collection, object.key, object.stored);
    (void)embedded::new_uid(loop_);
  }
  store_.when_stored([this](const auto&) { store_.compact(); });
}

void World::strike_around(const Fault& fault, const kube::Request& request) {
  if (is_of_node(fault.harm)) return nodes_.strike(fault, request);
  if (fault.harm == Harm::Forge || fault.harm == Harm::Deface) return forger_.strike(fault, request);
  meddler_.strike(fault, request);
}

void World::put_down(const std::string& actor, const std::string& note) {
  Event event;
  event.at = loop_.now();
  event.actor = actor;
  event.note = note;
  outcome_.trace.add(std::move(event));
}

void World::start(Way& way, Held& held) {
  put_down(way.name, "starts");
  way.loop.forget_pause();
  held = std::make_unique<OperatorProcess>(*this, way, ++outcome_.operators,
                                           [this, &way, &held](const Fault& fault) { crashed(way, held, fault.back); });
}

void World::kill(Way& way, Held& held) {
  put_down(way.name, "is dead");
  way.loop.forget_pause();
  held.reset();
}

// A second process beside the first, for a while.
void World::let_twin_live() {
  if (case_.twin_for_ms == 0) return;
  later_.in(Duration{case_.twin_from_ms}, [this] {
    twin_lives_ = true;
    start(twin_way_, twin_);
  });
  later_.in(Duration{case_.twin_from_ms + case_.twin_for_ms}, [this] {
    twin_lives_ = false;
    if (twin_ != nullptr) kill(twin_way_, twin_);
  });
}

// Called from within the process' own code: it is destroyed once that has returned.
void World::crashed(Way& way, Held& held, std::int64_t back_ms) {
  if (held != nullptr) held->transport.cut();
  loop_.post([this, &way, &held, back_ms] {
    if (held == nullptr) return;
    kill(way, held);
    later_.in(Duration{back_ms}, [this, &way, &held] {
      if (held == nullptr && (&held != &twin_ || twin_lives_)) start(way, held);
    });
  });
}

// No two replicas hold a bucket at the same time. One that stands still asks again before it goes on.
void World::see_who_works() {
  if (!case_.lease || operator_ == nullptr || twin_ == nullptr || operator_way_.loop.paused() ||
      twin_way_.loop.paused()) {
    return;
  }
  for (shard::Bucket bucket = 0; bucket < shard::bucket_count; ++bucket) {
    if (!operator_->replica->shares().holds(bucket) || !twin_->replica->shares().holds(bucket)) continue;
    outcome_.held_by_two = "both replicas hold bucket " + std::to_string(bucket);
    return;
  }
}

void World::run_seen(const Event& event) {
  see_who_works();
  if (event.version > limits::writes) throw std::runtime_error("there is no end to the writes");
  if (event.collection == "pods" && event.object != nullptr) processes_.note(*event.object);
  if (event.collection == "jobs.batch") queue_.job_seen(event);
  if (event.collection != "workflowruns.ork.dev") return;
  if (event.text == nullptr) {
    outcome_.ends[event.key] = "gone";
    return;
  }
  outcome_.ends[event.key] = text_at(*event.object, "/status/phase");
  if (value_at(*event.object, "/spec").contains("childOf")) children_.insert(event.key);
}

void World::user_calls(kube::Request request) {
  user_way_.transport.call(std::move(request), [this](const auto& answer) {
    if (!answer && answer.error().code != kube::Errc::NotFound) outcome_.broke = answer.error().message;
  });
}

// While somebody's finalizer holds the one before it, a person tries again.
void World::make(const nlohmann::json& object) {
  user_way_.transport.call(kube::create_request(resource_of(object), "default", object.dump()),
                           [this, object](const auto& answer) {
                             if (answer) return;
                             if (answer.error().code != kube::Errc::AlreadyExists) {
                               outcome_.broke = answer.error().message;
                               return;
                             }
                             ++wishes_left_;
                             later_.in(limits::tried_again, [this, object] {
                               --wishes_left_;
                               make(object);
                             });
                           });
}

void World::make_objects() {
  for (const nlohmann::json& object : case_.shape.objects) make(object);
  for (const Wish& wish : case_.shape.wishes) later_.in(wish.at, [this, wish] { grant(wish); });
}

// Whoever wants something of a run leaves it to that to pass it on.
void World::patch_runs(const char* body) {
  for (const auto& [key, end] : outcome_.ends) {
    if (children_.contains(key)) continue;
    user_calls(kube::patch_request(reconcile::workflow_runs(), "default", key.substr(key.find('/') + 1), "",
                                   kube::PatchType::Merge, body));
  }
}

void World::act(nlohmann::json action) {
  action["id"] = "act-" + std::to_string(actions_.size());
  actions_.push_back(std::move(action));
  patch_runs(nlohmann::json{{"spec", {{"actions", actions_}}}}.dump().c_str());
}

void World::patch_workflows(const nlohmann::json& patch) {
  const auto page = store_.list("workflows.ork.dev", {});
  for (const auto& [key, stored] : page->objects) {
    user_calls(kube::patch_request(reconcile::workflows(), "default", key.substr(key.find('/') + 1), "",
                                   kube::PatchType::Merge, patch.dump()));
  }
}

void World::delete_all(const kube::Resource& resource, const char* collection) {
  const auto page = store_.list(collection, {});
  for (const auto& [key, stored] : page->objects) {
    if (children_.contains(key)) continue;
    const auto object = nlohmann::json::parse(*stored->text);
    user_calls(kube::delete_request(resource, "default", object["metadata"]["name"].get<std::string>(),
                                    object["metadata"]["uid"].get<std::string>()));
  }
}

void World::grant(const Wish& wish) {
  --wishes_left_;
  put_down("user", std::string("wants to ") + std::string(to_string(wish.kind)));
  switch (wish.kind) {
    case Wish::Kind::Cancel: return patch_runs(R"({"spec":{"cancel":true}})");
    case Wish::Kind::Suspend: return patch_runs(R"({"spec":{"suspend":true}})");
    case Wish::Kind::Resume: return patch_runs(R"({"spec":{"suspend":false}})");
    case Wish::Kind::DeleteRun: return delete_all(reconcile::workflow_runs(), "workflowruns.ork.dev");
    case Wish::Kind::DeleteJobs: return delete_all(reconcile::jobs(), "jobs.batch");
    case Wish::Kind::DeletePods: return delete_all(reconcile::pods(), "pods");
    case Wish::Kind::Make: return make(wish.object);
    case Wish::Kind::EditWorkflow: return patch_workflows(wish.object);
    case Wish::Kind::DeleteWorkflows: return delete_all(reconcile::workflows(), "workflows.ork.dev");
    case Wish::Kind::Act: return act(wish.object);
  }
}

bool World::all_ended() const {
  if (wishes_left_ > 0 || outcome_.ends.empty() || operator_ == nullptr) return false;
  std::size_t gone = 0;
  for (const auto& [key, end] : outcome_.ends) {
    gone += end == "gone" && !children_.contains(key) ? 1 : 0;
    // By anybody's word: a status may have been defaced.
    if (end != "gone" && !is_final(end)) return false;
  }
  // Which run is kept as history is decided by how it ended: a status may have been defaced, and a run fails whose
  // Jobs' names somebody else has taken.
  const bool any_end = has_harm(case_.faults, Harm::Deface) || has_harm(case_.faults, Harm::Forge);
  return gone == case_.shape.gone || any_end;
}

void World::go_on_until_all_ended() {
  const runtime::Instant fair_from = loop_.now() + limits::storm;
  const runtime::Instant give_up = fair_from + limits::patience;
  while (!all_ended() && loop_.now() < give_up) {
    if (!weather_.over && loop_.now() >= fair_from) {
      weather_.over = true;
      put_down("world", "nothing strikes any more");
      nodes_.calm();
    }
    if (!loop_.advance_to_next()) break;
  }
  outcome_.all_ended = all_ended();
}

// Long enough for what was on its way to arrive, and then for anybody who still wants something to say so.
void World::stay_quiet() {
  weather_.over = true;
  put_down("world", "all runs have ended");
  nodes_.calm();
  loop_.advance(limits::settling);
  outcome_.ended_at = loop_.now();
  put_down("world", "is quiet");
  if (case_.restart_at_end) {
    kill(operator_way_, operator_);
    start(operator_way_, operator_);
  }
  loop_.advance(limits::quiet);
}

Outcome World::run() {
  try {
    begin();
    loop_.run_until_idle();
    jobs_.start();
    collector_.start();
    kubelet_.start();
    if (strikes_nodes(case_.faults)) kubelet_2_.start();
    start(operator_way_, operator_);
    loop_.run_until_idle();
    outcome_.requests_to_sync = outcome_.operator_requests.all().size();
    make_objects();
    let_twin_live();
    go_on_until_all_ended();
    if (outcome_.all_ended && case_.until_quiet) stay_quiet();
  } catch (const std::exception& problem) {
    outcome_.broke = problem.what();
  }
  outcome_.operator_writes = operator_way_.line.writes;
  outcome_.operator_calls = operator_way_.line.calls;
  return std::move(outcome_);
}

}  // namespace

const embedded::Kinds& all_kinds() {
  static const std::shared_ptr<const embedded::Kinds> kinds = [] {
    auto loaded = embedded::Kinds::load();
    if (!loaded) throw std::runtime_error(loaded.error());
    return *loaded;
  }();
  return *kinds;
}

Outcome run_world(const Case& what) { return World(what).run(); }

}  // namespace ork::sim
