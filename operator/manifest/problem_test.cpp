#include "operator/manifest/problem.hpp"

#include <gtest/gtest.h>

#include "operator/manifest/load.hpp"

namespace ork::manifest {
namespace {

std::string shown(std::string text, std::string path, std::string_view message) {
  const Loaded loaded = load_text("etl.yaml", std::move(text));
  return show(problem_of(loaded.manifests.at(0), std::move(path), message));
}

constexpr const char* tasks =
    "spec:\n"
    "  tasks:\n"
    "  - name: list\n"
    "  - {name: load, dependson: [lst], inputs: {day: params.d}}\n";

TEST(Problem, IsShownWithItsLineACaretAndWhatWasMeant) {
  EXPECT_EQ(shown(tasks, "spec.tasks[1].inputs.day", R"(there is no param "d"; did you mean "day"?)"),
            "etl.yaml:4:50: spec.tasks[1].inputs.day: there is no param \"d\"\n"
            "   4 |   - {name: load, dependson: [lst], inputs: {day: params.d}}\n"
            "     |                                                  ^\n"
            "       did you mean \"day\"?\n");
}

TEST(Problem, WithAFieldThatShouldNotBeThereIsShownAtThatField) {
  EXPECT_EQ(shown(tasks, "spec.tasks[1]", R"(there is no field "dependson"; did you mean "dependsOn"?)"),
            "etl.yaml:4:18: spec.tasks[1]: there is no field \"dependson\"\n"
            "   4 |   - {name: load, dependson: [lst], inputs: {day: params.d}}\n"
            "     |                  ^\n"
            "       did you mean \"dependsOn\"?\n");
}

TEST(Problem, WithAFieldThatIsMissingIsShownWhereItIsMissing) {
  EXPECT_EQ(shown(tasks, "spec.tasks[0].image", "is missing"),
            "etl.yaml:3:5: spec.tasks[0].image: is missing\n"
            "   3 |   - name: list\n"
            "     |     ^\n");
}

TEST(Problem, OfALongLineIsShownWithThePartAroundTheCaret) {
  const std::string before(300, 'a'), after(300, 'b');
  const std::string text = "{x: " + before + ", k: z, w: " + after + "}\n";
  const std::string line = text.substr(0, text.size() - 1);
  EXPECT_EQ(shown(text, "k", "is wrong"),
            "etl.yaml:1:310: k: is wrong\n"
            "   1 | " +
                line.substr(259, 100) +
                "\n"
                "     | " +
                std::string(50, ' ') + "^\n");
}

TEST(Problem, IsPrintableWhateverTheFileHolds) {
  EXPECT_EQ(shown("a:\t\"\xE2\x80\xAE\"\n", "a", "is wrong"),
            "etl.yaml:1:4: a: is wrong\n"
            "   1 | a: \"\\u202e\"\n"
            "     |    ^\n");
}

TEST(Problem, OfAFileAsAWholeHasNoLine) {
  EXPECT_EQ(show(problem_at({"a.yaml", "x"}, {}, "is too large")), "a.yaml: is too large\n");
}

}  // namespace
}  // namespace ork::manifest
