#include "tests/sim/zoo/hunt.hpp"

#include <poll.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <deque>
#include <nlohmann/json.hpp>
#include <span>
#include <sstream>
#include <stdexcept>

#include "tests/sim/zoo/living.hpp"

namespace ork::zoo {
namespace {

using Clock = std::chrono::steady_clock;
using Json = nlohmann::json;

// A seed takes some ten milliseconds. A bug may make a world that turns for ever without its clock moving on, or
// that grows without bound.
constexpr unsigned most_seconds_a_seed = 10;
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

// Tries one case, and says {"caught":...} where it is.
bool is_caught(const Bug& bug, const sim::Case& what, const std::string& kept, sim::FairEnds& known, int pipe) {
  alarm(most_seconds_a_seed);
  const sim::Verdict verdict = judge_with(bug, what, known);
  if (verdict.violations.empty() || !judge_with({}, what, known).violations.empty()) return false;
  const sim::Violation& first = verdict.violations.front();
  send(pipe, {{"caught", true}, {"invariant", first.invariant}, {"what", first.what}, {"kept", kept}});
  return true;
}

// In a process of its own. Says {"seed":n} before each.
void hunt_one(const Bug& bug, std::span<const sim::KeptCase> kept, std::uint64_t from, std::uint64_t to, int pipe) {
  const rlimit bound{most_memory, most_memory};
  setrlimit(RLIMIT_AS, &bound);
  sim::FairEnds known;
  for (const sim::KeptCase& one : kept) {
    if (is_caught(bug, one.what, one.path, known, pipe)) return;
  }
  for (std::uint64_t seed = from; seed <= to; ++seed) {
    send(pipe, {{"seed", seed}});
    if (is_caught(bug, case_with(bug, seed), "", known, pipe)) return;
  }
  send(pipe, {{"caught", false}});
}

// A bug's next seeds. Few at first: most are caught by them, and those that are not come back when all had a turn.
struct Turn {
  std::size_t place = 0;  // of the bug
  std::uint64_t from = 1;
  std::uint64_t to = 0;
};
constexpr std::uint64_t first_turn = 30;
constexpr std::uint64_t later_turn = 10;  // times as many as before

struct Hunter {
  Turn turn;
  std::uint64_t last = 0;  // of the turn as it began
  pid_t pid = 0;
  int pipe = -1;
  std::string unread;
  Json told;  // its last word
  std::uint64_t seed = 0;
  Clock::time_point begin;
  bool after_death = false;  // tries the seed that killed the one before without the bug
  int death = 0;             // its signal
};

class Party {
 public:
  Party(const Hunt& hunt, const std::function<void(const Catch&)>& on_catch)
      : hunt_(hunt), on_catch_(on_catch), end_(Clock::now() + hunt.time), caught_(hunt.bugs.size()) {
    for (std::size_t i = 0; i < hunt.bugs.size(); ++i) {
      caught_[i].bug = hunt.bugs[i].name;
      waiting_.push_back({i, 1, std::min(first_turn, hunt.seeds)});
    }
  }

  std::vector<Catch> run() {
    while (!waiting_.empty() || !hunters_.empty()) {
      while (hunters_.size() < hunt_.workers && !waiting_.empty()) {
        const Turn turn = waiting_.front();
        waiting_.pop_front();
        start({.turn = turn, .last = turn.to, .begin = Clock::now()}, hunt_.bugs[turn.place]);
      }
      wait();
      if (Clock::now() >= end_) call_off();
    }
    return std::move(caught_);
  }

 private:
  void start(Hunter hunter, const Bug& bug) {
    std::array<int, 2> ends{};
    if (pipe(ends.data()) != 0) return;
    hunter.pid = fork();
    if (hunter.pid == 0) {
      close(ends[0]);
      const bool second = hunter.turn.from == first_turn + 1;
      hunt_one(bug, second ? std::span(hunt_.kept) : std::span<const sim::KeptCase>(), hunter.turn.from, hunter.turn.to,
               ends[1]);
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
    Catch& held = put_down(hunter);
    if (!hunter.told.contains("caught")) return died(std::move(hunter), status);
    if (hunter.after_death) {
      held.caught = true;
      held.invariant = hunter.death == SIGALRM ? "no end" : "crash";
      held.what = "the process ended by signal " + std::to_string(hunter.death);
    } else {
      held.caught = hunter.told["caught"];
      held.invariant = hunter.told.value("invariant", "");
      held.what = hunter.told.value("what", "");
      held.kept = hunter.told.value("kept", "");
      if (!held.kept.empty()) held.seeds = hunter.turn.from - 1;
    }
    const std::uint64_t to = hunter.last;
    if (!held.caught && to < hunt_.seeds) {
      waiting_.push_back({hunter.turn.place, to + 1, std::min(later_turn * to, hunt_.seeds)});
    } else {
      on_catch_(held);
    }
  }

  // In the midst of a seed: by the bug, if that seed is clean without it.
  void died(Hunter hunter, int status) {
    const std::size_t place = hunter.turn.place;
    if (!hunter.after_death) {
      hunter.after_death = true;
      hunter.death = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
      hunter.turn = {place, hunter.seed, hunter.seed};
      return start(std::move(hunter), {});
    }
    if (hunter.seed == hunter.last) return on_catch_(caught_[place]);
    start({.turn = {place, hunter.seed + 1, hunter.last}, .last = hunter.last, .begin = Clock::now()},
          hunt_.bugs[place]);
  }

  Catch& put_down(Hunter& hunter) {
    Catch& held = caught_[hunter.turn.place];
    held.seeds = hunter.seed;
    held.took += Clock::now() - std::exchange(hunter.begin, Clock::now());
    return held;
  }

  void call_off() {
    for (Hunter& hunter : hunters_) {
      kill(hunter.pid, SIGKILL);
      waitpid(hunter.pid, nullptr, 0);
      close(hunter.pipe);
      on_catch_(put_down(hunter));
    }
    hunters_.clear();
    for (const Turn& turn : waiting_) on_catch_(caught_[turn.place]);
    waiting_.clear();
  }

  const Hunt& hunt_;
  const std::function<void(const Catch&)>& on_catch_;
  Clock::time_point end_;
  std::vector<Catch> caught_;
  std::deque<Turn> waiting_;
  std::vector<Hunter> hunters_;
};

// "4", or of "4-20" one of these.
std::string number_in(const std::string& range, sim::Chance& chance) {
  const std::size_t dash = range.find('-');
  if (dash == std::string::npos) return range;
  return std::to_string(chance.between(std::stoll(range), std::stoll(range.substr(dash + 1))));
}

// The bug's faults, of a strength that depends on the seed.
sim::Faults faults_with(const Bug& bug, std::uint64_t seed) {
  sim::Faults faults;
  sim::Chance chance = sim::Chance(seed).stream("the bug's fault");
  std::istringstream words(bug.fault);
  for (std::string actor, counted, range, harm; words >> actor >> counted >> range >> harm;) {
    if (harm.ends_with(',')) harm.pop_back();
    const std::string text = actor + " " + counted + " " + number_in(range, chance) + " " + harm;
    const auto read = sim::faults_from(text + " wait=0 back=0");
    if (!read || read->empty()) throw std::runtime_error("bug " + bug.name + ": there is no fault " + text);
    faults.push_back(read->front());
    faults.back().wait = sim::random_wait(chance, faults.back().harm);
  }
  return faults;
}

}  // namespace

sim::Case case_with(const Bug& bug, std::uint64_t seed) {
  sim::Case what = sim::case_of_seed(seed);
  const sim::Shape* shape = seed % 2 == 1 ? sim::find_shape(bug.shape) : nullptr;
  if (shape != nullptr) what.shape = *shape;
  if (seed % 2 == 1) {
    const sim::Faults faults = faults_with(bug, seed);
    what.faults.insert(what.faults.begin(), faults.begin(), faults.end());
  }
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
