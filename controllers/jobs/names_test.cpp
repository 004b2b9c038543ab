#include "controllers/jobs/names.hpp"

#include <gtest/gtest.h>

#include <set>

#include "controllers/jobs/limits.hpp"

namespace ork::jobs {
namespace {

bool is_dns_label(const std::string& name) {
  if (name.empty() || name.size() > 63 || name.front() == '-' || name.back() == '-') return false;
  return name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == std::string::npos;
}

TEST(JobName, TellsRunTaskAndAttempt) {
  const std::string name = job_name("etl-1", "uid", "load", 2);
  EXPECT_TRUE(name.starts_with("etl-1-load-2-")) << name;
  EXPECT_EQ(name.size(), std::string("etl-1-load-2-").size() + 5);
}

TEST(JobName, StaysTheSameForEver) {
  // Jobs of runs that are under way when the operator is replaced must be found again.
  EXPECT_EQ(job_name("etl-1", "0b2ad4f4-7c1f-4a47-9d3c-0f4f8f1d2c11", "load", 1), "etl-1-load-1-kltfn");
  EXPECT_EQ(job_name(std::string(63, 'r'), "u", std::string(63, 't'), 12),
            "rrrrrrrrrrrrrrrrrrrrr-ttttttttttttttttttttt-12-gfksxrr49l");
}

TEST(JobName, IsADnsLabelOfAtMost57WhateverTheLengths) {
  for (std::size_t run = 1; run <= 63; ++run) {
    for (std::size_t task = 1; task <= 63; ++task) {
      for (const int attempt : {1, 9, 10, 106}) {
        const std::string name = job_name(std::string(run, 'r'), "uid", std::string(task, 't'), attempt);
        ASSERT_LE(name.size(), max_job_name);
        ASSERT_TRUE(is_dns_label(name)) << name;
      }
    }
  }
}

TEST(JobName, CutsNeverLeaveTwoDashes) {
  const std::string dashed = "aaaaaaaaaa-aaaaaaaaa-a-a-a-a-a-a-a-a-a-a-a-a-a-a-a-a-a-a-a-a-a";
  for (std::size_t length = 1; length < dashed.size(); ++length) {
    if (dashed[length - 1] == '-') continue;  // no name of ours ends so
    const std::string name = job_name(dashed.substr(0, length), "uid", dashed, 1);
    EXPECT_EQ(name.find("--"), std::string::npos) << name;
  }
}

TEST(JobName, KeepsWholeTheShorterOfTheTwo) {
  EXPECT_TRUE(job_name("etl", "u", std::string(63, 't'), 1).starts_with("etl-ttttt"));
  EXPECT_NE(job_name(std::string(63, 'r'), "u", "load", 1).find("-load-1-"), std::string::npos);
}

TEST(JobName, KeepsApartWhatReadsTheSame) {
  EXPECT_NE(job_name("a", "u1", "b-c", 1), job_name("a-b", "u2", "c", 1));
  EXPECT_NE(job_name("a", "u", "b-c", 1), job_name("a-b", "u", "c", 1));
  EXPECT_NE(job_name("a", "u1", "b", 1), job_name("a", "u2", "b", 1));  // a namesake of a deleted run
  EXPECT_NE(job_name("a", "u", "b", 1), job_name("a", "u", "b", 2));
}

TEST(ItemsName, IsNoJobsNameAndAsShort) {
  EXPECT_TRUE(items_name("etl", "u", "load", {}).starts_with("etl-load-items-"));
  EXPECT_NE(items_name("etl", "u", "load", {}), items_name("etl", "u2", "load", {}));
  const api::Json one = {{"0", "ab"}, {"1", "c"}}, other = {{"0", "a"}, {"1", "bc"}};
  EXPECT_NE(items_name("etl", "u", "load", one), items_name("etl", "u", "load", other));
  EXPECT_LE(items_name(std::string(63, 'r'), "u", std::string(63, 't'), {}).size(), 57u);
}

TEST(JobName, KeepsApartTheTasksOfALargeRunThatBeginAlike) {
  const std::string run = "nightly-warehouse-refresh-2026-11-21";
  for (const char* uid : {"u1", "u2", "u3", "u4", "u5", "u6", "u7", "u8"}) {
    std::set<std::string> names;
    for (int i = 0; i < 5000; ++i) {
      names.insert(job_name(run, uid, "transform-customer-orders-by-region-" + std::to_string(i), 1));
    }
    EXPECT_EQ(names.size(), 5000u) << uid;
  }
}

}  // namespace
}  // namespace ork::jobs
