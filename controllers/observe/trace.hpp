#pragma once

// Which trace a run is, by W3C's Trace Context. Its ids are functions of uid, task and attempt: a new operator goes on
// with the trace, and an attempt's container is told its span (TRACEPARENT) before there is one.

#include <optional>
#include <string>
#include <string_view>

#include "controllers/api/workflow_run.hpp"

namespace ork::observe {

struct Trace {
  std::string trace_id;   // 32 hex digits
  std::string parent_id;  // 16: the span that the run is part of; empty: the run is the root
  bool sampled = true;    // false: whoever began the trace keeps no spans of it, so none are sent
  friend bool operator==(const Trace&, const Trace&) = default;
};

// "00-<32 hex>-<16 hex>-<2 hex>"; nullopt: it is none, or of a version that came later.
std::optional<Trace> parse_traceparent(std::string_view text);

// The trace that the run's annotation names, else one of its own.
Trace trace_of(const api::WorkflowRun& run);

std::string run_span_id(std::string_view run_uid);
// `attempt` 0: of a task without attempts, one that waits.
std::string attempt_span_id(std::string_view run_uid, std::string_view task, int attempt);

// The traceparent that an attempt's container, or child run, is given: its span is theirs' parent.
std::string traceparent_of(const api::WorkflowRun& run, std::string_view task, int attempt);

}  // namespace ork::observe
