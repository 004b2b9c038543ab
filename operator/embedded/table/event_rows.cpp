#include <algorithm>
#include <cctype>

#include "operator/embedded/table/human_time.hpp"
#include "operator/embedded/table/reading.hpp"
#include "operator/embedded/table/rows.hpp"

namespace ork::embedded {
namespace {

using reading::at;
using reading::text;
using reading::whole;

// What the two versions of an Event call the same things.
struct EventFields {
  std::string_view about;
  std::string_view message;
  std::string_view source;
  std::string_view controller;
  std::string_view first;
  std::string_view last;
  std::string_view count;
};
constexpr EventFields core_fields = {"involvedObject", "message",       "source", "reportingComponent",
                                     "firstTimestamp", "lastTimestamp", "count"};
constexpr EventFields events_fields = {"regarding",
                                       "note",
                                       "deprecatedSource",
                                       "reportingController",
                                       "deprecatedFirstTimestamp",
                                       "deprecatedLastTimestamp",
                                       "deprecatedCount"};

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

std::string trimmed(const std::string& text) {
  constexpr const char* blanks = " \t\n\v\f\r";
  const std::size_t begin = text.find_first_not_of(blanks);
  if (begin == std::string::npos) return "";
  return text.substr(begin, text.find_last_not_of(blanks) - begin + 1);
}

std::string object_cell(const Json& event, const EventFields& fields) {
  const std::string kind = lower(text(event, {fields.about, "kind"}));
  const std::string name = text(event, {fields.about, "name"});
  return name.empty() ? kind : kind + "/" + name;
}

std::string source_cell(const Json& event, const EventFields& fields) {
  std::string component = text(event, {fields.source, "component"});
  if (component.empty()) component = text(event, fields.controller);
  std::string instance = text(event, {fields.source, "host"});
  if (instance.empty()) instance = text(event, "reportingInstance");
  return instance.empty() ? component : component + ", " + instance;
}

void event_cells(const Json& event, const EventFields& fields, std::int64_t now_ms, Json& row) {
  const auto age = [&](const Json& time) { return age_of(time, now_ms); };
  const Json& first = at(event, fields.first);
  const std::string first_seen = first.is_string() ? age(first) : age(at(event, "eventTime"));
  const Json& last = at(event, fields.last);
  std::string last_seen = last.is_string() ? age(last) : first_seen;
  std::int64_t count = whole(event, fields.count);
  if (const Json& series = at(event, "series"); series.is_object()) {
    last_seen = age(at(series, "lastObservedTime"));
    count = whole(series, "count");
  } else if (count == 0) {
    count = 1;
  }
  row.push_back(last_seen);
  row.push_back(text(event, "type"));
  row.push_back(text(event, "reason"));
  row.push_back(object_cell(event, fields));
  row.push_back(text(event, {fields.about, "fieldPath"}));
  row.push_back(source_cell(event, fields));
  row.push_back(trimmed(text(event, fields.message)));
  row.push_back(first_seen);
  row.push_back(count);
  row.push_back(text(event, {"metadata", "name"}));
}

std::vector<BuiltinColumn> columns() {
  return {{"Last Seen", "string", "", "How long ago it happened the last time."},
          {"Type", "string", "", "Normal or Warning."},
          {"Reason", "string", "", "What happened, in one word."},
          {"Object", "string", "", "What it happened to."},
          {"Subobject", "string", "", "The part of the object that it is about.", 1},
          {"Source", "string", "", "Who saw it.", 1},
          {"Message", "string", "", "What happened, in a sentence."},
          {"First Seen", "string", "", "How long ago it happened the first time.", 1},
          {"Count", "string", "", "How often it has happened.", 1},
          {"Name", "string", "name", "The Event's name.", 1}};
}

}  // namespace

RowPrinter event_rows() {
  return {columns(),
          [](const Json& event, std::int64_t now_ms, Json& row) { event_cells(event, core_fields, now_ms, row); }};
}

RowPrinter event_k8s_io_rows() {
  return {columns(),
          [](const Json& event, std::int64_t now_ms, Json& row) { event_cells(event, events_fields, now_ms, row); }};
}

}  // namespace ork::embedded
