#include "operator/cli/eval/eval_command.hpp"

#include <algorithm>
#include <fstream>
#include <iostream>
#include <iterator>
#include <sstream>

#include "controllers/expr/depth.hpp"
#include "controllers/expr/explain.hpp"
#include "controllers/expr/functions.hpp"
#include "controllers/expr/quote.hpp"
#include "operator/cli/cluster/failure.hpp"
#include "operator/cli/cluster/limits.hpp"
#include "operator/cli/print/objects.hpp"
#include "operator/manifest/load.hpp"
#include "operator/time_zones/time_zones.hpp"

namespace ork::cli {
namespace {

using expr::Json;

class FileScope : public expr::Scope {
 public:
  explicit FileScope(Json variables) : variables_(std::move(variables)) {}
  std::optional<expr::Value> variable(std::string_view name) const override {
    const auto found = variables_.find(name);
    if (found == variables_.end()) return std::nullopt;
    return expr::view_of(*found);
  }
  std::optional<std::int64_t> utc_offset_s(std::string_view zone, const expr::Timestamp& time) const override {
    return time_zones::utc_offset_s(zone, time.seconds);
  }

 private:
  Json variables_;
};

Err<Failure> no_object(const std::string& path) {
  return Err(Failure{ExitCode::Usage, path + " must hold one object that gives each variable's value by its name"});
}

std::string read_all(std::istream& stream) { return {std::istreambuf_iterator<char>(stream), {}}; }

// JSON is read as such: to YAML, as Kubernetes reads it, 1.0 is a whole number.
Result<Json, Failure> read_variables(const std::string& path) {
  if (path.empty()) return Json::object();
  std::ifstream file(path);
  const std::string text = read_all(path == "-" ? std::cin : file);
  Json json = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (json.is_discarded()) {
    const std::vector<std::string> paths = {path};
    std::istringstream again(text);
    manifest::Loaded loaded = manifest::load(paths, /*recursive=*/false, again);
    if (!loaded.errors.empty()) return Err(Failure{ExitCode::Usage, loaded.errors.front()});
    if (!loaded.problems.empty()) return Err(Failure{ExitCode::Usage, manifest::show(loaded.problems.front())});
    if (loaded.manifests.size() != 1) return no_object(path);
    json = std::move(loaded.manifests.front().value);
  }
  if (!json.is_object() || expr::is_deeper_than(json, limits::answer_depth)) return no_object(path);
  return json;
}

// The line of the text that holds [begin, end), and carets below that part of it.
std::string shown(std::string_view text, std::size_t begin, std::size_t end) {
  const std::size_t newline = begin == 0 ? std::string_view::npos : text.rfind('\n', begin - 1);
  const std::size_t start = newline == std::string_view::npos ? 0 : newline + 1;
  const std::size_t stop = std::min(text.find('\n', begin), text.size());
  const auto columns = [](std::string_view part) { return expr::printable_whole(part).size(); };
  const std::string_view line = text.substr(start, stop - start);
  const std::string_view before = text.substr(start, begin - start);
  const std::string_view marked = text.substr(begin, std::min(end, stop) - begin);
  return "  " + expr::printable_whole(line) + "\n  " + std::string(columns(before), ' ') +
         std::string(std::max<std::size_t>(columns(marked), 1), '^') + "\n";
}

int refuse(Console& console, ExitCode code, const std::string& message, const std::string& where) {
  console.err("error: " + expr::printable_whole(message) + "\n" + where);
  return static_cast<int>(code);
}

std::string in_text(const Json& value) { return value.dump(-1, ' ', false, Json::error_handler_t::replace); }

// Each part below the whole it belongs to, with its value.
std::string explained(const expr::Expression& expression, const std::vector<expr::Part>& parts) {
  std::size_t width = 0;
  std::vector<std::string> texts;
  for (const expr::Part& part : parts) {
    const std::string_view text = std::string_view(expression.text()).substr(part.begin, part.end - part.begin);
    texts.push_back(std::string(part.level * 2, ' ') + expr::printable(text, expr::max_quoted_path));
    width = std::max(width, texts.back().size());
  }
  std::string out;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const expr::Part& part = parts[i];
    out += texts[i] + std::string(width - texts[i].size() + 3, ' ');
    if (part.times == 0) {
      out += "not evaluated";
    } else {
      out += part.value ? in_text(*part.value) : "error: " + expr::printable_whole(part.error);
    }
    if (part.times > 1) out += "   (the last of " + std::to_string(part.times) + ")";
    out += "\n";
  }
  return out;
}

Json parts_in_json(const expr::Expression& expression, const std::vector<expr::Part>& parts) {
  Json out = Json::array();
  for (const expr::Part& part : parts) {
    Json entry = {{"text", expression.text().substr(part.begin, part.end - part.begin)},
                  {"level", part.level},
                  {"times", part.times}};
    if (part.value) entry["value"] = *part.value;
    if (!part.error.empty()) entry["error"] = part.error;
    out.push_back(std::move(entry));
  }
  return out;
}

int list_functions(Console& console, Format format) {
  Json names = Json::array();
  std::string lines;
  for (const expr::Overload& overload : expr::all_functions()) {
    names.push_back(overload.signature);
    lines += std::string(overload.signature) + "\n";
  }
  console.out(print::is_object_format(format) ? print::object({{"functions", names}}, format) : lines);
  return 0;
}

}  // namespace

int run_eval(const EvalFlags& flags, Console& console) {
  if (flags.functions) return list_functions(console, flags.output);
  auto variables = read_variables(flags.variables);
  if (!variables) return refuse(console, variables.error().code, variables.error().message, "");
  auto expression = expr::parse(flags.expression);
  if (!expression) {
    const std::size_t at = std::min(expression.error().position, flags.expression.size());
    return refuse(console, ExitCode::Invalid, expression.error().message, shown(flags.expression, at, at + 1));
  }
  const FileScope scope(std::move(*variables));
  const expr::Explanation explanation =
      flags.explain ? expr::explain(*expression, scope) : expr::Explanation{expr::evaluate(*expression, scope), {}};
  const auto& answer = explanation.answer;
  const bool object = print::is_object_format(flags.output);
  if (flags.explain && !object) console.out(explained(*expression, explanation.parts));
  if (!answer)
    return refuse(console, ExitCode::Error, answer.error().message,
                  shown(flags.expression, answer.error().begin, answer.error().end));
  Json result = {{"value", expr::to_json(*answer)}, {"type", expr::type_name(*answer)}};
  if (flags.explain) result["parts"] = parts_in_json(*expression, explanation.parts);
  if (object) {
    console.out(print::object(result, flags.output));
  } else if (!flags.explain) {
    console.out(in_text(result["value"]) + "   " + std::string(expr::type_name(*answer)) + "\n");
  }
  return 0;
}

}  // namespace ork::cli
