#include "operator/cli/flag_texts.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "controllers/api/time.hpp"

namespace ork::cli {
namespace {

// Names of formats that only one verb has.
template <typename Enum>
using Names = std::vector<std::pair<std::string, Enum>>;

const Names<ReportFormat>& report_formats() {
  static const Names<ReportFormat> names = {{"text", ReportFormat::Text},
                                            {"json", ReportFormat::Json},
                                            {"sarif", ReportFormat::Sarif},
                                            {"github", ReportFormat::Github}};
  return names;
}

const Names<GraphFormat>& graph_formats() {
  static const Names<GraphFormat> names = {{"text", GraphFormat::Text},
                                           {"dot", GraphFormat::Dot},
                                           {"mermaid", GraphFormat::Mermaid},
                                           {"json", GraphFormat::Json}};
  return names;
}

// Empty, or what is wrong with the text as one of these names.
template <typename Enum>
std::string check_named(const Names<Enum>& names, const std::string& text) {
  std::string all;
  for (const auto& [name, value] : names) {
    if (text == name) return {};
    all += (all.empty() ? "" : ", ") + name;
  }
  return "must be one of " + all + ", and not " + text;
}

// The first where the flag was not given.
template <typename Enum>
Enum named(const Names<Enum>& names, const std::string& text) {
  const auto found = std::find_if(names.begin(), names.end(), [&](const auto& each) { return each.first == text; });
  return found == names.end() ? names.front().second : found->second;
}

}  // namespace

std::string check_format(const std::string& text) {
  if (!text.empty() && print::parse_format(text)) return {};
  return "must be one of json, yaml, name, wide, and not " + text;
}

std::string check_object_format(const std::string& text) {
  const auto format = print::parse_format(text);
  if (!text.empty() && format && print::is_object_format(*format)) return {};
  return "must be one of json, yaml, name, and not " + text;
}

std::string check_duration(const std::string& text) {
  return api::parse_duration(text) ? std::string() : "must be a duration such as 90s or 5m, and not " + text;
}

std::string check_number(const std::string& text) {
  const bool digits = !text.empty() && text.find_first_not_of("0123456789") == std::string::npos;
  return digits ? std::string() : "must be a number, and not " + text;
}

std::string check_attempt(const std::string& text) { return text == "0" ? "counts from 1" : check_number(text); }

std::string check_dry_run(const std::string& text) {
  return text == "client" || text == "server" || text == "none" ? "" : "must be client or server, and not " + text;
}

std::string check_revision(const std::string& text) {
  return text == "current" || text == "same" ? "" : "must be current or same, and not " + text;
}

std::string check_runtime(const std::string& text) {
  const bool known = text == "process" || text == "docker" || text == "podman";
  return known ? "" : "must be one of process, docker, podman, and not " + text;
}

std::string check_name_format(const std::string& text) { return text == "name" ? "" : "must be name, and not " + text; }

std::string check_report_format(const std::string& text) { return check_named(report_formats(), text); }
std::string check_graph_format(const std::string& text) { return check_named(graph_formats(), text); }

ReportFormat report_format_of(const std::string& text) { return named(report_formats(), text); }
GraphFormat graph_format_of(const std::string& text) { return named(graph_formats(), text); }
Format format_of(const std::string& text) { return print::parse_format(text).value_or(Format::Table); }

std::optional<runtime::Duration> duration_of(const std::string& text) {
  const auto duration = api::parse_duration(text);
  return text.empty() || !duration ? std::nullopt : std::optional(runtime::Duration(*duration));
}

}  // namespace ork::cli
