#include "operator/dev/dev_cluster.hpp"

#include <unistd.h>

#include <fstream>

#include "operator/embedded/api/api_server.hpp"
#include "operator/embedded/api/in_process_transport.hpp"
#include "operator/embedded/garbage_collector/garbage_collector.hpp"
#include "operator/embedded/http/access.hpp"
#include "operator/embedded/http/http_server.hpp"
#include "operator/embedded/http/kubeconfig_file.hpp"
#include "operator/embedded/job_controller/job_controller.hpp"
#include "operator/embedded/node/node.hpp"
#include "operator/embedded/store/sqlite_journal.hpp"
#include "operator/reconcile/operator.hpp"

namespace ork::dev {
namespace {

using embedded::InProcessTransport;

// For what runs when the user presses Ctrl-C; a second Ctrl-C waits for nothing.
constexpr std::int64_t stop_grace_seconds = 5;

std::vector<std::string> own_environment() {
  std::vector<std::string> variables;
  for (char** entry = environ; *entry != nullptr; ++entry) variables.emplace_back(*entry);
  return variables;
}

embedded::NodeOptions node_options(const DevClusterOptions& options) {
  embedded::NodeOptions node;
  node.dir = (std::filesystem::absolute(options.folder) / "node").string();
  node.project_folder = std::filesystem::absolute(options.project).string();
  node.environment = own_environment();
  node.pass_env = options.pass_env;
  node.engine = options.engine;
  node.max_pods = options.max_pods;
  // This very program, also where its file was replaced meanwhile by a newer build.
  node.agent_command = {"/proc/self/exe", "node-agent", "--dir", node.dir};
  return node;
}

std::vector<embedded::CollectedKind> collected_kinds(const embedded::Kinds& kinds) {
  std::vector<embedded::CollectedKind> collected;
  for (const auto& kind : kinds.all()) {
    // The same Events by another name; namespaces are the collector's own; CRDs can't be deleted.
    if (kind->stored_as != nullptr || kind->plural == "namespaces" || !kind->namespaced) continue;
    collected.push_back({.resource = {kind->group, kind->version, kind->plural, kind->kind},
                         .namespaced = kind->namespaced,
                         .has_owners = kind->plural != "events"});
  }
  return collected;
}

// The port of the last time, so that an open kubectl or a copied kubeconfig goes on.
std::uint16_t remembered_port(const std::filesystem::path& folder) {
  std::ifstream in(folder / "port");
  unsigned port = 0;
  in >> port;
  return in && port > 0 && port < 65536 ? static_cast<std::uint16_t>(port) : 0;
}

}  // namespace

struct DevCluster::Parts {
  Parts(runtime::AsioLoop& the_loop, const DevClusterOptions& options, DevClusterHooks the_hooks,
        std::unique_ptr<embedded::SqliteJournal> the_journal, std::shared_ptr<const embedded::Kinds> the_kinds)
      : loop(the_loop),
        folder(options.folder),
        with_operator(options.with_operator),
        hooks(std::move(the_hooks)),
        journal(std::move(the_journal)),
        kinds(std::move(the_kinds)),
        store(loop, *journal),
        api(loop, store, *kinds),
        user(api, "ork-dev/1"),
        of_operator(api, "ork/1"),
        of_job_controller(api, "kube-controller-manager/1"),
        job_controller(of_job_controller, loop, {.starts_queued = true},
                       {.on_synced = {}, .on_trouble = hooks.on_trouble}),
        collector(of_job_controller, loop, {.kinds = collected_kinds(*kinds)},
                  {.on_synced = {}, .on_trouble = hooks.on_trouble}),
        of_node(api, "kubelet/1"),
        node(of_node, loop, loop.context(), node_options(options),
             {.on_ready = [this] { part_ready(); }, .on_trouble = hooks.on_trouble}),
        op(of_operator, loop, {.ns = "", .instance = "ork-dev"},
           {.works_on = {}, .on_synced = [this] { part_ready(); }, .on_trouble = hooks.on_trouble}) {
    api.set_pod_logs(&node);
    if (!options.with_operator) parts_to_be_ready = 1;
  }

  void part_ready() {
    if (--parts_to_be_ready == 0) hooks.on_ready();
  }

  runtime::AsioLoop& loop;
  std::filesystem::path folder;
  bool with_operator;
  DevClusterHooks hooks;
  std::unique_ptr<embedded::SqliteJournal> journal;
  std::shared_ptr<const embedded::Kinds> kinds;
  embedded::Store store;
  embedded::ApiServer api;
  InProcessTransport user;
  InProcessTransport of_operator;
  InProcessTransport of_job_controller;
  embedded::JobController job_controller;
  embedded::GarbageCollector collector;
  InProcessTransport of_node;
  embedded::Node node;
  reconcile::Operator op;
  int parts_to_be_ready = 2;  // node and operator
  std::unique_ptr<embedded::HttpServer> http;
};

DevCluster::DevCluster(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
DevCluster::~DevCluster() = default;

Result<std::unique_ptr<DevCluster>, OpenError> DevCluster::open(runtime::AsioLoop& loop,
                                                                const DevClusterOptions& options,
                                                                DevClusterHooks hooks) {
  std::error_code problem;
  std::filesystem::create_directories(options.folder, problem);
  if (problem) {
    return Err(OpenError{"the folder " + options.folder.string() + " can't be made: " + problem.message()});
  }
  auto journal = embedded::SqliteJournal::open((options.folder / "state.db").string(), loop.context());
  if (!journal) return Err(OpenError{journal.error().message, journal.error().code == embedded::JournalErrc::InUse});
  auto kinds = embedded::Kinds::load();
  if (!kinds) return Err(OpenError{"the schemas in this binary are broken: " + kinds.error()});
  auto access = embedded::open_access(options.folder, loop.wall_ms() / 1000);
  if (!access) return Err(OpenError{access.error()});

  auto parts = std::make_unique<Parts>(loop, options, std::move(hooks), std::move(*journal), std::move(*kinds));
  if (auto loaded = parts->api.load(); !loaded) return Err(OpenError{loaded.error().message});
  embedded::HttpOptions http{.port = options.port != 0 ? options.port : remembered_port(options.folder),
                             .token = access->token,
                             .identity = access->identity};
  auto server = embedded::HttpServer::open(loop.context(), parts->api, http);
  if (!server && options.port == 0) {
    http.port = 0;
    server = embedded::HttpServer::open(loop.context(), parts->api, http);
  }
  if (!server) return Err(OpenError{server.error()});
  parts->http = std::move(*server);
  std::ofstream(options.folder / "port") << parts->http->port() << "\n";
  const embedded::ApiAddress address{parts->http->url(), access->token, access->identity.certificate};
  if (auto written = embedded::write_kubeconfig(options.folder / "kubeconfig", address); !written) {
    return Err(OpenError{written.error()});
  }
  return std::unique_ptr<DevCluster>(new DevCluster(std::move(parts)));
}

Status<std::string> DevCluster::start() {
  if (auto started = parts_->node.start(); !started) return started;
  parts_->job_controller.start();
  parts_->collector.start();
  if (parts_->with_operator) parts_->op.start();
  return Done{};
}

// First nobody starts anything more, then what runs is ended, and last the door is closed: kubectl sees it all.
void DevCluster::stop(std::function<void()> done) {
  parts_->op.stop();
  parts_->job_controller.stop();
  parts_->collector.stop();
  parts_->node.shut_down(stop_grace_seconds, [this, done = std::move(done)]() mutable {
    parts_->node.stop();
    parts_->http->stop(std::move(done));
  });
}

kube::Transport& DevCluster::transport() { return parts_->user; }
const embedded::Kinds& DevCluster::kinds() const { return *parts_->kinds; }
std::filesystem::path DevCluster::kubeconfig() const { return parts_->folder / "kubeconfig"; }
std::string DevCluster::url() const { return parts_->http->url(); }

}  // namespace ork::dev
