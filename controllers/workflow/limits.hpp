#pragma once

// Every bound of this folder, each with its reason. Those of the API stand in crds/ too; they are
// checked here again because an inline spec of an old revision may never have met that schema.

#include <cstddef>
#include <cstdint>

namespace ork::workflow {

// 5,000 tasks with their status fit in the 1.5 MB that etcd takes for one object.
inline constexpr std::size_t max_tasks = 5000;
inline constexpr std::size_t max_depends_on = 5000;
// Of one list. All of a moment run at once and take no room in the parallelism.
inline constexpr std::size_t max_hooks = 16;
// How long the hooks of a run may go on after its tasks, where it says nothing of that: so that every run ends.
inline constexpr std::int64_t hooks_timeout_ms = 3600LL * 1000;
// An Indexed Job may have 100,000 completions and still report every index (Kubernetes' own limit).
inline constexpr std::int64_t max_count = 100'000;
// A script has its item as one environment string, which Linux refuses at 128 KiB.
inline constexpr std::size_t max_item_bytes = 96 * 1024;
// All items lie in one ConfigMap, whose values Kubernetes holds to 1 MiB and which is created by one request of no
// more. Beside an item stands its key, and once more in managedFields, with what JSON and Protobuf put around them.
inline constexpr std::size_t max_items_bytes = 960 * 1024;
inline constexpr std::size_t bytes_beside_item = 32;
// Of a matrix. Sixteen lists of two values are 65,536 combinations, and nobody writes out more exceptions than these.
inline constexpr std::size_t max_matrix_axes = 16;
inline constexpr std::size_t max_matrix_entries = 256;
// Of a list's values, as a message tells them.
inline constexpr std::size_t max_told_values = 8;
inline constexpr std::int64_t max_parallelism = 100'000;
inline constexpr std::size_t max_params = 64;
// What the defaults of a param's fields may add to what was given: each run's plan makes them anew.
inline constexpr std::size_t max_defaults_bytes = 65'536;
inline constexpr std::size_t max_inputs = 64;
inline constexpr int max_retries = 100;
inline constexpr double max_backoff_factor = 10;
// Attempts that run out of memory cost no retry, so something else has to bound them: by doubling, 20 make a Mi a Ti.
inline constexpr int max_memory_growths = 20;
inline constexpr double max_memory_factor = 100;
// Of a task that fans out into child runs. Each is an object with a status of its own, made by a request and written
// several times; a thousand take the API server about as long as a fan-out of a hundred thousand Pods.
inline constexpr std::int64_t max_children = 1000;
// A label value, and a DNS label: both must be able to hold a task's name.
inline constexpr std::size_t max_name = 63;

// Of a Kubernetes object, whatever its kind.
inline constexpr std::size_t max_object_name = 253;
// A registry host, a repository path and a digest; merged into every task, so it must stay small.
inline constexpr std::size_t max_image = 1024;
inline constexpr std::size_t max_service_account = 253;  // a DNS subdomain

// Linux has 41 capabilities, and the largest user and group that Kubernetes takes.
inline constexpr std::size_t max_capabilities = 64;
inline constexpr std::int64_t max_user_id = 2'147'483'647;

// A Pod's own kinds of resources are few.
inline constexpr std::size_t max_resources = 32;
inline constexpr std::size_t max_env = 256;
inline constexpr std::size_t max_env_from = 64;
inline constexpr std::size_t max_env_name = 256;
inline constexpr std::size_t max_text = 131'071;   // what Linux takes for one variable or argument
inline constexpr std::size_t max_question = 1024;  // of an approval: some lines of a terminal, kept in the status
inline constexpr std::size_t max_words = 1024;     // of a command, and of its args
inline constexpr std::size_t max_containers = 100;
inline constexpr std::size_t max_labels = 256;
inline constexpr std::size_t max_label_value = 63;
inline constexpr std::size_t max_annotation_value = 262'144;  // of Kubernetes' bound for all of them
// Ten years in seconds; and more runs than a cluster holds.
inline constexpr std::int64_t max_ttl_seconds = 315'360'000;
inline constexpr std::int64_t max_history = 1'000'000;
// Ten years.
inline constexpr std::int64_t max_starting_deadline_seconds = max_ttl_seconds;
// An IANA name such as America/Argentina/ComodRivadavia.
inline constexpr std::size_t max_time_zone = 64;
// How often a schedule is looked at while its time is far: the clock may be set meanwhile.
inline constexpr std::int64_t schedule_look_ms = 60'000;
// All of them have to be there to be counted.
inline constexpr std::int64_t max_circuit_failures = 1'000;
// Ten years: no run waits for longer, and sums of times stay far from the ends of 64 bits.
inline constexpr std::int64_t max_duration_ms = 87'600LL * 3600 * 1000;

// Values are copied, compared and printed by recursion in the JSON library: deeper ones are refused
// before anything touches them.
inline constexpr std::size_t max_json_depth = 128;

// A spec with more wrong than this is reported by the first ones.
inline constexpr std::size_t max_problems = 100;
// What a condition's message quotes of them. Conditions are shown in one column of a terminal.
inline constexpr std::size_t max_described_problems = 5;
inline constexpr std::size_t max_description = 1024;

// One of them, so that a long one leaves room for others; and before that, as kept.
inline constexpr std::size_t max_described_problem = 400;
inline constexpr std::size_t max_problem_text = 512;
// A cycle of more tasks than this is told by its beginning and its end.
inline constexpr std::size_t max_told_cycle = 12;

// Kubernetes' own default of revisionHistoryLimit.
inline constexpr std::size_t max_old_revisions = 10;

}  // namespace ork::workflow
