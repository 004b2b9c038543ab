#include "controllers/observe/trace.hpp"

#include <algorithm>

#include "controllers/workflow/sha256.hpp"

namespace ork::observe {
namespace {

constexpr std::size_t trace_digits = 32;
constexpr std::size_t span_digits = 16;
// "00-" trace "-" span "-01"
constexpr std::size_t traceparent_bytes = 3 + trace_digits + 1 + span_digits + 3;

bool is_lower_hex(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

bool is_zero(std::string_view text) { return text.find_first_not_of('0') == std::string_view::npos; }

// What is hashed begins with its kind, and no part of it holds a line break: no two are alike.
std::string id_of(std::string text, std::size_t digits) { return workflow::sha256(text).substr(0, digits); }

}  // namespace

std::optional<Trace> parse_traceparent(std::string_view text) {
  if (text.size() != traceparent_bytes || !text.starts_with("00-")) return std::nullopt;
  const std::string_view trace = text.substr(3, trace_digits);
  const std::string_view span = text.substr(3 + trace_digits + 1, span_digits);
  const std::string_view flags = text.substr(traceparent_bytes - 2);
  const bool dashes = text[3 + trace_digits] == '-' && text[traceparent_bytes - 3] == '-';
  if (!dashes || !is_lower_hex(trace) || !is_lower_hex(span) || !is_lower_hex(flags)) return std::nullopt;
  if (is_zero(trace) || is_zero(span)) return std::nullopt;
  const char last = flags[1];
  const int low = last >= 'a' ? last - 'a' + 10 : last - '0';
  return Trace{std::string(trace), std::string(span), low % 2 == 1};
}

Trace trace_of(const api::WorkflowRun& run) {
  if (auto given = parse_traceparent(run.traceparent)) return *std::move(given);
  return {id_of("trace\n" + run.meta.uid, trace_digits), "", true};
}

std::string run_span_id(std::string_view run_uid) { return id_of("run\n" + std::string(run_uid), span_digits); }

std::string attempt_span_id(std::string_view run_uid, std::string_view task, int attempt) {
  return id_of("attempt\n" + std::string(run_uid) + "\n" + std::string(task) + "\n" + std::to_string(attempt),
               span_digits);
}

std::string traceparent_of(const api::WorkflowRun& run, std::string_view task, int attempt) {
  const Trace trace = trace_of(run);
  return "00-" + trace.trace_id + "-" + attempt_span_id(run.meta.uid, task, attempt) + (trace.sampled ? "-01" : "-00");
}

}  // namespace ork::observe
