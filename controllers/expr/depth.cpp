#include "controllers/expr/depth.hpp"

#include <utility>
#include <vector>

namespace ork::expr {

bool is_deeper_than(const nlohmann::json& value, std::size_t limit) {
  using Iterator = nlohmann::json::const_iterator;
  if (!value.is_structured()) return false;
  std::vector<std::pair<Iterator, Iterator>> open{{value.begin(), value.end()}};
  while (!open.empty()) {
    if (open.size() > limit) return true;
    auto& [next, end] = open.back();
    if (next == end) {
      open.pop_back();
      continue;
    }
    const nlohmann::json& item = *next++;
    if (item.is_structured()) open.emplace_back(item.begin(), item.end());
  }
  return false;
}

}  // namespace ork::expr
