#pragma once

// Figures by name and labels, for /metrics: counters, gauges, histograms. All on one thread.
//
//   Registry registry;
//   Family& ended = registry.add({.name = "ork_workflow_runs", .type = Type::Counter, .help = "Runs that ended.",
//                                 .labels = {{"namespace", true}, {"result"}}});
//   ended.increase({"team-a", "success"});
//   write_metrics(registry, Exposition::OpenMetrics);          // exposition.hpp
//
// A family holds at most as many series as its bound says. Whatever comes beyond is counted under "other" in each of
// its open labels (those whose values others choose): sums stay right, and nobody's names can fill the memory.

#include <cstddef>
#include <deque>
#include <initializer_list>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ork::telemetry {

enum class Type { Counter, Gauge, Histogram };

struct LabelName {
  std::string name;
  bool open = false;  // anybody may bring new values
};

struct Description {
  std::string name;  // without "_total": of a counter it is added where it is shown
  Type type = Type::Gauge;
  std::string help;  // a sentence
  std::string unit;  // "seconds", "bytes"; the name ends with it. Empty: none
  std::vector<LabelName> labels;
  std::vector<double> buckets;  // of a histogram: upper bounds, growing, without infinity
  std::size_t series = 0;       // at most so many; 0: limits::series, or limits::histogram_series
};

// What a figure is an example of: a trace, at a moment.
struct Exemplar {
  std::string trace_id;
  double value = 0;
  double unix_seconds = 0;
};

struct Series {
  double value = 0;                                // of a counter, a gauge; of a histogram the sum
  std::vector<std::uint64_t> counts;               // of a histogram, by bucket, the last is infinity's
  std::vector<std::optional<Exemplar>> exemplars;  // the same, the newest of each
};

class Family {
 public:
  using Values = std::vector<std::string>;
  using ValueList = std::initializer_list<std::string_view>;

  explicit Family(Description description);

  // As many values as there are labels, in their order.
  void increase(ValueList values, double by = 1);
  void set(ValueList values, double value);
  // `trace_id` empty: no exemplar.
  void observe(ValueList values, double value, std::string_view trace_id = {}, double unix_seconds = 0);
  // Shown as 0 from the beginning, so that the first one counts as an increase.
  void declare(ValueList values) { at(values); }
  // For gauges that are counted anew at each scrape.
  void clear() { series_.clear(); }

  const Description& description() const { return description_; }
  const std::map<Values, Series>& series() const { return series_; }

 private:
  Series& at(ValueList values);

  Description description_;
  std::map<Values, Series> series_;
};

class Registry {
 public:
  // The reference stays valid.
  Family& add(Description description);
  const std::deque<Family>& families() const { return families_; }

 private:
  std::deque<Family> families_;
};

}  // namespace ork::telemetry
