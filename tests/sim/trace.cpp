#include "tests/sim/trace.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

#include "tests/sim/chance.hpp"

namespace ork::sim {
namespace {

std::string time_text(runtime::Instant at) {
  std::array<char, 32> text{};
  const auto us = static_cast<long long>(at.since_zero.count());
  const int length = std::snprintf(text.data(), text.size(), "%8lld.%06lld", us / 1'000'000, us % 1'000'000);
  return {text.data(), static_cast<std::size_t>(length)};
}

std::string hex(std::uint64_t value) {
  std::array<char, 17> text{};
  const int length = std::snprintf(text.data(), text.size(), "%016llx", static_cast<unsigned long long>(value));
  return {text.data(), static_cast<std::size_t>(length)};
}

std::string to_text(const Process& process) {
  std::string out = process.task + " attempt " + std::to_string(process.attempt);
  if (process.index >= 0) out += " index " + std::to_string(process.index);
  return out + " (run " + process.run_uid + ", pod " + process.pod_uid + ")";
}

}  // namespace

std::string to_line(const Event& event) {
  std::string line = time_text(event.at) + " " + event.actor;
  switch (event.kind) {
    case Event::Kind::Write:
      return line + " wrote " + event.collection + " " + event.key + " " + std::to_string(event.version) + " " +
             (event.text == nullptr ? "gone" : hex(fnv1a(*event.text)));
    case Event::Kind::Start:
      line += " starts " + to_text(event.process);
      for (const auto& [path, text] : event.files) line += " with " + path + " " + nlohmann::json(text).dump();
      return line;
    case Event::Kind::Exit:
      return line + " ends " + to_text(event.process) + ": exit code " + std::to_string(event.exit_code);
    case Event::Kind::Fault: return line + " struck by " + event.note;
    case Event::Kind::Note: break;
  }
  return line + " " + event.note;
}

std::string Trace::text() const { return tail(events_.size()); }

std::string Trace::tail(std::size_t count) const {
  std::string out;
  for (std::size_t i = events_.size() - std::min(count, events_.size()); i < events_.size(); ++i) {
    out += to_line(events_[i]) + "\n";
  }
  return out;
}

std::uint64_t Trace::hash() const {
  std::uint64_t hash = fnv1a("");
  for (const Event& event : events_) hash = fnv1a("\n", fnv1a(to_line(event), hash));
  return hash;
}

void TracedJournal::wrote(std::uint64_t before, std::uint64_t after, const std::string& actor) {
  if (after > before) writers_.push_back({after, actor});
}

void TracedJournal::append(std::vector<embedded::JournalEntry> batch, Told told) {
  for (const embedded::JournalEntry& entry : batch) {
    while (!writers_.empty() && writers_.front().last < entry.version) writers_.pop_front();
    Event event;
    event.at = loop_.now();
    event.kind = Event::Kind::Write;
    event.actor = writers_.empty() ? "server" : writers_.front().actor;
    event.collection = entry.collection;
    event.key = entry.key;
    event.version = entry.version;
    event.text = entry.text;
    if (read && entry.text != nullptr) event.object = read(entry);
    trace_.add(std::move(event));
    if (on_write) on_write(trace_.events().back());
  }
  journal_.append(std::move(batch), std::move(told));
}

}  // namespace ork::sim
