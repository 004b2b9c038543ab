#include "operator/cli/cluster/live_session.hpp"

#include <csignal>
#include <cstdlib>

namespace ork::cli {

void LiveSession::on_interrupt(std::function<void()> handler) {
  const bool first = !on_interrupt_;
  on_interrupt_ = std::move(handler);
  if (!first) return;
  for (const int signal : {SIGINT, SIGTERM}) {
    loop_.on_signal(signal, [this] {
      // What was asked to stop and did not is ended.
      if (interrupted_) std::_Exit(static_cast<int>(ExitCode::Interrupted));
      interrupted_ = true;
      on_interrupt_();
    });
  }
}

}  // namespace ork::cli
