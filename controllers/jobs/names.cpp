#include "controllers/jobs/names.hpp"

#include <cstdint>

#include "controllers/jobs/belonging.hpp"
#include "controllers/jobs/limits.hpp"

namespace ork::jobs {
namespace {

// Beside whole names the hash only keeps apart the few that read the same, and namesakes of a run.
// Where names are cut it is all that tells one task from another: of 5,000 tasks whose names begin
// alike, 5 characters would give two the same Job more often than not; 10 do so once in 10^7 runs.
constexpr std::size_t short_hash = 5;
constexpr std::size_t long_hash = 10;

// FNV-1a, 64 bits (Fowler, Noll, Vo): offset basis and prime as its authors publish them. The zero
// byte keeps ("ab", "c") and ("a", "bc") apart.
std::uint64_t fnv1a(std::uint64_t hash, std::string_view text) {
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
  return hash * 1099511628211ULL;
}

std::string hash_of(std::string_view run_uid, std::string_view run, std::string_view task, std::string_view content,
                    std::size_t length) {
  // No vowels and no look-alikes: a hash must not spell a word, nor be misread.
  constexpr std::string_view alphabet = "bcdfghjklmnpqrstvwxz2456789";
  std::uint64_t hash = fnv1a(fnv1a(fnv1a(14695981039346656037ULL, run_uid), run), task);
  if (!content.empty()) hash = fnv1a(hash, content);
  std::string out;
  for (std::size_t i = 0; i < length; ++i) {
    out += alphabet[hash % alphabet.size()];
    hash /= alphabet.size();
  }
  return out;
}

// A cut must not leave a dash before the dash that follows.
std::string_view cut(std::string_view text, std::size_t length) {
  text = text.substr(0, length);
  while (!text.empty() && text.back() == '-') text.remove_suffix(1);
  return text;
}

std::string name_of(std::string_view run, std::string_view run_uid, std::string_view task, std::string_view what,
                    std::string_view content) {
  const bool whole = run.size() + task.size() + what.size() + 3 + short_hash <= max_job_name;
  const std::size_t hash_length = whole ? short_hash : long_hash;
  // The longer of the two gives way first; each keeps at least half of the room.
  const std::size_t room = max_job_name - what.size() - 3 - hash_length;
  const std::size_t half = room / 2;
  std::string_view run_part = run;
  std::string_view task_part = task;
  if (!whole && run.size() <= half) {
    task_part = cut(task, room - run.size());
  } else if (!whole && task.size() <= half) {
    run_part = cut(run, room - task.size());
  } else if (!whole) {
    run_part = cut(run, half);
    task_part = cut(task, room - half);
  }
  std::string name(run_part);
  name += '-';
  name += task_part;
  name += '-';
  name += what;
  name += '-';
  name += hash_of(run_uid, run, task, content, hash_length);
  return name;
}

}  // namespace

std::string job_name(std::string_view run, std::string_view run_uid, std::string_view task, int attempt) {
  return name_of(run, run_uid, task, std::to_string(attempt), {});
}

std::string items_name(std::string_view run, std::string_view run_uid, std::string_view task, const api::Json& data) {
  return name_of(run, run_uid, task, "items", body_of(data));
}

}  // namespace ork::jobs
