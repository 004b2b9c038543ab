// Manifests: whatever stands in a file, `ork validate` reads it or says where it is wrong, in words that can be shown;
// and what it has read can be written and read again as the same.

#include <algorithm>

#include "operator/manifest/check.hpp"
#include "operator/manifest/load.hpp"
#include "operator/manifest/utf8.hpp"
#include "operator/manifest/yaml_writer.hpp"
#include "tests/fuzz/target.hpp"

namespace ork::manifest {
namespace {

void check_problem(const Problem& problem, std::string_view text) {
  const auto lines = std::count(text.begin(), text.end(), '\n') + 1;
  fuzz::require(problem.at.line >= 0 && problem.at.line <= lines + 1, "a problem stands at a line of the file");
  fuzz::require(!problem.message.empty(), "a problem says something");
  const std::string shown = show(problem);
  fuzz::require(std::none_of(shown.begin(), shown.end(),
                             [](char c) { return static_cast<unsigned char>(c) < 0x20 && c != '\n'; }),
                "what is shown can be printed");
}

void try_one(std::string_view text) {
  const Loaded loaded = load_text("input.yaml", std::string(text));
  for (const Problem& problem : check_all(loaded)) check_problem(problem, text);
  for (const Manifest& manifest : loaded.manifests) {
    const Loaded again = load_text("written.yaml", to_yaml(manifest.value));
    fuzz::require(again.problems.empty() && again.manifests.size() == 1, "what was written can be read");
    fuzz::require(again.manifests[0].value == manifest.value, "what was written is read as the same");
  }
}

}  // namespace
}  // namespace ork::manifest

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  ork::manifest::try_one(ork::fuzz::text_of(data, size));
  return 0;
}
