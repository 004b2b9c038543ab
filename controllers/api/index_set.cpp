#include "controllers/api/index_set.hpp"

#include <algorithm>
#include <charconv>

namespace ork::api {
namespace {

std::optional<std::int64_t> take_number(std::string_view& text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || value < 0 || value > INT32_MAX) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return value;
}

// "7" or "0-4".
std::optional<IndexSet::Range> take_range(std::string_view& text) {
  const auto first = take_number(text);
  if (!first) return std::nullopt;
  if (text.empty() || text.front() != '-') return IndexSet::Range{*first, *first};
  text.remove_prefix(1);
  const auto last = take_number(text);
  if (!last || *last < *first) return std::nullopt;
  return IndexSet::Range{*first, *last};
}

}  // namespace

IndexSet IndexSet::all(std::int64_t count) {
  IndexSet set;
  if (count > 0) set.ranges_.push_back({0, count - 1});
  return set;
}

std::optional<IndexSet> IndexSet::parse(std::string_view text) {
  IndexSet set;
  while (!text.empty()) {
    const auto range = take_range(text);
    if (!range || (!set.ranges_.empty() && range->first <= set.ranges_.back().last)) return std::nullopt;
    if (!set.ranges_.empty() && set.ranges_.back().last + 1 == range->first) {
      set.ranges_.back().last = range->last;
    } else {
      set.ranges_.push_back(*range);
    }
    if (text.empty()) break;
    if (text.front() != ',' || text.size() == 1) return std::nullopt;
    text.remove_prefix(1);
  }
  return set;
}

void IndexSet::insert(std::int64_t index) {
  // The first range that ends at or after the index's left neighbour.
  auto it = std::lower_bound(ranges_.begin(), ranges_.end(), index - 1,
                             [](const Range& range, std::int64_t value) { return range.last < value; });
  if (it == ranges_.end() || it->first > index + 1) {
    ranges_.insert(it, {index, index});
    return;
  }
  it->first = std::min(it->first, index);
  it->last = std::max(it->last, index);
  const auto next = it + 1;
  if (next != ranges_.end() && next->first == it->last + 1) {
    it->last = next->last;
    ranges_.erase(next);
  }
}

bool IndexSet::contains(std::int64_t index) const {
  const auto it = std::lower_bound(ranges_.begin(), ranges_.end(), index,
                                   [](const Range& range, std::int64_t value) { return range.last < value; });
  return it != ranges_.end() && it->first <= index;
}

std::int64_t IndexSet::size() const {
  std::int64_t n = 0;
  for (const Range& range : ranges_) n += range.last - range.first + 1;
  return n;
}

IndexSet IndexSet::united(const IndexSet& other) const {
  IndexSet out;
  std::vector<Range> both(ranges_);
  both.insert(both.end(), other.ranges_.begin(), other.ranges_.end());
  std::sort(both.begin(), both.end(), [](const Range& a, const Range& b) { return a.first < b.first; });
  for (const Range& range : both) {
    if (!out.ranges_.empty() && range.first <= out.ranges_.back().last + 1) {
      out.ranges_.back().last = std::max(out.ranges_.back().last, range.last);
    } else {
      out.ranges_.push_back(range);
    }
  }
  return out;
}

IndexSet IndexSet::without(const IndexSet& other) const {
  IndexSet out;
  auto cut = other.ranges_.begin();
  for (Range range : ranges_) {
    while (cut != other.ranges_.end() && cut->last < range.first) ++cut;
    for (auto c = cut; c != other.ranges_.end() && c->first <= range.last; ++c) {
      if (c->first > range.first) out.ranges_.push_back({range.first, c->first - 1});
      range.first = c->last + 1;
    }
    if (range.first <= range.last) out.ranges_.push_back(range);
  }
  return out;
}

IndexSet IndexSet::below(std::int64_t bound) const {
  IndexSet out;
  for (const Range& range : ranges_) {
    if (range.first >= bound) break;
    out.ranges_.push_back({range.first, std::min(range.last, bound - 1)});
  }
  return out;
}

std::string IndexSet::format() const {
  std::string out;
  for (const Range& range : ranges_) {
    if (!out.empty()) out += ',';
    out += std::to_string(range.first);
    if (range.last > range.first) out += (range.last == range.first + 1 ? "," : "-") + std::to_string(range.last);
  }
  return out;
}

}  // namespace ork::api
