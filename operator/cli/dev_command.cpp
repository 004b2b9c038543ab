#include "operator/cli/dev_command.hpp"

#include <csignal>
#include <cstdio>

#include "operator/dev/dev_cluster.hpp"
#include "operator/dev/session.hpp"
#include "operator/telemetry/log.hpp"

namespace ork::cli {
namespace {

void say(const std::string& lines) {
  std::fputs(lines.c_str(), stdout);
  std::fflush(stdout);
}

class Process {
 public:
  explicit Process(const DevFlags& flags) : flags_(flags), started_(loop_.now()) {}

  int run() {
    auto cluster = dev::DevCluster::open(
        loop_,
        {.folder = flags_.folder,
         .project = ".",
         .pass_env = flags_.pass_env,
         .max_pods = flags_.max_pods,
         .port = flags_.port,
         .with_operator = !flags_.no_operator},
        {.on_ready = [this] { ready(); }, .on_trouble = [](const std::string& what) { telemetry::warning(what); }});
    if (!cluster) {
      std::fprintf(stderr, "ork: %s\n", cluster.error().c_str());
      return 1;
    }
    cluster_ = std::move(*cluster);
    loop_.on_exception([](std::string_view what) {
      telemetry::error("a callback failed; the process goes on", {{"error", std::string(what)}});
    });
    for (const int signal : {SIGTERM, SIGINT}) loop_.on_signal(signal, [this] { shut_down(); });
    if (auto started = cluster_->start(); !started) {
      std::fprintf(stderr, "ork: %s\n", started.error().c_str());
      return 1;
    }
    loop_.run();
    return exit_code_;
  }

 private:
  void ready() {
    const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(loop_.now() - started_);
    say("ready in " + std::to_string(took.count()) + " ms: kubectl --kubeconfig " + cluster_->kubeconfig().string() +
        " get workflowruns\n");
    session_ = std::make_unique<dev::Session>(loop_, dev::Applier(cluster_->transport(), cluster_->kinds()),
                                              flags_.paths, say);
    if (auto watching = session_->start(); !watching) {
      std::fprintf(stderr, "ork: %s\n", watching.error().c_str());
      exit_code_ = 1;
      shut_down();
    }
  }

  void shut_down() {
    if (stopping_) return loop_.stop();  // a second signal: at once
    stopping_ = true;
    session_.reset();
    cluster_->stop([this] { loop_.stop(); });
  }

  const DevFlags& flags_;
  runtime::AsioLoop loop_;
  runtime::Instant started_;
  std::unique_ptr<dev::DevCluster> cluster_;
  std::unique_ptr<dev::Session> session_;
  bool stopping_ = false;
  int exit_code_ = 0;
};

}  // namespace

int run_dev(const DevFlags& flags) {
  const auto level = telemetry::parse_level(flags.log_level);
  if (!level) {
    std::fprintf(stderr, "ork: --log-level is debug, info, warning or error\n");
    return 2;
  }
  telemetry::init_log(*level, telemetry::Format::Text);
  return Process(flags).run();
}

}  // namespace ork::cli
