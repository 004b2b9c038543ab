// hack/sim --zoo: whether the simulator catches each known way to get an operator wrong.

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include "tests/sim/zoo/hunt.hpp"

namespace ork::zoo {
namespace {

constexpr const char* help = R"(Usage: hack/sim --zoo [--only NAME,...] [--seeds N] [--minutes M]

Tries known ways to get an operator wrong, each woven into a copy of its sources and one alive at a time. The
simulator has to catch each: a seed has to fail with the bug that is clean without it. Prints which invariant
caught which, and how many seeds that took. Exit code 1 if one went free, 2 if the call can't be understood.

  --only NAME    this bug, or several with commas between
  --seeds N      so many seeds a bug, at most (20000)
  --minutes M    so long for all of them (10)
  --seed S       with --only and one bug: this seed alone, with its trace
  --kept DIR     cases tried with what the first seeds let go (tests/sim/kept)
  --list         the bugs and what is wrong with each
  --workers N    processes (2)
  --help         this text
)";

struct Flags {
  Hunt hunt;
  std::string only;
  std::string kept_in = "tests/sim/kept";
  std::uint64_t seed = 0;
  bool list = false;
  bool help = false;
};

// The error is a sentence.
Result<Flags, std::string> flags_in(const std::vector<std::string>& words) {
  Flags flags;
  std::uint64_t minutes = 10;
  std::uint64_t workers = 2;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string& word = words[i];
    if (word == "--zoo") continue;
    if (word == "--list" || word == "--help") {
      (word == "--list" ? flags.list : flags.help) = true;
      continue;
    }
    std::uint64_t* number = word == "--seeds"     ? &flags.hunt.seeds
                            : word == "--minutes" ? &minutes
                            : word == "--seed"    ? &flags.seed
                            : word == "--workers" ? &workers
                                                  : nullptr;
    std::string* text = word == "--only" ? &flags.only : word == "--kept" ? &flags.kept_in : nullptr;
    if (number == nullptr && text == nullptr) {
      return Err("there is no flag " + word + " beside --zoo; see hack/sim --zoo --help");
    }
    if (++i == words.size()) return Err(word + " needs a value; see hack/sim --zoo --help");
    if (number == nullptr) {
      *text = words[i];
      continue;
    }
    const char* end = words[i].data() + words[i].size();
    if (std::from_chars(words[i].data(), end, *number).ptr != end || *number == 0) {
      return Err(word + " needs a number from 1 on, not " + words[i]);
    }
  }
  flags.hunt.time = std::chrono::minutes(minutes);
  flags.hunt.workers = workers;
  flags.hunt.bugs = all_bugs();
  if (!flags.only.empty()) {
    const std::string names = "," + flags.only + ",";
    std::erase_if(flags.hunt.bugs,
                  [&](const Bug& bug) { return names.find("," + bug.name + ",") == std::string::npos; });
  }
  if (flags.hunt.bugs.empty()) return Err("there is no bug " + flags.only + "; hack/sim --zoo --list names them");
  if (flags.seed != 0 && flags.only.empty()) return Err(std::string("--seed needs --only: one bug at a time"));
  return flags;
}

void tell(const Catch& one) {
  std::printf("%-42s %-7s %6llu seeds %7.1f s  %s\n", one.bug.c_str(), one.caught ? one.invariant.c_str() : "FREE",
              static_cast<unsigned long long>(one.seeds), one.took.count(), one.what.c_str());
  std::fflush(stdout);
}

// The seeds within which so many percent of these were caught, and after how long.
void tell_share(const std::vector<Catch>& by_seeds, const std::vector<double>& times, std::size_t percent) {
  const std::size_t count = (by_seeds.size() * percent + 99) / 100;
  if (count == 0 || count > times.size()) return;
  std::printf("%zu %% caught within %llu seeds each, after %.0f s\n", percent,
              static_cast<unsigned long long>(by_seeds[count - 1].seeds), times[count - 1]);
}

int run_hunt(const Hunt& what) {
  const auto begin = std::chrono::steady_clock::now();
  std::vector<double> times;  // of the catches
  std::vector<Catch> all = hunt(what, [&](const Catch& one) {
    tell(one);
    const std::chrono::duration<double> since = std::chrono::steady_clock::now() - begin;
    if (one.caught) times.push_back(since.count());
  });
  std::map<std::string, std::size_t> by_invariant;
  std::sort(all.begin(), all.end(), [](const Catch& a, const Catch& b) {
    return std::pair(!a.caught, a.seeds) < std::pair(!b.caught, b.seeds);
  });
  const auto passed =
      static_cast<std::size_t>(std::count_if(all.begin(), all.end(), [](const Catch& one) { return one.caught; }));
  std::printf("\n%-42s %-9s %s\n", "bug", "caught by", "seeds");
  for (const Catch& one : all) {
    std::printf("%-42s %-9s %llu%s\n", one.bug.c_str(), one.caught ? one.invariant.c_str() : "nothing",
                static_cast<unsigned long long>(one.seeds), one.kept.empty() ? "" : (", then " + one.kept).c_str());
    if (one.caught) ++by_invariant[one.invariant];
  }
  std::printf("\n");
  for (const auto& [invariant, count] : by_invariant) std::printf("%4zu caught by %s\n", count, invariant.c_str());
  for (const std::size_t percent : {50, 95, 100}) tell_share(all, times, percent);
  std::printf("%zu passed, %zu failed\n", passed, all.size() - passed);
  return passed == all.size() ? 0 : 1;
}

int run_one(const Bug& bug, std::uint64_t seed) {
  sim::FairEnds known;
  const sim::Case what = case_with(bug, seed);
  const sim::Verdict verdict = judge_with(bug, what, known);
  std::printf("%s", verdict.outcome.trace.text().c_str());
  std::printf("bug %s: %s\nshape %s\n%s", bug.name.c_str(), bug.what.c_str(), what.shape.name.c_str(),
              sim::to_text(what.faults).c_str());
  for (const sim::Violation& violation : verdict.violations) {
    std::printf("%s: %s\n", violation.invariant.c_str(), violation.what.c_str());
  }
  return verdict.violations.empty() ? 0 : 1;
}

int run(const std::vector<std::string>& words) {
  auto flags = flags_in(words);
  if (!flags) {
    std::fprintf(stderr, "%s\n", flags.error().c_str());
    return 2;
  }
  if (flags->help) return std::fputs(help, stdout) < 0 ? 1 : 0;
  if (flags->list) {
    for (const Bug& bug : flags->hunt.bugs) std::printf("%-42s %s\n", bug.name.c_str(), bug.what.c_str());
    return 0;
  }
  Hunt& what = flags->hunt;
  auto kept = sim::kept_cases_in(flags->kept_in);
  if (!kept) {
    std::fprintf(stderr, "%s\n", kept.error().c_str());
    return 2;
  }
  what.kept = *std::move(kept);
  return flags->seed != 0 ? run_one(what.bugs.front(), flags->seed) : run_hunt(what);
}

}  // namespace
}  // namespace ork::zoo

int main(int argc, char** argv) { return ork::zoo::run({argv + 1, argv + argc}); }
