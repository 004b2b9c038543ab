#include "operator/manifest/yaml_reader.hpp"

#include <gtest/gtest.h>

namespace ork::manifest {
namespace {

// The documents as JSON, one a line; or the error with its place.
std::string read(std::string_view text) {
  const auto documents = read_yaml(text);
  if (!documents) {
    const ReadError& error = documents.error();
    return std::to_string(error.at.line) + ":" + std::to_string(error.at.column) + ": " + error.message;
  }
  std::string out;
  for (const Document& document : *documents) out += document.value.dump() + "\n";
  return out;
}

TEST(YamlReader, ReadsBlocksFlowsAndScalarsOfAllKinds) {
  EXPECT_EQ(
      read("a: é x\nb: {c: 1, \"d\": [x, 'it''s'], }\nc: |\n  text\n  more\nd:\n- 1\n-  - 2\ne: >-\n  one\n  line\n"),
      R"({"a":"é x","b":{"c":1,"d":["x","it's"]},"c":"text\nmore\n","d":[1,[2]],"e":"one line"})"
      "\n");
}

TEST(YamlReader, ReadsSeveralDocumentsAndLeavesEmptyOnesOut) {
  EXPECT_EQ(read("a: 1\n--- # second\n---\nb: 2\n...\n---\nc: 3\n"), "{\"a\":1}\n{\"b\":2}\n{\"c\":3}\n");
  EXPECT_EQ(read(""), "");
  EXPECT_EQ(read("# nothing\n---\n"), "");
  EXPECT_EQ(read("---\nnull\n"), "");
}

TEST(YamlReader, ReadsJsonWithItsTabsAndEscapes) {
  EXPECT_EQ(read("{\n\t\"a\": \"\\u00e9\\/\\ud83d\\ude00\\\\ud83d\",\n\t\"b\": [1,\t2.5, null]\n}\n"),
            "{\"a\":\"é/😀\\\\ud83d\",\"b\":[1,2.5,null]}\n");
}

TEST(YamlReader, ReadsWindowsLineEndsAndAByteOrderMark) {
  EXPECT_EQ(read("\xEF\xBB\xBF"
                 "a: 1\r\nb:\r\n- x\r\n"),
            "{\"a\":1,\"b\":[\"x\"]}\n");
}

TEST(YamlReader, MergesAsGoDoes) {
  EXPECT_EQ(read("a: &x {k: 1, j: 2}\nb: {<<: *x, k: 3}\n"), R"({"a":{"j":2,"k":1},"b":{"j":2,"k":3}})"
                                                             "\n");
  // Go's reader lets a merge win over what stands before it.
  EXPECT_EQ(read("a: &x {k: 1, j: 2}\nb: {k: 3, <<: *x}\n"), R"({"a":{"j":2,"k":1},"b":{"j":2,"k":1}})"
                                                             "\n");
  EXPECT_EQ(read("a: &x {k: 1}\nb: {<<: [*x, {k: 9, l: 3}]}\n"), R"({"a":{"k":1},"b":{"k":1,"l":3}})"
                                                                 "\n");
  EXPECT_EQ(read("a: {\"<<\": 1}\n"), R"({"a":{"<<":1}})"
                                      "\n");
  EXPECT_EQ(read("b: {<<: 3}\n"), "1:5: << merges an object, or a list of objects");
}

TEST(YamlReader, RefusesAFieldGivenTwiceAndSaysWhereItStoodFirst) {
  EXPECT_EQ(read("a: 1\nb:\n  c: 1\n  d: 2\n  c: 3\n"),
            R"(5:3: the field "c" is there already, in line 3: remove one of them)");
  EXPECT_EQ(read("yes: 1\ntrue: 2\n"), R"(2:1: the field "true" is there already, in line 1: remove one of them)");
  EXPECT_EQ(read("- {a: 1}\n- {a: 1}\n"), "[{\"a\":1},{\"a\":1}]\n");
}

TEST(YamlReader, SaysWhatIsWrongInWordsOfTheUser) {
  struct Case {
    std::string_view text;
    std::string_view says;
  };
  const Case cases[] = {
      {"a: b: c\n",
       "1:5: a ':' can't stand here: put the text before it in quotes, or check the indentation of this line"},
      {"tasks:\n- name: a\n   image: x\n",
       "3:9: a ':' can't stand here: put the text before it in quotes, or check the indentation of this line"},
      {"a: [1\nb: 2\n", "2:2: a '[' before this is not closed, or a ',' is missing"},
      {"a: {b: 1\nc: 2\n", "2:2: a '{' before this is not closed, or a ',' is missing"},
      {"h:\n  - 1\n i: 2\n", "3:2: this is no field of the object before it: check the indentation"},
      {", a: 1\n",
       "1:1: a document can't begin with this character: a line before it is missing, or it is one too many"},
      {"---\n, b\n",
       "2:1: a document can't begin with this character: a line before it is missing, or it is one too many"},
      {"a: @x\n", "1:4: text can't begin with this character: put it in quotes"},
      {"a: *x\n", "1:4: there is no anchor of that name before this alias"},
      {"a:\n\t- b\n", "2:1: this line is indented by a tab, and YAML takes only spaces there"},
      {"- a\n- b\nc: d\n",
       "3:1: the document has ended before this line: check its indentation, or put --- between documents"},
      {"a: &x [1, *x]\n", "1:11: the alias stands inside of what it refers to"},
      {"[1]: a\n", "1:1: a field's name must be plain text, not a list or an object"},
      {"a: \xff\n", "1:4: this is not text: there is a control character, or a byte that is not UTF-8"},
      {"a: b\nc: \x1b[0m\n", "2:4: this is not text: there is a control character, or a byte that is not UTF-8"},
      {"a: .nan\n", R"(1:4: ".nan" is no number that JSON can hold: put it in quotes)"},
  };
  for (const Case& c : cases) EXPECT_EQ(read(c.text), c.says) << c.text;
}

TEST(YamlReader, FindsAQuoteThatIsNeverClosed) {
  EXPECT_EQ(read("a: \"x\nb: 2\n"), "1:4: this quote is never closed");
  EXPECT_EQ(read("a: 1\nb: 'it''s\n"), "2:4: this quote is never closed");
  EXPECT_EQ(read("a: !!str \"x\n"), "1:4: this quote is never closed");
  EXPECT_EQ(read("a: \"x\\\"\"\nb: 'y'''\n"), "{\"a\":\"x\\\"\",\"b\":\"y'\"}\n");
}

TEST(YamlReader, BoundsHowDeepADocumentIs) {
  const std::string open(128, '['), close(128, ']');
  EXPECT_EQ(read(open + close + "\n").size(), 257U);
  EXPECT_EQ(read("[" + open + close + "]\n"), "1:129: is nested more than 128 deep: make it flatter");
  EXPECT_FALSE(read_yaml(std::string(100'000, '[')).ok());
  std::string items;
  for (int i = 0; i < 100'000; ++i) items += "- ";
  EXPECT_FALSE(read_yaml(items).ok());
  // The depth that aliases bring counts too.
  std::string chain = "a0: &a0 [x]\n";
  for (int i = 1; i <= 130; ++i) {
    chain += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [*a" + std::to_string(i - 1) + "]\n";
  }
  EXPECT_EQ(read(chain), "128:14: is nested more than 128 deep with its aliases written out");
}

TEST(YamlReader, BoundsWhatAliasesComeTo) {
  std::string bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 10; ++i) {
    const std::string alias = "*a" + std::to_string(i - 1);
    bomb += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + alias;
    for (int j = 1; j < 10; ++j) bomb += ", " + alias;
    bomb += "]\n";
  }
  EXPECT_EQ(read(bomb), "6:20: the file is too large with all of its aliases written out: at most 32 MiB");
  const std::string text(1 << 20, 'x');
  std::string wide = "a: &a " + text + "\nb: [";
  for (int i = 0; i < 1000; ++i) wide += "*a, ";
  EXPECT_EQ(read(wide + "]\n"), "2:121: the file is too large with all of its aliases written out: at most 32 MiB");
}

TEST(YamlReader, BoundsTheFile) {
  EXPECT_EQ(read(std::string((8U << 20U) + 1, '#')), "0:0: the file is larger than 8 MiB");
  std::string many;
  for (int i = 0; i < 5001; ++i) many += "--- {a: 1}\n";
  EXPECT_EQ(read(many), "5001:1: a file may hold at most 5000 documents");
}

// Every text that two changes make of a good one is read or refused.
TEST(YamlReader, TakesAnyText) {
  const std::string good =
      "a: &x {b: [1, \"two\", 'three'], c: k}\nd: |\n  text\n? e\n: !!str f\n--- # g\n- - h\n- {<<: &y {}, i: j}\n";
  constexpr std::string_view odd("\0\t\n\r \"'#&*!|>%@`[]{},:-?<~\\\x1b\xc3\xf0", 30);
  std::size_t taken = 0, refused = 0;
  const auto read_once = [&](const std::string& text) {
    const auto documents = read_yaml(text);
    ++(documents ? taken : refused);
    if (!documents) return;
    // Whatever was read can be sent.
    for (const Document& document : *documents) EXPECT_NO_THROW(document.value.dump()) << text;
  };
  for (std::size_t at = 0; at < good.size(); ++at) {
    for (const char c : odd) {
      std::string text = good;
      text[at] = c;
      read_once(text);
      text.erase(at / 2, 1 + at % 3);
      read_once(text);
    }
  }
  for (const char* escape : {R"(\xff)", R"(\ud800)", R"(\U00110000)", R"(\uFFFE)", R"(\0)", R"(\U0001F600)"}) {
    read_once(std::string("a: \"") + escape + "\"\n");
  }
  EXPECT_GT(taken, 100U);
  EXPECT_GT(refused, 1000U);
}

}  // namespace
}  // namespace ork::manifest
