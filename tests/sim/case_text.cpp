#include "tests/sim/case_text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <sstream>

namespace ork::sim {

using Json = nlohmann::json;
using runtime::Duration;

namespace {

constexpr std::array<std::string_view, wish_kinds> wish_names{
    "cancel",      "suspend", "resume",        "delete-run",       "delete-jobs",
    "delete-pods", "make",    "edit-workflow", "delete-workflows", "act"};

std::string text_of(const ProgramRule& rule) {
  const Program& program = rule.program;
  Json out = {{"task", rule.task}, {"runs", program.runs.count()}};
  if (program.stops != Program().stops) out["stops"] = program.stops.count();
  if (rule.up_to_attempt != every_attempt) out["upToAttempt"] = rule.up_to_attempt;
  if (rule.index >= 0) out["index"] = rule.index;
  if (program.exit_code != 0) out["exitCode"] = program.exit_code;
  if (!program.output.empty()) out["output"] = program.output;
  if (program.out_of_memory) out["outOfMemory"] = true;
  if (program.stuck) out["stuck"] = true;
  if (program.evicted) out["evicted"] = true;
  return out.dump();
}

// value() throws where a field is of another type: the reader of a line catches that.
ProgramRule rule_in(const Json& line) {
  const Program usual;
  return {.task = line.at("task"),
          .up_to_attempt = line.value("upToAttempt", every_attempt),
          .index = line.value("index", std::int64_t{-1}),
          .program = {.runs = Duration{line.value("runs", std::int64_t{usual.runs.count()})},
                      .stops = Duration{line.value("stops", std::int64_t{usual.stops.count()})},
                      .exit_code = line.value("exitCode", 0),
                      .output = line.value("output", ""),
                      .out_of_memory = line.value("outOfMemory", false),
                      .stuck = line.value("stuck", false),
                      .evicted = line.value("evicted", false)}};
}

std::string text_of(const Shape& shape) {
  std::string out;
  for (const Json& object : shape.objects) out += "object " + object.dump() + "\n";
  for (const ProgramRule& rule : shape.programs) out += "program " + text_of(rule) + "\n";
  for (const Wish& wish : shape.wishes) {
    out += "wish " + std::to_string(wish.at.count()) + " ";
    out += wish_names.at(static_cast<std::size_t>(wish.kind));
    out += wish.object.is_null() ? "\n" : " " + wish.object.dump() + "\n";
  }
  out += "ends";
  for (const std::string& end : shape.ends) out += " " + end;
  out += "\n";
  if (shape.gone > 0) out += "gone " + std::to_string(shape.gone) + "\n";
  if (!shape.steady) out += "unsteady\n";
  return out;
}

bool read_number(std::istringstream& words, auto& value) {
  std::int64_t number = -1;
  if (!(words >> number) || number < 0) return false;
  value = static_cast<std::remove_reference_t<decltype(value)>>(number);
  return true;
}

bool read_wish(std::istringstream& words, Shape& shape) {
  Wish wish;
  std::int64_t at = 0;
  std::string name;
  if (!read_number(words, at) || !(words >> name)) return false;
  const auto it = std::find(wish_names.begin(), wish_names.end(), name);
  if (it == wish_names.end()) return false;
  wish.at = Duration{at};
  wish.kind = static_cast<Wish::Kind>(it - wish_names.begin());
  std::string object;
  if (std::getline(words >> std::ws, object); !object.empty()) wish.object = Json::parse(object);
  shape.wishes.push_back(std::move(wish));
  return true;
}

bool read_shape(std::istringstream& words, Shape& shape) {
  std::string name;
  words >> name;
  const Shape* named = find_shape(name);
  if (named == nullptr && name != "random") return false;
  shape = named != nullptr ? *named : Shape{.name = name};
  return true;
}

bool read_fault(std::istringstream& words, Faults& faults) {
  std::string rest;
  std::getline(words >> std::ws, rest);
  auto read = faults_from(rest);
  if (!read || read->size() != 1) return false;
  faults.push_back(std::move(read->front()));
  return true;
}

// What a shape of a name already has is not said again.
bool read_part_of_shape(const std::string& what, std::istringstream& words, Shape& shape) {
  std::string rest;
  if (shape.name != "random") return false;
  if (what == "wish") return read_wish(words, shape);
  if (what == "gone") return read_number(words, shape.gone);
  if (what == "unsteady") {
    shape.steady = false;
    return true;
  }
  if (what == "ends") {
    shape.ends.clear();
    for (std::string end; words >> end;) shape.ends.insert(end);
    return true;
  }
  std::getline(words >> std::ws, rest);
  if (what == "object") shape.objects.push_back(Json::parse(rest));
  if (what == "program") shape.programs.push_back(rule_in(Json::parse(rest)));
  return what == "object" || what == "program";
}

bool read_line(const std::string& line, Case& out) {
  std::istringstream words(line);
  std::string what;
  words >> what;
  if (what == "shape") return read_shape(words, out.shape);
  if (what == "seed") return read_number(words, out.seed);
  if (what == "latency") return read_number(words, out.latency_ms);
  if (what == "twin") return read_number(words, out.twin_from_ms) && read_number(words, out.twin_for_ms);
  if (what == "unplaced-tasks") return read_number(words, out.unplaced_tasks);
  if (what == "fault") return read_fault(words, out.faults);
  if (what == "lease" || what == "restart-at-end") {
    (what == "lease" ? out.lease : out.restart_at_end) = true;
    return true;
  }
  return read_part_of_shape(what, words, out.shape);
}

}  // namespace

std::string to_text(const Case& what) {
  std::string out = "shape " + what.shape.name + "\n";
  if (find_shape(what.shape.name) == nullptr) out += text_of(what.shape);
  out += "seed " + std::to_string(what.seed) + "\n";
  if (what.latency_ms > 0) out += "latency " + std::to_string(what.latency_ms) + "\n";
  if (what.twin_for_ms > 0)
    out += "twin " + std::to_string(what.twin_from_ms) + " " + std::to_string(what.twin_for_ms) + "\n";
  if (what.lease) out += "lease\n";
  if (what.unplaced_tasks > 0) out += "unplaced-tasks " + std::to_string(what.unplaced_tasks) + "\n";
  if (what.restart_at_end) out += "restart-at-end\n";
  for (const Fault& fault : what.faults) out += "fault " + to_text(fault) + "\n";
  return out;
}

Result<Case, std::string> case_from(std::string_view text) {
  Case out;
  std::istringstream lines{std::string(text)};
  std::string line;
  for (int number = 1; std::getline(lines, line); ++number) {
    if (line.empty() || line.front() == '#') continue;
    bool read = false;
    try {
      read = read_line(line, out);
    } catch (const Json::exception&) {
      read = false;
    }
    if (!read) return Err("line " + std::to_string(number) + " says nothing of a case: " + line);
  }
  if (out.shape.objects.empty()) return Err(std::string("the case has no shape, or one without objects"));
  return out;
}

}  // namespace ork::sim
