#include "operator/telemetry/span_exporter.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "operator/runtime/manual_loop.hpp"
#include "operator/telemetry/limits.hpp"

namespace ork::telemetry {
namespace {

using runtime::Duration;

class SpanExporterTest : public ::testing::Test {
 protected:
  static std::vector<observe::Span> spans(std::size_t count) { return std::vector<observe::Span>(count); }

  static std::size_t spans_in(const std::string& body) {
    return nlohmann::json::parse(body)["resourceSpans"][0]["scopeSpans"][0]["spans"].size();
  }

  // Answers as long as there is somebody to answer; what is sent after that stays open.
  void answer_all(Delivery delivery) {
    answers = delivery;
    if (told) std::exchange(told, nullptr)(delivery);
  }

  runtime::ManualLoop loop;
  std::vector<std::string> sent;
  std::vector<std::string> troubles;
  std::function<void(Delivery)> told;
  std::optional<Delivery> answers;
  SpanExporter exporter{loop,
                        {},
                        [this](std::string body, std::function<void(Delivery)> to) {
                          sent.push_back(std::move(body));
                          if (!answers) {
                            told = std::move(to);
                          } else {
                            loop.post([to, delivery = *answers] { to(delivery); });
                          }
                        },
                        [this](const std::string& what) { troubles.push_back(what); }};
};

TEST_F(SpanExporterTest, SpansWaitForOthersAndGoTogether) {
  exporter.add(spans(2));
  exporter.add(spans(1));
  EXPECT_TRUE(sent.empty());
  loop.advance(limits::batch_wait);
  ASSERT_EQ(sent.size(), 1u);
  EXPECT_EQ(spans_in(sent[0]), 3u);
}

TEST_F(SpanExporterTest, OneRequestIsUnderWayAtATime) {
  exporter.add(spans(limits::spans_in_request + 1));
  exporter.add(spans(1));
  loop.advance(10 * limits::batch_wait);
  ASSERT_EQ(sent.size(), 1u);
  answer_all(Delivery::Taken);
  loop.run_until_idle();
  ASSERT_EQ(sent.size(), 2u);
  EXPECT_EQ(spans_in(sent[1]), 2u);
  EXPECT_EQ(exporter.stats().sent, limits::spans_in_request + 2);
}

TEST_F(SpanExporterTest, ACollectorThatIsAwayIsAskedAgainWithTheSameAndThenGivenUp) {
  answers = Delivery::Again;
  exporter.add(spans(3));
  loop.advance(Duration{300'000});
  ASSERT_EQ(sent.size(), static_cast<std::size_t>(limits::tries));
  for (const std::string& body : sent) EXPECT_EQ(body, sent[0]);
  EXPECT_EQ(exporter.stats().dropped, 3u);
  EXPECT_EQ(troubles.size(), 1u);
}

TEST_F(SpanExporterTest, WhatIsRefusedIsDroppedAndToldAndNotSentAgain) {
  answers = Delivery::Refused;
  exporter.add(spans(1));
  loop.advance(Duration{300'000});
  EXPECT_EQ(sent.size(), 1u);
  EXPECT_EQ(exporter.stats().dropped, 1u);
  EXPECT_EQ(troubles.size(), 1u);
}

TEST_F(SpanExporterTest, NoMoreWaitThanTheBoundAndTheRestIsCounted) {
  exporter.add(spans(limits::spans_in_request));  // under way, and never answered
  exporter.add(spans(limits::spans_waiting + 5));
  EXPECT_EQ(exporter.waiting(), limits::spans_waiting);
  EXPECT_EQ(exporter.stats().dropped, 5u);
}

TEST_F(SpanExporterTest, AtTheEndWhatWaitsGoesAtOnce) {
  answers = Delivery::Taken;
  exporter.add(spans(limits::spans_in_request));
  exporter.add(spans(2));
  bool done = false;
  exporter.flush([&] { done = true; });
  loop.run_until_idle();
  EXPECT_TRUE(done);
  EXPECT_EQ(exporter.stats().sent, limits::spans_in_request + 2);
}

TEST_F(SpanExporterTest, AtTheEndACollectorThatDoesNotAnswerIsNotWaitedForLong) {
  exporter.add(spans(2));
  bool done = false;
  exporter.flush([&] { done = true; });
  loop.run_until_idle();
  EXPECT_FALSE(done);
  loop.advance(limits::last_spans);
  EXPECT_TRUE(done);
}

TEST_F(SpanExporterTest, WithNothingToSendTheEndIsAtOnce) {
  bool done = false;
  exporter.flush([&] { done = true; });
  EXPECT_TRUE(done);
}

}  // namespace
}  // namespace ork::telemetry
