#pragma once

// The log: one line an event, to standard error, as text for people or JSON for machines. The only
// header that the rest sees; spdlog stays in log.cpp.

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace ork::telemetry {

enum class Level { Debug, Info, Warning, Error };
enum class Format { Text, Json };

std::optional<Level> parse_level(std::string_view text);
std::optional<Format> parse_format(std::string_view text);

// Once, before the first line.
void init_log(Level level, Format format);

using Field = std::pair<std::string_view, std::string>;

// `message` is a sentence; what varies is in the fields.
void log(Level level, std::string_view message, std::initializer_list<Field> fields = {});

inline void debug(std::string_view message, std::initializer_list<Field> fields = {}) {
  log(Level::Debug, message, fields);
}
inline void info(std::string_view message, std::initializer_list<Field> fields = {}) {
  log(Level::Info, message, fields);
}
inline void warning(std::string_view message, std::initializer_list<Field> fields = {}) {
  log(Level::Warning, message, fields);
}
inline void error(std::string_view message, std::initializer_list<Field> fields = {}) {
  log(Level::Error, message, fields);
}

}  // namespace ork::telemetry
