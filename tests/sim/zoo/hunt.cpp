#include "tests/sim/zoo/hunt.hpp"

#include <poll.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <deque>
#include <nlohmann/json.hpp>

#include "tests/sim/zoo/living.hpp"

namespace ork::zoo {
namespace {

using Clock = std::chrono::steady_clock;
using Json = nlohmann::json;

// A seed takes some ten milliseconds. A bug may make a world that turns for ever without its clock moving on, or
// that grows without bound.
constexpr unsigned most_seconds_a_seed = 20;
constexpr rlim_t most_memory = rlim_t{4} << 30;

const std::map<std::string, std::string>& fair_ends(const sim::Case& what, sim::FairEnds& known) {
  static const std::map<std::string, std::string> not_compared;
  if (!what.shape.steady) return not_compared;
  if (what.shape.name == "random") known.erase("random");
  const auto [it, fresh] = known.try_emplace(what.shape.name);
  if (fresh) {
    const sim::Outcome fair = sim::run_world({.seed = what.seed, .shape = what.shape, .until_quiet = false});
    it->second = sim::task_ends(sim::History(fair.trace));
  }
  return it->second;
}

void send(int pipe, const Json& message) {
  const std::string line = message.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
  if (write(pipe, line.data(), line.size()) != static_cast<ssize_t>(line.size())) _exit(3);
}

// In a process of its own. Says {"seed":n} before each, and {"caught":...} where one is.
void hunt_one(const Bug& bug, std::uint64_t from, std::uint64_t to, int pipe) {
  const rlimit bound{most_memory, most_memory};
  setrlimit(RLIMIT_AS, &bound);
  sim::FairEnds known;
  for (std::uint64_t seed = from; seed <= to; ++seed) {
    send(pipe, {{"seed", seed}});
    alarm(most_seconds_a_seed);
    const sim::Case what = case_with(bug, seed);
    const sim::Verdict verdict = judge_with(bug, what, known);
    if (verdict.violations.empty() || !judge_with({}, what, known).violations.empty()) continue;
    const sim::Violation& first = verdict.violations.front();
    send(pipe, {{"caught", true}, {"invariant", first.invariant}, {"what", first.what}});
    return;
  }
  send(pipe, {{"caught", false}});
}

struct Hunter {
  std::size_t place = 0;  // of the bug
  pid_t pid = 0;
  int pipe = -1;
  std::string unread;
  Json told;  // its last word
  std::uint64_t seed = 0;
  Clock::time_point begin;
  bool after_death = false;  // tries the seed that killed the one before without the bug
  std::string death;
};

class Party {
 public:
  Party(const Hunt& hunt, const std::function<void(const Catch&)>& on_catch)
      : hunt_(hunt), on_catch_(on_catch), end_(Clock::now() + hunt.time), caught_(hunt.bugs.size()) {
    for (std::size_t i = 0; i < hunt.bugs.size(); ++i) {
      caught_[i].bug = hunt.bugs[i].name;
      waiting_.push_back(i);
    }
  }

  std::vector<Catch> run() {
    while (!waiting_.empty() || !hunters_.empty()) {
      while (hunters_.size() < hunt_.workers && !waiting_.empty()) {
        const std::size_t place = waiting_.front();
        waiting_.pop_front();
        start({.place = place, .begin = Clock::now()}, hunt_.bugs[place], 1, hunt_.seeds);
      }
      wait();
      if (Clock::now() >= end_) call_off();
    }
    return std::move(caught_);
  }

 private:
  void start(Hunter hunter, const Bug& bug, std::uint64_t from, std::uint64_t to) {
    std::array<int, 2> ends{};
    if (pipe(ends.data()) != 0) return;
    hunter.pid = fork();
    if (hunter.pid == 0) {
      close(ends[0]);
      hunt_one(bug, from, to, ends[1]);
      _exit(0);
    }
    close(ends[1]);
    hunter.pipe = ends[0];
    hunter.told = Json();
    hunters_.push_back(std::move(hunter));
  }

  void wait() {
    std::vector<pollfd> ready;
    for (const Hunter& hunter : hunters_) ready.push_back({hunter.pipe, POLLIN, 0});
    poll(ready.data(), ready.size(), 500);
    for (std::size_t i = ready.size(); i-- > 0;) {
      if (ready[i].revents == 0 || read_on(hunters_[i])) continue;
      Hunter back = std::move(hunters_[i]);
      hunters_.erase(hunters_.begin() + static_cast<std::ptrdiff_t>(i));
      came_back(std::move(back));
    }
  }

  // False: it has ended.
  static bool read_on(Hunter& hunter) {
    std::array<char, 4096> bytes{};
    const ssize_t got = read(hunter.pipe, bytes.data(), bytes.size());
    if (got <= 0) return false;
    hunter.unread.append(bytes.data(), static_cast<std::size_t>(got));
    for (std::size_t end = hunter.unread.find('\n'); end != std::string::npos; end = hunter.unread.find('\n')) {
      hunter.told = Json::parse(hunter.unread.substr(0, end));
      hunter.unread.erase(0, end + 1);
      if (hunter.told.contains("seed")) hunter.seed = hunter.told["seed"];
    }
    return true;
  }

  void came_back(Hunter hunter) {
    int status = 0;
    waitpid(hunter.pid, &status, 0);
    close(hunter.pipe);
    Catch& held = caught_[hunter.place];
    held.seeds = hunter.seed;
    held.took = Clock::now() - hunter.begin;
    const Bug& bug = hunt_.bugs[hunter.place];
    if (hunter.after_death) {
      // Dead again: it was not the bug.
      hunter.after_death = false;
      if (!hunter.told.contains("caught")) return start(std::move(hunter), bug, held.seeds + 1, hunt_.seeds);
      held.caught = true;
      held.invariant = WTERMSIG(std::stoi(hunter.death)) == SIGALRM ? "no end" : "crash";
      held.what = "the process ended by signal " + hunter.death;
    } else if (!hunter.told.contains("caught")) {
      hunter.after_death = true;
      hunter.death = std::to_string(WIFSIGNALED(status) ? WTERMSIG(status) : 0);
      const std::uint64_t seed = held.seeds;
      return start(std::move(hunter), {}, seed, seed);
    } else {
      held.caught = hunter.told["caught"];
      held.invariant = hunter.told.value("invariant", "");
      held.what = hunter.told.value("what", "");
    }
    on_catch_(held);
  }

  void call_off() {
    for (const Hunter& hunter : hunters_) {
      kill(hunter.pid, SIGKILL);
      waitpid(hunter.pid, nullptr, 0);
      close(hunter.pipe);
      caught_[hunter.place].seeds = hunter.seed;
      caught_[hunter.place].took = Clock::now() - hunter.begin;
      on_catch_(caught_[hunter.place]);
    }
    hunters_.clear();
    for (const std::size_t place : waiting_) on_catch_(caught_[place]);
    waiting_.clear();
  }

  const Hunt& hunt_;
  const std::function<void(const Catch&)>& on_catch_;
  Clock::time_point end_;
  std::vector<Catch> caught_;
  std::deque<std::size_t> waiting_;
  std::vector<Hunter> hunters_;
};

}  // namespace

sim::Case case_with(const Bug& bug, std::uint64_t seed) {
  sim::Case what = sim::case_of_seed(seed);
  const sim::Shape* shape = seed % 2 == 1 ? sim::find_shape(bug.shape) : nullptr;
  if (shape != nullptr) what.shape = *shape;
  return what;
}

sim::Verdict judge_with(const Bug& bug, const sim::Case& what, sim::FairEnds& known) {
  living = 0;
  const auto& ends = fair_ends(what, known);
  living = bug.number;
  sim::Verdict verdict = sim::judge(what, ends);
  living = 0;
  return verdict;
}

std::vector<Catch> hunt(const Hunt& hunt, const std::function<void(const Catch&)>& on_catch) {
  return Party(hunt, on_catch).run();
}

}  // namespace ork::zoo
