#pragma once

// What Linux tells of this process, under the names that every client library of Prometheus gives it.

#include "operator/telemetry/metrics.hpp"

namespace ork::instruments {

class ProcessFigures {
 public:
  explicit ProcessFigures(telemetry::Registry& registry);
  // Read anew; what can't be read stays as it was.
  void read();

 private:
  telemetry::Family& cpu_;
  telemetry::Family& memory_;
  telemetry::Family& started_;
  telemetry::Family& files_;
};

}  // namespace ork::instruments
