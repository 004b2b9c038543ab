// What must hold of each request that an operator sends, whether it is stored or not.

#include <algorithm>
#include <array>
#include <deque>
#include <map>
#include <set>

#include "tests/sim/evidence.hpp"
#include "tests/sim/invariants.hpp"
#include "tests/sim/text_at.hpp"

namespace ork::sim {

using kube::Method;
using runtime::Duration;
using runtime::Instant;

namespace {

// What etcd takes for one object is 1.5 MiB; the rest is the server's.
constexpr std::size_t largest_request = 1U << 20U;

// Of one process. The widest shapes make some forty at once when a process lists, makes all Jobs and tells of it; a
// loop without a pause makes thousands.
constexpr std::size_t requests_a_second = 100;
// Of one process for one object: five statuses at their spacing, a last one, and what conflicts make it try again.
constexpr std::size_t tries_a_second = 12;

bool is_write(const SentRequest& request) { return request.method != Method::Get; }

std::string about(const SentRequest& request) {
  return target_of(request) + " (process " + std::to_string(request.process) + ", at " +
         std::to_string(request.at.since_zero.count() / 1000) + " ms)";
}

// Lists of different selections are different wishes. Each run looks its revision up for itself.
bool asks_the_same(const SentRequest& a, const SentRequest& b) {
  const bool may_be_of_another = a.method == Method::Get && a.path.find("/controllerrevisions/") != std::string::npos;
  return a.method == b.method && a.path == b.path && a.made == b.made && !may_be_of_another;
}

// What an operator decides by.
constexpr std::array<std::string_view, 5> listed_kinds{"workflows", "controllerrevisions", "workflowruns", "jobs",
                                                       "pods"};

// The last part of its path: a list's kind.
std::string_view plural_of(const SentRequest& request) {
  const std::string_view path = std::string_view(request.path).substr(0, request.path.find('?'));
  return path.substr(path.rfind('/') + 1);
}

// Of all objects of a kind, in all namespaces.
bool is_list(const SentRequest& request) {
  return request.method == Method::Get && request.path.find("/namespaces/") == std::string::npos;
}

bool is_of_jobs(const SentRequest& request) { return request.path.find("/jobs/") != std::string::npos; }

bool is_status_of(const SentRequest& request, std::string_view plural) {
  return request.method == Method::Patch && request.path.ends_with("/status") &&
         request.path.find(plural) != std::string::npos;
}

// Its name is used by one process, once.
bool is_of_own_lease(const SentRequest& request) { return request.path.find("/leases/ork-") != std::string::npos; }

// The requests of the last second, by what they are about.
class LastSecond {
 public:
  // How many there are, with this one.
  std::size_t add(const std::string& key, Instant at) {
    std::deque<Instant>& times = times_[key];
    while (!times.empty() && times.front() + Duration{1'000} <= at) times.pop_front();
    times.push_back(at);
    return times.size();
  }

 private:
  std::map<std::string, std::deque<Instant>> times_;
};

}  // namespace

void check_preconditions(const RequestLog& log, Violations& found) {
  for (const SentRequest& request : log.all()) {
    if (is_of_own_lease(request)) continue;
    switch (request.method) {
      case Method::Get: break;
      case Method::Post:
        if (request.made.empty()) found.push_back({"I11", about(request) + " makes an object without a name"});
        break;
      case Method::Delete:
        if (!request.insists_on_uid) found.push_back({"I11", about(request) + " deletes by name alone"});
        break;
      case Method::Put:
      case Method::Patch:
        // The two that let a retried fan-out begin say the same however often they are said, of one Job.
        if (request.base == 0 && !(is_of_jobs(request) && request.insists_on_uid))
          found.push_back({"I11", about(request) + " changes without a resourceVersion"});
    }
  }
}

void check_whole_views(const RequestLog& log, Violations& found) {
  std::map<std::uint32_t, std::vector<const SentRequest*>> listed;  // by process
  std::set<std::uint32_t> told;
  for (const SentRequest& request : log.all()) {
    if (is_list(request)) listed[request.process].push_back(&request);
    if (!is_write(request) || request.path.find("/leases") != std::string::npos) continue;
    for (const std::string_view plural : listed_kinds) {
      const auto& lists = listed[request.process];
      const bool known = std::any_of(lists.begin(), lists.end(), [&](const SentRequest* list) {
        const bool good = list->code >= 200 && list->code < 300;
        return good && list->answered <= request.at && plural_of(*list) == plural;
      });
      if (known || !told.insert(request.process).second) continue;
      found.push_back({"I12", about(request) + " is sent before " + std::string(plural) + " have been listed"});
    }
  }
}

void check_views(const RequestLog& log, Violations& found) {
  std::map<std::pair<std::uint32_t, std::string>, std::vector<const SentRequest*>> stored;  // by process and path
  for (const SentRequest& request : log.all()) {
    if (request.method != Method::Patch || request.base == 0) continue;
    auto& own = stored[{request.process, request.path}];
    for (const SentRequest* before : own) {
      const bool known = before->code >= 200 && before->code < 300 && before->answered <= request.at;
      if (!known || before->stored <= request.base) continue;
      found.push_back({"I12", about(request) + " starts from version " + std::to_string(request.base) +
                                  " although its process has stored " + std::to_string(before->stored)});
      break;
    }
    own.push_back(&request);
  }
}

void check_pace(const RequestLog& log, Violations& found) {
  LastSecond of_process, of_target;
  std::vector<const SentRequest*> refused;
  for (const SentRequest& request : log.all()) {
    const std::string process = std::to_string(request.process);
    const std::string target = process + " " + target_of(request);
    for (const SentRequest* before : refused) {
      if (before->process != request.process || !asks_the_same(*before, request)) continue;
      if (before->answered > request.at || request.at >= before->answered + before->retry_after) continue;
      found.push_back({"I14", about(request) + " does not wait for the " + std::to_string(before->retry_after.count()) +
                                  " ms that the server asked for"});
    }
    if (request.retry_after.count() > 0) refused.push_back(&request);
    if (of_process.add(process, request.at) == requests_a_second)
      found.push_back({"I14", "process " + process + " makes a storm, up to " + about(request)});
    if (is_write(request) && of_target.add(target, request.at) == tries_a_second)
      found.push_back({"I14", "too many tries of " + about(request)});
  }
}

void check_sizes(const RequestLog& log, Violations& found) {
  for (const SentRequest& request : log.all()) {
    if (request.bytes > largest_request)
      found.push_back({"I15", about(request) + " sends " + std::to_string(request.bytes) + " bytes"});
  }
}

namespace {

// A Job's queue starts and stops it: that its task runs is told then, and that it waits.
std::size_t turns_in_queues(const History& history) {
  return static_cast<std::size_t>(std::count_if(history.events->begin(), history.events->end(), [](const Event& event) {
    return event.kind == Event::Kind::Write && event.actor == "queue";
  }));
}

}  // namespace

void check_budget(const History& history, const RequestLog& log, std::size_t from, Violations& found) {
  std::size_t creates = 0, items = 0, reads = 0, item_reads = 0, statuses = 0;
  for (std::size_t i = from; i < log.all().size(); ++i) {
    const SentRequest& request = log.all()[i];
    if (request.method == Method::Post && request.path.ends_with("/jobs")) ++creates;
    const bool of_items = request.path.find("/configmaps") != std::string::npos;
    if (request.method == Method::Post && of_items) ++items;
    if (request.method == Method::Get) ++(of_items ? item_reads : reads);
    if (is_status_of(request, "/workflowruns/")) ++statuses;
    if (request.base != 0 && request.stored == request.base)
      found.push_back({"budget", about(request) + " changes nothing"});
  }
  const std::size_t attempts = history.jobs.size();
  std::set<std::pair<std::string, std::string>> begun;  // tasks
  for (const auto& [uid, states] : history.jobs) {
    const AttemptName name = attempt_of(states.front().object);
    begun.insert({name.run_uid, name.task});
  }
  if (creates > attempts)
    found.push_back({"budget", std::to_string(creates) + " creates for " + std::to_string(attempts) + " Jobs"});
  if (items > attempts)
    found.push_back({"budget", std::to_string(items) + " creates of items for " + std::to_string(attempts) + " Jobs"});
  // An object that is waited for is listed once and watched, and the API server asked how its kind is routed.
  std::size_t awaited = 0;
  for (const auto& [uid, states] : history.runs) {
    for (const auto& [name, task] : tasks_of(history, uid)) awaited += value_at(task, "/wait").contains("object");
  }
  // A retry asks whose the items are that are there already.
  if (item_reads > attempts - std::min(attempts, begun.size()) + 2 * awaited)
    found.push_back({"budget", std::to_string(item_reads) + " reads of items"});
  // A rerun asks for the earlier run, and so does who has a result of it.
  std::size_t earlier_runs = 0;
  for (const auto& [uid, states] : history.runs) {
    if (value_at(states.front().object, "/spec").contains("rerunOf")) ++earlier_runs;
    for (const nlohmann::json& task : value_at(states.back().object, "/status/tasks")) earlier_runs += is_cached(task);
  }
  if (reads > earlier_runs + awaited) found.push_back({"budget", std::to_string(reads) + " reads beside the watches"});
  // Beside one for each task and two for each run: that an attempt has ended and that the next one runs, how many
  // indexes of a fan-out run, that a task begins to wait, and that it ends while others go on.
  std::size_t tasks = 0;
  for (const auto& [uid, own] : history.tasks) {
    // What a hook follows is told before it begins, and what it has come to; and of a task with a cache, that it has to
    // run.
    for (const auto& [name, task] : own)
      tasks += has_no_pod(task) ? 3 : is_hook(task) || task.contains("cache") ? 2 : 1;
  }
  const auto indexes = static_cast<std::size_t>(std::count_if(
      history.lives.begin(), history.lives.end(), [](const Life& life) { return life.process.index >= 0; }));
  // Why it waits is told of an attempt that does not start, and that it is given up before anything follows.
  const auto stuck =
      static_cast<std::size_t>(std::count_if(history.jobs.begin(), history.jobs.end(), [&](const auto& job) {
        return std::none_of(history.lives.begin(), history.lives.end(), [&](const Life& life) {
          return attempt_of(life.process) == attempt_of(job.second.front().object);
        });
      }));
  const auto results =
      static_cast<std::size_t>(std::count_if(history.runs.begin(), history.runs.end(), [](const auto& run) {
        return value_at(run.second.back().object, "/status").contains("result");
      }));
  // Of each child run its parent tells that it runs, and how it has ended.
  const auto children =
      static_cast<std::size_t>(std::count_if(history.runs.begin(), history.runs.end(), [](const auto& run) {
        return value_at(run.second.front().object, "/spec").contains("childOf");
      }));
  const std::size_t most = tasks + 2 * history.runs.size() + 2 * children + results + 2 * (attempts - begun.size()) +
                           2 * indexes + 2 * stuck + 2 * turns_in_queues(history);
  if (statuses > most)
    found.push_back({"budget", std::to_string(statuses) + " statuses of runs, of at most " + std::to_string(most)});
}

}  // namespace ork::sim
