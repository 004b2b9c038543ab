#pragma once

// The texts that flags are given: what is wrong with them, and what they mean.

#include <optional>
#include <string>

#include "operator/cli/verbs/flags.hpp"

namespace ork::cli {

// Empty, or what is wrong: "must be a number, and not x".
std::string check_format(const std::string& text);
std::string check_object_format(const std::string& text);
std::string check_name_format(const std::string& text);
std::string check_report_format(const std::string& text);
std::string check_graph_format(const std::string& text);
std::string check_duration(const std::string& text);
std::string check_number(const std::string& text);
std::string check_attempt(const std::string& text);
std::string check_dry_run(const std::string& text);
std::string check_revision(const std::string& text);
std::string check_runtime(const std::string& text);

// Of texts that are checked, or empty where the flag was not given.
Format format_of(const std::string& text);
ReportFormat report_format_of(const std::string& text);
GraphFormat graph_format_of(const std::string& text);
std::optional<runtime::Duration> duration_of(const std::string& text);

}  // namespace ork::cli
