#include "operator/cli/operator_telemetry.hpp"

#include <utility>

#include "operator/telemetry/exposition.hpp"
#include "operator/telemetry/log.hpp"

namespace ork::cli {
namespace {

constexpr const char* traces_path = "/v1/traces";

// One request at a time, so one connection.
constexpr std::size_t collector_calls = 1;

std::unique_ptr<kube::CurlTransport> transport_to(runtime::AsioLoop& loop, const std::string& endpoint) {
  if (endpoint.empty()) return nullptr;
  kube::ClientConfig config;
  config.server = endpoint;
  config.source = "--otlp-endpoint";
  return std::make_unique<kube::CurlTransport>(
      loop.context(), std::move(config),
      kube::TransportOptions{.calls_in_flight = collector_calls, .connections = 1, .http1_calls = collector_calls});
}

// Empty: nobody is to be listened to. A word, for "--metrics-address=" takes the next argument for its own.
std::string listen_address_of(const OperatorFlags& flags) {
  return flags.metrics_address == "off" ? std::string() : flags.metrics_address;
}

telemetry::Resource resource_of(const std::string& identity) {
  return {{"service.name", "ork"}, {"service.version", ORK_VERSION}, {"service.instance.id", identity}};
}

telemetry::Delivery delivery_of(const Result<kube::Response, kube::Error>& answer) {
  if (answer) return telemetry::Delivery::Taken;
  return answer.error().transient() ? telemetry::Delivery::Again : telemetry::Delivery::Refused;
}

}  // namespace

std::string wrong_telemetry(const OperatorFlags& flags) {
  if (const std::string wanted = listen_address_of(flags); !wanted.empty()) {
    if (auto address = telemetry::parse_listen_address(wanted); !address)
      return "--metrics-address: " + address.error();
  }
  const std::string& endpoint = flags.otlp_endpoint;
  if (!endpoint.empty() && !endpoint.starts_with("http://") && !endpoint.starts_with("https://"))
    return "--otlp-endpoint: \"" + endpoint + "\" is no URL like http://collector:4318";
  return {};
}

OperatorTelemetry::OperatorTelemetry(runtime::AsioLoop& loop, const OperatorFlags& flags, const std::string& identity)
    : loop_(loop),
      address_(listen_address_of(flags)),
      endpoint_(flags.otlp_endpoint),
      collector_(transport_to(loop, flags.otlp_endpoint)),
      instruments_(
          loop, {.per_task = flags.metrics_per_task, .version = ORK_VERSION},
          collector_ == nullptr ? instruments::Instruments::TakeSpans()
                                : [this](std::vector<observe::Span> spans) { exporter_->add(std::move(spans)); }) {
  if (collector_ == nullptr) return;
  exporter_.emplace(
      loop, resource_of(identity),
      [this](std::string body, std::function<void(telemetry::Delivery)> told) {
        send(std::move(body), std::move(told));
      },
      [this](const std::string& what) { telemetry::warning(what, {{"endpoint", endpoint_}}); });
}

kube::CallObserver OperatorTelemetry::call_observer() {
  return [this](const kube::CallInfo& info) { instruments_.request_ended(info); };
}

void OperatorTelemetry::start(const reconcile::Replica& replica) {
  if (address_.empty()) return;
  auto opened =
      telemetry::Listener::open(loop_.context(), *telemetry::parse_listen_address(address_),
                                [this, &replica](const telemetry::Asked& asked) { return answer(asked, replica); });
  if (!opened) return telemetry::warning("nobody can look at metrics or health", {{"why", opened.error()}});
  listener_ = std::move(*opened);
  telemetry::info("shows metrics and health", {{"address", address_}, {"port", std::to_string(listener_->port())}});
}

telemetry::Answered OperatorTelemetry::answer(const telemetry::Asked& asked, const reconcile::Replica& replica) {
  const std::size_t held = replica.shares().held();
  // That it answers at all is what the kubelet wants to know: a loop that stands still does not.
  if (asked.path == "/healthz") return {.body = "ok\n"};
  if (asked.path == "/readyz") {
    if (!replica.work().synced()) return {.status = 503, .body = "is listing what there is\n"};
    return {.body = "works on " + std::to_string(held) + " of " + std::to_string(shard::bucket_count) + " shares\n"};
  }
  if (asked.path != "/metrics") return {.status = 404, .body = "/metrics, /healthz and /readyz are here\n"};
  const telemetry::Exposition exposition = telemetry::exposition_for(asked.accept);
  const telemetry::ExportStats spans = exporter_ ? exporter_->stats() : telemetry::ExportStats();
  return {.content_type = std::string(telemetry::content_type(exposition)),
          .body = instruments_.metrics(replica.work(), held, spans, exposition)};
}

void OperatorTelemetry::send(std::string body, std::function<void(telemetry::Delivery)> told) {
  kube::Request request;
  request.method = kube::Method::Post;
  request.path = traces_path;
  request.body = std::move(body);
  request.content_type = "application/json";
  collector_->call(std::move(request), [told = std::move(told)](const Result<kube::Response, kube::Error>& answer) {
    told(delivery_of(answer));
  });
}

void OperatorTelemetry::finish(std::function<void()> done) {
  if (!exporter_) return done();
  exporter_->flush(std::move(done));
}

}  // namespace ork::cli
