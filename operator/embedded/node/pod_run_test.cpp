#include "operator/embedded/node/pod_run.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "operator/embedded/node/test_pods.hpp"

namespace ork::embedded {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using State = ContainerRun::State;

constexpr api::TimeMs now = 1'000'000;
constexpr ContainerPlace init_0{true, 0};
constexpr ContainerPlace init_1{true, 1};
constexpr ContainerPlace main_0{false, 0};
constexpr ContainerPlace main_1{false, 1};

class PodRunTest : public ::testing::Test {
 protected:
  void have(const std::string& spec) {
    pod = testing::pod_with(spec);
    run = new_pod_run(pod, now);
  }
  static void end(ContainerRun& container, int exit_code, api::TimeMs at = now) {
    note_end(container, {.exit_code = exit_code, .start_ms = at - 1, .finish_ms = at});
  }
  PodSteps steps(api::TimeMs at = now) { return next_steps(pod, run, at); }

  PodSpec pod;
  PodRun run;
};

constexpr const char* two_and_two = R"({"restartPolicy":"Never","initContainers":[{"name":"i"},{"name":"j"}],
                                       "containers":[{"name":"a"},{"name":"b"}]})";

TEST_F(PodRunTest, InitContainersRunOneAfterTheOtherThenTheOthersTogether) {
  have(two_and_two);
  EXPECT_THAT(steps().start, ElementsAre(init_0));
  run.inits[0].state = State::Running;
  EXPECT_THAT(steps().start, IsEmpty());
  end(run.inits[0], 0);
  EXPECT_THAT(steps().start, ElementsAre(init_1));
  EXPECT_EQ(phase_of(run, false), "Pending");
  end(run.inits[1], 0);
  EXPECT_THAT(steps().start, ElementsAre(main_0, main_1));
  run.containers[0].state = run.containers[1].state = State::Running;
  EXPECT_EQ(phase_of(run, false), "Running");
  end(run.containers[0], 0);
  EXPECT_FALSE(steps().ended);
  end(run.containers[1], 0);
  EXPECT_TRUE(steps().ended);
  EXPECT_EQ(phase_of(run, true), "Succeeded");
}

TEST_F(PodRunTest, AnInitContainerThatFailsEndsThePod) {
  have(two_and_two);
  end(run.inits[0], 7);
  EXPECT_TRUE(steps().ended);
  EXPECT_EQ(phase_of(run, true), "Failed");
}

TEST_F(PodRunTest, OneContainerThatFailsFailsThePodWhenAllHaveEnded) {
  have(two_and_two);
  end(run.inits[0], 0);
  end(run.inits[1], 0);
  end(run.containers[0], 4);
  run.containers[1].state = State::Running;
  EXPECT_FALSE(steps().ended);
  end(run.containers[1], 0);
  EXPECT_TRUE(steps().ended);
  EXPECT_EQ(phase_of(run, true), "Failed");
}

TEST_F(PodRunTest, AFailureIsRepeatedAtOnceThenAfterWaitsThatDouble) {
  have(R"({"restartPolicy":"OnFailure"})");
  end(run.containers[0], 1);
  EXPECT_THAT(steps().start, ElementsAre(main_0));
  note_restart(run.containers[0]);
  EXPECT_EQ(run.containers[0].restarts, 1);
  EXPECT_EQ(run.containers[0].previous->exit_code, 1);
  for (const std::int64_t wait : {10, 20, 40, 80, 160, 300, 300}) {
    end(run.containers[0], 1);
    EXPECT_THAT(steps(now + wait * 1000 - 1).start, IsEmpty()) << wait;
    EXPECT_EQ(steps().look_again_ms, now + wait * 1000);
    EXPECT_THAT(steps(now + wait * 1000).start, ElementsAre(main_0)) << wait;
    note_restart(run.containers[0]);
  }
}

TEST_F(PodRunTest, AContainerThatRanForLongIsForgivenItsFailures) {
  have(R"({"restartPolicy":"Always"})");
  for (int i = 0; i < 5; ++i) end(run.containers[0], 1);
  note_end(run.containers[0], {.exit_code = 1, .start_ms = now - 600'000, .finish_ms = now});
  EXPECT_THAT(steps().start, ElementsAre(main_0));
}

TEST_F(PodRunTest, OnFailureASuccessIsTheEndAlwaysItIsNot) {
  have(R"({"restartPolicy":"OnFailure"})");
  end(run.containers[0], 0);
  EXPECT_TRUE(steps().ended);
  have(R"({"restartPolicy":"Always"})");
  end(run.containers[0], 0);
  EXPECT_FALSE(steps().ended);
  EXPECT_THAT(steps().start, ElementsAre(main_0));
}

TEST_F(PodRunTest, LooksAgainAtItsDeadline) {
  have(R"({"restartPolicy":"Never","activeDeadlineSeconds":3})");
  run.containers[0].state = State::Running;
  EXPECT_EQ(steps().look_again_ms, now + 3000);
  EXPECT_FALSE(steps(now + 2999).past_deadline);
  EXPECT_TRUE(steps(now + 3000).past_deadline);
}

TEST_F(PodRunTest, StartsNothingOnceItIsStoppedAndEndsWithItsLastContainer) {
  have(R"({"restartPolicy":"Always","containers":[{"name":"a"},{"name":"b"}]})");
  run.containers[0].state = State::Running;
  run.stop = StopReason::Deleted;
  EXPECT_FALSE(steps().ended);
  EXPECT_THAT(steps().start, IsEmpty());
  end(run.containers[0], 143);
  EXPECT_TRUE(steps().ended);
  EXPECT_EQ(phase_of(run, true), "Failed");
}

TEST_F(PodRunTest, DeletedAfterItsSuccessItHasSucceeded) {
  have(R"({"restartPolicy":"Never"})");
  end(run.containers[0], 0);
  run.stop = StopReason::Deleted;
  EXPECT_EQ(phase_of(run, true), "Succeeded");
  run.stop = StopReason::Shutdown;
  EXPECT_EQ(phase_of(run, true), "Failed") << "its program was told to go and may have left early";
}

}  // namespace
}  // namespace ork::embedded
