#include "operator/embedded/node/agent/process_groups.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <string>
#include <string_view>

namespace ork::embedded {
namespace {

// Fields of /proc/PID/stat after the name, counted from "state" as 0 (proc(5) counts it as 3).
constexpr std::size_t field_group = 2;
constexpr std::size_t field_start = 19;
constexpr std::size_t field_resident = 21;

std::string_view read_stat(pid_t pid, std::array<char, 1024>& buffer) {
  const std::string path = "/proc/" + std::to_string(pid) + "/stat";
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return {};
  const ssize_t size = ::read(file, buffer.data(), buffer.size());
  ::close(file);
  return size > 0 ? std::string_view(buffer.data(), static_cast<std::size_t>(size)) : std::string_view{};
}

}  // namespace

std::optional<ProcessFacts> facts_of(pid_t pid) {
  std::array<char, 1024> buffer{};
  std::string_view text = read_stat(pid, buffer);
  // The name may hold anything, ")" included.
  const std::size_t name_end = text.rfind(')');
  if (name_end == std::string_view::npos) return std::nullopt;
  text.remove_prefix(std::min(name_end + 2, text.size()));
  ProcessFacts facts;
  static const std::int64_t page = ::sysconf(_SC_PAGESIZE);
  for (std::size_t field = 0; field <= field_resident && !text.empty(); ++field) {
    const std::size_t end = std::min(text.find(' '), text.size());
    std::int64_t number = 0;
    std::from_chars(text.data(), text.data() + end, number);
    if (field == field_group) facts.group = static_cast<pid_t>(number);
    if (field == field_start) facts.start_ticks = static_cast<std::uint64_t>(number);
    if (field == field_resident) facts.resident_bytes = number * page;
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return facts;
}

std::map<pid_t, std::int64_t> resident_bytes_by_group() {
  std::map<pid_t, std::int64_t> out;
  DIR* folder = ::opendir("/proc");
  if (folder == nullptr) return out;
  while (const dirent* entry = ::readdir(folder)) {
    const std::string_view name = entry->d_name;
    pid_t pid = 0;
    const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), pid);
    if (error != std::errc() || end != name.data() + name.size()) continue;
    if (const auto facts = facts_of(pid)) out[facts->group] += facts->resident_bytes;
  }
  ::closedir(folder);
  return out;
}

}  // namespace ork::embedded
