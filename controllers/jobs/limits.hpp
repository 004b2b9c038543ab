#pragma once

#include <cstddef>
#include <cstdint>

namespace ork::jobs {

// An Indexed Job's Pods are named <job>-<index>, which Kubernetes holds to 63 bytes; 5 digits and a
// dash are kept for up to 100,000 indexes.
inline constexpr std::size_t max_job_name = 57;

// Linux refuses a single environment string of 128 KiB; the Pod must leave room for the user's own.
inline constexpr std::size_t max_inputs_bytes = 96 * 1024;

// How much of what a failed program left behind is kept in status: enough for the last lines of a
// stack trace, small enough that 5,000 failures still fit the object.
inline constexpr std::size_t max_failure_message = 1024;

// Of a fan-out's failures those that differ: what retry.when is asked about. A program that fails in more ways than
// this is judged by the first of them.
inline constexpr std::size_t max_ways_to_fail = 32;

}  // namespace ork::jobs
