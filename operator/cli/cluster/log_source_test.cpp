#include "operator/cli/cluster/log_source.hpp"

#include <gtest/gtest.h>

#include "controllers/api/hostile_json.hpp"
#include "operator/cli/cluster/limits.hpp"
#include "operator/cli/cluster/log_lines.hpp"
#include "operator/cli/cluster/test_pods.hpp"

namespace ork::cli {
namespace {

TEST(LogSource, HasALogOnceItsContainerRan) {
  const auto source = log_source_of(pod("p", "load", 2, running()));
  ASSERT_TRUE(source.has_value());
  EXPECT_EQ(source->task, "load");
  EXPECT_EQ(source->attempt, 2);
  EXPECT_EQ(source->container, "main");
  EXPECT_TRUE(source->started);
  EXPECT_FALSE(source->ended);
  EXPECT_FALSE(log_source_of(pod("p", "load", 1, waiting(), "Pending"))->started);
  EXPECT_FALSE(log_source_of(pod("p", "load", 1, nullptr, "Pending"))->started);
  const auto ended = log_source_of(pod("p", "load", 1, terminated(), "Succeeded"));
  EXPECT_TRUE(ended->started && ended->ended);
  const auto evicted = log_source_of(pod("p", "load", 1, nullptr, "Failed"));
  EXPECT_TRUE(!evicted->started && evicted->ended);
}

TEST(LogSource, IsTheContainerNamedMainOrElseTheFirst) {
  Json template_pod = pod("p", "load", 1, nullptr);
  template_pod["spec"]["containers"] = {{{"name", "side"}}, {{"name", "main"}}};
  EXPECT_EQ(log_source_of(template_pod)->container, "main");
  template_pod["spec"]["containers"] = {{{"name", "first"}}, {{"name", "second"}}};
  EXPECT_EQ(log_source_of(template_pod)->container, "first");
}

TEST(LogSource, HasTheIndexOfAFanOut) {
  Json fan_out = pod("p", "load", 1, running());
  fan_out["metadata"]["annotations"]["batch.kubernetes.io/job-completion-index"] = "3";
  EXPECT_EQ(log_source_of(fan_out)->index, 3);
}

TEST(LogSource, TakesAnythingForAPod) {
  const Json good = pod("p", "load", 1, running());
  for (const auto& pointer : api::pointers_of(good)) {
    for (const Json& odd : api::odd_values()) {
      Json broken = good;
      broken[pointer] = odd;
      EXPECT_NO_THROW(log_source_of(broken)) << pointer;
    }
  }
  EXPECT_FALSE(log_source_of(nullptr).has_value());
}

TEST(LogFilter, BecomesALabelSelector) {
  EXPECT_EQ(label_selector_of("u", {}), "ork.dev/run-uid=u");
  EXPECT_EQ(label_selector_of("u", {.task = "load", .attempt = 2, .index = 3}),
            "ork.dev/run-uid=u,ork.dev/task=load,ork.dev/attempt=2");
}

TEST(LogSources, AreSortedByWhenTheyStarted) {
  std::vector<LogSource> sources = {
      *log_source_of(pod("c", "c", 1, waiting())),
      *log_source_of(pod("b2", "b", 2, running("2026-11-21T03:32:05Z"))),
      *log_source_of(pod("b1", "b", 1, terminated("2026-11-21T03:32:01Z"))),
      *log_source_of(pod("a1", "a", 1, terminated("2026-11-21T03:32:01Z"))),
  };
  sort_by_start(sources);
  std::string order;
  for (const LogSource& source : sources) order += source.pod + " ";
  EXPECT_EQ(order, "a1 b1 b2 c ");
}

TEST(LogLines, AreCutWhereverTheBytesWereCut) {
  std::vector<std::string> lines;
  LogLines cutter([&](std::string_view line) { lines.emplace_back(line); });
  for (const char* part : {"on", "e\n\ntwo", "", "\nth", "ree"}) cutter.append(part);
  EXPECT_EQ(lines, (std::vector<std::string>{"one", "", "two"}));
  cutter.flush();
  cutter.flush();
  EXPECT_EQ(lines.back(), "three");
  EXPECT_EQ(lines.size(), 4U);
  EXPECT_EQ(cutter.received(), 14U);
}

TEST(LogLines, LeaveOutWhatWasThereBefore) {
  std::vector<std::string> lines;
  LogLines cutter([&](std::string_view line) { lines.emplace_back(line); });
  cutter.append("one\ntw");
  cutter.skip(cutter.received());
  cutter.append("one");
  cutter.append("\ntwo\nthree\n");
  EXPECT_EQ(lines, (std::vector<std::string>{"one", "two", "three"}));
}

TEST(LogLines, BreakALineThatNeverEnds) {
  std::size_t pieces = 0;
  LogLines cutter([&](std::string_view) { ++pieces; });
  const std::string part(100'000, 'x');
  for (int i = 0; i < 100; ++i) cutter.append(part);
  EXPECT_GE(pieces, 100 * part.size() / (limits::log_line_bytes + part.size()));
}

}  // namespace
}  // namespace ork::cli
