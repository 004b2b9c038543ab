#include "operator/telemetry/log.hpp"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <memory>
#include <nlohmann/json.hpp>

namespace ork::telemetry {
namespace {

Format format_in_use = Format::Text;

spdlog::level::level_enum to_spdlog(Level level) {
  switch (level) {
    case Level::Debug: return spdlog::level::debug;
    case Level::Info: return spdlog::level::info;
    case Level::Warning: return spdlog::level::warn;
    case Level::Error: break;
  }
  return spdlog::level::err;
}

constexpr const char* level_name(Level level) {
  switch (level) {
    case Level::Debug: return "debug";
    case Level::Info: return "info";
    case Level::Warning: return "warning";
    case Level::Error: break;
  }
  return "error";
}

// Names and messages come from objects anybody may have written: no control character reaches a terminal.
std::string printable(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = ' ';
  }
  return out;
}

std::string as_text(std::string_view message, std::initializer_list<Field> fields) {
  std::string line = printable(message);
  for (const auto& [name, value] : fields) line.append("  ").append(name).append("=").append(printable(value));
  return line;
}

std::string as_json(Level level, std::string_view message, std::initializer_list<Field> fields) {
  nlohmann::json line = {{"level", level_name(level)}, {"message", message}};
  for (const auto& [name, value] : fields) line[std::string(name)] = value;
  const std::string body = line.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  return body.substr(1);  // the pattern opens the object with the time
}

}  // namespace

std::optional<Level> parse_level(std::string_view text) {
  for (const Level level : {Level::Debug, Level::Info, Level::Warning, Level::Error}) {
    if (text == level_name(level)) return level;
  }
  return std::nullopt;
}

std::optional<Format> parse_format(std::string_view text) {
  if (text == "text") return Format::Text;
  if (text == "json") return Format::Json;
  return std::nullopt;
}

void init_log(Level level, Format format) {
  format_in_use = format;
  auto logger = std::make_shared<spdlog::logger>("ork", std::make_shared<spdlog::sinks::stderr_sink_st>());
  logger->set_level(to_spdlog(level));
  logger->flush_on(spdlog::level::debug);
  logger->set_pattern(format == Format::Json ? R"({"time":"%Y-%m-%dT%H:%M:%S.%eZ",%v)" : "%H:%M:%S.%e %^%-7l%$ %v",
                      spdlog::pattern_time_type::utc);
  spdlog::set_default_logger(std::move(logger));
}

void log(Level level, std::string_view message, std::initializer_list<Field> fields) {
  const auto native = to_spdlog(level);
  if (!spdlog::default_logger_raw()->should_log(native)) return;
  const std::string line = format_in_use == Format::Json ? as_json(level, message, fields) : as_text(message, fields);
  spdlog::default_logger_raw()->log(native, "{}", line);
}

}  // namespace ork::telemetry
