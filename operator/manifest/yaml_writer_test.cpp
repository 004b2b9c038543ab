#include "operator/manifest/yaml_writer.hpp"

#include <gtest/gtest.h>

namespace ork::manifest {
namespace {

using Json = nlohmann::json;

// All expected texts are those of kubectl's own library for the same value.
TEST(YamlWriter, WritesAnObjectAsKubectlDoes) {
  const Json object = Json::parse(R"({
    "metadata": {"name": "etl", "labels": {"a10": "x", "a9": "y", "B": "z", "app.kubernetes.io/name": "e"},
                 "generation": 1, "creationTimestamp": "2026-11-21T03:32:00Z"},
    "spec": {"tasks": [{"name": "a", "dependsOn": ["b", "c"], "count": 3, "script": "echo one\necho two\n"},
                       {"name": "b", "command": ["sh", "-c", "echo 'x'; date"]}],
             "empty": {}, "none": [], "nested": [[1, [2]], []], "on": true, "off": null, "f": 0.5, "big": 1e20},
    "status": {"message": "task load failed after 2 attempts: the program ended with exit code 3: and this goes on for longer than one line does",
               "conditions": []}})");
  EXPECT_EQ(to_yaml(object), R"(metadata:
  creationTimestamp: "2026-11-21T03:32:00Z"
  generation: 1
  labels:
    B: z
    a9: "y"
    a10: x
    app.kubernetes.io/name: e
  name: etl
spec:
  big: 1e+20
  empty: {}
  f: 0.5
  nested:
  - - 1
    - - 2
  - []
  none: []
  "off": null
  "on": true
  tasks:
  - count: 3
    dependsOn:
    - b
    - c
    name: a
    script: |
      echo one
      echo two
  - command:
    - sh
    - -c
    - echo 'x'; date
    name: b
status:
  conditions: []
  message: 'task load failed after 2 attempts: the program ended with exit code 3:
    and this goes on for longer than one line does'
)");
}

struct Case {
  std::string text;
  std::string yaml;
};

TEST(YamlWriter, QuotesWhatWouldReadAsSomethingElse) {
  const Case cases[] = {
      {"", R"("")"},
      {"true", R"("true")"},
      {"y", R"("y")"},
      {"~", R"("~")"},
      {"1", R"("1")"},
      {"1_000", R"("1_000")"},
      {".5", R"(".5")"},
      {"+1", R"("+1")"},
      {"1:30", R"("1:30")"},
      {"-1:30.5_", R"("-1:30.5_")"},
      {"2026-01-01", R"("2026-01-01")"},
      {"2026-1-1 1:2:3", R"("2026-1-1 1:2:3")"},
      {"2026-13-01", "2026-13-01"},
      {"1:70", "1:70"},
      {"1e", "1e"},
      {"0x", "0x"},
      {".x", ".x"},
      {"<<", "<<"},
  };
  for (const Case& c : cases) EXPECT_EQ(to_yaml(c.text), c.yaml + "\n") << c.text;
}

TEST(YamlWriter, QuotesWhatYamlWouldTakeForItsOwn) {
  const Case cases[] = {
      {"- x", "'- x'"},   {"-x", "-x"},
      {"-", "'-'"},       {"--- x", "'--- x'"},
      {"...", "'...'"},   {"a: b", "'a: b'"},
      {"a:b", "a:b"},     {"a:", "'a:'"},
      {": x", "': x'"},   {":x", ":x"},
      {"a #b", "'a #b'"}, {"a#b", "a#b"},
      {"#a", "'#a'"},     {"@x", "'@x'"},
      {"%x", "'%x'"},     {"?x", "?x"},
      {"? x", "'? x'"},   {"[x", "'[x'"},
      {"x]", "x]"},       {"{}", "'{}'"},
      {"*x", "'*x'"},     {"&x", "'&x'"},
      {"!x", "'!x'"},     {"|x", "'|x'"},
      {">x", "'>x'"},     {"'x", "'''x'"},
      {"x'", "x'"},       {"\"x", "'\"x'"},
      {" ", "' '"},       {"trail ", "'trail '"},
      {"x, y", "x, y"},   {"=", "="},
      {"a\\b", "a\\b"},   {"\xC3\xA9", "\xC3\xA9"},
  };
  for (const Case& c : cases) EXPECT_EQ(to_yaml(c.text), c.yaml + "\n") << c.text;
}

TEST(YamlWriter, EscapesWhatIsNotPrintable) {
  const Case cases[] = {
      {std::string("a\0b", 3), R"("a\0b")"},
      {"\x1b[0m", R"("\e[0m")"},
      {"a\tb", R"("a\tb")"},
      {"\r", R"("\r")"},
      {"a\r\nb", R"("a\r\nb")"},
      {"a\n\tb", R"("a\n\tb")"},
      {"x \ny", R"("x \ny")"},
      {"x\n ", R"("x\n ")"},
      {"\xF0\x9F\x98\x80", R"("\U0001F600")"},
      {"\xEF\xBB\xBF", R"("\uFEFF")"},
      {"a\x7f", R"("a\x7F")"},
      {"\xff", "\xEF\xBF\xBD"},
      // kubectl writes these three as they are, and does not read them back.
      {"\xC2\x85", R"("\N")"},
      {"\xE2\x80\xA8", R"("\L")"},
      {"\xE2\x80\xA9", R"("\P")"},
  };
  for (const Case& c : cases) EXPECT_EQ(to_yaml(c.text), c.yaml + "\n") << c.text;
}

TEST(YamlWriter, WritesLinesAsABlock) {
  const Case cases[] = {
      {"l1\nl2\n", "|\n  l1\n  l2\n"}, {"l1\n l2", "|-\n  l1\n   l2\n"}, {" l\nx", "|2-\n   l\n  x\n"},
      {"\nx", "|2-\n\n  x\n"},         {"x\n\n", "|+\n  x\n\n"},         {"\n", "|2+\n\n"},
      {"a\n\nb", "|-\n  a\n\n  b\n"},
  };
  for (const Case& c : cases) EXPECT_EQ(to_yaml(c.text), c.yaml) << c.text;
  EXPECT_EQ(to_yaml(Json{{"a", {{"b", {"x\ny\n", "z"}}}}}), "a:\n  b:\n  - |\n    x\n    y\n  - z\n");
}

TEST(YamlWriter, FoldsLongLinesAtSpaces) {
  std::string words;
  for (int i = 0; i < 45; ++i) words += "x ";
  words += "end";
  EXPECT_EQ(to_yaml(Json{{"a", words}}), "a: " + words.substr(0, 79) + "\n  " + words.substr(80) + "\n");
  const std::string tabbed = "\t" + words;
  EXPECT_EQ(to_yaml(Json{{"a", tabbed}}), "a: \"\\t" + words.substr(0, 75) + "\n  " + words.substr(76) + "\"\n");
}

TEST(YamlWriter, WritesOddNamesOfFields) {
  const Json object = {{"", 1}, {"-", 2}, {"1", 3}, {"10", 4}, {"9", 5}, {"true", 6}, {"a: b", 7}, {"a b", 8}};
  EXPECT_EQ(to_yaml(object), "\"\": 1\n'-': 2\n\"1\": 3\n\"9\": 5\n\"10\": 4\na b: 8\n'a: b': 7\n\"true\": 6\n");
  const std::string longest(128, 'k'), longer(129, 'k');
  EXPECT_EQ(to_yaml(Json{{longest, 1}}), longest + ": 1\n");
  EXPECT_EQ(to_yaml(Json{{longer, 1}}), "? " + longer + "\n: 1\n");
  EXPECT_EQ(to_yaml(Json{{"m\nn", 1}}), "? |-\n  m\n  n\n: 1\n");
}

TEST(YamlWriter, WritesNumbersAsGoDoes) {
  EXPECT_EQ(to_yaml(Json::parse("[1, -5, 1.5, 1e20, 123456.75, 1234567.5, 0.0001, 0.00001, 18446744073709551615]")),
            "- 1\n- -5\n- 1.5\n- 1e+20\n- 123456.75\n- 1.2345675e+06\n- 0.0001\n- 1e-05\n- 18446744073709551615\n");
}

TEST(YamlWriter, WritesWhatIsNoObjectToo) {
  EXPECT_EQ(to_yaml(nullptr), "null\n");
  EXPECT_EQ(to_yaml(Json::object()), "{}\n");
  EXPECT_EQ(to_yaml(Json::array()), "[]\n");
  EXPECT_EQ(to_yaml(3), "3\n");
}

}  // namespace
}  // namespace ork::manifest
