#pragma once

// Bounds of the reconcile loop, each with its reason.

#include <cstddef>
#include <cstdint>

#include "operator/runtime/backoff.hpp"
#include "operator/runtime/loop.hpp"

namespace ork::reconcile::limits {

using runtime::Duration;

// A plan looks at every task of its run, so a run of n tasks is planned at most once per n times
// this: at 2,000 tasks ten times a second. A small run is planned at each event.
inline constexpr std::chrono::microseconds plan_spacing_per_task{50};

// A Workflow is looked at whenever one of its runs ends, and looks at all of them.
inline constexpr std::chrono::microseconds workflow_spacing_per_run{50};

// Status writes of one object keep this distance, those of a run 1 ms more for each task: what the API server
// pays for a write grows with the object, so that bytes stored per task stay flat.
inline constexpr Duration status_spacing{200};
inline constexpr Duration status_spacing_per_task{1};

// Status writes of all runs together, beside the last of each, may take this share of the time: as
// many as nobody notices while an answer comes in 5 ms, few once the API server is busy making Jobs.
// 200 runs that all change at once would otherwise cost it more than their Jobs do.
inline constexpr double status_share = 0.2;
inline constexpr Duration status_least_cost{10};  // so at most 20 a second
inline constexpr Duration status_most_cost{400};  // and, however slow the server, one in two seconds
inline constexpr Duration status_burst{400};

// A status waits this long for creates on their way, so that it can name their Jobs.
inline constexpr Duration status_waits_for_creates{1'000};

// Backoff after a refused or failed request of one run.
inline constexpr runtime::BackoffPolicy request_backoff{Duration{100}, Duration{30'000}, 0.2};

// Of a Job, or child run, that is refused: by a quota, a policy, an API server that has only just started. Each of a
// thousand runs may stand before the same quota, and none should wait long once it is free.
inline constexpr runtime::BackoffPolicy refused_backoff{Duration{100}, Duration{10'000}, 0.2};

// Whether a view is fresh is asked again after this, where there was no answer: work of a share stands still meanwhile.
inline constexpr Duration fresh_view_retry{500};

// Storing the status of 5,000 tasks can take a busy API server longer than the usual bound on a call,
// and a write given up halfway is made again in full. The server itself gives up after this.
inline constexpr Duration status_write_timeout{60'000};

// A server's own wish (Retry-After) is heeded for at most so long: a wrong one must not stop a run for hours.
inline constexpr Duration longest_wished_wait{60'000};

// A namespace that is being deleted takes no new object, and its deletion takes seconds to minutes.
inline constexpr Duration terminating_wait{30'000};

// What a watch has not shown is asked for; what is there and still not shown is asked for again after this. The
// longest that a watch can lag without being given up is two minutes: some twenty questions.
inline constexpr Duration look_up_again{5'000};

// Objects of any kind that runs wait for, watched at the same time: each costs the API server a stream, as one more
// `kubectl wait` does, and here a copy of the object of up to 1.5 MiB. Others wait until one is let go.
inline constexpr std::size_t objects_watched = 200;

// Tasks whose Pods no node has taken yet, of all runs together: beyond that no more runs begin, however quickly they
// are placed (controllers/backlog/window.hpp). What a hundred nodes with images to pull have in hand; docs/design/0027.
inline constexpr std::size_t unplaced_tasks = 64;

// That a run waits for its turn to begin is told when its turn to write has come; of the runs under way so many may
// write before it.
inline constexpr std::size_t lets_by = 4;

// Events on their way at once; more are dropped and counted: an Event is a courtesy, and must never
// hold back a Job.
inline constexpr std::size_t events_in_flight = 50;

}  // namespace ork::reconcile::limits
