#include "operator/cli/operator_command.hpp"

#include <unistd.h>

#include <array>
#include <cctype>
#include <csignal>
#include <cstdio>
#include <memory>

#include "operator/cli/operator_telemetry.hpp"
#include "operator/kube/curl_transport.hpp"
#include "operator/reconcile/replica.hpp"
#include "operator/runtime/asio_loop.hpp"
#include "operator/telemetry/log.hpp"

namespace ork::cli {
namespace {

// Unlike any other process that shares the work, one of the same name on the same host included; and fit to be a part
// of an object's name, which is 253 characters at most.
std::string identity_of(runtime::Loop& loop) {
  std::array<char, 256> host{};
  if (gethostname(host.data(), host.size() - 1) != 0) host = {'o', 'r', 'k'};
  std::string name = std::string(host.data()).substr(0, 150);
  for (char& c : name) c = std::isalnum(static_cast<unsigned char>(c)) != 0 ? static_cast<char>(std::tolower(c)) : '-';
  std::array<char, 32> suffix{};
  std::snprintf(suffix.data(), suffix.size(), "%08x", static_cast<unsigned>(loop.random() * 4294967295.0));
  return name + "-" + suffix.data();
}

kube::ClientConfig named_after(const std::string& identity, kube::ClientConfig config) {
  config.user_agent = std::string("ork/") + ORK_VERSION + " (" + identity + ")";
  return config;
}

replicas::SharesOptions shares_options(const OperatorFlags& flags, std::string identity) {
  return {.ns = flags.lease_namespace,
          .group = flags.lease_name,
          .identity = std::move(identity),
          .times = {.duration = runtime::Duration{flags.lease_seconds * 1000}}};
}

class Process {
 public:
  Process(const OperatorFlags& flags, kube::ClientConfig config)
      : identity_(identity_of(loop_)),
        server_(config.server),
        telemetry_(loop_, flags, identity_),
        transport_(loop_.context(), named_after(identity_, std::move(config)),
                   {.observer = telemetry_.call_observer()}),
        lease_transport_(transport_.sibling({})),
        replica_(transport_, *lease_transport_, loop_, shares_options(flags, identity_),
                 {.ns = flags.ns,
                  .instance = identity_,
                  .observer = telemetry_.observer(),
                  .unplaced_tasks = flags.max_unplaced_tasks},
                 hooks()) {}

  int run() {
    loop_.on_exception([](std::string_view what) {
      telemetry::error("a callback failed; the operator goes on", {{"error", std::string(what)}});
    });
    for (const int signal : {SIGTERM, SIGINT}) loop_.on_signal(signal, [this] { shut_down(); });
    telemetry::info("ork operator starts", {{"server", server_}, {"identity", identity_}});
    telemetry_.start(replica_);
    replica_.start();
    loop_.run();
    return exit_code_;
  }

 private:
  reconcile::ReplicaHooks hooks() {
    return {.on_synced = [this] { on_synced(); },
            .on_share = [this] { tell_share(); },
            .on_lost =
                [this](const std::string& why) {
                  telemetry::error("this replica's Lease is lost; ending, to be started again", {{"why", why}});
                  exit_code_ = 1;
                  loop_.stop();
                },
            .on_trouble = [](const std::string& what) { telemetry::warning(what); }};
  }

  void on_synced() {
    const auto& mirror = replica_.work().mirror();
    telemetry::info("in step with the cluster", {{"workflows", std::to_string(mirror.workflows.size())},
                                                 {"runs", std::to_string(mirror.runs.size())},
                                                 {"jobs", std::to_string(mirror.jobs.size())},
                                                 {"pods", std::to_string(mirror.pods.size())}});
  }

  void tell_share() const {
    const replicas::Shares& shares = replica_.shares();
    telemetry::info("works on its share", {{"buckets", std::to_string(shares.held())},
                                           {"of", std::to_string(shard::bucket_count)},
                                           {"replicas", std::to_string(shares.members())}});
  }

  void shut_down() {
    if (stopping_) return loop_.stop();  // a second signal: at once
    stopping_ = true;
    telemetry::info("stopping; running tasks go on without the operator");
    replica_.release([this] { telemetry_.finish([this] { loop_.stop(); }); });
    tell_work_done();
  }

  void tell_work_done() const {
    const reconcile::ReconcileStats& stats = replica_.work().stats();
    telemetry::info("what this process did", {{"plans", std::to_string(stats.plans)},
                                              {"jobsCreated", std::to_string(stats.jobs_created)},
                                              {"statusWrites", std::to_string(stats.status_writes)},
                                              {"conflicts", std::to_string(stats.conflicts)},
                                              {"failures", std::to_string(stats.failures)}});
  }

  runtime::AsioLoop loop_;
  std::string identity_;
  std::string server_;
  OperatorTelemetry telemetry_;
  kube::CurlTransport transport_;
  std::unique_ptr<kube::CurlTransport> lease_transport_;
  reconcile::Replica replica_;
  bool stopping_ = false;
  int exit_code_ = 0;
};

}  // namespace

int run_operator(const OperatorFlags& flags) {
  const auto level = telemetry::parse_level(flags.log_level);
  const auto format = telemetry::parse_format(flags.log_format);
  if (!level || !format) {
    std::fprintf(stderr, "ork: --log-level is debug, info, warning or error; --log-format is text or json\n");
    return 2;
  }
  if (const std::string wrong = wrong_telemetry(flags); !wrong.empty()) {
    std::fprintf(stderr, "ork: %s\n", wrong.c_str());
    return 2;
  }
  telemetry::init_log(*level, *format);
  auto config = kube::find_config(flags.kubeconfig, flags.context);
  if (!config) {
    telemetry::error(config.error().message);
    return 1;
  }
  return Process(flags, std::move(*config)).run();
}

}  // namespace ork::cli
