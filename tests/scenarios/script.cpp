#include "tests/scenarios/script.hpp"

#include <yaml-cpp/yaml.h>

#include <sstream>
#include <stdexcept>

namespace ork::scenarios {
namespace {

using api::Json;

// A plain scalar is what JSON would read in it (true, 3, 1.5), else a string; a quoted one is a string.
Json scalar(const YAML::Node& node) {
  const std::string text = node.Scalar();
  if (node.Tag() == "!") return text;
  Json value = Json::parse(text, nullptr, false);
  return value.is_discarded() || value.is_structured() ? Json(text) : value;
}

Json to_json(const YAML::Node& node) {
  if (node.IsScalar()) return scalar(node);
  Json out;
  if (node.IsSequence()) {
    out = Json::array();
    for (const YAML::Node& item : node) out.push_back(to_json(item));
  } else if (node.IsMap()) {
    out = Json::object();
    for (const auto& entry : node) out[entry.first.Scalar()] = to_json(entry.second);
  }
  return out;
}

// A large workflow: layers of `width` tasks, each depending on all of the layer before.
Json generated(const Json& wish) {
  const int tasks = wish.at("tasks"), width = wish.at("width");
  Json spec = {{"defaults", {{"image", "busybox"}}}, {"tasks", Json::array()}};
  if (wish.contains("defaults")) spec["defaults"].update(wish["defaults"]);
  if (wish.contains("parallelism")) spec["parallelism"] = wish["parallelism"];
  for (int i = 0; i < tasks; ++i) {
    Json task = {{"name", "task-" + std::to_string(i)}};
    const int layer = i / width;
    // One of the layer before is enough to wait for it; all would be width * width edges.
    if (layer > 0) task["dependsOn"] = {"task-" + std::to_string(i - width)};
    spec["tasks"].push_back(std::move(task));
  }
  return spec;
}

}  // namespace

Script read_script(const std::string& text) {
  Script out;
  std::istringstream lines(text);
  std::string line;
  bool in_header = true;
  std::string lead;
  while (std::getline(lines, line)) {
    if (in_header) {
      out.header += line + "\n";
      in_header = line != "---";
    } else if (line.starts_with("> ")) {
      out.steps.push_back({lead, line.substr(2), ""});
      lead.clear();
    } else if (line.starts_with("  ")) {
      if (out.steps.empty()) throw std::runtime_error("expected lines stand before the first event");
      out.steps.back().expected += line + "\n";
    } else {
      lead += line + "\n";
    }
  }
  if (in_header) throw std::runtime_error("there is no line --- between the workflow and the events");
  out.tail = lead;
  out.setup = to_json(YAML::Load(out.header.substr(0, out.header.rfind("---"))));
  return out;
}

std::string write_script(const Script& script) {
  std::string out = script.header;
  for (const Step& step : script.steps) out += step.lead + "> " + step.event + "\n" + step.expected;
  return out + script.tail;
}

World make_world(const Json& setup) {
  const Json spec = setup.contains("generate") ? generated(setup["generate"]) : setup.at("workflow");
  World world(spec, setup.value("run", Json::object()), setup.value("inline", false));
  if (setup.contains("earlier")) {
    const Json& earlier = setup["earlier"];
    world.set_earlier(earlier.at("run"), earlier.value("workflow", spec));
  }
  return world;
}

}  // namespace ork::scenarios
