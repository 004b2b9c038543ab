#include "controllers/workflow/history.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace ork::workflow {
namespace {

using api::Phase;
using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> expired(const std::vector<FinishedRun>& runs, const HistoryLimits& limits) {
  std::vector<std::string> names;
  for (const ExpiredRun& run : expired_runs(runs, limits)) names.push_back(run.name);
  return names;
}

const std::vector<FinishedRun> runs{{"s3", "u3", 30, Phase::Succeeded},
                                    {"f1", "v1", 15, Phase::Failed},
                                    {"s1", "u1", 10, Phase::Succeeded},
                                    {"s2", "u2", 20, Phase::Succeeded},
                                    {"f2", "v2", 25, Phase::Failed}};

TEST(History, KeepsEveryRunWhereThereIsNoLimit) { EXPECT_THAT(expired(runs, {}), IsEmpty()); }

TEST(History, DropsTheOldestFirstAboveEachLimit) {
  EXPECT_THAT(expired(runs, {.successful = 1}), ElementsAre("s1", "s2"));
  EXPECT_THAT(expired(runs, {.failed = 1}), ElementsAre("f1"));
  EXPECT_THAT(expired(runs, {.successful = 2, .failed = 0}), ElementsAre("s1", "f1", "f2"));
  EXPECT_THAT(expired(runs, {.successful = 0, .failed = 0}), ElementsAre("s1", "f1", "s2", "f2", "s3"));
}

TEST(History, KeepsAllWhereThereAreNoMoreThanTheLimit) {
  EXPECT_THAT(expired(runs, {.successful = 3, .failed = 100}), IsEmpty());
  EXPECT_THAT(expired({}, {.successful = 0, .failed = 0}), IsEmpty());
}

TEST(History, DecidesByNameBetweenRunsThatEndedTogether) {
  EXPECT_THAT(expired({{"b", "2", 5, Phase::Succeeded}, {"a", "1", 5, Phase::Succeeded}}, {.successful = 1}),
              ElementsAre("a"));
}

TEST(History, NamesTheUidSoThatANamesakeIsSpared) {
  EXPECT_THAT(expired_runs(runs, {.failed = 1}), ElementsAre(ExpiredRun{"f1", "v1"}));
}

TEST(History, TakesALimitBelowZeroForZero) { EXPECT_THAT(expired(runs, {.failed = -5}), ElementsAre("f1", "f2")); }

}  // namespace
}  // namespace ork::workflow
