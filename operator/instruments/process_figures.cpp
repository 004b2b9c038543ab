#include "operator/instruments/process_figures.hpp"

#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

namespace ork::instruments {
namespace {

// Field `number` of /proc/self/stat as proc(5) counts them, from 3 on; the name before it may hold blanks.
double field_of(const std::string& stat, int number) {
  const std::size_t name_end = stat.rfind(')');
  if (name_end == std::string::npos) return 0;
  std::istringstream rest(stat.substr(name_end + 1));
  std::string word;
  for (int i = 3; i <= number; ++i) rest >> word;
  return std::strtod(word.c_str(), nullptr);
}

std::string text_of(const char* path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

double boot_seconds() {
  const std::string stat = text_of("/proc/stat");
  const std::size_t at = stat.find("\nbtime ");
  return at == std::string::npos ? 0 : std::strtod(stat.c_str() + at + 7, nullptr);
}

}  // namespace

ProcessFigures::ProcessFigures(telemetry::Registry& registry)
    : cpu_(registry.add({.name = "process_cpu_seconds",
                         .type = telemetry::Type::Counter,
                         .help = "CPU time that the process has used.",
                         .unit = "seconds"})),
      memory_(
          registry.add({.name = "process_resident_memory_bytes", .help = "Memory of the process.", .unit = "bytes"})),
      started_(registry.add({.name = "process_start_time_seconds",
                             .help = "When the process was started, in seconds since 1970.",
                             .unit = "seconds"})),
      files_(registry.add({.name = "process_open_fds", .help = "Open file descriptors."})) {}

void ProcessFigures::read() {
  const std::string stat = text_of("/proc/self/stat");
  if (stat.empty()) return;
  const auto ticks = static_cast<double>(sysconf(_SC_CLK_TCK));
  cpu_.set({}, (field_of(stat, 14) + field_of(stat, 15)) / ticks);
  memory_.set({}, field_of(stat, 24) * static_cast<double>(sysconf(_SC_PAGESIZE)));
  started_.set({}, boot_seconds() + field_of(stat, 22) / ticks);
  std::error_code ignored;
  const std::filesystem::directory_iterator open("/proc/self/fd", ignored);
  if (!ignored) files_.set({}, static_cast<double>(std::distance(begin(open), end(open))));
}

}  // namespace ork::instruments
