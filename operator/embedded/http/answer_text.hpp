#pragma once

// The text of an HTTP/1.1 answer. Pure.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "operator/embedded/api/call.hpp"

namespace ork::embedded {

enum class BodyForm {
  Sized,     // Content-Length
  Chunked,   // a stream over HTTP/1.1
  UntilEnd,  // a stream over HTTP/1.0, which ends with the connection
};

struct HeadOptions {
  BodyForm form = BodyForm::Sized;
  std::size_t body_bytes = 0;  // of a sized one
  bool close = false;          // this is the connection's last answer
  bool http_1_0 = false;
  std::string_view date;  // http_date()
};

// Status line and headers, the blank line included. The answer's own headers can't break out of
// theirs: what is no printable character becomes a blank.
std::string head_text(const Answer& answer, const HeadOptions& options);

// A Failure of kind Status, as kube-apiserver writes it. `reason` may be empty.
std::string status_body(int code, std::string_view reason, std::string_view message);

// "Sat, 21 Nov 2026 10:18:31 GMT"
std::string http_date(std::int64_t unix_seconds);

// What stands before a chunk of this size: "1a3\r\n".
std::string chunk_head(std::size_t bytes);

}  // namespace ork::embedded
