#include "operator/cli/cluster/log_stream.hpp"

#include <utility>

#include "operator/cli/cluster/limits.hpp"
#include "operator/cli/cluster/resources.hpp"

namespace ork::cli {
namespace {

constexpr runtime::BackoffPolicy retry_policy{limits::log_retry_first, limits::log_retry_most, 0.5};

kube::Request log_request(const std::string& ns, const LogSource& source, bool follow,
                          std::optional<std::int64_t> tail) {
  kube::Request request;
  request.path = kube::resource_path(pods, ns, source.pod, "log");
  request.accept = "*/*";
  kube::add_query(request, "container", source.container);
  if (follow) kube::add_query(request, "follow", "true");
  if (tail) kube::add_query(request, "tailLines", std::to_string(*tail));
  if (follow) {
    // A program may be silent for as long as it likes, and the API server answers with its first line.
    request.timeout = limits::log_silence;
  } else {
    request.idle_timeout = limits::log_idle;
  }
  return request;
}

}  // namespace

LogStream::LogStream(Session& session, std::string ns, LogSource source, LogOptions options, LogHooks hooks)
    : session_(session),
      ns_(std::move(ns)),
      source_(std::move(source)),
      options_(options),
      hooks_(std::move(hooks)),
      lines_([this](std::string_view line) { hooks_.on_line(line); }) {}

void LogStream::open() {
  timer_.reset();
  std::optional<std::int64_t> tail = options_.tail;
  received_before_ = lines_.received();
  if (opened_before_ && !tail) {
    lines_.skip(lines_.received());
  } else if (opened_before_ && lines_.received() > 0) {
    // Where in the log it was nobody knows, for it began in the middle.
    hooks_.on_trouble("the log of Pod " + source_.pod + " broke off; a few lines of it may be missing");
    tail = 0;
  }
  opened_before_ = true;
  stream_ =
      session_.transport().open_stream(log_request(ns_, source_, options_.follow, tail),
                                       {.on_data = [this](std::string_view bytes) { lines_.append(bytes); },
                                        .on_end = [this](const std::optional<kube::Error>& error) { on_end(error); }});
}

void LogStream::update(const LogSource& source) {
  source_ = source;
  if (source_.ended && ended_cleanly_) finish(std::nullopt);
}

void LogStream::on_end(const std::optional<kube::Error>& error) {
  fruitless_ = lines_.received() > received_before_ ? 0 : fruitless_ + 1;
  if (error) return on_refusal(*error);
  if (!options_.follow || source_.ended) return finish(std::nullopt);
  // The Pod's own end is seldom heard of before its log's.
  ended_cleanly_ = true;
  open_later(limits::log_grace);
}

void LogStream::on_refusal(const kube::Error& error) {
  switch (error.code) {
    case kube::Errc::NotFound: return finish(std::nullopt);  // the Pod is gone, and its log with it
    case kube::Errc::Unauthorized:
    case kube::Errc::Forbidden:
    case kube::Errc::Credentials:
    case kube::Errc::Config: return finish(failure_of(error, kube::Method::Get));
    default: break;
  }
  if (!options_.follow || (source_.ended && fruitless_ >= limits::log_tries)) {
    hooks_.on_trouble("the log of Pod " + source_.pod +
                      " can't be read: " + failure_of(error, kube::Method::Get).message);
    return finish(std::nullopt);
  }
  open_later(runtime::backoff_delay(retry_policy, fruitless_, session_.loop().random()));
}

void LogStream::open_later(runtime::Duration wait) {
  timer_ = session_.loop().after(wait, [this] {
    ended_cleanly_ = false;
    open();
  });
}

void LogStream::finish(std::optional<Failure> failure) {
  if (finished_) return;
  finished_ = true;
  timer_.reset();
  lines_.flush();
  hooks_.on_end(std::move(failure));
}

}  // namespace ork::cli
