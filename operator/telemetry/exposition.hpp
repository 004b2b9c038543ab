#pragma once

// The text of /metrics, as OpenMetrics 1.0 has it, or as Prometheus had it before (0.0.4: no units, no exemplars).

#include <string>
#include <string_view>

#include "operator/telemetry/metrics.hpp"

namespace ork::telemetry {

enum class Exposition { OpenMetrics, Classic };

// By an Accept header: OpenMetrics for whoever says that he reads it.
Exposition exposition_for(std::string_view accept);
std::string_view content_type(Exposition exposition);

// Families in the order in which they were added, series in that of their labels.
std::string write_metrics(const Registry& registry, Exposition exposition);

}  // namespace ork::telemetry
