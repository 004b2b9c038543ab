#include "operator/dev/dev_cluster.hpp"

#include <fstream>

#include "operator/embedded/api/api_server.hpp"
#include "operator/embedded/api/in_process_transport.hpp"
#include "operator/embedded/http/access.hpp"
#include "operator/embedded/http/http_server.hpp"
#include "operator/embedded/http/kubeconfig_file.hpp"
#include "operator/embedded/job_controller/job_controller.hpp"
#include "operator/embedded/store/sqlite_journal.hpp"
#include "operator/reconcile/operator.hpp"

namespace ork::dev {
namespace {

using embedded::InProcessTransport;

// The port of the last time, so that an open kubectl or a copied kubeconfig goes on.
std::uint16_t remembered_port(const std::filesystem::path& folder) {
  std::ifstream in(folder / "port");
  unsigned port = 0;
  in >> port;
  return in && port > 0 && port < 65536 ? static_cast<std::uint16_t>(port) : 0;
}

}  // namespace

struct DevCluster::Parts {
  Parts(runtime::AsioLoop& the_loop, std::filesystem::path the_folder, DevClusterHooks the_hooks,
        std::unique_ptr<embedded::SqliteJournal> the_journal, std::shared_ptr<const embedded::Kinds> the_kinds)
      : loop(the_loop),
        folder(std::move(the_folder)),
        hooks(std::move(the_hooks)),
        journal(std::move(the_journal)),
        kinds(std::move(the_kinds)),
        store(loop, *journal),
        api(loop, store, *kinds),
        user(api, "ork-dev/1"),
        of_operator(api, "ork/1"),
        of_job_controller(api, "kube-controller-manager/1"),
        job_controller(of_job_controller, loop, {}, {.on_synced = {}, .on_trouble = hooks.on_trouble}),
        op(of_operator, loop, {.ns = "", .instance = "ork-dev"},
           {.may_write = {}, .on_synced = [this] { hooks.on_ready(); }, .on_trouble = hooks.on_trouble}) {}

  runtime::AsioLoop& loop;
  std::filesystem::path folder;
  DevClusterHooks hooks;
  std::unique_ptr<embedded::SqliteJournal> journal;
  std::shared_ptr<const embedded::Kinds> kinds;
  embedded::Store store;
  embedded::ApiServer api;
  InProcessTransport user;
  InProcessTransport of_operator;
  InProcessTransport of_job_controller;
  embedded::JobController job_controller;
  reconcile::Operator op;
  std::unique_ptr<embedded::HttpServer> http;
};

DevCluster::DevCluster(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
DevCluster::~DevCluster() = default;

Result<std::unique_ptr<DevCluster>, std::string> DevCluster::open(runtime::AsioLoop& loop,
                                                                  const DevClusterOptions& options,
                                                                  DevClusterHooks hooks) {
  std::error_code problem;
  std::filesystem::create_directories(options.folder, problem);
  if (problem) return Err("the folder " + options.folder.string() + " can't be made: " + problem.message());
  auto journal = embedded::SqliteJournal::open((options.folder / "state.db").string(), loop.context());
  if (!journal) return Err(journal.error().message);
  auto kinds = embedded::Kinds::load();
  if (!kinds) return Err("the schemas in this binary are broken: " + kinds.error());
  auto access = embedded::open_access(options.folder, loop.wall_ms() / 1000);
  if (!access) return Err(access.error());

  auto parts = std::make_unique<Parts>(loop, options.folder, std::move(hooks), std::move(*journal), std::move(*kinds));
  if (auto loaded = parts->api.load(); !loaded) return Err(loaded.error().message);
  embedded::HttpOptions http{.port = options.port != 0 ? options.port : remembered_port(options.folder),
                             .token = access->token,
                             .identity = access->identity};
  auto server = embedded::HttpServer::open(loop.context(), parts->api, http);
  if (!server && options.port == 0) {
    http.port = 0;
    server = embedded::HttpServer::open(loop.context(), parts->api, http);
  }
  if (!server) return Err(server.error());
  parts->http = std::move(*server);
  std::ofstream(options.folder / "port") << parts->http->port() << "\n";
  const embedded::ApiAddress address{parts->http->url(), access->token, access->identity.certificate};
  if (auto written = embedded::write_kubeconfig(options.folder / "kubeconfig", address); !written) {
    return Err(written.error());
  }
  return std::unique_ptr<DevCluster>(new DevCluster(std::move(parts)));
}

void DevCluster::start() {
  parts_->job_controller.start();
  parts_->op.start();
}

void DevCluster::stop(std::function<void()> done) {
  parts_->op.stop();
  parts_->job_controller.stop();
  parts_->http->stop(std::move(done));
}

kube::Transport& DevCluster::transport() { return parts_->user; }
const embedded::Kinds& DevCluster::kinds() const { return *parts_->kinds; }
std::filesystem::path DevCluster::kubeconfig() const { return parts_->folder / "kubeconfig"; }
std::string DevCluster::url() const { return parts_->http->url(); }

}  // namespace ork::dev
