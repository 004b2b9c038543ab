#include "operator/telemetry/metrics.hpp"

#include <gtest/gtest.h>

#include "operator/telemetry/exposition.hpp"
#include "operator/telemetry/limits.hpp"

namespace ork::telemetry {
namespace {

Description counter_by_workflow(std::size_t series = 0) {
  return {.name = "ork_things",
          .type = Type::Counter,
          .help = "Things that \"happened\".",
          .labels = {{"workflow", true}, {"result"}},
          .series = series};
}

Description durations() {
  return {.name = "ork_thing_duration_seconds",
          .type = Type::Histogram,
          .help = "How long things took.",
          .unit = "seconds",
          .labels = {{"workflow", true}},
          .buckets = {0.5, 1, 60}};
}

TEST(Metrics, AsOpenMetricsACounterIsAFamilyWithASampleThatEndsInTotal) {
  Registry registry;
  registry.add(counter_by_workflow()).increase({"etl", "success"}, 2);
  EXPECT_EQ(write_metrics(registry, Exposition::OpenMetrics),
            "# HELP ork_things Things that \\\"happened\\\".\n"
            "# TYPE ork_things counter\n"
            "ork_things_total{workflow=\"etl\",result=\"success\"} 2\n"
            "# EOF\n");
}

TEST(Metrics, AsClassicTextThereIsNoFamilyNoUnitAndNoEnd) {
  Registry registry;
  registry.add(counter_by_workflow()).increase({"etl", "success"});
  registry.add(durations());
  EXPECT_EQ(write_metrics(registry, Exposition::Classic),
            "# HELP ork_things_total Things that \"happened\".\n"
            "# TYPE ork_things_total counter\n"
            "ork_things_total{workflow=\"etl\",result=\"success\"} 1\n"
            "# HELP ork_thing_duration_seconds How long things took.\n"
            "# TYPE ork_thing_duration_seconds histogram\n");
}

TEST(Metrics, AHistogramCountsUpwardsAndShowsTheNewestTraceOfEachBucket) {
  Registry registry;
  Family& family = registry.add(durations());
  family.observe({"etl"}, 0.5, "aa", 1000);
  family.observe({"etl"}, 0.25, "bb", 1001.5);
  family.observe({"etl"}, 3600);
  EXPECT_EQ(write_metrics(registry, Exposition::OpenMetrics),
            "# HELP ork_thing_duration_seconds How long things took.\n"
            "# TYPE ork_thing_duration_seconds histogram\n"
            "# UNIT ork_thing_duration_seconds seconds\n"
            "ork_thing_duration_seconds_bucket{workflow=\"etl\",le=\"0.5\"} 2 # {trace_id=\"bb\"} 0.25 1001.500\n"
            "ork_thing_duration_seconds_bucket{workflow=\"etl\",le=\"1.0\"} 2\n"
            "ork_thing_duration_seconds_bucket{workflow=\"etl\",le=\"60.0\"} 2\n"
            "ork_thing_duration_seconds_bucket{workflow=\"etl\",le=\"+Inf\"} 3\n"
            "ork_thing_duration_seconds_sum{workflow=\"etl\"} 3600.75\n"
            "ork_thing_duration_seconds_count{workflow=\"etl\"} 3\n"
            "# EOF\n");
}

TEST(Metrics, BeyondTheBoundNamesGoUnderOtherAndWordsOfOursStay) {
  Family family(counter_by_workflow(2));
  family.increase({"a", "success"});
  family.increase({"b", "success"});
  family.increase({"c", "failure"});
  family.increase({"d", "failure"});
  family.increase({"a", "success"});
  ASSERT_EQ(family.series().size(), 3u);
  EXPECT_EQ(family.series().at({"a", "success"}).value, 2);
  EXPECT_EQ(family.series().at({"other", "failure"}).value, 2);
}

TEST(Metrics, WhateverIsCountedTheSeriesStayBounded) {
  Family family(counter_by_workflow(10));
  for (int i = 0; i < 1000; ++i) family.increase({"w" + std::to_string(i), i % 2 == 0 ? "success" : "failure"});
  EXPECT_EQ(family.series().size(), 12u);
  double sum = 0;
  for (const auto& [values, series] : family.series()) sum += series.value;
  EXPECT_EQ(sum, 1000);
}

TEST(Metrics, AValueOfALabelIsEscapedAndCut) {
  Registry registry;
  Family& family = registry.add(counter_by_workflow());
  family.increase({"a\"b\\c\nd", "x"});
  family.increase({std::string(1000, 'y'), "x"});
  const std::string text = write_metrics(registry, Exposition::OpenMetrics);
  EXPECT_NE(text.find(R"(workflow="a\"b\\c\nd")"), std::string::npos);
  EXPECT_NE(text.find("\"" + std::string(limits::label_value_bytes, 'y') + "\""), std::string::npos);
}

TEST(Metrics, WhatIsDeclaredIsShownAsNothing) {
  Registry registry;
  registry.add(counter_by_workflow()).declare({"", "success"});
  EXPECT_NE(write_metrics(registry, Exposition::Classic).find("result=\"success\"} 0\n"), std::string::npos);
}

TEST(Metrics, AGaugeIsCountedAnewAfterItWasCleared) {
  Registry registry;
  Family& family = registry.add({.name = "ork_now", .help = "Now.", .labels = {{"state"}}});
  family.set({"Running"}, 3);
  family.clear();
  family.set({"Pending"}, 0.5);
  EXPECT_EQ(write_metrics(registry, Exposition::Classic),
            "# HELP ork_now Now.\n# TYPE ork_now gauge\nork_now{state=\"Pending\"} 0.5\n");
}

TEST(Metrics, WhoReadsOpenMetricsGetsIt) {
  EXPECT_EQ(exposition_for("application/openmetrics-text;version=1.0.0,text/plain;q=0.5"), Exposition::OpenMetrics);
  EXPECT_EQ(exposition_for("text/plain;version=0.0.4"), Exposition::Classic);
  EXPECT_EQ(exposition_for(""), Exposition::Classic);
}

}  // namespace
}  // namespace ork::telemetry
