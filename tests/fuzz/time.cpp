// Durations, times and lists of indexes: what is read is written so that it is read as the same.

#include "controllers/api/time.hpp"
#include "controllers/api/index_set.hpp"
#include "tests/fuzz/target.hpp"

namespace ork::api {
namespace {

void try_one(std::string_view text) {
  if (const auto duration = parse_duration(text)) {
    fuzz::require(*duration >= 0, "no duration is negative");
    fuzz::require(parse_duration(format_duration(*duration)) == duration, "a duration is read as it was written");
  }
  if (const auto time = parse_time(text)) {
    fuzz::require(*time <= max_time_ms, "no time is after the last");
    fuzz::require(parse_time(format_time(*time)) == time, "a time is read as it was written");
  }
  if (const auto indexes = IndexSet::parse(text)) {
    const auto again = IndexSet::parse(indexes->format());
    fuzz::require(again && *again == *indexes, "indexes are read as they were written");
  }
}

}  // namespace
}  // namespace ork::api

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  ork::api::try_one(ork::fuzz::text_of(data, size));
  return 0;
}
