#include "operator/manifest/problem.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

#include "controllers/expr/quote.hpp"
#include "operator/manifest/limits.hpp"
#include "operator/manifest/scalar.hpp"
#include "operator/manifest/scalar_position.hpp"
#include "operator/manifest/utf8.hpp"

namespace ork::manifest {
namespace {

std::string line_of(std::string_view text, int number) {
  for (int i = 1; i < number; ++i) {
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos) return {};
    text.remove_prefix(end + 1);
  }
  text = text.substr(0, text.find('\n'));
  if (!text.empty() && text.back() == '\r') text.remove_suffix(1);
  return std::string(text);
}

// "command" of "has both script and command: ...".
std::string_view second_of_two(std::string_view message) {
  constexpr std::string_view beginning = "has both ";
  const std::size_t second = message.find(" and ");
  if (!message.starts_with(beginning) || second == std::string_view::npos) return {};
  message.remove_prefix(second + 5);
  return message.substr(0, message.find(':'));
}

// The field that a message says should not be there, or empty.
std::string_view unwanted_field(std::string_view message) {
  constexpr std::array<std::string_view, 2> beginnings = {"there is no field \"", "the workflow has no param \""};
  for (const std::string_view beginning : beginnings) {
    if (!message.starts_with(beginning)) continue;
    message.remove_prefix(beginning.size());
    return message.substr(0, message.find('"'));
  }
  return second_of_two(message);
}

Position position_of(const Place& root, std::string_view path, std::string_view message) {
  const Place& place = find_place(root, path);
  const std::string_view name = unwanted_field(message);
  const Place* unwanted = name.empty() ? nullptr : place.field(name);
  const bool about_name = message.starts_with("an input's name");
  return unwanted != nullptr ? unwanted->key : about_name ? place.key : place.value;
}

std::size_t columns_to_bytes(std::string_view text, std::size_t columns) {
  std::size_t i = 0;
  for (; columns > 0 && i < text.size(); --columns) i += std::max<std::size_t>(utf8_sequence(text.substr(i)), 1);
  return i;
}

// A plain scalar may not be what it looks like: "YAML reads 0755 as 493".
std::string as_yaml_reads(std::string_view line, int column, std::string_view message) {
  constexpr std::string_view beginning = "is ";
  if (!message.starts_with(beginning) || column < 1) return {};
  const std::string_view told = message.substr(beginning.size(), message.find(',') - beginning.size());
  const std::string_view rest =
      line.substr(std::min(columns_to_bytes(line, static_cast<std::size_t>(column) - 1), line.size()));
  const std::string_view written = rest.substr(0, rest.find_first_of(" ,]}\t\r"));
  const auto value = scalar_value("?", written);
  if (!value || value->is_string() || value->is_null() || value->dump() != told || written == told) return {};
  return "YAML reads " + std::string(written) + " as " + std::string(told);
}

// The part of a long line around the caret, and the caret's column in it, both from 0.
struct Quoted {
  std::string text;
  std::size_t caret = 0;
};

Quoted quoted_line(std::string line, std::size_t caret) {
  std::replace(line.begin(), line.end(), '\t', ' ');
  const std::size_t length = utf8_length(line);
  if (length > limits::quoted_columns) {
    const std::size_t half = limits::quoted_columns / 2;
    const std::size_t first = caret > half ? std::min(caret - half, length - limits::quoted_columns) : 0;
    line.erase(0, columns_to_bytes(line, first));
    line.erase(columns_to_bytes(line, limits::quoted_columns));
    caret -= std::min(caret, first);
  }
  return {expr::printable(line, limits::quoted_columns * 4), caret};
}

}  // namespace

Problem problem_at(const Source& source, Position at, std::string message) {
  Problem out{source.name, at, {}, std::move(message), {}, {}};
  if (at.line > 0) out.line = line_of(source.text, at.line);
  return out;
}

Problem problem_of(const Manifest& manifest, std::string path, std::string_view message) {
  constexpr std::string_view suggestion = "; did you mean ";
  const std::size_t help = message.rfind(suggestion);
  const std::string_view said = message.substr(0, help);
  Problem out = problem_at(*manifest.source, position_of(manifest.place, path, message), std::string(said));
  out.path = std::move(path);
  out.help = help != std::string_view::npos ? std::string(message.substr(help + 2))
                                            : as_yaml_reads(out.line, out.at.column, message);
  return out;
}

Problem problem_of(const Manifest& manifest, const workflow::Problem& problem) {
  if (!problem.expression) return problem_of(manifest, problem.path, problem.message);
  const auto& [text, at, said] = *problem.expression;
  Problem out = problem_of(manifest, problem.path, std::string_view(problem.message).substr(said));
  out.at = position_in_scalar(manifest.source->text, out.at, text, at);
  out.line = line_of(manifest.source->text, out.at.line);
  return out;
}

std::string show(const Problem& problem) {
  std::string out = problem.file;
  if (problem.at.line > 0) out += ":" + std::to_string(problem.at.line) + ":" + std::to_string(problem.at.column);
  out += ": ";
  if (!problem.path.empty()) out += problem.path + ": ";
  out += problem.message + "\n";
  constexpr std::string_view gutter = "     | ";
  if (!problem.line.empty()) {
    const auto column = static_cast<std::size_t>(std::max(problem.at.column, 1));
    const Quoted quoted = quoted_line(problem.line, column - 1);
    const std::string number = std::to_string(problem.at.line);
    out += std::string(5 - std::min<std::size_t>(number.size() + 1, 5), ' ') + number + " | " + quoted.text + "\n";
    out += std::string(gutter) + std::string(quoted.caret, ' ') + "^\n";
  }
  if (!problem.help.empty()) out += std::string(gutter.size(), ' ') + problem.help + "\n";
  return out;
}

}  // namespace ork::manifest
