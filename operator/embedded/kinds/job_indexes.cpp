#include "operator/embedded/kinds/job_indexes.hpp"

#include <algorithm>
#include <charconv>

#include "operator/embedded/schema/go_text.hpp"

namespace ork::embedded {
namespace {

std::vector<std::string_view> split(std::string_view text, char at) {
  std::vector<std::string_view> parts;
  for (std::size_t begin = 0; begin <= text.size();) {
    std::size_t end = std::min(text.find(at, begin), text.size());
    parts.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return parts;
}

Result<std::int64_t, std::string> read_index(std::string_view text, std::int64_t completions) {
  std::string_view digits = text.starts_with('+') ? text.substr(1) : text;
  std::int64_t value = 0;
  auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error != std::errc() || end != digits.data() + digits.size() || digits.empty()) {
    return Err("cannot convert string to integer for index: " + go_text::quoted(text));
  }
  if (value >= completions) return Err("too large index: " + go_text::quoted(text));
  return value;
}

std::string not_ascending(std::int64_t previous, std::int64_t current) {
  return "non-increasing order, previous: " + std::to_string(previous) + ", current: " + std::to_string(current);
}

Result<IndexInterval, std::string> read_interval(std::string_view text, std::int64_t completions) {
  std::vector<std::string_view> ends = split(text, '-');
  if (ends.size() > 2) {
    return Err("the fragment " + go_text::quoted(text) +
               " violates the requirement that an index interval can have at most two parts separated by '-'");
  }
  auto first = read_index(ends[0], completions);
  if (!first) return Err(first.error());
  if (ends.size() == 1) return IndexInterval{*first, *first};
  auto last = read_index(ends[1], completions);
  if (!last) return Err(last.error());
  if (*first >= *last) return Err(not_ascending(*first, *last));
  return IndexInterval{*first, *last};
}

std::vector<IndexInterval> readable(std::string_view text, std::int64_t completions) {
  std::vector<IndexInterval> out;
  for (std::string_view part : split(text, ',')) {
    auto interval = read_interval(part, completions);
    if (interval) out.push_back(*interval);
  }
  return out;
}

}  // namespace

Result<std::vector<IndexInterval>, std::string> read_indexes(std::string_view text, std::int64_t completions) {
  std::vector<IndexInterval> out;
  if (text.empty()) return out;
  for (std::string_view part : split(text, ',')) {
    auto interval = read_interval(part, completions);
    if (!interval) return Err(interval.error());
    if (!out.empty() && out.back().last >= interval->first) return Err(not_ascending(out.back().last, interval->first));
    out.push_back(*interval);
  }
  return out;
}

std::optional<std::int64_t> shared_index(std::string_view a, std::string_view b, std::int64_t completions) {
  std::vector<IndexInterval> x = readable(a, completions), y = readable(b, completions);
  for (std::size_t i = 0, j = 0; i < x.size() && j < y.size();) {
    if (x[i].first <= y[j].last && y[j].first <= x[i].last) return std::max(x[i].first, y[j].first);
    if (x[i].first <= y[j].first) {
      ++i;
    } else {
      ++j;
    }
  }
  return std::nullopt;
}

}  // namespace ork::embedded
