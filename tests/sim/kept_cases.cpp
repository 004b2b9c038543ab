#include "tests/sim/kept_cases.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "tests/sim/case_text.hpp"

namespace ork::sim {

Result<Case, std::string> case_in(const std::string& path) {
  std::ifstream file(path);
  if (!file) return Err(path + " can't be read");
  auto read = case_from(std::string(std::istreambuf_iterator<char>(file), {}));
  if (!read) return Err(path + ": " + read.error());
  return read;
}

Result<std::vector<KeptCase>, std::string> kept_cases_in(const std::string& folder) {
  std::vector<KeptCase> cases;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
    if (entry.path().extension() != ".case") continue;
    auto read = case_in(entry.path().string());
    if (!read) return Err(std::move(read).error());
    cases.push_back({entry.path().string(), std::move(*read)});
  }
  if (cases.empty()) return Err("there are no cases in " + folder);
  std::sort(cases.begin(), cases.end(), [](const KeptCase& a, const KeptCase& b) { return a.path < b.path; });
  return cases;
}

}  // namespace ork::sim
