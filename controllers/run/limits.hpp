#pragma once

// Every bound of a run, with its reason.

#include <cstddef>
#include <cstdint>

#include "controllers/api/time.hpp"

namespace ork::run {

// Manifests are applied in any order, and by several hands: a run may arrive before its Workflow.
// Five minutes outlast any apply; after that a definite answer helps more than a longer wait.
inline constexpr api::DurationMs workflow_wait_ms = 5 * 60'000;

// An invalid Workflow may be one whose correction we have not seen yet (the two kinds are watched
// apart); the correction is at most one watch's delay away.
inline constexpr api::DurationMs invalid_workflow_wait_ms = 2'000;

// Infrastructure failures in a row that are retried without touching the user's budget: a node pool
// being drained ends a Pod a few times, a cluster that ends it six times has a problem to be shown.
inline constexpr int infrastructure_retries = 5;
inline constexpr api::DurationMs infrastructure_backoff_initial_ms = 1'000;
inline constexpr api::DurationMs infrastructure_backoff_max_ms = 60'000;

// An image that can't be pulled, or a config that can't be mounted, seldom mends itself; a registry
// that is down for a moment does. Then the attempt ends as an infrastructure failure.
inline constexpr api::DurationMs stuck_pod_wait_ms = 5 * 60'000;

// A Job has its Pods within a second as a rule. What has none for so long waits for something that a person should
// know.
inline constexpr api::DurationMs missing_pod_wait_ms = 5'000;

// A run that is made with its Workflow waits some milliseconds for it to be accepted: no news worth a write.
inline constexpr api::DurationMs acceptance_wait_ms = 1'000;

// A run whose turn comes within this waits for nobody's eyes: telling it would cost a write of what is short already.
inline constexpr api::DurationMs turn_wait_told_ms = 2'000;

// A Pod that is stopped has 30 s to end, and its node some more to say so; one that is not heard of for so long is
// lost, and so is its Pod.
inline constexpr api::DurationMs stopping_pod_wait_ms = 120'000;

// How deep runs call runs, the outermost counted. A program that nests its parts more is rare, and each level may fan
// out: without a bound one wrong condition makes runs without end.
inline constexpr std::size_t max_call_depth = 8;

// Of a child run, as it is created: beside its params it needs room for a status in the object that etcd stores.
inline constexpr std::size_t max_child_bytes = 256 * 1024;

// A Job that claims a higher attempt is none of ours: retries of both budgets together stay far below.
inline constexpr int max_attempt = 1000;

// Ended attempts kept in status for each task; the oldest go first. With the message cut this is
// at most 5 kB for a task that fails again and again.
inline constexpr std::size_t max_attempts_kept = 5;
inline constexpr std::size_t max_attempt_message = 512;
inline constexpr std::size_t max_failed_indexes_text = 256;

// Of one run, for all its life: each is remembered in its status. The schema takes no more.
inline constexpr std::size_t max_actions = 64;

// Of what somebody says to his answer; it is kept in the status.
inline constexpr std::size_t max_answer_comment = 512;

// Of a `when` that was false, as its task's message quotes it: about two lines of a terminal.
inline constexpr std::size_t max_told_expression = 160;

// A task's output is a termination message, which Kubernetes cuts at this; a fan-out's list of
// outputs gets the same room.
inline constexpr std::size_t max_output_bytes = 4096;
inline constexpr std::size_t max_fan_out_output_bytes = 4096;
// What a run gives out is put together from its tasks' outputs; four of the largest fit.
inline constexpr std::size_t max_run_output_bytes = 16'384;
// How deep an output is nested: as far as an expression can reach. The JSON library recurses.
inline constexpr std::size_t max_output_depth = 64;

// etcd refuses requests over 1.5 MiB, and what belongs to one beside the object takes some hundred bytes.
inline constexpr std::size_t max_object_bytes = (1536 - 16) * 1024;
// Of a run's status, where its spec and metadata leave that much. Above the soft bound detail is dropped (see
// status_budget.hpp), so that the terminal write always fits.
inline constexpr std::size_t status_soft_bytes = 900 * 1024;
inline constexpr std::size_t status_hard_bytes = 1000 * 1024;

// Creates of one run on their way at the same time; the rest follow as they are answered. Bounds the
// burst, so that other runs get their turn, and the memory of Job bodies not yet sent.
inline constexpr std::size_t max_creates_in_flight = 100;

// Earlier runs that one plan takes results from: they are held whole meanwhile, each up to 1 MiB. Most often all that a
// run finds has been left by one; where many have left some, the others' turn comes when these have been stored.
inline constexpr std::size_t max_consulted_runs = 4;

// Results that can be found by their cache keys, of all Workflows: 250 bytes each. The oldest run's go first; what is
// not found is run once more.
inline constexpr std::size_t max_cached_results = 20'000;

// Events of one plan: a run whose 1,000 tasks all fail says so in its status, not in 1,000 Events.
inline constexpr std::size_t max_events_per_plan = 5;

}  // namespace ork::run
