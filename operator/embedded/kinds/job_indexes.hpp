#pragma once

// Lists of indexes of a Job as text: "1,3-5,7".

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "controllers/result/result.hpp"

namespace ork::embedded {

struct IndexInterval {
  std::int64_t first = 0;
  std::int64_t last = 0;
};

// Ascending, below `completions`; the error is the end of Kubernetes' sentence.
Result<std::vector<IndexInterval>, std::string> read_indexes(std::string_view text, std::int64_t completions);

// The first index that is in both; intervals that can't be read are passed over.
std::optional<std::int64_t> shared_index(std::string_view a, std::string_view b, std::int64_t completions);

}  // namespace ork::embedded
