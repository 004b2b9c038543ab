#include "operator/reconcile/fresh_views.hpp"

#include <gtest/gtest.h>

#include <optional>

#include "operator/reconcile/kinds.hpp"
#include "operator/reconcile/limits.hpp"
#include "operator/runtime/fake_transport.hpp"
#include "operator/runtime/manual_loop.hpp"

namespace ork::reconcile {
namespace {

using runtime::Duration;

class FreshViewsTest : public ::testing::Test {
 protected:
  FreshViewsTest() {
    api.on(kube::Method::Get, "/apis/ork.dev/v1alpha1/namespaces/a/workflowruns/r", [this](const kube::Request&) {
      ++asked;
      return answer;
    });
  }

  void stored_is(const std::string& version) {
    answer = kube::Response{
        200, R"({"metadata":{"name":"r","namespace":"a","uid":"u","resourceVersion":")" + version + "\"}}"};
  }
  // As the watch has shown it last.
  bool is_fresh(const std::string& held) {
    const api::ObjectMeta meta{.ns = "a", .name = "r", .uid = "u", .resource_version = held};
    const bool fresh = views.is_fresh(workflow_runs(), meta, "a/r", [this](Duration wait) { again = wait; });
    loop.run_until_idle();
    return fresh;
  }

  runtime::ManualLoop loop;
  runtime::testing::FakeTransport api{loop};
  Result<kube::Response, kube::Error> answer = Err(runtime::testing::status_error(404));
  std::uint64_t taken_at = 100;
  int asked = 0;
  std::optional<Duration> again;
  FreshViews views{api, loop, [this](std::string_view) { return taken_at; }};
};

TEST_F(FreshViewsTest, WhatChangedSinceIsFreshAndCostsNothing) {
  EXPECT_TRUE(is_fresh("100"));
  EXPECT_TRUE(is_fresh("101"));
  taken_at = 0;
  EXPECT_TRUE(is_fresh("7")) << "nobody else ever had it";
  taken_at = 100;
  EXPECT_TRUE(is_fresh("no-number")) << "then there is nothing to compare";
  EXPECT_EQ(asked, 0);
}

TEST_F(FreshViewsTest, WhatHasNotChangedSinceIsAskedForOnce) {
  stored_is("90");
  EXPECT_FALSE(is_fresh("90"));
  EXPECT_EQ(again, Duration{0});
  EXPECT_TRUE(is_fresh("90"));
  EXPECT_TRUE(is_fresh("90"));
  EXPECT_EQ(asked, 1);
}

TEST_F(FreshViewsTest, WaitsForAWatchThatIsBehind) {
  stored_is("99");
  EXPECT_FALSE(is_fresh("90"));
  EXPECT_FALSE(is_fresh("90")) << "its last holder has written since";
  EXPECT_FALSE(is_fresh("98"));
  EXPECT_TRUE(is_fresh("99"));
  EXPECT_EQ(asked, 1);
}

TEST_F(FreshViewsTest, AsksAgainWhereItWasNotTold) {
  answer = Err(runtime::testing::status_error(500));
  EXPECT_FALSE(is_fresh("90"));
  EXPECT_GE(*again, limits::fresh_view_retry);
  stored_is("90");
  EXPECT_FALSE(is_fresh("90"));
  EXPECT_EQ(asked, 1) << "whatever else wakes it, it waits for as long as the API server wished";
  loop.advance(*again);
  EXPECT_FALSE(is_fresh("90"));
  EXPECT_TRUE(is_fresh("90"));
  answer = kube::Response{200, "cut"};
  views.forget("u");
  EXPECT_FALSE(is_fresh("90"));
  EXPECT_EQ(again, limits::fresh_view_retry);
  EXPECT_FALSE(is_fresh("90"));
}

// What starts a key drops the wake-up that it had: chaos found a run that waited for ever.
TEST_F(FreshViewsTest, WhoComesBeforeItMayBeAskedAgainIsToldWhen) {
  answer = Err(runtime::testing::status_error(500));
  EXPECT_FALSE(is_fresh("90"));
  loop.advance(Duration{1});
  again.reset();
  EXPECT_FALSE(is_fresh("90"));
  EXPECT_EQ(again, limits::fresh_view_retry - Duration{1});
  EXPECT_EQ(asked, 1);
}

TEST_F(FreshViewsTest, AsksAnewOnceAShareWasAnothersForAWhile) {
  stored_is("90");
  EXPECT_FALSE(is_fresh("90"));
  EXPECT_TRUE(is_fresh("90"));
  taken_at = 200;
  stored_is("150");
  EXPECT_FALSE(is_fresh("90"));
  EXPECT_FALSE(is_fresh("90"));
  EXPECT_TRUE(is_fresh("150"));
  EXPECT_EQ(asked, 2);
}

}  // namespace
}  // namespace ork::reconcile
