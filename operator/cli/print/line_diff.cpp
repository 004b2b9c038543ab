#include "operator/cli/print/line_diff.hpp"

#include <algorithm>
#include <optional>
#include <vector>

#include "operator/cli/print/limits.hpp"

namespace ork::print {
namespace {

using Lines = std::vector<std::string_view>;

Lines lines_of(std::string_view text) {
  Lines lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    lines.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

struct Line {
  char mark = ' ';  // of both texts, '-' of the first, '+' of the second
  std::string_view text;
};

// How far each diagonal (place in the first text less that in the second) has been followed, for each number of steps.
using Reached = std::vector<std::vector<std::ptrdiff_t>>;

std::optional<Reached> follow(const Lines& before, const Lines& after) {
  const auto n = static_cast<std::ptrdiff_t>(before.size()), m = static_cast<std::ptrdiff_t>(after.size());
  const auto most = std::min(n + m, static_cast<std::ptrdiff_t>(limits::diff_steps));
  Reached all;
  std::vector<std::ptrdiff_t> x(static_cast<std::size_t>(2 * most + 3), 0);
  const auto at = [&x, most](std::ptrdiff_t diagonal) -> std::ptrdiff_t& {
    return x[static_cast<std::size_t>(diagonal + most + 1)];
  };
  for (std::ptrdiff_t d = 0; d <= most; ++d) {
    all.push_back(x);
    for (std::ptrdiff_t k = -d; k <= d; k += 2) {
      const bool down = k == -d || (k != d && at(k - 1) < at(k + 1));
      std::ptrdiff_t place = down ? at(k + 1) : at(k - 1) + 1;
      while (place < n && place - k < m &&
             before[static_cast<std::size_t>(place)] == after[static_cast<std::size_t>(place - k)])
        ++place;
      at(k) = place;
      if (place >= n && place - k >= m) return all;
    }
  }
  return std::nullopt;
}

std::vector<Line> all_changed(const Lines& before, const Lines& after) {
  std::vector<Line> out;
  for (const std::string_view line : before) out.push_back({'-', line});
  for (const std::string_view line : after) out.push_back({'+', line});
  return out;
}

std::vector<Line> compared(const Lines& before, const Lines& after) {
  const auto reached = follow(before, after);
  if (!reached) return all_changed(before, after);
  std::vector<Line> out;
  auto x = static_cast<std::ptrdiff_t>(before.size()), y = static_cast<std::ptrdiff_t>(after.size());
  const auto middle = static_cast<std::ptrdiff_t>(reached->front().size() / 2);
  for (auto d = static_cast<std::ptrdiff_t>(reached->size()) - 1; d >= 0; --d) {
    const auto at = [&](std::ptrdiff_t diagonal) {
      return (*reached)[static_cast<std::size_t>(d)][static_cast<std::size_t>(diagonal + middle)];
    };
    const std::ptrdiff_t k = x - y;
    const bool down = k == -d || (k != d && at(k - 1) < at(k + 1));
    const std::ptrdiff_t from_x = d == 0 ? 0 : down ? at(k + 1) : at(k - 1);
    const std::ptrdiff_t from_y = d == 0 ? 0 : from_x - (down ? k + 1 : k - 1);
    while (x > from_x && y > from_y) {
      --x, --y;
      out.push_back({' ', before[static_cast<std::size_t>(x)]});
    }
    if (d == 0) break;
    out.push_back(down ? Line{'+', after[static_cast<std::size_t>(--y)]}
                       : Line{'-', before[static_cast<std::size_t>(--x)]});
  }
  std::reverse(out.begin(), out.end());
  return out;
}

std::string range(std::size_t begin, std::size_t count) {
  // As diff has it: what has no lines stands after the line that is named.
  return std::to_string(count == 0 ? begin : begin + 1) + (count == 1 ? "" : "," + std::to_string(count));
}

}  // namespace

std::string line_diff(std::string_view before, std::string_view after) {
  const Lines first = lines_of(before), second = lines_of(after);
  const std::vector<Line> lines = compared(first, second);
  std::string out;
  std::size_t x = 0, y = 0;  // lines of each text before `i`
  for (std::size_t i = 0; i < lines.size();) {
    // The next part: from some lines before a change to where as many as twice that have not changed.
    std::size_t change = i;
    while (change < lines.size() && lines[change].mark == ' ') ++change;
    if (change == lines.size()) break;
    const std::size_t begin = std::max(i, change - std::min(change, limits::diff_context));
    std::size_t end = change, same = 0;
    for (; end < lines.size() && same <= 2 * limits::diff_context; ++end) {
      same = lines[end].mark == ' ' ? same + 1 : 0;
    }
    end -= same - std::min(same, limits::diff_context);
    x += begin - i, y += begin - i;
    std::string part;
    std::size_t gone = 0, come = 0;
    for (std::size_t line = begin; line < end; ++line) {
      gone += lines[line].mark != '+', come += lines[line].mark != '-';
      part += lines[line].mark + std::string(lines[line].text) + "\n";
    }
    out += "@@ -" + range(x, gone) + " +" + range(y, come) + " @@\n" + part;
    x += gone, y += come;
    i = end;
  }
  return out;
}

}  // namespace ork::print
