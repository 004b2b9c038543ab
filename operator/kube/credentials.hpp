#pragma once

// Keeps what proves who we are: reads it, renews it as it rotates or expires, and hands it out.
// One object is shared by all transports of one cluster. Runs on the loop's thread.

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "operator/kube/client_config.hpp"
#include "operator/kube/error.hpp"
#include "operator/kube/limits.hpp"

namespace boost::asio {
class io_context;
}

namespace ork::kube {

class ChildProcess;

// One state of our credentials. Immutable; a connection or a request in flight keeps its own.
struct Material {
  std::uint64_t generation = 0;  // grows with each change
  std::string token;             // a bearer token, empty: none
  std::string ca_pem;
  std::string cert_pem;
  std::string key_pem;
};

struct CredentialTimes {
  std::chrono::milliseconds token_file_age = limits::token_file_age;
  std::chrono::milliseconds plugin_timeout = limits::plugin_timeout;
  std::chrono::milliseconds plugin_min_interval = limits::plugin_min_interval;
};

class Credentials : public std::enable_shared_from_this<Credentials> {
 public:
  using RenewHandler = std::function<void(std::optional<Error>)>;

  // The io_context must outlive it. Reads nothing yet. Only tests want other times.
  Credentials(boost::asio::io_context& io, ClientConfig config, CredentialTimes times = CredentialTimes());
  ~Credentials();
  Credentials(const Credentials&) = delete;
  Credentials& operator=(const Credentials&) = delete;

  const ClientConfig& config() const { return config_; }

  // What to use now, or null where it must be obtained first: then call renew(). Cheap; looks at
  // the token file at most once in limits::token_file_age.
  std::shared_ptr<const Material> current();

  // Obtains credentials newer than `seen` (0: any). The handler is called once, from the loop,
  // with nullopt where there is something worth trying. False, and no call, where nothing can be
  // renewed: a fixed token, or a plugin that was run a moment ago.
  // Errors: Credentials (plugin), Config (files).
  bool renew(std::uint64_t seen, RenewHandler handler);

  // The server's certificate was not trusted: reads the CA's file anew, if it is a file.
  void reload_ca();

 private:
  using Clock = std::chrono::steady_clock;

  std::optional<Error> read_files();
  void replace(Material next);
  void reread_token_file(Clock::time_point now);
  void run_plugin();
  void plugin_ended(Result<std::string, Error> output);
  std::optional<Error> take_plugin_output(const std::string& output);
  void answer_waiting(std::optional<Error> error);
  bool from_files() const;

  boost::asio::io_context& io_;
  ClientConfig config_;
  CredentialTimes times_;
  std::shared_ptr<const Material> material_;
  Clock::time_point token_read_{};
  std::optional<Clock::time_point> expires_;
  std::optional<Clock::time_point> plugin_started_;
  std::optional<Error> plugin_error_;     // of the last run
  std::unique_ptr<ChildProcess> plugin_;  // the run under way
  std::vector<RenewHandler> waiting_;
};

}  // namespace ork::kube
