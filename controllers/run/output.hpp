#pragma once

// From what containers wrote to $ORK_OUTPUT to a task's output.

#include <optional>
#include <span>
#include <string>

#include "controllers/result/result.hpp"
#include "controllers/run/snapshot.hpp"

namespace ork::run {

struct Output {
  std::optional<api::Json> value;  // nullopt: none was written, or null was
  std::string note;                // why it is missing, where that needs saying; else empty
};

// `text` nullopt: the Pod is gone and took its output along. Anything but one JSON value is an
// error: a sentence that says what was written and what is expected.
Result<Output, std::string> read_output(const std::optional<std::string>& text);

// A fan-out's output: the list of its indexes' outputs in order, null where there is none; left out,
// with a note, where it is larger than max_fan_out_output_bytes.
Result<Output, std::string> collect_outputs(std::span<const ObservedJob* const> jobs, std::int64_t count);

}  // namespace ork::run
