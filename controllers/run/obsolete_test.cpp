#include "controllers/run/obsolete.hpp"

#include <gtest/gtest.h>

#include "controllers/run/test_world.hpp"

namespace ork::run {
namespace {

using api::Phase;
using namespace test;

const char* const spec = R"({"tasks": [{"name": "a", "image": "i"}, {"name": "wide", "image": "i", "count": 2}]})";

struct Case {
  const char* what;
  api::TaskStatus stored;
  api::Job job;
  std::vector<api::Pod> pods;
  bool removed;
};

api::Job second_attempt() {
  api::Job job = job_named("j");
  job.attempt = 2;
  return job;
}

api::Job being_deleted() {
  api::Job job = job_named("j");
  job.meta.deleting = true;
  return job;
}

TEST(ObsoleteJobs, AreThoseThatStillRunThoughTheStatusHasGivenThemUp) {
  const Case cases[] = {
      {"of a cancelled task", task_status("a", Phase::Cancelled, 1), job_named("j"), {running()}, true},
      {"made after the cancel", task_status("a", Phase::Cancelled, 0), job_named("j"), {}, true},
      {"made beside a failure above it", task_status("a", Phase::UpstreamFailed, 0), job_named("j"), {running()}, true},
      {"made beside a failure of its own", task_status("a", Phase::Failed, 1), second_attempt(), {running()}, true},
      {"made beside a success", task_status("a", Phase::Succeeded, 1), second_attempt(), {running()}, true},
      {"given up, not yet retried",
       task_status("a", Phase::Retrying, 1),
       job_named("j"),
       {stuck("ErrImagePull")},
       true},
      {"given up for good", task_status("a", Phase::Failed, 1), job_named("j"), {pending()}, true},
      {"of an attempt before", task_status("a", Phase::Running, 2), job_named("j"), {running()}, true},
      {"of an attempt not stored yet", task_status("a", Phase::Running, 1), second_attempt(), {running()}, false},
      {"it runs and should", task_status("a", Phase::Running, 1), job_named("j"), {running()}, false},
      {"it has not been stored yet", task_status("a", Phase::Pending, 0), job_named("j"), {running()}, false},
      {"it ended by itself", task_status("a", Phase::Failed, 1), job_named("j"), {exited(1)}, false},
      {"it ended well", task_status("a", Phase::Cancelled, 1), job_named("j"), {succeeded()}, false},
      {"it is finished", task_status("a", Phase::Cancelled, 1), failed(job_named("j"), "x"), {}, false},
      {"it is gone", task_status("a", Phase::Cancelled, 1), deleted(job_named("j")), {}, false},
      {"somebody deletes it already", task_status("a", Phase::Cancelled, 1), being_deleted(), {running()}, false},
      {"of a task nobody knows", task_status("b", Phase::Cancelled, 1), job_named("j"), {running()}, false},
  };
  for (const Case& c : cases) {
    TestRun world(spec);
    world.store({c.stored});
    world.show(c.job, "a", c.pods);
    EXPECT_EQ(obsolete_jobs(world.snapshot).size(), c.removed ? 1u : 0u) << c.what;
  }
}

TEST(ObsoleteJobs, OfAFanOutRunUntilEachIndexHasEnded) {
  api::Job job = job_named("j");
  job.indexed = true;
  const auto removed = [&](api::TaskStatus status, std::vector<api::Pod> pods) {
    TestRun world(spec);
    world.store({std::move(status)});
    world.show(job, "wide", std::move(pods));
    return !obsolete_jobs(world.snapshot).empty();
  };
  api::TaskStatus wide = task_status("wide", Phase::Cancelled, 1);
  wide.count = 2;
  EXPECT_TRUE(removed(wide, {succeeded(0), running(1)}));
  EXPECT_FALSE(removed(wide, {succeeded(0), exited(1, 1)}));
  wide.succeeded_indexes.insert(1);  // by an attempt before
  EXPECT_FALSE(removed(wide, {succeeded(0)}));
  wide.count = 0;  // a status that was stripped: only the Job can tell
  EXPECT_TRUE(removed(wide, {succeeded(0), exited(1, 1)}));
}

TEST(ObsoleteJobs, GoAfterTheirPodsWhereAnotherAttemptFollows) {
  for (const auto& [phase, pods_first] : {std::pair{Phase::Retrying, true}, std::pair{Phase::Cancelled, false}}) {
    TestRun world(spec);
    world.store({task_status("a", phase, 1)});
    world.show(job_named("j"), "a", {running()});
    const auto removed = obsolete_jobs(world.snapshot);
    ASSERT_EQ(removed.size(), 1u);
    EXPECT_EQ(removed[0].pods_first, pods_first);
  }
}

TEST(ObsoleteJobs, ComeInOrderOfTheirNames) {
  TestRun world(spec);
  world.store({task_status("a", Phase::Cancelled, 1)});
  world.show(job_named("z"), "a", {running()});
  world.show(job_named("b"), "a", {running()});
  const auto removed = obsolete_jobs(world.snapshot);
  ASSERT_EQ(removed.size(), 2u);
  EXPECT_EQ(removed[0].name, "b");
  EXPECT_EQ(removed[1].uid, "uid-z");
}

}  // namespace
}  // namespace ork::run
