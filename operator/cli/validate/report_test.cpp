#include "operator/cli/validate/report.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace ork::cli {
namespace {

using Json = nlohmann::json;

Findings two_problems() {
  Findings out;
  out.files = 2;
  out.workflows = 1;
  out.problems = {{"a b.yaml", {3, 7}, "spec.tasks[0]", R"(there is no field "imge")", R"(did you mean "image"?)", ""},
                  {"c.yaml", {0, 0}, "", "the file is larger than 8 MiB", "", ""}};
  return out;
}

TEST(Report, SumsUp) {
  EXPECT_EQ(summary({.files = 1, .workflows = 1}), "1 file, 1 Workflow: valid");
  EXPECT_EQ(summary({.files = 2, .workflows = 3, .runs = 1, .passed_over = 1}),
            "2 files, 3 Workflows, 1 WorkflowRun: valid; 1 object of other kinds was passed over");
  EXPECT_EQ(summary({.files = 2, .passed_over = 4}),
            "2 files, no Workflow or WorkflowRun; 4 objects of other kinds were passed over");
  EXPECT_EQ(summary(two_problems()), "2 files, 1 Workflow: 2 errors");
  EXPECT_EQ(summary({.files = 1, .workflows = 1, .problems = std::vector<manifest::Problem>(100)}),
            "1 file, 1 Workflow: at least 100 errors");
}

TEST(Report, GivesMachinesTheSameAsJson) {
  const Json json = Json::parse(as_json(two_problems()));
  EXPECT_EQ(json["valid"], false);
  EXPECT_EQ(json["files"], 2);
  EXPECT_EQ(json["problems"][0], Json::parse(R"({"file": "a b.yaml", "line": 3, "column": 7, "path": "spec.tasks[0]",
      "message": "there is no field \"imge\"", "help": "did you mean \"image\"?"})"));
  EXPECT_EQ(json["problems"][1], Json::parse(R"({"file": "c.yaml", "message": "the file is larger than 8 MiB"})"));
  EXPECT_EQ(Json::parse(as_json({.files = 1, .workflows = 1}))["problems"], Json::array());
}

TEST(Report, SaysInSarifWhereEachProblemIs) {
  const Json sarif = Json::parse(as_sarif(two_problems()));
  EXPECT_EQ(sarif["version"], "2.1.0");
  const Json& run = sarif["runs"][0];
  EXPECT_EQ(run["tool"]["driver"]["name"], "ork");
  EXPECT_EQ(run["columnKind"], "unicodeCodePoints");
  const Json& first = run["results"][0];
  EXPECT_EQ(first["message"]["text"], R"(spec.tasks[0]: there is no field "imge"; did you mean "image"?)");
  EXPECT_EQ(first["ruleId"], run["tool"]["driver"]["rules"][1]["id"]);
  const Json& place = first["locations"][0]["physicalLocation"];
  EXPECT_EQ(place["artifactLocation"]["uri"], "a%20b.yaml");
  EXPECT_EQ(place["region"], Json::parse(R"({"startLine": 3, "startColumn": 7})"));
  EXPECT_FALSE(run["results"][1]["locations"][0]["physicalLocation"].contains("region"));
}

TEST(Report, WritesAnnotationsThatEndWhereTheirLineDoes) {
  Findings findings = two_problems();
  findings.problems[0].message = "100%\nof it";
  findings.problems[0].file = "a,b:c.yaml";
  EXPECT_EQ(as_github(findings),
            "::error file=a%2Cb%3Ac.yaml,line=3,col=7,title=ork validate::spec.tasks[0]: 100%25\\nof it; did you mean "
            "\"image\"?\n"
            "::error file=c.yaml,title=ork validate::the file is larger than 8 MiB\n"
            "2 files, 1 Workflow: 2 errors\n");
}

}  // namespace
}  // namespace ork::cli
