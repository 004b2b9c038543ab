#include "tests/sim/fault.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <sstream>

namespace ork::sim {
namespace {

constexpr std::array<std::string_view, 3> counted_names{"call", "write", "stream"};

constexpr std::array<std::string_view, harms> harm_names{"delay",
                                                         "late-answer",
                                                         "connect-error",
                                                         "conflict",
                                                         "too-many-requests",
                                                         "server-error",
                                                         "unavailable",
                                                         "time-out",
                                                         "lost-answer",
                                                         "broken-answer",
                                                         "half-answer",
                                                         "late-write",
                                                         "compact",
                                                         "pause",
                                                         "clock-forward",
                                                         "clock-back",
                                                         "crash-before",
                                                         "crash-unanswered",
                                                         "crash-after",
                                                         "refuse-stream",
                                                         "stream-delay",
                                                         "stream-freeze",
                                                         "stream-end",
                                                         "stream-broken",
                                                         "stream-gone",
                                                         "stream-repeat",
                                                         "stream-half",
                                                         "stream-merge",
                                                         "node-silent",
                                                         "node-reboot",
                                                         "node-gone",
                                                         "drain",
                                                         "preempt",
                                                         "evict",
                                                         "unlabel",
                                                         "relabel",
                                                         "disown",
                                                         "hold",
                                                         "adorn",
                                                         "halt",
                                                         "narrow",
                                                         "forge",
                                                         "deface",
                                                         "clock-fast",
                                                         "clock-slow"};

template <typename Value, std::size_t N>
std::optional<Value> value_named(const std::array<std::string_view, N>& names, std::string_view name) {
  const auto it = std::find(names.begin(), names.end(), name);
  if (it == names.end()) return std::nullopt;
  return static_cast<Value>(it - names.begin());
}

// "wait=12": 12.
std::optional<std::int64_t> number_after(std::string_view prefix, std::string_view text) {
  if (!text.starts_with(prefix)) return std::nullopt;
  text.remove_prefix(prefix.size());
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || value < 0) return std::nullopt;
  return value;
}

std::optional<Fault> fault_in(const std::string& line) {
  std::istringstream words(line);
  std::string actor, counted, n, harm, wait, back, more;
  if (!(words >> actor >> counted >> n >> harm >> wait >> back) || words >> more) return std::nullopt;
  const auto what = value_named<Counted>(counted_names, counted);
  const auto how = value_named<Harm>(harm_names, harm);
  const auto number = number_after("", n);
  const auto wait_value = number_after("wait=", wait);
  const auto back_value = number_after("back=", back);
  if (!what || !how || !number || *number < 1 || *number > UINT32_MAX || !wait_value || !back_value) {
    return std::nullopt;
  }
  if (is_of_stream(*how) != (*what == Counted::Stream)) return std::nullopt;
  if (is_of_object(*how) && *what != Counted::Write) return std::nullopt;
  if (is_of_node(*how) && !actor.starts_with("kubelet")) return std::nullopt;
  return Fault{actor, *what, static_cast<std::uint32_t>(*number), *how, *wait_value, *back_value};
}

}  // namespace

std::int64_t random_wait(Chance& chance, Harm harm) {
  switch (harm) {
    case Harm::Delay:
    case Harm::LateAnswer: return chance.between(1, chance.happens(20) ? 12'000 : 500);
    case Harm::TooManyRequests: return 1000 * chance.between(1, 5);
    case Harm::LateWrite: return chance.between(0, 5'000);
    case Harm::Pause: return chance.between(1, chance.happens(40) ? 60'000 : 3'000);
    case Harm::ClockForward:
    case Harm::ClockBack: return chance.between(1, chance.happens(30) ? 86'400'000 : 10'000);
    case Harm::StreamMerge: return chance.between(1, 5'000);
    case Harm::CrashUnanswered: return chance.happens(50) ? 0 : chance.between(1, 8'000);
    case Harm::StreamDelay: return chance.between(1, chance.happens(30) ? 60'000 : 3'000);
    case Harm::StreamFreeze:
    case Harm::StreamEnd:
    case Harm::StreamHalf:
    case Harm::StreamBroken:
    case Harm::StreamGone: return chance.between(0, 12);
    default: return 0;
  }
}

namespace {

Harm random_harm(Chance& chance, Counted counted, bool may_crash) {
  constexpr int first_crash = static_cast<int>(Harm::CrashBeforeSend);
  constexpr int first_stream = static_cast<int>(Harm::RefuseStream);
  if (counted == Counted::Stream)
    return static_cast<Harm>(chance.between(first_stream, static_cast<int>(Harm::StreamMerge)));
  if (may_crash && chance.happens(35)) return static_cast<Harm>(chance.between(first_crash, first_stream - 1));
  return static_cast<Harm>(chance.between(0, first_crash - 1));
}

// A clock that is wrong is so from the start of its process: not the operator's own, by which it knows how old a run
// is.
Fault wrong_clock(Chance& chance) {
  Fault fault{.actor = chance.happens(80) ? "kubelet" : "job-controller"};
  fault.harm = chance.happens(60) ? Harm::ClockForward : Harm::ClockBack;
  fault.wait = random_wait(chance, fault.harm);
  return fault;
}

// Of two operators the first sees one kind long after the other does.
Fault lagging_watch(Chance& chance) {
  constexpr std::int64_t kinds = 5;
  Fault fault{.actor = "operator", .counted = Counted::Stream, .harm = Harm::StreamDelay};
  fault.n = static_cast<std::uint32_t>(chance.between(1, kinds));
  fault.wait = random_wait(chance, fault.harm);
  return fault;
}

// Who is refused or not answered once often is several times in a row.
void go_on(Chance& chance, std::size_t count, Faults& faults) {
  const Fault first = faults.back();
  const bool may_last = first.harm >= Harm::ConnectError && first.harm <= Harm::LateWrite;
  if (!may_last || !chance.happens(20)) return;
  const auto last = first.n + static_cast<std::uint32_t>(chance.between(1, 4));
  for (std::uint32_t n = first.n + 1; n <= last && faults.size() < count; ++n) {
    faults.push_back(first);
    faults.back().n = n;
  }
}

}  // namespace

std::string_view to_string(Counted counted) { return counted_names.at(static_cast<std::size_t>(counted)); }
std::string_view to_string(Harm harm) { return harm_names.at(static_cast<std::size_t>(harm)); }

bool is_crash(Harm harm) {
  return harm == Harm::CrashBeforeSend || harm == Harm::CrashUnanswered || harm == Harm::CrashAfterAnswer;
}

bool is_of_stream(Harm harm) { return harm >= Harm::RefuseStream && harm <= Harm::StreamMerge; }

bool is_of_node(Harm harm) { return harm >= Harm::NodeSilent && harm <= Harm::Evict; }

bool is_of_object(Harm harm) { return harm >= Harm::Unlabel && harm <= Harm::Deface; }

std::string to_text(const Fault& fault) {
  std::ostringstream out;
  out << fault.actor << ' ' << to_string(fault.counted) << ' ' << fault.n << ' ' << to_string(fault.harm)
      << " wait=" << fault.wait << " back=" << fault.back;
  return out.str();
}

std::string to_text(const Faults& faults) {
  std::string out;
  for (const Fault& fault : faults) out += to_text(fault) + "\n";
  return out;
}

Result<Faults, std::string> faults_from(std::string_view text) {
  Faults faults;
  std::istringstream lines{std::string(text)};
  std::string line;
  for (int number = 1; std::getline(lines, line); ++number) {
    if (line.empty() || line.front() == '#') continue;
    auto fault = fault_in(line);
    if (!fault) return Err("line " + std::to_string(number) + " is no fault: " + line);
    faults.push_back(std::move(*fault));
  }
  return faults;
}

Faults random_faults(Chance chance, std::size_t most, bool twin) {
  Faults faults;
  const std::size_t count = chance.below(most + 1);
  Chance together = chance.stream("what comes together");
  if (count > 0 && together.happens(10)) faults.push_back(wrong_clock(together));
  if (faults.size() < count && twin && together.happens(35)) faults.push_back(lagging_watch(together));
  while (faults.size() < count) {
    Fault fault;
    const std::uint64_t who = chance.below(100);
    fault.actor = twin && who < 20 ? "twin"
                  : who < 65       ? "operator"
                  : who < 82       ? "job-controller"
                  : who < 95       ? "kubelet"
                                   : "garbage-collector";
    const std::uint64_t what = chance.below(100);
    fault.counted = what < 45 ? Counted::Write : what < 70 ? Counted::Call : Counted::Stream;
    const std::int64_t last = fault.counted == Counted::Write ? 20 : fault.counted == Counted::Call ? 35 : 8;
    fault.n = static_cast<std::uint32_t>(chance.between(1, last));
    fault.harm = random_harm(chance, fault.counted, fault.actor == "operator" || fault.actor == "twin");
    // Kubernetes' own controllers rely on no event being left out within a stream: finalizers hold the object until
    // they have seen it.
    const bool is_ours = fault.actor == "operator" || fault.actor == "twin";
    if (fault.harm == Harm::StreamMerge && !is_ours) fault.harm = Harm::StreamRepeat;
    fault.wait = random_wait(chance, fault.harm);
    if (is_crash(fault.harm)) fault.back = chance.between(0, chance.happens(30) ? 90'000 : 3'000);
    faults.push_back(std::move(fault));
    go_on(together, count, faults);
  }
  return faults;
}

Faults random_node_faults(Chance chance) {
  Faults faults;
  const std::size_t count = 1 + chance.below(3);
  for (std::size_t i = 0; i < count; ++i) {
    Fault fault{.actor = chance.happens(50) ? "kubelet" : "kubelet-2", .counted = Counted::Write};
    fault.n = static_cast<std::uint32_t>(chance.between(1, 10));
    fault.harm = static_cast<Harm>(chance.between(static_cast<int>(Harm::NodeSilent), static_cast<int>(Harm::Evict)));
    const bool lost = fault.harm == Harm::NodeSilent || fault.harm == Harm::NodeReboot || fault.harm == Harm::NodeGone;
    if (lost) fault.wait = chance.between(1'000, chance.happens(50) ? 40'000 : 600'000);
    faults.push_back(std::move(fault));
  }
  return faults;
}

bool strikes_nodes(const Faults& faults) {
  return std::any_of(faults.begin(), faults.end(), [](const Fault& fault) { return is_of_node(fault.harm); });
}

Faults random_edits(Chance chance) {
  Faults faults;
  const std::size_t count = 1 + chance.below(2);
  for (std::size_t i = 0; i < count; ++i) {
    Fault fault{.actor = chance.happens(40)   ? "operator"
                         : chance.happens(70) ? "job-controller"
                                              : "kubelet",
                .counted = Counted::Write};
    fault.n = static_cast<std::uint32_t>(chance.between(1, 15));
    fault.harm = static_cast<Harm>(chance.between(static_cast<int>(Harm::Unlabel), static_cast<int>(Harm::Narrow)));
    fault.wait = chance.between(0, chance.happens(50) ? 10 : 2'000);
    faults.push_back(std::move(fault));
  }
  return faults;
}

Faults random_forgeries(Chance chance) {
  Fault fault{.actor = chance.happens(60) ? "operator" : "job-controller", .counted = Counted::Write};
  fault.n = static_cast<std::uint32_t>(chance.between(1, 12));
  fault.harm = chance.happens(50) ? Harm::Forge : Harm::Deface;
  fault.wait = chance.between(0, 71);
  return {fault};
}

Faults random_clock_rates(Chance chance) {
  Faults faults;
  for (const char* actor : {"operator", "kubelet", "job-controller"}) {
    if (!chance.happens(50)) continue;
    Fault fault{.actor = actor, .counted = Counted::Call, .n = 1};
    fault.harm = chance.happens(50) ? Harm::ClockFast : Harm::ClockSlow;
    fault.wait = chance.between(1, chance.happens(70) ? 10 : 200);
    faults.push_back(std::move(fault));
  }
  return faults;
}

bool strikes_objects(const Faults& faults) {
  return std::any_of(faults.begin(), faults.end(), [](const Fault& fault) { return is_of_object(fault.harm); });
}

bool has_harm(const Faults& faults, Harm harm) {
  return std::any_of(faults.begin(), faults.end(), [harm](const Fault& fault) { return fault.harm == harm; });
}

FaultTable::FaultTable(const Faults& faults) {
  for (const Fault& fault : faults) by_place_.try_emplace({fault.actor, fault.counted, fault.n}, fault);
}

std::optional<Fault> FaultTable::find(std::string_view actor, Counted counted, std::uint32_t n) const {
  if (by_place_.empty()) return std::nullopt;
  const auto it = by_place_.find({std::string(actor), counted, n});
  if (it == by_place_.end()) return std::nullopt;
  return it->second;
}

}  // namespace ork::sim
