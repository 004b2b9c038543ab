#include "operator/cli/validate/validate_command.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

namespace ork::cli {
namespace {

class KeptConsole : public Console {
 public:
  void write(Channel channel, std::string_view text) override {
    (channel == Channel::Out ? out_text : err_text) += text;
  }
  show::Screen screen(Channel) const override { return {}; }
  bool can_paint(Channel) const override { return false; }

  std::string out_text, err_text;
};

struct Said {
  int code = 0;
  std::string out, err;
};

Said validate(const ValidateFlags& flags, const std::string& input = {}) {
  KeptConsole console;
  std::istringstream stream(input);
  const int code = run_validate(flags, console, stream);
  return {code, console.out_text, console.err_text};
}

const std::string good =
    "apiVersion: ork.dev/v1alpha1\nkind: Workflow\nmetadata: {name: w}\n"
    "spec: {tasks: [{name: a, image: i}]}\n";

TEST(Validate, FindsNothingWrongInTheExamples) {
  const Said said = validate({.paths = {ORK_SOURCE_DIR "/examples"}});
  EXPECT_EQ(said.code, 0) << said.out;
  EXPECT_NE(said.out.find(": valid"), std::string::npos) << said.out;
}

TEST(Validate, RefusesEachOfTheBadExamples) {
  for (const auto& entry : std::filesystem::directory_iterator(ORK_SOURCE_DIR "/examples/bad")) {
    const Said said = validate({.paths = {entry.path().string()}});
    EXPECT_EQ(said.code, 3) << entry.path() << said.out;
  }
}

TEST(Validate, ReadsStandardInput) {
  EXPECT_EQ(validate({.paths = {"-"}}, good).out, "1 file, 1 Workflow: valid\n");
  const Said said = validate({.paths = {"-"}}, good + "---\n{\"kind\": \"Workflow\"}\n");
  EXPECT_EQ(said.code, 3);
  EXPECT_EQ(said.out,
            "-:6:1: apiVersion: apiVersion is missing\n   6 | {\"kind\": \"Workflow\"}\n     | ^\n"
            "1 file, 1 Workflow: 1 error; 1 object of other kinds was passed over\n");
}

TEST(Validate, TellsOfAllDocumentsWhereOneIsNoYaml) {
  const Said said = validate({.paths = {"-"}}, "a: [\n---\n" + good + "---\nkind: [\n---\n" + good);
  EXPECT_EQ(said.code, 3);
  EXPECT_NE(said.out.find(": 3 errors\n"), std::string::npos) << said.out;
  EXPECT_NE(said.out.find("-:12:18: metadata.name: this Workflow is there already, at -:3"), std::string::npos)
      << said.out;
}

TEST(Validate, PassesOverOtherKindsAndCountsThem) {
  const Said said =
      validate({.paths = {"-"}}, good + "---\nkind: Kustomization\napiVersion: kustomize.config.k8s.io/v1\n");
  EXPECT_EQ(said.code, 0);
  EXPECT_EQ(said.out, "1 file, 1 Workflow: valid; 1 object of other kinds was passed over\n");
}

TEST(Validate, EndsWithOneWhereThereIsNothingToRead) {
  const Said missing = validate({.paths = {"/no/such/file"}});
  EXPECT_EQ(missing.code, 1);
  EXPECT_EQ(missing.err, "error: there is no file or folder /no/such/file\n");
  EXPECT_EQ(missing.out, "");
  EXPECT_EQ(validate({.paths = {"-"}}, "# nothing\n").code, 1);
  // What can be read is told all the same.
  EXPECT_EQ(validate({.paths = {"-", "/no/such/file"}}, good).out, "1 file, 1 Workflow: valid\n");
}

TEST(Validate, PrintsNothingButTheDocumentForMachines) {
  for (const ReportFormat format : {ReportFormat::Json, ReportFormat::Sarif}) {
    const Said said = validate({.paths = {"-"}, .output = format}, good);
    EXPECT_EQ(said.code, 0);
    EXPECT_EQ(said.err, "");
    EXPECT_EQ(said.out.front(), '{');
    EXPECT_EQ(said.out.substr(said.out.size() - 2), "}\n");
  }
}

}  // namespace
}  // namespace ork::cli
