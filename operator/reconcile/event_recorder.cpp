#include "operator/reconcile/event_recorder.hpp"

#include <nlohmann/json.hpp>

#include "controllers/api/time.hpp"
#include "controllers/jobs/failure.hpp"
#include "operator/reconcile/kinds.hpp"
#include "operator/reconcile/limits.hpp"

namespace ork::reconcile {
namespace {

// The API's bound on an Event's note is 1,024 bytes; "..." comes on top of this.
constexpr std::size_t max_note = 1000;

std::string hex(std::uint64_t number) {
  char out[17];
  std::snprintf(out, sizeof out, "%llx", static_cast<unsigned long long>(number));
  return out;
}

}  // namespace

EventRecorder::EventRecorder(kube::Transport& transport, runtime::Loop& loop, std::string instance)
    : transport_(transport), loop_(loop), instance_(std::move(instance)) {}

void EventRecorder::record(const api::ObjectMeta& about, std::string_view kind, const run::Event& event) {
  if (*in_flight_ >= limits::events_in_flight) {
    ++dropped_;
    return;
  }
  const std::int64_t now = loop_.wall_ms();
  // metav1.MicroTime wants six digits.
  std::string time = api::format_time(now);
  time.insert(time.size() - 1, "000");
  const nlohmann::json body = {
      {"apiVersion", "events.k8s.io/v1"},
      {"kind", "Event"},
      {"metadata",
       {{"name", about.name + "." + hex(static_cast<std::uint64_t>(now)) + hex(++sequence_ & 0xfff)},
        {"namespace", about.ns}}},
      {"eventTime", time},
      {"type", event.type == run::EventType::Normal ? "Normal" : "Warning"},
      {"reason", event.reason},
      {"action", "Reconcile"},
      {"note", jobs::printable_head(event.message, max_note)},
      {"reportingController", "ork.dev/operator"},
      {"reportingInstance", instance_},
      {"regarding",
       {{"apiVersion", api::api_version},
        {"kind", kind},
        {"name", about.name},
        {"namespace", about.ns},
        {"uid", about.uid},
        {"resourceVersion", about.resource_version}}}};
  ++*in_flight_;
  transport_.call(
      kube::create_request(events(), about.ns, body.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace)),
      [in_flight = in_flight_](const Result<kube::Response, kube::Error>&) { --*in_flight; });
}

}  // namespace ork::reconcile
