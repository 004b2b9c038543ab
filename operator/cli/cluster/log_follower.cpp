#include "operator/cli/cluster/log_follower.hpp"

#include <algorithm>
#include <utility>

#include "operator/cli/cluster/limits.hpp"
#include "operator/cli/cluster/resources.hpp"

namespace ork::cli {
namespace {

std::string uid_of(const Json& object) {
  const auto source = object.is_object() ? object.find("metadata") : object.end();
  if (source == object.end() || !source->is_object()) return {};
  const auto uid = source->find("uid");
  return uid != source->end() && uid->is_string() ? uid->get<std::string>() : std::string();
}

}  // namespace

LogFollower::LogFollower(Session& session, std::string ns, const std::string& run_uid, LogFilter filter,
                         std::optional<std::int64_t> tail, LogFollowerHooks hooks)
    : session_(session),
      ns_(std::move(ns)),
      selector_(label_selector_of(run_uid, filter)),
      filter_(std::move(filter)),
      options_{.follow = true, .tail = tail},
      hooks_(std::move(hooks)),
      sink_([this](runtime::ChangeType change, const Json& pod) { seen(change, pod); }),
      watcher_(session.transport(), session.loop(), sink_, {.resource = pods, .ns = ns_, .label_selector = selector_},
               {.on_synced = [this] { begin(); },
                .on_trouble = [this](const std::string& what, runtime::Duration) { hooks_.on_trouble(what); }}) {}

void LogFollower::begin() {
  begun_ = true;
  std::vector<LogSource> sources;
  for (auto& [uid, followed] : pods_) {
    followed.alone = followed.source.ended;
    sources.push_back(followed.source);
  }
  sort_by_start(sources);
  std::stable_partition(sources.begin(), sources.end(), [](const LogSource& source) { return source.ended; });
  for (LogSource& source : sources) applied(std::move(source));
  finish_if_all_told();
}

void LogFollower::seen(runtime::ChangeType change, const Json& pod) {
  if (change == runtime::ChangeType::Deleted) return deleted(uid_of(pod));
  if (auto source = log_source_of(pod); source && matches(*source, filter_)) applied(*std::move(source));
}

void LogFollower::applied(LogSource source) {
  const std::string uid = source.uid;
  Followed& followed = pods_[uid];
  followed.source = std::move(source);
  if (followed.over || !begun_) return;
  if (followed.stream) return followed.stream->update(followed.source);
  if (!followed.source.started) {
    // It ended before its container ever ran: there is no log.
    followed.over = followed.source.ended;
    return;
  }
  if (followed.queued) return;
  followed.queued = true;
  ++untold_;
  queue_.push_back(uid);
  open_next();
}

// Its log may still be on its way; it is over when its stream is.
void LogFollower::deleted(const std::string& uid) {
  const auto it = pods_.find(uid);
  if (it == pods_.end()) return;
  it->second.source.ended = true;
  if (it->second.stream) return it->second.stream->update(it->second.source);
  if (!it->second.queued) it->second.over = true;
}

void LogFollower::open_next() {
  while (open_ < limits::log_streams && !alone_ && !queue_.empty()) {
    alone_ = pods_[queue_.front()].alone;
    const std::string uid = std::move(queue_.front());
    queue_.pop_front();
    open(uid);
  }
}

void LogFollower::open(const std::string& uid) {
  Followed& followed = pods_[uid];
  ++open_;
  followed.stream = std::make_unique<LogStream>(
      session_, ns_, followed.source, options_,
      LogHooks{.on_line = [this, uid](std::string_view line) { hooks_.on_line(pods_[uid].source, line); },
               .on_end = [this, uid](std::optional<Failure> failure) { ended(uid, std::move(failure)); },
               .on_trouble = [this](const std::string& sentence) { hooks_.on_trouble(sentence); }});
  followed.stream->open();
}

void LogFollower::ended(const std::string& uid, std::optional<Failure> failure) {
  Followed& followed = pods_[uid];
  followed.over = true;
  --open_;
  --untold_;
  alone_ = false;
  // Not within its own hook.
  session_.loop().post([this, uid, alive = std::weak_ptr<bool>(alive_)] {
    if (alive.expired()) return;
    pods_[uid].stream.reset();
    open_next();
  });
  if (failure) return finish(std::move(failure));
  finish_if_all_told();
}

void LogFollower::run_ended() {
  if (listing_last_ || all_known_) return;
  listing_last_ = true;
  list_last("");
}

void LogFollower::list_last(const std::string& continue_token) {
  kube::Request request =
      kube::list_request(pods, ns_, {.label_selector = selector_, .continue_token = continue_token});
  session_.transport().call(std::move(request), [this, alive = std::weak_ptr<bool>(alive_)](auto answer) {
    if (!alive.expired()) on_last_page(std::move(answer));
  });
}

void LogFollower::on_last_page(Result<kube::Response, kube::Error> answer) {
  if (!answer) return finish(failure_of(answer.error(), kube::Method::Get));
  auto list = parse_answer(answer->body);
  if (!list) return finish(list.error());
  const auto items = list->is_object() ? list->find("items") : list->end();
  if (items != list->end() && items->is_array()) {
    for (const Json& pod : *items) seen(runtime::ChangeType::Applied, pod);
  }
  if (const std::string next = continue_token_of(*list); !next.empty()) return list_last(next);
  all_known_ = true;
  finish_if_all_told();
}

// A Pod of a run that has ended and that never started is one that was never going to.
void LogFollower::finish_if_all_told() {
  if (all_known_ && begun_ && untold_ == 0) finish(std::nullopt);
}

void LogFollower::finish(std::optional<Failure> failure) {
  if (done_) return;
  done_ = true;
  hooks_.on_done(std::move(failure));
}

Result<Done, Failure> print_logs(Session& session, const std::string& ns, const std::string& run_uid,
                                 const LogFilter& filter, std::optional<std::int64_t> tail,
                                 const std::function<void(const LogSource& source, std::string_view line)>& on_line,
                                 const std::function<void(const std::string& sentence)>& on_trouble) {
  auto listed = list_objects(session, pods, {.ns = ns, .labels = label_selector_of(run_uid, filter), .fields = {}});
  if (!listed) return Err(listed.error());
  std::vector<LogSource> sources;
  for (const Json& pod : listed->items) {
    if (auto source = log_source_of(pod); source && matches(*source, filter)) sources.push_back(*std::move(source));
  }
  if (sources.empty()) on_trouble("there is no Pod of it: none has started yet, or they have been deleted");
  sort_by_start(sources);
  for (const LogSource& source : sources) {
    if (!source.started) {
      on_trouble("Pod " + source.pod + " has not started: it has no log yet");
      continue;
    }
    std::optional<Failure> failure;
    LogStream stream(session, ns, source, {.follow = false, .tail = tail},
                     {.on_line = [&](std::string_view line) { on_line(source, line); },
                      .on_end =
                          [&](std::optional<Failure> ended) {
                            failure = std::move(ended);
                            session.stop();
                          },
                      .on_trouble = on_trouble});
    stream.open();
    session.run();
    if (failure) return Err(*std::move(failure));
  }
  return Done{};
}

}  // namespace ork::cli
