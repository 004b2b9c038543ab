#include "operator/embedded/client/event_recorder.hpp"

#include <cstdio>
#include <nlohmann/json.hpp>

#include "controllers/api/time.hpp"
#include "operator/embedded/client/resources.hpp"
#include "operator/kube/answer.hpp"

namespace ork::embedded {
namespace {

std::string hex(std::uint64_t number) {
  char out[17];
  std::snprintf(out, sizeof out, "%llx", static_cast<unsigned long long>(number));
  return out;
}

}  // namespace

EventRecorder::EventRecorder(kube::Transport& transport, runtime::Loop& loop, std::string controller,
                             std::string instance)
    : transport_(transport), loop_(loop), controller_(std::move(controller)), instance_(std::move(instance)) {}

void EventRecorder::record(const kube::Resource& resource, const api::ObjectMeta& about, const EventText& event) {
  if (*in_flight_ >= max_events_in_flight) {
    ++dropped_;
    return;
  }
  const std::int64_t now = loop_.wall_ms();
  // metav1.MicroTime wants six digits.
  std::string time = api::format_time(now);
  time.insert(time.size() - 1, "000");
  const std::string api_version = resource.group.empty() ? resource.version : resource.group + "/" + resource.version;
  const nlohmann::json body = {
      {"apiVersion", "events.k8s.io/v1"},
      {"kind", "Event"},
      {"metadata",
       {{"name", about.name + "." + hex(static_cast<std::uint64_t>(now)) + hex(++sequence_ & 0xfff)},
        {"namespace", about.ns}}},
      {"eventTime", time},
      {"type", event.warning ? "Warning" : "Normal"},
      {"reason", event.reason},
      {"action", "Reconcile"},
      {"note", kube::printable(event.note, max_event_note)},
      {"reportingController", controller_},
      {"reportingInstance", instance_},
      {"regarding",
       {{"apiVersion", api_version},
        {"kind", resource.kind},
        {"name", about.name},
        {"namespace", about.ns},
        {"uid", about.uid},
        {"resourceVersion", about.resource_version}}}};
  ++*in_flight_;
  transport_.call(kube::create_request(event_resource(), about.ns,
                                       body.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace)),
                  [in_flight = in_flight_](const Result<kube::Response, kube::Error>&) { --*in_flight; });
}

}  // namespace ork::embedded
