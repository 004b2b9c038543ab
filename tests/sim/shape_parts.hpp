#pragma once

// What the named shapes are put together from: objects as a user would write them, and programs.

#include <cstdint>
#include <initializer_list>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/sim/shape.hpp"

namespace ork::sim::parts {

using Json = nlohmann::json;

// Longer than anything in a shape takes: a program that somebody has to stop.
inline constexpr std::int64_t hour_of_ms = 3'600'000;

// A task with an image and a script, unless it only waits; `more` are further fields of it.
Json task(const std::string& name, const std::vector<std::string>& depends_on = {}, const Json& more = Json::object());
// The field `retry`, without jitter; and with a backoff as it is given.
Json retry(int limit, const char* initial = "1s");
Json retry_with(int limit, Json backoff);
Json retry_if(int limit, const char* when);
// So much memory, and by onOOM so much more where it is not enough.
Json memory(const char* limit, const char* growth, const char* most);
// The fields of both.
Json both(Json one, const Json& other);

// A run of these tasks, called "r"; further fields of its workflow and of itself.
Json run_of(Json tasks, const Json& workflow_fields = Json::object(), const Json& run_fields = Json::object());
Json named(Json object, const std::string& name);
// The run, or the Workflow, with the label that puts its Jobs into a queue.
Json queued(Json object);
// A task that is the Workflow "w", with these params, by expressions.
Json call(const std::string& name, const std::vector<std::string>& depends_on = {}, const Json& more = Json::object(),
          const Json& params = Json::object());
// The Workflow "w"; a run of it.
Json workflow_of(Json tasks, const Json& more = Json::object());
Json run_by_name(const std::string& name = "r", const Json& run_fields = Json::object());
// A ConfigMap for tasks to wait for, "switch": its data's `go`.
Json switch_that_says(const char* go);
// What a user sends to give the Workflow other tasks.
Json edit_to(Json tasks);

Program fails(int exit_code = 1);
Program writes(std::string output);
Program runs_for(std::int64_t ms);
Program stops_slowly(std::int64_t runs_ms, std::int64_t stops_ms);
Program evicted();
Program stuck();
Program out_of_memory();

// Whatever has struck by then is over, and the first run has ended.
inline constexpr std::int64_t late_ms = 900'000;

Wish wish(std::int64_t at_ms, Wish::Kind kind, Json object = {});
// Somebody asks for this to be done to that task, by spec.actions.
Wish act(std::int64_t at_ms, const char* what, const char* name);

}  // namespace ork::sim::parts

namespace ork::sim {

// The named shapes, by kind.
std::vector<Shape> plain_shapes();      // everything goes well
std::vector<Shape> failing_shapes();    // programs, nodes or values don't
std::vector<Shape> flow_shapes();       // tasks start, or are left out, by a condition and a trigger
std::vector<Shape> retrying_shapes();   // and are tried again
std::vector<Shape> timed_shapes();      // deadlines and times to live
std::vector<Shape> stopped_shapes();    // users cancel, suspend and delete
std::vector<Shape> waiting_shapes();    // tasks without a Pod
std::vector<Shape> hooked_shapes();     // tasks that run when others, or the run, start or end
std::vector<Shape> acted_shapes();      // users act on tasks that run, wait or have ended
std::vector<Shape> calling_shapes();    // tasks that are Workflows, or wait for runs
std::vector<Shape> reuse_shapes();      // runs that inherit from earlier ones
std::vector<Shape> cached_shapes();     // tasks that have an earlier run's result
std::vector<Shape> scheduled_shapes();  // runs that a schedule makes
std::vector<Shape> suspended_shapes();  // Workflows that let no run start for a while
std::vector<Shape> queued_shapes();     // Jobs that a queue starts, and stops
std::vector<Shape> by_name_shapes();    // Workflows of their own, edited and deleted; several runs

}  // namespace ork::sim
