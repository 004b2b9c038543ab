#include "operator/embedded/kinds/probe_check.hpp"

#include "operator/embedded/schema/problems.hpp"

namespace ork::embedded {
namespace {

Problems port_problems(const Place& port) {
  Problems out;
  constexpr std::int64_t most = 65535;
  if (port.value().is_string()) {
    append_wrong(out, port, names::port_name(port.text()));
  } else if (port.number() < 1 || port.number() > most) {
    out.push_back(problems::invalid(port.path(), port.number(), names::between(1, most)));
  }
  return out;
}

Problems http_problems(const Place& http) {
  Problems out;
  if (http["path"].text().empty()) out.push_back(problems::required(http.path("path"), ""));
  append(out, port_problems(http["port"]));
  std::string scheme = http["scheme"].text();
  if (scheme != "HTTP" && scheme != "HTTPS") {
    out.push_back(problems::not_supported(http.path("scheme"), scheme, {"HTTP", "HTTPS"}));
  }
  for (const Place& header : http["httpHeaders"].items()) {
    Place name(header["name"].value(), http.path("httpHeaders"));
    append_wrong(out, name, names::http_header(name.text()));
  }
  return out;
}

Problems action_problems(const Place& action, const std::string& name, std::int64_t grace_seconds) {
  if (name == "exec") {
    return action["command"].size() > 0 ? Problems{} : Problems{problems::required(action.path("command"), "")};
  }
  if (name == "httpGet") return http_problems(action);
  if (name == "tcpSocket" || name == "grpc") return port_problems(action["port"]);
  std::int64_t seconds = action["seconds"].number();
  if (seconds >= 0 && seconds <= grace_seconds) return {};
  return {problems::invalid(
      action.path(), seconds,
      "must be non-negative and less than terminationGracePeriodSeconds (" + std::to_string(grace_seconds) + ")")};
}

Problems handler_problems(const Place& handler, std::int64_t grace_seconds) {
  Problems out;
  bool found = false;
  for (const char* name : {"exec", "httpGet", "tcpSocket", "grpc", "sleep"}) {
    if (!handler[name].present()) continue;
    if (found) {
      out.push_back(problems::forbidden(handler.path(name), "may not specify more than 1 handler type"));
    } else {
      found = true;
      append(out, action_problems(handler[name], name, grace_seconds));
    }
  }
  if (!found) out.push_back(problems::required(handler.path(), "must specify a handler type"));
  return out;
}

}  // namespace

Problems probe_problems(const Place& probe, const std::string& kind, std::int64_t grace_seconds) {
  Problems out = handler_problems(probe, grace_seconds);
  for (const char* field :
       {"initialDelaySeconds", "timeoutSeconds", "periodSeconds", "successThreshold", "failureThreshold"}) {
    append_if_negative(out, probe[field]);
  }
  Place grace = probe["terminationGracePeriodSeconds"], success = probe["successThreshold"];
  if (grace.present() && grace.number() <= 0) {
    out.push_back(problems::invalid(grace.path(), grace.value(), "must be greater than 0"));
  }
  if (kind == "readinessProbe") {
    if (grace.present()) {
      out.push_back(problems::invalid(grace.path(), grace.value(), "must not be set for readinessProbes"));
    }
  } else if (success.number() != 1) {
    out.push_back(problems::invalid(success.path(), success.number(), "must be 1"));
  }
  return out;
}

Problems lifecycle_problems(const Place& lifecycle, std::int64_t grace_seconds) {
  Problems out;
  for (const char* hook : {"postStart", "preStop"}) {
    if (lifecycle[hook].present()) append(out, handler_problems(lifecycle[hook], grace_seconds));
  }
  return out;
}

}  // namespace ork::embedded
