// Schemas: the first line is a schema, the rest a value, both any JSON. A value that is right stays right once its
// defaults are filled in, and then has nothing more to be filled in.

#include <nlohmann/json.hpp>

#include "controllers/schema/check.hpp"
#include "controllers/schema/parse.hpp"
#include "tests/fuzz/target.hpp"

namespace ork::schema {
namespace {

constexpr std::size_t most_bytes = 1 << 16;

void try_one(std::string_view text) {
  const std::size_t end = std::min(text.find('\n'), text.size());
  const Json written = Json::parse(text.substr(0, end), nullptr, false);
  if (written.is_discarded()) return;
  std::vector<Problem> problems;
  const Types types = parse_types(written, problems);
  const SchemaPtr schema = parse(written, types, {}, problems);
  fuzz::require(schema != nullptr, "there is a schema, whatever was written");
  for (const Problem& problem : problems) fuzz::require(!problem.message.empty(), "a problem says something");

  const Json value = Json::parse(text.substr(std::min(end + 1, text.size())), nullptr, false);
  if (value.is_discarded()) return;
  const std::vector<Problem> wrong = check(value, *schema);
  fuzz::require(wrong == check(value, *schema), "the same problems twice");
  problems.clear();
  const SchemaPtr alone = parse(written, {}, {}, problems);
  // Only of a schema that is right is anything promised.
  if (!problems.empty() || !check(value, *alone).empty()) return;
  const auto full = completed(value, *alone, most_bytes);
  if (!full) return;
  const auto twice = completed(*full, *alone, most_bytes);
  fuzz::require(twice && *twice == *full, "what is complete stays as it is");
}

}  // namespace
}  // namespace ork::schema

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  ork::schema::try_one(ork::fuzz::text_of(data, size));
  return 0;
}
