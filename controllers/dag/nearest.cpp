#include "controllers/dag/nearest.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdlib>

#include "controllers/dag/limits.hpp"

namespace ork::dag {
namespace {

// The two characters that end before i in `a` are those that end before j in `b`, swapped.
bool is_swap(std::string_view a, int i, std::string_view b, int j) {
  if (i < 2 || j < 2) return false;
  const auto last_a = static_cast<std::size_t>(i - 1), last_b = static_cast<std::size_t>(j - 1);
  return a[last_a] == b[last_b - 1] && a[last_a - 1] == b[last_b];
}

}  // namespace

// "Optimal string alignment": Levenshtein plus swaps of neighbours, three rows of the table at a
// time. Only the cells within `limit` of the diagonal are computed; the others are "too far".
int edit_distance(std::string_view a, std::string_view b, int limit) {
  const int too_far = limit + 1;
  if (std::max(a.size(), b.size()) > max_compared_name) return too_far;
  const int n = static_cast<int>(a.size());
  const int m = static_cast<int>(b.size());
  if (std::abs(n - m) > limit) return too_far;

  using Row = std::array<int, max_compared_name + 1>;
  std::array<Row, 3> rows;
  const auto row_of = [&](int i) -> Row& { return rows[static_cast<std::size_t>(i % 3)]; };
  const auto at = [](auto& items, int i) -> auto& { return items[static_cast<std::size_t>(i)]; };
  for (int j = 0; j <= m; ++j) at(row_of(0), j) = std::min(j, too_far);
  for (int i = 1; i <= n; ++i) {
    Row& row = row_of(i);
    const Row& last = row_of(i - 1);
    const Row& before_last = row_of(i + 1);  // i - 2, modulo 3; read only where i > 1
    const int from = std::max(1, i - limit);
    const int to = std::min(m, i + limit);
    at(row, from - 1) = from == 1 ? std::min(i, too_far) : too_far;
    int best = at(row, from - 1);
    for (int j = from; j <= to; ++j) {
      const bool same = at(a, i - 1) == at(b, j - 1);
      int d = std::min({at(last, j) + 1, at(row, j - 1) + 1, at(last, j - 1) + (same ? 0 : 1)});
      if (is_swap(a, i, b, j)) d = std::min(d, at(before_last, j - 2) + 1);
      at(row, j) = std::min(d, too_far);
      best = std::min(best, at(row, j));
    }
    if (to < m) at(row, to + 1) = too_far;
    if (best > limit) return too_far;
  }
  return at(row_of(n), m);
}

std::string_view nearest(std::string_view name, std::span<const std::string_view> candidates) {
  // More edits than half the name is another name, not a slip.
  const int half = (static_cast<int>(std::min(name.size(), max_compared_name)) - 1) / 2;
  int limit = std::min(max_edit_distance, half);
  std::string_view found;
  for (const std::string_view candidate : candidates) {
    if (limit < 0) break;
    const int distance = edit_distance(name, candidate, limit);
    if (distance > limit) continue;
    found = candidate;
    limit = distance - 1;  // only a nearer one is of interest now
  }
  return found;
}

}  // namespace ork::dag
