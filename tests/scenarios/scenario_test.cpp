// Plays each file of this folder: one event after the other, and after each the operator until it has
// nothing more to do. ORK_REWRITE=1 writes what it did into the files instead of comparing.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "tests/scenarios/print.hpp"
#include "tests/scenarios/script.hpp"

namespace ork::scenarios {
namespace {

namespace fs = std::filesystem;

// A scenario that does not come to rest within this many plans never will.
constexpr int max_plans = 200;

std::string indented(const Lines& lines) {
  std::string out;
  for (const std::string& line : lines) out += "  " + line + "\n";
  return out;
}

void append(Lines& lines, const Lines& more) { lines.insert(lines.end(), more.begin(), more.end()); }

// Plans and carries out until nothing changes any more; returns all that was done.
std::string play(World& world) {
  Lines out;
  for (int plans = 0; plans < max_plans; ++plans) {
    const run::Plan plan = world.decide();
    append(out, intents_of(plan));
    const api::RunStatus before = world.status();
    const std::string version = world.run().meta.resource_version;
    const bool changed = world.carry_out(plan);
    if (world.run().meta.resource_version != version) {
      append(out, news_in(before, world.status(), world.now));
      for (const run::Event& event : plan.events) out.push_back("event " + event.reason + ": " + event.message);
    } else if (plan.status_changed && world.weather.status_writes_fail) {
      out.push_back("(the status is not stored)");
    }
    if (changed) continue;
    if (plan.wake_ms) out.push_back("look again in " + api::format_duration(*plan.wake_ms - world.now));
    return indented(out.empty() ? Lines{"nothing"} : out);
  }
  return indented(out) + "  and so on, for ever\n";
}

std::string text_of(const fs::path& path) {
  std::ifstream file(path);
  std::ostringstream out;
  out << file.rdbuf();
  return out.str();
}

std::vector<std::string> all_scenarios() {
  std::vector<std::string> out;
  for (const auto& entry : fs::directory_iterator(ORK_SCENARIO_FOLDER)) {
    if (entry.path().extension() == ".txt" && entry.path().stem() != "CMakeLists") out.push_back(entry.path().stem());
  }
  std::sort(out.begin(), out.end());
  return out;
}

class Scenario : public testing::TestWithParam<std::string> {};

TEST_P(Scenario, GoesAsWritten) {
  const fs::path path = fs::path(ORK_SCENARIO_FOLDER) / (GetParam() + ".txt");
  const std::string written = text_of(path);
  Script script = read_script(written);
  World world = make_world(script.setup);
  for (Step& step : script.steps) {
    try {
      apply_event(world, step.event);
      step.expected = play(world);
    } catch (const std::exception& error) {
      FAIL() << "at \"" << step.event << "\": " << error.what();
    }
  }
  if (std::getenv("ORK_REWRITE") != nullptr) {
    std::ofstream(path) << write_script(script);
  } else {
    EXPECT_EQ(write_script(script), written) << "if this is meant: ORK_REWRITE=1, and read the difference";
  }
}

INSTANTIATE_TEST_SUITE_P(, Scenario, testing::ValuesIn(all_scenarios()), [](const auto& scenario) {
  std::string name = scenario.param;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
});

}  // namespace
}  // namespace ork::scenarios
