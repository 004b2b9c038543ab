#include "controllers/jobs/inputs_file.hpp"

#include <gtest/gtest.h>

#include "controllers/workflow/compile.hpp"

namespace ork::jobs {
namespace {

using api::Json;

std::string file_of(const char* program, const Json& inputs) {
  Json task = {{"name", "a"},
               {"image", "i"},
               {"count", 2},
               {program, program == std::string("script") ? Json("x") : Json({"x"})}};
  task["inputs"] = {{"day", "params.day"}, {"n", "index"}, {"password", "params.password"}};
  const auto definition =
      workflow::compile({{"params", {{{"name", "day"}}, {{"name", "password"}, {"secret", true}}}}, {"tasks", {task}}});
  return definition ? inputs_file(definition->tasks[0], inputs) : "";
}

TEST(InputsFile, ExportsWhatIsAnIndexsOwn) {
  EXPECT_EQ(file_of("script", {{"day", "d"}, {"n", 7}, {"password", {{"secretKeyRef", {}}}}}),
            "export ORK_INPUTS='{\"day\":\"d\",\"n\":7}'\nexport ORK_INPUT_N='7'\n");
}

TEST(InputsFile, IsOneWordForTheShellWhateverIsInIt) {
  EXPECT_EQ(file_of("script", {{"day", "d"}, {"n", "it's $(rm -rf /)\n\\"}}),
            "export ORK_INPUTS='{\"day\":\"d\",\"n\":\"it'\\''s $(rm -rf /)\\n\\\\\"}'\n"
            "export ORK_INPUT_N='it'\\''s $(rm -rf /)\n\\'\n");
}

TEST(InputsFile, IsJsonForACommand) {
  EXPECT_EQ(file_of("command", {{"day", "d"}, {"n", 7}, {"password", {{"secretKeyRef", {}}}}}),
            "{\"day\":\"d\",\"n\":7}");
}

}  // namespace
}  // namespace ork::jobs
