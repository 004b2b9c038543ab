#pragma once

// A scenario file: a header in YAML, "---", and a transcript of events ("> ...") each followed by what
// the operator is expected to do. The format is explained in README.md.

#include <string>
#include <vector>

#include "tests/scenarios/world.hpp"

namespace ork::scenarios {

struct Step {
  std::string lead;      // comments and empty lines before the event, kept when rewritten
  std::string event;     // without the "> "
  std::string expected;  // the lines below it, as they stand
};

struct Script {
  std::string header;  // up to the line "---", with it
  api::Json setup;     // the header's YAML
  std::vector<Step> steps;
  std::string tail;  // comments after the last step
};

// Throws std::runtime_error where the file is no scenario.
Script read_script(const std::string& text);
std::string write_script(const Script& script);

// The world that a header describes.
World make_world(const api::Json& setup);

// Lets an event happen. Throws std::runtime_error for one that is not known.
void apply_event(World& world, const std::string& event);

}  // namespace ork::scenarios
