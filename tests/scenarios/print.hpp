#pragma once

// A plan as the lines of a transcript: a list of intents that a person can read.

#include <string>
#include <vector>

#include "tests/scenarios/world.hpp"

namespace ork::scenarios {

using Lines = std::vector<std::string>;

// "create etl-load-2 (5 indexes, suspended)", "remove etl-list-1", ... of what is sent besides the
// status. A Job's name is shown without the hash at its end.
Lines intents_of(const run::Plan& plan);

// What a status write tells that the one before did not: the run, then each task that changed.
Lines news_in(const api::RunStatus& before, const api::RunStatus& after, api::TimeMs now);

}  // namespace ork::scenarios
