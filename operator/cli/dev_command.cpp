#include "operator/cli/dev_command.hpp"

#include <csignal>
#include <cstdio>

#include "operator/dev/dev_cluster.hpp"
#include "operator/telemetry/log.hpp"

namespace ork::cli {

int run_dev(const DevFlags& flags) {
  const auto level = telemetry::parse_level(flags.log_level);
  if (!level) {
    std::fprintf(stderr, "ork: --log-level is debug, info, warning or error\n");
    return 2;
  }
  telemetry::init_log(*level, telemetry::Format::Text);
  runtime::AsioLoop loop;
  std::unique_ptr<dev::DevCluster> cluster;
  const auto ready = [&] {
    std::printf("ready: kubectl --kubeconfig %s get workflowruns\n", cluster->kubeconfig().c_str());
    std::fflush(stdout);
  };
  auto opened = dev::DevCluster::open(
      loop, {.folder = flags.folder, .port = flags.port},
      {.on_ready = ready, .on_trouble = [](const std::string& what) { telemetry::warning(what); }});
  if (!opened) {
    std::fprintf(stderr, "ork: %s\n", opened.error().c_str());
    return 1;
  }
  cluster = std::move(*opened);
  for (const int signal : {SIGTERM, SIGINT}) loop.on_signal(signal, [&] { cluster->stop([&] { loop.stop(); }); });
  cluster->start();
  loop.run();
  return 0;
}

}  // namespace ork::cli
