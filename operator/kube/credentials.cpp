#include "operator/kube/credentials.hpp"

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include "operator/kube/answer.hpp"
#include "operator/kube/child_process.hpp"
#include "operator/kube/exec_credential.hpp"
#include "operator/kube/limits.hpp"

namespace ork::kube {
namespace {

Error credentials_error(const ExecPlugin& plugin, const std::string& what) {
  Error error;
  error.code = Errc::Credentials;
  error.message =
      "the credential plugin " + printable(plugin.command, 200) + " " + printable(what, limits::message_chars);
  return error;
}

// A token with a line break would smuggle in another header.
bool fit_for_a_header(const std::string& token) {
  for (const char c : token) {
    if (static_cast<unsigned char>(c) <= 0x20 || c == 0x7f) return false;
  }
  return true;
}

}  // namespace

Credentials::Credentials(boost::asio::io_context& io, ClientConfig config, CredentialTimes times)
    : io_(io), config_(std::move(config)), times_(times) {}

Credentials::~Credentials() = default;

std::shared_ptr<const Material> Credentials::current() {
  const auto now = Clock::now();
  if (!material_ && !config_.exec && read_files()) return nullptr;
  if (expires_ && now >= *expires_) return nullptr;
  if (material_ && !config_.token_file.empty() && now - token_read_ >= times_.token_file_age) reread_token_file(now);
  return material_;
}

bool Credentials::from_files() const {
  const auto is_file = [](const Pem& pem) { return pem.text.empty() && !pem.file.empty(); };
  return !config_.token_file.empty() || is_file(config_.client_cert) || is_file(config_.client_key);
}

bool Credentials::renew(std::uint64_t seen, RenewHandler handler) {
  const bool newer = material_ && seen < material_->generation && !(expires_ && Clock::now() >= *expires_);
  const bool recent = plugin_started_ && Clock::now() - *plugin_started_ < times_.plugin_min_interval;
  if (!newer && seen != 0 && !plugin_ && (config_.exec ? recent : !from_files())) return false;
  waiting_.push_back(std::move(handler));
  if (plugin_) return true;
  std::optional<Error> error;
  if (!newer && config_.exec && !recent) {
    run_plugin();
    return true;
  }
  if (!newer) error = config_.exec ? plugin_error_ : read_files();
  boost::asio::post(io_, [weak = weak_from_this(), error] {
    if (const auto self = weak.lock()) self->answer_waiting(error);
  });
  return true;
}

void Credentials::answer_waiting(std::optional<Error> error) {
  std::vector<RenewHandler> handlers;
  handlers.swap(waiting_);
  for (const RenewHandler& handler : handlers) handler(error);
}

void Credentials::replace(Material next) {
  if (material_) {
    next.generation = material_->generation;
    const bool same = next.token == material_->token && next.ca_pem == material_->ca_pem &&
                      next.cert_pem == material_->cert_pem && next.key_pem == material_->key_pem;
    if (same) return;
  }
  ++next.generation;
  material_ = std::make_shared<const Material>(std::move(next));
}

// Everything that is not the plugin's: files and the kubeconfig's own text.
std::optional<Error> Credentials::read_files() {
  auto ca = read_pem(config_.ca);
  auto cert = read_pem(config_.client_cert);
  auto key = read_pem(config_.client_key);
  for (const auto* text : {&ca, &cert, &key}) {
    if (!*text) return text->error();
  }
  Material next;
  next.ca_pem = *std::move(ca);
  next.cert_pem = *std::move(cert);
  next.key_pem = *std::move(key);
  next.token = config_.token;
  if (!config_.token_file.empty()) {
    const auto text = read_small_file(config_.token_file);
    if (!text) return text.error();
    next.token = trimmed(*text);
    token_read_ = Clock::now();
  }
  if (!fit_for_a_header(next.token)) {
    Error error;
    error.code = Errc::Config;
    error.message = "the token of " + config_.source + " holds blanks or control characters";
    return error;
  }
  replace(std::move(next));
  return std::nullopt;
}

// The kubelet writes a new token well before the old one ends; while the file cannot be read, the
// old one is still the best we have.
void Credentials::reread_token_file(Clock::time_point now) {
  token_read_ = now;
  const auto text = read_small_file(config_.token_file);
  if (!text) return;
  Material next = *material_;
  next.token = trimmed(*text);
  if (!next.token.empty() && fit_for_a_header(next.token)) replace(std::move(next));
}

void Credentials::reload_ca() {
  if (!material_ || config_.ca.file.empty() || !config_.ca.text.empty()) return;
  const auto text = read_small_file(config_.ca.file);
  if (!text || text->empty()) return;
  Material next = *material_;
  next.ca_pem = *text;
  replace(std::move(next));
}

void Credentials::run_plugin() {
  const ExecPlugin& plugin = *config_.exec;
  plugin_started_ = Clock::now();
  plugin_error_.reset();
  const auto ca = read_pem(config_.ca);
  ChildProcess::Command command{plugin.command, plugin.args, plugin.env, times_.plugin_timeout,
                                limits::plugin_output_bytes};
  command.env.emplace_back("KUBERNETES_EXEC_INFO", exec_info(config_, plugin, ca ? *ca : std::string()));
  plugin_ = std::make_unique<ChildProcess>(
      io_, command, [weak = weak_from_this()](Result<std::string, ChildProcess::Failure> output) {
        const auto self = weak.lock();
        if (!self) return;
        const auto& exec = *self->config_.exec;
        if (output) return self->plugin_ended(*std::move(output));
        std::string what = output.error().message;
        if (output.error().not_found && !exec.install_hint.empty()) what += "; " + exec.install_hint;
        self->plugin_ended(Err(credentials_error(exec, what)));
      });
}

void Credentials::plugin_ended(Result<std::string, Error> output) {
  const std::unique_ptr<ChildProcess> ended = std::move(plugin_);
  plugin_error_ = output ? take_plugin_output(*output) : std::optional(output.error());
  answer_waiting(plugin_error_);
}

std::optional<Error> Credentials::take_plugin_output(const std::string& output) {
  const auto parsed = parse_exec_credential(output, config_.exec->api_version);
  if (!parsed) return credentials_error(*config_.exec, parsed.error());
  if (!fit_for_a_header(parsed->token))
    return credentials_error(*config_.exec, "printed a token with blanks or control characters");
  if (auto error = read_files()) return error;
  Material next = *material_;
  if (!parsed->token.empty()) next.token = parsed->token;
  if (!parsed->cert_pem.empty()) {
    next.cert_pem = parsed->cert_pem;
    next.key_pem = parsed->key_pem;
  }
  replace(std::move(next));
  expires_.reset();
  if (!parsed->expires) return std::nullopt;
  using std::chrono::seconds;
  const auto now = std::chrono::duration_cast<seconds>(std::chrono::system_clock::now().time_since_epoch());
  // Clamped: the year 9999 means "never", and would overflow a clock that counts nanoseconds.
  const seconds left =
      std::clamp(seconds(*parsed->expires) - now, seconds(0), limits::longest_expiry) - limits::expiry_margin;
  // A plugin that prints what has expired already is not run again for each request.
  expires_ = Clock::now() + std::max<Clock::duration>(left, times_.plugin_min_interval);
  return std::nullopt;
}

}  // namespace ork::kube
