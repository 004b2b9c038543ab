#include "operator/embedded/node/agent/messages.hpp"

#include <nlohmann/json.hpp>

namespace ork::embedded {
namespace {

using Json = nlohmann::json;

std::string text_in(const Json& object, const char* field) {
  const auto it = object.find(field);
  return it != object.end() && it->is_string() ? it->get<std::string>() : std::string();
}

std::int64_t number_in(const Json& object, const char* field) {
  const auto it = object.find(field);
  return it != object.end() && it->is_number_integer() ? it->get<std::int64_t>() : 0;
}

bool flag_in(const Json& object, const char* field) {
  const auto it = object.find(field);
  return it != object.end() && it->is_boolean() && it->get<bool>();
}

std::vector<std::string> texts_in(const Json& object, const char* field) {
  std::vector<std::string> out;
  const auto it = object.find(field);
  if (it == object.end() || !it->is_array()) return out;
  for (const Json& one : *it) {
    if (one.is_string()) out.push_back(one.get<std::string>());
  }
  return out;
}

struct ToJson {
  Json operator()(const StartContainer& r) const {
    Json out = {{"do", "start"}, {"id", r.id}, {"argv", r.argv}, {"env", r.env}, {"cwd", r.cwd}, {"log", r.log}};
    if (r.memory_bytes > 0) out["memoryBytes"] = r.memory_bytes;
    if (r.cpu_millis > 0) out["cpuMillis"] = r.cpu_millis;
    return out;
  }
  Json operator()(const SignalContainer& r) const { return {{"do", "signal"}, {"id", r.id}, {"signal", r.signal}}; }
  Json operator()(const ListContainers&) const { return {{"do", "list"}}; }
  Json operator()(const ForgetContainers& r) const { return {{"do", "forget"}, {"ids", r.ids}}; }
  Json operator()(const StopAgent& r) const { return {{"do", "stop"}, {"graceMs", r.grace_ms}}; }

  Json operator()(const AgentHello& n) const {
    return {{"is", "hello"}, {"instance", n.instance}, {"limitsMemory", n.limits_memory}, {"limitsCpu", n.limits_cpu}};
  }
  Json operator()(const ContainerStarted& n) const {
    return {{"is", "started"}, {"id", n.id}, {"pid", n.pid}, {"startMs", n.start_ms}};
  }
  Json operator()(const ContainerEnded& n) const {
    Json out = {{"is", "ended"},           {"id", n.id},
                {"startMs", n.start_ms},   {"endMs", n.end_ms},
                {"exitCode", n.exit_code}, {"peakMemoryBytes", n.peak_memory_bytes}};
    if (n.signal != 0) out["signal"] = n.signal;
    if (n.out_of_memory) out["outOfMemory"] = true;
    if (!n.error.empty()) out["error"] = n.error;
    return out;
  }
  Json operator()(const ListEnd&) const { return {{"is", "listEnd"}}; }
};

std::string line(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n"; }

Result<Json, std::string> object_of(std::string_view text) {
  Json json = Json::parse(text, nullptr, false);
  if (!json.is_object()) return Err(std::string("a message is no JSON object"));
  return json;
}

}  // namespace

std::string encode(const Request& request) { return line(std::visit(ToJson{}, request)); }
std::string encode(const Notice& notice) { return line(std::visit(ToJson{}, notice)); }

Result<Request, std::string> decode_request(std::string_view text) {
  const auto json = object_of(text);
  if (!json) return Err(json.error());
  const std::string what = text_in(*json, "do");
  if (what == "start") {
    StartContainer start{text_in(*json, "id"),         texts_in(*json, "argv"), texts_in(*json, "env"),
                         text_in(*json, "cwd"),        text_in(*json, "log"),   number_in(*json, "memoryBytes"),
                         number_in(*json, "cpuMillis")};
    if (start.id.empty() || start.argv.empty()) return Err(std::string("start: id and argv are needed"));
    return Request(std::move(start));
  }
  if (what == "signal") {
    return Request(SignalContainer{text_in(*json, "id"), static_cast<int>(number_in(*json, "signal"))});
  }
  if (what == "list") return Request(ListContainers{});
  if (what == "forget") return Request(ForgetContainers{texts_in(*json, "ids")});
  if (what == "stop") return Request(StopAgent{number_in(*json, "graceMs")});
  return Err("'" + what + "' is no request");
}

Result<Notice, std::string> decode_notice(std::string_view text) {
  const auto json = object_of(text);
  if (!json) return Err(json.error());
  const std::string what = text_in(*json, "is");
  if (what == "hello") {
    return Notice(AgentHello{text_in(*json, "instance"), flag_in(*json, "limitsMemory"), flag_in(*json, "limitsCpu")});
  }
  if (what == "started") {
    return Notice(ContainerStarted{text_in(*json, "id"), number_in(*json, "pid"), number_in(*json, "startMs")});
  }
  if (what == "ended") {
    return Notice(ContainerEnded{.id = text_in(*json, "id"),
                                 .start_ms = number_in(*json, "startMs"),
                                 .end_ms = number_in(*json, "endMs"),
                                 .exit_code = static_cast<int>(number_in(*json, "exitCode")),
                                 .signal = static_cast<int>(number_in(*json, "signal")),
                                 .out_of_memory = flag_in(*json, "outOfMemory"),
                                 .peak_memory_bytes = number_in(*json, "peakMemoryBytes"),
                                 .error = text_in(*json, "error")});
  }
  if (what == "listEnd") return Notice(ListEnd{});
  return Err("'" + what + "' is no notice");
}

}  // namespace ork::embedded
