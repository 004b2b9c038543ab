#pragma once

// A set of fan-out indexes held as ranges: "0-4,7" as Kubernetes writes completedIndexes. A set of
// 100,000 indexes that all succeeded is one range.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ork::api {

class IndexSet {
 public:
  struct Range {
    std::int64_t first = 0;
    std::int64_t last = 0;  // inclusive
    friend bool operator==(const Range&, const Range&) = default;
  };

  // Every index of [0, count).
  static IndexSet all(std::int64_t count);
  // Accepts what format() writes, and Kubernetes' own form; nullopt for anything else, and for an
  // index that is no 32-bit number, which no Job can have.
  static std::optional<IndexSet> parse(std::string_view text);

  // Cheapest in rising order; any order is correct.
  void insert(std::int64_t index);
  bool contains(std::int64_t index) const;
  bool empty() const { return ranges_.empty(); }
  std::int64_t size() const;
  const std::vector<Range>& ranges() const { return ranges_; }

  IndexSet united(const IndexSet& other) const;
  IndexSet without(const IndexSet& other) const;
  // Those smaller than `bound`.
  IndexSet below(std::int64_t bound) const;

  // "0-4,7": a pair of neighbours is written "3,4", longer runs with a dash, as the Job controller does.
  std::string format() const;

  friend bool operator==(const IndexSet&, const IndexSet&) = default;

 private:
  std::vector<Range> ranges_;  // rising, disjoint, never adjacent
};

}  // namespace ork::api
