#pragma once

// Turns what came back over the wire into an Error. Pure: values in, a value out.

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "operator/kube/error.hpp"
#include "operator/kube/request.hpp"

namespace ork::kube {

// An answer that is not a 2xx. `body` is meant to be a metav1.Status; anything else (a proxy's
// page, nothing at all) still gives a message. `retry_after` is the header's value; without one the
// Status' own details.retryAfterSeconds counts.
//
// 504, and a 500 in which the server says that its own write timed out, become Errc::Timeout: the
// write may yet have been applied.
Error error_from_answer(const Request& request, int http_status, std::optional<std::chrono::milliseconds> retry_after,
                        std::string_view body);

// An Error of our own about `request`: "<METHOD> <path> <what>", with no HTTP status.
Error error_about(const Request& request, Errc code, std::string_view what);

// "GET /apis/batch/v1/jobs": the query is left out, it may be long and may hold tokens to continue.
std::string describe(const Request& request);

// One line of printable text, at most `max` bytes, never cut within a UTF-8 sequence: what a server
// says goes into logs and conditions.
std::string printable(std::string_view text, std::size_t max);

}  // namespace ork::kube
