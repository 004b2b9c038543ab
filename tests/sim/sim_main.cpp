// hack/sim: seeds, crash points and single cases, from the command line.

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include "tests/sim/case_text.hpp"
#include "tests/sim/crash_points.hpp"
#include "tests/sim/kept_cases.hpp"
#include "tests/sim/shrink.hpp"
#include "tests/sim/trial.hpp"
#include "tests/sim/workers.hpp"

namespace ork::sim {
namespace {

constexpr const char* help =
    R"(Usage: hack/sim [--seeds N | --minutes M | --seed S | --crash-points | --kept | --case FILE | --zoo] [...]

Tries the operator on a whole cluster in virtual time and makes the world as bad as a seed says. What must
hold is checked after each run; a failure prints its seed, the shortest list of faults that still fails, and
the last lines of the trace. Exit code 1 if anything failed, 2 if the call can't be understood.

  --seeds N        so many seeds (1000; with --minutes no end)
  --from S         the first of them (1)
  --minutes M      as many of them as that takes
  --seed S         this one, with its trace
  --crash-points   the operator killed at every write of every shape
  --crash-pairs    killed twice, at every pair of writes, of the ten smallest shapes
  --shape NAME     only this shape
  --kept [DIR]     the cases that are kept, each NAME.case of DIR (tests/sim/kept)
  --case FILE      this case, with its trace; a failure prints it as such a file holds it
  --objects WHAT   with --seed or --case: each stored object of that collection in full, as workflowruns, jobs, pods
  --shapes         the names of the shapes
  --zoo            whether known bugs are caught instead; hack/sim --zoo --help
  --workers N      processes (2)
  --help           this text

Examples
  hack/sim                                   a thousand seeds
  hack/sim --minutes 2 --seeds 20000         what hack/test does
  hack/sim --seed 4711                       one seed again, byte for byte
  hack/sim --crash-points --shape chain      kill it at each write of a chain
  hack/sim --case bad.case                   what a failure has printed
)";

struct Flags {
  std::uint64_t seeds = 0;  // not given
  std::uint64_t from = 1;
  std::uint64_t minutes = 0;
  std::uint64_t seed = 0;
  std::uint64_t workers = 2;
  bool crash_points = false;
  bool crash_pairs = false;
  bool shapes = false;
  bool help = false;
  bool kept = false;
  std::string kept_in = "tests/sim/kept";
  std::string shape;
  std::string file;
  std::string objects;
};

bool number_in(std::string_view text, std::uint64_t& value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc{} && end == text.data() + text.size() && value > 0;
}

// The error is a sentence.
Result<Flags, std::string> flags_in(const std::vector<std::string>& words) {
  Flags flags;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string& word = words[i];
    std::uint64_t* number = word == "--seeds"     ? &flags.seeds
                            : word == "--from"    ? &flags.from
                            : word == "--minutes" ? &flags.minutes
                            : word == "--seed"    ? &flags.seed
                            : word == "--workers" ? &flags.workers
                                                  : nullptr;
    std::string* text = word == "--shape"     ? &flags.shape
                        : word == "--case"    ? &flags.file
                        : word == "--objects" ? &flags.objects
                                              : nullptr;
    bool* given = word == "--crash-points"  ? &flags.crash_points
                  : word == "--crash-pairs" ? &flags.crash_pairs
                  : word == "--shapes"      ? &flags.shapes
                  : word == "--kept"        ? &flags.kept
                  : word == "--help"        ? &flags.help
                                            : nullptr;
    if (given != nullptr) {
      *given = true;
      if (given == &flags.kept && i + 1 < words.size() && !words[i + 1].starts_with("--")) flags.kept_in = words[++i];
      continue;
    }
    if (number == nullptr && text == nullptr) return Err("there is no flag " + word + "; see hack/sim --help");
    if (++i == words.size()) return Err(word + " needs a value; see hack/sim --help");
    if (text != nullptr) *text = words[i];
    if (number != nullptr && !number_in(words[i], *number)) {
      return Err(word + " needs a number from 1 on, not " + words[i]);
    }
  }
  if (!flags.shape.empty() && find_shape(flags.shape) == nullptr) {
    return Err("there is no shape " + flags.shape + "; hack/sim --shapes names them");
  }
  return flags;
}

void count(const Case& what, const Verdict& verdict, Tally& tally) {
  ++tally.counts["runs of " + what.shape.name];
  for (const Event& event : verdict.outcome.trace.events()) {
    switch (event.kind) {
      case Event::Kind::Fault: {
        const std::string words = event.note.substr(0, event.note.find(" wait="));
        ++tally.counts["fault " + event.actor + " " + words.substr(words.rfind(' ') + 1)];
        break;
      }
      case Event::Kind::Start: ++tally.counts["processes"]; break;
      case Event::Kind::Write: ++tally.counts["writes of " + event.actor]; break;
      default: break;
    }
  }
  tally.counts["operators"] += verdict.outcome.operators;
  for (const auto& [run, end] : verdict.outcome.ends) ++tally.counts["end " + (end.empty() ? "none" : end)];
}

void try_case(Case what, FairEnds& known, Tally& tally) {
  Verdict verdict = judge_beside_fair_weather(what, known);
  count(what, verdict, tally);
  if (verdict.violations.empty()) return;
  ++tally.counts["violations of " + verdict.violations.front().invariant];
  const std::string invariant = verdict.violations.front().invariant;
  what = shrink(what, [&](const Case& smaller) {
    const Violations found = judge_beside_fair_weather(smaller, known).violations;
    return !found.empty() && found.front().invariant == invariant;
  });
  tally.failures.push_back(report(what, judge_beside_fair_weather(what, known)));
}

// Each failure as it comes: who looks on need not wait for the end.
class Teller {
 public:
  void show_failures(const WorkDone& done) {
    for (; told_ < done.tally.failures.size(); ++told_)
      std::printf("\n--- failed: %s\n", done.tally.failures[told_].c_str());
    std::fflush(stdout);
  }

 private:
  std::size_t told_ = 0;
};

int work_through(const Work& work, const char* what) {
  Teller teller;
  const WorkDone done = carry_out(work, [&teller](const WorkDone& so_far) {
    teller.show_failures(so_far);
    std::fprintf(stderr, "%llu done, %zu failed\n", static_cast<unsigned long long>(so_far.items),
                 so_far.tally.failures.size());
  });
  teller.show_failures(done);
  for (const auto& [name, times] : done.tally.counts)
    std::printf("%10llu %s\n", static_cast<unsigned long long>(times), name.c_str());
  std::printf("%llu %s in %.1f s, %.0f a second: %zu failed\n", static_cast<unsigned long long>(done.items), what,
              done.took.count(), static_cast<double>(done.items) / done.took.count(), done.tally.failures.size());
  const std::size_t failed = done.tally.failures.size();
  std::printf("%llu passed, %zu failed\n", static_cast<unsigned long long>(done.items - std::min(done.items, failed)),
              failed);
  return done.tally.failures.empty() ? 0 : 1;
}

int run_seeds(const Flags& flags) {
  const std::uint64_t enough = flags.minutes > 0 ? UINT64_MAX / 2 : 1000;
  Work work{.first = flags.from, .count = flags.seeds > 0 ? flags.seeds : enough, .workers = flags.workers};
  if (flags.minutes > 0) work.time = std::chrono::minutes(flags.minutes);
  work.do_one = [&flags, known = FairEnds()](std::uint64_t seed, Tally& tally) mutable {
    Case what = case_of_seed(seed);
    if (!flags.shape.empty()) what.shape = *find_shape(flags.shape);
    try_case(std::move(what), known, tally);
  };
  return work_through(work, "seeds");
}

int run_crash_points(const Flags& flags, const std::vector<CrashPoint>& points) {
  Work work{.count = points.size(), .workers = flags.workers};
  work.do_one = [&points, known = FairEnds()](std::uint64_t item, Tally& tally) mutable {
    try_case(case_of(points[item]), known, tally);
  };
  return work_through(work, "crash points");
}

int run_one(const Case& what, const std::string& objects) {
  FairEnds known;
  const Verdict verdict = judge_beside_fair_weather(what, known);
  for (const Event& event : verdict.outcome.trace.events()) {
    std::printf("%s\n", to_line(event).c_str());
    const bool asked_for = !objects.empty() && event.collection.starts_with(objects + ".");
    if ((asked_for || event.collection == objects) && event.text) std::printf("%16s %s\n", "", event.text->c_str());
  }
  std::printf("shape %s, trace %016llx\n%s", what.shape.name.c_str(),
              static_cast<unsigned long long>(verdict.outcome.trace.hash()), to_text(what).c_str());
  for (const Violation& violation : verdict.violations) {
    std::printf("%s: %s\n", violation.invariant.c_str(), violation.what.c_str());
  }
  return verdict.violations.empty() ? 0 : 1;
}

int refuse(const std::string& why) {
  std::fprintf(stderr, "%s\n", why.c_str());
  return 2;
}

// They are small already, and each as it is tells more than a smaller one.
int run_kept(const Flags& flags) {
  const auto read = kept_cases_in(flags.kept_in);
  if (!read) return refuse(read.error());
  const std::vector<KeptCase>& cases = *read;
  Work work{.count = cases.size(), .workers = flags.workers, .failures_kept = cases.size()};
  work.do_one = [&cases, known = FairEnds()](std::uint64_t item, Tally& tally) mutable {
    const auto& [path, what] = cases[item];
    const Verdict verdict = judge_beside_fair_weather(what, known);
    if (!verdict.violations.empty()) tally.failures.push_back(path + "\n" + report(what, verdict));
  };
  return work_through(work, "kept cases");
}

int run(const std::vector<std::string>& words) {
  const auto flags = flags_in(words);
  if (!flags) return refuse(flags.error());
  if (flags->help) return std::fputs(help, stdout) < 0 ? 1 : 0;
  if (flags->shapes) {
    for (const Shape& shape : named_shapes()) std::printf("%s\n", shape.name.c_str());
    return 0;
  }
  if (flags->kept) return run_kept(*flags);
  if (!flags->file.empty()) {
    const auto what = case_in(flags->file);
    return what ? run_one(*what, flags->objects) : refuse(what.error());
  }
  if (flags->crash_points) return run_crash_points(*flags, crash_points(flags->shape));
  if (flags->crash_pairs) return run_crash_points(*flags, crash_pairs(flags->shape));
  if (flags->seed == 0) return run_seeds(*flags);
  Case what = case_of_seed(flags->seed);
  if (!flags->shape.empty()) what.shape = *find_shape(flags->shape);
  return run_one(what, flags->objects);
}

}  // namespace
}  // namespace ork::sim

int main(int argc, char** argv) { return ork::sim::run({argv + 1, argv + argc}); }
