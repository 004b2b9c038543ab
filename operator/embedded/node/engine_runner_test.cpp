#include "operator/embedded/node/engine_runner.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include "operator/embedded/node/engine_command.hpp"
#include "operator/embedded/node/fake_runner.hpp"
#include "operator/runtime/manual_loop.hpp"

namespace ork::embedded {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using Words = std::vector<std::string>;

class EngineRunnerTest : public ::testing::Test {
 protected:
  void open() {
    auto made = std::make_unique<testing::FakeRunner>(loop, commands);
    agent = made.get();
    runner = std::make_unique<EngineRunner>(
        loop, std::move(made),
        EngineOptions{.program = "podman", .label = "ork.dev/node=/f", .environment = {"A=1"}, .folder = "/f"});
    runner->open({.on_listed =
                      [this](const RunnerListing& listing) {
                        told.push_back(std::string(listing.fresh ? "fresh" : "listed"));
                        for (const auto& notice : listing.running) told.back() += " +" + notice.id;
                        for (const auto& notice : listing.ended) told.back() += " -" + notice.id;
                      },
                  .on_started = [this](const auto& notice) { told.push_back("started " + notice.id); },
                  .on_ended =
                      [this](const ContainerEnded& notice) {
                        told.push_back("ended " + notice.id + " " + std::to_string(notice.exit_code));
                      },
                  .on_trouble = [this](const std::string& what) { troubles.push_back(what); }});
    loop.run_until_idle();
  }
  // The engine command that was asked for last, and not the container's.
  Words asked() const { return commands.started.back().argv; }
  void end_call(int exit_code = 0) {
    agent->end(commands.started.back().id, exit_code);
    loop.run_until_idle();
  }
  void open_and_sweep() {
    open();
    end_call();
    told.clear();
  }
  void run(const std::string& id) {
    runner->start({.id = id, .argv = {"podman", "run"}});
    loop.run_until_idle();
  }
  void end(const std::string& id, int exit_code, int signal = 0) {
    agent->end(id, exit_code, signal);
    loop.run_until_idle();
  }
  void kill(const std::string& id) {
    runner->signal(id, SIGKILL);
    loop.run_until_idle();
  }

  runtime::ManualLoop loop;
  testing::FakeContainers commands;
  testing::FakeRunner* agent = nullptr;
  std::unique_ptr<EngineRunner> runner;
  std::vector<std::string> told;
  std::vector<std::string> troubles;
};

TEST_F(EngineRunnerTest, ListsWhenWhatWasLeftBehindIsGone) {
  commands.running["u/a/0"] = {.id = "u/a/0"};
  commands.ended["u/b/0"] = {.id = "u/b/0", .exit_code = 1};
  open();
  EXPECT_THAT(told, IsEmpty());
  EXPECT_EQ(asked(), engine_sweep("podman", "ork.dev/node=/f", {"ork-u_a_0"}));
  EXPECT_EQ(commands.started.back().env, Words{"A=1"});
  EXPECT_EQ(commands.started.back().log, "/f/engine.log");
  end_call();
  EXPECT_THAT(told, ElementsAre("listed +u/a/0 -u/b/0"));
  EXPECT_THAT(troubles, IsEmpty());
}

TEST_F(EngineRunnerTest, WhatComesWhileItSweepsIsToldAfterTheList) {
  commands.running["u/a/0"] = {.id = "u/a/0"};
  open();
  const std::string sweep = commands.started.back().id;
  end("u/a/0", 0);
  EXPECT_THAT(told, IsEmpty());
  end(sweep, 0);
  EXPECT_THAT(told, ElementsAre("listed +u/a/0", "ended u/a/0 0"));
}

TEST_F(EngineRunnerTest, StartsNothingThatTheSweepWouldTakeForLeftBehind) {
  open();
  run("u/a/0");
  EXPECT_EQ(commands.started.size(), 1U) << "the sweep alone";
  end_call();
  run("u/a/0");
  EXPECT_EQ(commands.started.back().id, "u/a/0");
}

TEST_F(EngineRunnerTest, SaysWhereItCouldNotSweepAndGoesOn) {
  open();
  end_call(1);
  EXPECT_THAT(told, ElementsAre("listed"));
  EXPECT_THAT(troubles, ElementsAre("podman can't list its containers, and one that was left behind may still run; "
                                    "/f/engine.log says why"));
}

TEST_F(EngineRunnerTest, AFreshListStaysFreshHoweverOftenItIsBegun) {
  open();
  agent->relist(true);
  loop.run_until_idle();
  agent->relist(false);
  loop.run_until_idle();
  end_call();
  EXPECT_THAT(told, ElementsAre("fresh"));
}

TEST_F(EngineRunnerTest, KnowsAndForgetsTheCallsOfAnEarlierProcess) {
  commands.running["engine/1-1/sweep"] = {.id = "engine/1-1/sweep"};
  commands.ended["engine/1-2/kill/u/a/0"] = {.id = "engine/1-2/kill/u/a/0"};
  open();
  EXPECT_EQ(asked(), engine_sweep("podman", "ork.dev/node=/f", {}));
  end_call();
  end("engine/1-1/sweep", 0);
  EXPECT_THAT(told, ElementsAre("listed"));
  EXPECT_THAT(commands.ended, IsEmpty());
}

TEST_F(EngineRunnerTest, AnEndThatTheContainerMadeIsToldAtOnce) {
  open_and_sweep();
  run("u/a/0");
  end("u/a/0", 3);
  EXPECT_THAT(told, ElementsAre("started u/a/0", "ended u/a/0 3"));
}

TEST_F(EngineRunnerTest, WhereItsCommandWasKilledTheContainerGoesBeforeTheEndIsTold) {
  open_and_sweep();
  run("u/a/0");
  told.clear();
  end("u/a/0", 137, SIGKILL);
  EXPECT_THAT(told, IsEmpty());
  EXPECT_EQ(asked(), engine_remove("podman", "ork-u_a_0"));
  end_call();
  EXPECT_THAT(told, ElementsAre("ended u/a/0 137"));
}

TEST_F(EngineRunnerTest, WhereTheEngineFailedTheContainerGoesToo) {
  open_and_sweep();
  run("u/a/0");
  end("u/a/0", 125);
  EXPECT_EQ(asked(), engine_remove("podman", "ork-u_a_0"));
}

TEST_F(EngineRunnerTest, SigtermIsItsCommandsToPassOn) {
  open_and_sweep();
  run("u/a/0");
  runner->signal("u/a/0", SIGTERM);
  EXPECT_EQ(commands.log.back(), "signal u/a/0 15");
}

TEST_F(EngineRunnerTest, OneThatWasToldToEndMayHaveBeenInTheMaking) {
  open_and_sweep();
  run("u/a/0");
  told.clear();
  runner->signal("u/a/0", SIGTERM);
  end("u/a/0", 1);
  EXPECT_THAT(told, IsEmpty());
  EXPECT_EQ(asked(), engine_remove("podman", "ork-u_a_0"));
  end_call();
  EXPECT_THAT(told, ElementsAre("ended u/a/0 1"));
}

TEST_F(EngineRunnerTest, KillsTheContainerAndItsCommandAfterIt) {
  open_and_sweep();
  run("u/a/0");
  kill("u/a/0");
  kill("u/a/0");
  EXPECT_EQ(asked(), engine_kill("podman", "ork-u_a_0"));
  EXPECT_EQ(commands.started.size(), 3U) << "sweep, container, one kill";
  EXPECT_EQ(commands.log.back().substr(0, 5), "start");
  end_call();
  EXPECT_EQ(commands.log.back(), "signal u/a/0 9");
  EXPECT_THAT(told, ElementsAre("started u/a/0"));
}

TEST_F(EngineRunnerTest, AKillThatWasCutOffIsBegunAnew) {
  open_and_sweep();
  run("u/a/0");
  kill("u/a/0");
  agent->relist(false);
  loop.run_until_idle();
  end_call();
  EXPECT_EQ(asked(), engine_kill("podman", "ork-u_a_0"));
  EXPECT_EQ(commands.started.size(), 5U) << "sweep, container, kill, sweep, kill";
}

}  // namespace
}  // namespace ork::embedded
