#pragma once

// Spans as the body of an OTLP/HTTP request, in the JSON that opentelemetry-proto 1.x defines (ids in hex, 64-bit
// numbers as texts).

#include <span>
#include <string>
#include <utility>
#include <vector>

#include "controllers/observe/span.hpp"

namespace ork::telemetry {

// What the spans are of: service.name and such.
using Resource = std::vector<std::pair<std::string, std::string>>;

// An ExportTraceServiceRequest.
std::string otlp_body(const Resource& resource, std::span<const observe::Span> spans);

}  // namespace ork::telemetry
