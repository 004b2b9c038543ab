#pragma once

// What /proc says of processes, as far as an agent needs it.

#include <sys/types.h>

#include <cstdint>
#include <map>
#include <optional>

namespace ork::embedded {

struct ProcessFacts {
  pid_t group = 0;
  std::uint64_t start_ticks = 0;  // since boot: with the pid it names a process for good
  std::int64_t resident_bytes = 0;
};

// nullopt: there is no such process.
std::optional<ProcessFacts> facts_of(pid_t pid);

// Resident memory of all processes of each group. Pages that processes share count for each.
std::map<pid_t, std::int64_t> resident_bytes_by_group();

}  // namespace ork::embedded
