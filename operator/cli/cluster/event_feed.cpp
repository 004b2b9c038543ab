#include "operator/cli/cluster/event_feed.hpp"

#include <utility>

namespace ork::cli {
namespace {

const Json* find(const Json& object, const char* field) {
  const auto it = object.is_object() ? object.find(field) : object.end();
  return it == object.end() ? nullptr : &*it;
}

std::string text_of(const Json* value) {
  return value != nullptr && value->is_string() ? value->get<std::string>() : std::string();
}

std::string version_of(const Json& object) {
  const Json* metadata = find(object, "metadata");
  return metadata == nullptr ? std::string() : text_of(find(*metadata, "resourceVersion"));
}

// Of an object, or of the Table of one, which may have it only at its row.
std::string resource_version_of(const Json& object) {
  std::string version = version_of(object);
  const Json* rows = find(object, "rows");
  if (!version.empty() || rows == nullptr || !rows->is_array() || rows->empty()) return version;
  const Json* inner = find(rows->front(), "object");
  return inner == nullptr ? version : version_of(*inner);
}

Failure refused(const Json& status) {
  const std::string message = text_of(find(status, "message"));
  return {ExitCode::Error, "the watch ended: " + (message.empty() ? "the API server gives no reason" : message)};
}

}  // namespace

EventFeed::EventFeed(Session& session, kube::Resource resource, Selection selection, std::string_view accept,
                     OnEvent on_event)
    : session_(session),
      resource_(std::move(resource)),
      selection_(std::move(selection)),
      accept_(accept),
      on_event_(std::move(on_event)) {}

std::optional<Failure> EventFeed::follow(std::string resource_version) {
  resource_version_ = std::move(resource_version);
  finished_ = false;
  open();
  session_.run();
  stream_.reset();
  timer_.reset();
  return std::exchange(failure_, std::nullopt);
}

void EventFeed::stop() { finish(std::nullopt); }

void EventFeed::finish(std::optional<Failure> failure) {
  if (finished_) return;
  finished_ = true;
  failure_ = std::move(failure);
  session_.stop();
}

void EventFeed::open() {
  kube::Request request = kube::watch_request(resource_, selection_.ns,
                                              {.label_selector = selection_.labels,
                                               .field_selector = selection_.fields,
                                               .resource_version = resource_version_,
                                               .timeout = limits::watch_timeout,
                                               .idle_timeout = limits::watch_idle});
  if (!accept_.empty()) request.accept = accept_;
  lines_.clear();
  progressed_ = false;
  stream_ = session_.transport().open_stream(
      std::move(request), {.on_data = [this](std::string_view bytes) { on_data(bytes); },
                           .on_end = [this](const std::optional<kube::Error>& error) { on_end(error); }});
}

void EventFeed::on_data(std::string_view bytes) {
  if (!lines_.append(bytes)) return finish(Failure{ExitCode::Error, "an event of the watch is too large"});
  while (const auto line = lines_.next()) {
    if (finished_ || !on_line(*line)) return;
  }
}

bool EventFeed::on_line(std::string_view line) {
  auto event = parse_answer(std::string(line));
  const Json* object = event ? find(*event, "object") : nullptr;
  if (object == nullptr) {
    finish(Failure{ExitCode::Error, "the watch brought something that is no event"});
    return false;
  }
  const std::string type = text_of(find(*event, "type"));
  if (type == "ERROR") {
    finish(refused(*object));
    return false;
  }
  if (std::string version = resource_version_of(*object); !version.empty()) {
    resource_version_ = std::move(version);
    progressed_ = true;
  }
  if (type != "BOOKMARK") on_event_(type, *object);
  return !finished_;
}

void EventFeed::on_end(const std::optional<kube::Error>& error) {
  const bool broke = error && error->code != kube::Errc::Interrupted && error->code != kube::Errc::Timeout;
  if (broke) return finish(failure_of(*error, kube::Method::Get));
  // Not at once where it brought nothing: a server that ends every watch must not be asked in a circle.
  const runtime::Duration wait = progressed_ ? runtime::Duration(0) : runtime::Duration(1'000);
  timer_ = session_.loop().after(wait, [this] { open(); });
}

}  // namespace ork::cli
