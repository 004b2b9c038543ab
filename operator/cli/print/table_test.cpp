#include "operator/cli/print/table.hpp"

#include <gtest/gtest.h>

namespace ork::print {
namespace {

// As the API server answers `kubectl get wfr`, but for what no printer looks at.
Json runs(const Json& rows, bool with_columns = true) {
  Json table = {{"kind", "Table"}, {"rows", rows}};
  if (with_columns) {
    table["columnDefinitions"] = {{{"name", "Name"}, {"priority", 0}},
                                  {{"name", "Workflow"}, {"priority", 0}},
                                  {{"name", "Status"}, {"priority", 0}},
                                  {{"name", "Tasks"}, {"priority", 0}},
                                  {{"name", "Message"}, {"priority", 1}}};
  }
  return table;
}

Json row(const char* ns, const Json& cells) {
  return {{"cells", cells}, {"object", {{"kind", "PartialObjectMetadata"}, {"metadata", {{"namespace", ns}}}}}};
}

const Json two = {row("a", {"etl-1", "etl", "Succeeded", "3/3", "all 3 tasks succeeded"}),
                  row("team-b", {"by-hand", nullptr, "Failed", "1/2", "task load failed:\nno such file"})};

TEST(TablePrinter, PrintsAsKubectlDoes) {
  EXPECT_EQ(TablePrinter({}).print(runs(two)),
            "NAME      WORKFLOW   STATUS      TASKS\n"
            "etl-1     etl        Succeeded   3/3\n"
            "by-hand              Failed      1/2\n");
}

TEST(TablePrinter, ShowsFurtherColumnsWhereWide) {
  EXPECT_EQ(TablePrinter({.wide = true}).print(runs(two)),
            "NAME      WORKFLOW   STATUS      TASKS   MESSAGE\n"
            "etl-1     etl        Succeeded   3/3     all 3 tasks succeeded\n"
            "by-hand              Failed      1/2     task load failed:...\n");
}

TEST(TablePrinter, ShowsNamespacesAndNoHeaders) {
  EXPECT_EQ(TablePrinter({.with_namespace = true}).print(runs(two)),
            "NAMESPACE   NAME      WORKFLOW   STATUS      TASKS\n"
            "a           etl-1     etl        Succeeded   3/3\n"
            "team-b      by-hand              Failed      1/2\n");
  EXPECT_EQ(TablePrinter({.no_headers = true}).print(runs(two)),
            "etl-1     etl   Succeeded   3/3\n"
            "by-hand         Failed      1/2\n");
}

TEST(TablePrinter, NamesTheColumnsOnceAndKeepsTheirWidths) {
  TablePrinter printer({});
  EXPECT_EQ(printer.print(runs(Json::array())), "");
  EXPECT_EQ(printer.print(runs(Json::array({row("a", {"a-long-name", "etl", "Running", "0/3", ""})}), false)),
            "NAME          WORKFLOW   STATUS    TASKS\n"
            "a-long-name   etl        Running   0/3\n");
  EXPECT_EQ(printer.print(runs(Json::array({row("a", {"b", "etl", "Succeeded", "3/3", ""})}), false)),
            "b             etl        Succeeded   3/3\n");
  EXPECT_EQ(printer.print(runs(Json::array({row("a", {"c", "etl", "Failed", "3/3", ""})}), false)),
            "c             etl        Failed      3/3\n");
}

TEST(TablePrinter, TakesAnythingForATable) {
  const Json odd[] = {nullptr,
                      1,
                      "x",
                      Json::array(),
                      Json::object(),
                      {{"rows", 1}},
                      {{"rows", {1, nullptr, Json::object()}}},
                      {{"columnDefinitions", {1, Json::object(), {{"name", 1}, {"priority", "x"}}}},
                       {"rows", {{{"cells", {1, true, Json::object(), "x"}}}, {{"cells", "x"}}, {{"object", 3}}}}}};
  for (const Json& table : odd) {
    TablePrinter printer({.wide = true, .with_namespace = true});
    printer.print(table);
    printer.print(runs(two));
  }
  EXPECT_EQ(TablePrinter({}).print(runs(Json::array({row("a", {"\x1b[2J", 3, true, Json::array({1})})}))),
            "NAME      WORKFLOW   STATUS   TASKS\n\\x1b[2J   3          true     [1]\n");
}

TEST(PrintRows, AlignsRowsOfOurOwn) {
  EXPECT_EQ(print_rows({{"PARAM", "TYPE"}, {"day", "string"}, {"n", ""}}), "PARAM   TYPE\nday     string\nn\n");
}

}  // namespace
}  // namespace ork::print
