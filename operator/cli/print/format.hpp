#pragma once

// What -o takes.

#include <optional>
#include <string_view>

namespace ork::print {

enum class Format { Table, Wide, Json, Yaml, Name };

// The same for graphs of tasks.
enum class GraphFormat { Text, Dot, Mermaid, Json };

// The same for what was found in manifests.
enum class ReportFormat { Text, Json, Sarif, Github };

// "" is the table. nullopt: there is no such format.
std::optional<Format> parse_format(std::string_view text);

// True where objects are printed as they are, and not columns.
inline bool is_object_format(Format format) { return format != Format::Table && format != Format::Wide; }

}  // namespace ork::print
