#pragma once

// From what containers wrote to $ORK_OUTPUT to a task's output.

#include <optional>
#include <span>
#include <string>

#include "controllers/result/result.hpp"
#include "controllers/run/snapshot.hpp"
#include "controllers/schema/schema.hpp"

namespace ork::run {

struct Output {
  std::optional<api::Json> value;  // nullopt: none was written, or null was
  std::string note;                // why it is missing, where that needs saying; else empty
};

// `text` nullopt: the Pod is gone and took its output along. Anything but one JSON value is an
// error: a sentence that says what was written and what is expected. So is a value that is not as the schema has it,
// where the task declares one (null: it does not).
Result<Output, std::string> read_output(const std::optional<std::string>& text, const schema::Schema* schema = nullptr);

// What a child run gave out, as the output of the task that it was made for.
Result<Output, std::string> read_run_output(const api::WorkflowRun& run, const schema::Schema* schema = nullptr);

// A fan-out's output: the list of its indexes' outputs in order, null where there is none; left out,
// with a note, where it is larger than max_fan_out_output_bytes. The schema is that of each; those in `failed` have
// none.
Result<Output, std::string> collect_outputs(std::span<const ObservedJob* const> jobs, std::int64_t count,
                                            const schema::Schema* schema = nullptr, const api::IndexSet& failed = {});

// What somebody gives a task that he marks as succeeded: held to the same as if it had written it; of a fan-out the
// list of its indexes' outputs.
Result<Output, std::string> given_output(const std::optional<api::Json>& value, const workflow::CompiledTask& task);

}  // namespace ork::run
