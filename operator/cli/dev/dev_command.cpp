#include "operator/cli/dev/dev_command.hpp"

#include <csignal>
#include <cstdlib>
#include <filesystem>

#include "operator/cli/cluster/live_session.hpp"
#include "operator/cli/console/background_console.hpp"
#include "operator/cli/dev/dev_session.hpp"
#include "operator/cli/dev/run_news.hpp"
#include "operator/cli/verbs/verbs.hpp"
#include "operator/dev/session.hpp"
#include "operator/telemetry/log.hpp"

namespace ork::cli {
namespace {

dev::DevClusterOptions cluster_options(const DevFlags& flags) {
  dev::DevClusterOptions options;
  options.folder = flags.folder;
  options.project = ".";
  options.pass_env = flags.pass_env;
  if (flags.runtime != "process") options.engine = flags.runtime;
  options.max_pods = flags.max_pods;
  options.port = flags.port;
  options.with_operator = !flags.no_operator;
  return options;
}

class DevProcess {
 public:
  DevProcess(const DevFlags& flags, Console& console) : flags_(flags), console_(console), started_(loop_.now()) {}

  int run() {
    const bool first_time = !std::filesystem::exists(std::filesystem::path(flags_.folder) / "state.db");
    auto cluster = dev::DevCluster::open(
        loop_, cluster_options(flags_),
        {.on_ready = [this] { ready(); }, .on_trouble = [](const std::string& what) { telemetry::warning(what); }});
    if (!cluster) {
      if (cluster.error().in_use && !flags_.run.empty()) return run_in_the_other();
      return static_cast<int>(fail(console_, {ExitCode::Error, cluster.error().message}));
    }
    cluster_ = std::move(*cluster);
    session_ = std::make_unique<DevSession>(loop_, *cluster_);
    loop_.on_exception([](std::string_view what) {
      telemetry::error("a callback failed; the process goes on", {{"error", std::string(what)}});
    });
    for (const int signal : {SIGTERM, SIGINT}) loop_.on_signal(signal, [this] { interrupted(); });
    if (auto started = cluster_->start(); !started) {
      return static_cast<int>(fail(console_, {ExitCode::Error, started.error()}));
    }
    if (first_time && flags_.runtime == "process") {
      console_.err_line("containers run as processes of this machine; their images are not used");
    }
    loop_.run();
    if (!flags_.run.empty() && exit_code_ == 0 && !stopping_) {
      exit_code_ = run_one(*session_);
      stop();
      loop_.run();
    }
    return exit_code_;
  }

 private:
  void ready() {
    const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(loop_.now() - started_);
    if (!flags_.run.empty()) return loop_.stop();
    say("ready in " + std::to_string(took.count()) +
        " ms: export KUBECONFIG=" + std::filesystem::absolute(cluster_->kubeconfig()).string() + "\n");
    dev::Applier applier(cluster_->transport(), cluster_->kinds());
    manifests_ =
        std::make_unique<dev::Session>(loop_, applier, flags_.paths, [this](const std::string& lines) { say(lines); });
    news_ = std::make_unique<RunNews>(cluster_->transport(), loop_, [this](const std::string& lines) { say(lines); });
    news_->start();
    if (auto watching = manifests_->start(); !watching) {
      exit_code_ = static_cast<int>(fail(console_, {ExitCode::Error, watching.error()}));
      stop();
    }
  }

  int run_one(Session& session) {
    RunStartFlags start;
    start.file = flags_.run;
    start.params = flags_.params;
    start.follow = Follow::Watch;
    Context context{session, console_, "default",
                    " --kubeconfig " + (std::filesystem::path(flags_.folder) / "kubeconfig").string()};
    return static_cast<int>(run_start(start, context));
  }

  // Another `ork dev` is at work in this folder: the run is started there.
  int run_in_the_other() {
    const std::string kubeconfig = (std::filesystem::path(flags_.folder) / "kubeconfig").string();
    auto config = kube::find_config(kubeconfig, "");
    if (!config) return static_cast<int>(fail(console_, {ExitCode::Error, config.error().message}));
    console_.err_line("ork dev is at work in " + flags_.folder + ": the run is started there");
    LiveSession session(*std::move(config));
    return run_one(session);
  }

  void interrupted() {
    if (!flags_.run.empty() && !stopping_ && session_->interrupt()) return;
    if (stopping_) std::_Exit(static_cast<int>(ExitCode::Interrupted));  // a second time: at once
    stop();
  }

  void stop() {
    stopping_ = true;
    manifests_.reset();
    cluster_->stop([this] {
      news_.reset();
      loop_.stop();
    });
  }

  void say(const std::string& lines) { console_.out(lines); }

  const DevFlags& flags_;
  Console& console_;
  runtime::AsioLoop loop_;
  runtime::Instant started_;
  std::unique_ptr<dev::DevCluster> cluster_;
  std::unique_ptr<DevSession> session_;
  std::unique_ptr<dev::Session> manifests_;
  std::unique_ptr<RunNews> news_;
  bool stopping_ = false;
  int exit_code_ = 0;
};

}  // namespace

int run_dev(const DevFlags& flags, Console& console) {
  const auto level = telemetry::parse_level(flags.log_level);
  if (!level) return static_cast<int>(fail(console, {ExitCode::Usage, "--log-level is debug, info, warning or error"}));
  telemetry::init_log(*level, telemetry::Format::Text);
  if (!flags.run.empty()) return DevProcess(flags, console).run();
  // A cluster goes on while nobody reads what it tells.
  BackgroundConsole news(console);
  return DevProcess(flags, news).run();
}

}  // namespace ork::cli
