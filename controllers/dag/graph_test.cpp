#include "controllers/dag/graph.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace ork::dag {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const std::vector<Node> diamond{{"a", {}}, {"b", {"a"}}, {"c", {"a"}}, {"d", {"b", "c"}}};

Graph built(const std::vector<Node>& nodes) {
  auto graph = Graph::build(nodes);
  EXPECT_TRUE(graph.ok());
  return graph.ok() ? *graph : Graph{};
}

std::vector<GraphError> errors_of(const std::vector<Node>& nodes) {
  auto graph = Graph::build(nodes);
  EXPECT_FALSE(graph.ok());
  return graph.ok() ? std::vector<GraphError>{} : graph.error();
}

TEST(Graph, OfNothingIsEmpty) {
  const Graph graph = built({});
  EXPECT_EQ(graph.size(), 0);
  EXPECT_THAT(graph.order(), IsEmpty());
  EXPECT_THAT(graph.ready({}), IsEmpty());
  EXPECT_THAT(graph.critical_path({}).nodes, IsEmpty());
  EXPECT_EQ(Graph{}.size(), 0);
}

TEST(Graph, KnowsTheNeighboursOfEachNode) {
  const Graph graph = built(diamond);
  EXPECT_EQ(graph.size(), 4);
  EXPECT_EQ(graph.edges(), 4u);
  EXPECT_THAT(graph.upstream(0), IsEmpty());
  EXPECT_THAT(graph.upstream(3), ElementsAre(1, 2));
  EXPECT_THAT(graph.downstream(0), ElementsAre(1, 2));
  EXPECT_THAT(graph.downstream(3), IsEmpty());
}

TEST(Graph, ListsNeighboursInDeclaredOrderHoweverTheyAreWritten) {
  const Graph graph = built({{"a", {}}, {"b", {}}, {"c", {"b", "a"}}});
  EXPECT_THAT(graph.upstream(2), ElementsAre(0, 1));
}

TEST(Graph, CountsADependencyWrittenTwiceOnce) {
  const Graph graph = built({{"a", {}}, {"b", {"a", "a"}}});
  EXPECT_THAT(graph.upstream(1), ElementsAre(0));
  EXPECT_EQ(graph.edges(), 1u);
}

TEST(Graph, OrdersByDependencyAndThenAsDeclared) {
  EXPECT_THAT(built(diamond).order(), ElementsAre(0, 1, 2, 3));
  EXPECT_THAT(built({{"d", {"b"}}, {"c", {}}, {"b", {}}, {"a", {}}}).order(), ElementsAre(1, 2, 0, 3));
}

TEST(Graph, PutsANodeOneLayerBelowTheDeepestThatItDependsOn) {
  const Graph graph = built({{"a", {}}, {"b", {"a"}}, {"c", {"a", "b"}}, {"d", {}}});
  EXPECT_EQ(graph.layer(0), 0);
  EXPECT_EQ(graph.layer(1), 1);
  EXPECT_EQ(graph.layer(2), 2);
  EXPECT_EQ(graph.layer(3), 0);
}

TEST(Graph, HasReadyWhatIsNotDoneAndWaitsForNothing) {
  const Graph graph = built(diamond);
  EXPECT_THAT(graph.ready({false, false, false, false}), ElementsAre(0));
  EXPECT_THAT(graph.ready({true, false, false, false}), ElementsAre(1, 2));
  EXPECT_THAT(graph.ready({true, true, false, false}), ElementsAre(2));
  EXPECT_THAT(graph.ready({true, true, true, false}), ElementsAre(3));
  EXPECT_THAT(graph.ready({true, true, true, true}), IsEmpty());
}

TEST(Graph, HasTheHeaviestPathAsItsCriticalOne) {
  const Graph graph = built(diamond);
  const auto by_c = graph.critical_path(std::vector<std::int64_t>{1, 2, 5, 1});
  EXPECT_EQ(by_c.length, 7);
  EXPECT_THAT(by_c.nodes, ElementsAre(0, 2, 3));
  const auto tie = graph.critical_path(std::vector<std::int64_t>{1, 2, 2, 1});
  EXPECT_EQ(tie.length, 4);
  EXPECT_THAT(tie.nodes, ElementsAre(0, 1, 3));
}

TEST(Graph, RefusesAnUnknownDependencyAndNamesTheNearest) {
  const auto errors = errors_of({{"extract", {}}, {"load", {"extract", "extrcat"}}, {"report", {"nothing-like-it"}}});
  ASSERT_EQ(errors.size(), 2u);
  EXPECT_EQ(errors[0],
            (GraphError{.code = GraphErrc::UnknownDependency, .node = 1, .dependency = 1, .nearest = "extract"}));
  EXPECT_EQ(errors[1], (GraphError{.code = GraphErrc::UnknownDependency, .node = 2, .dependency = 0}));
}

TEST(Graph, RefusesANameThatIsTakenAndSaysByWhom) {
  const auto errors = errors_of({{"a", {}}, {"b", {}}, {"a", {}}, {"a", {}}});
  ASSERT_EQ(errors.size(), 2u);
  EXPECT_EQ(errors[0], (GraphError{.code = GraphErrc::DuplicateName, .node = 2, .first = 0}));
  EXPECT_EQ(errors[1], (GraphError{.code = GraphErrc::DuplicateName, .node = 3, .first = 0}));
}

TEST(Graph, RefusesANodeThatDependsOnItself) {
  const auto errors = errors_of({{"a", {}}, {"b", {"a", "b"}}});
  ASSERT_EQ(errors.size(), 1u);
  EXPECT_EQ(errors[0], (GraphError{.code = GraphErrc::SelfDependency, .node = 1, .dependency = 1}));
}

TEST(Graph, RefusesACycleAndReportsItsPath) {
  const auto errors = errors_of({{"x", {}}, {"a", {"x", "c"}}, {"b", {"a"}}, {"c", {"b"}}, {"y", {"c"}}});
  ASSERT_EQ(errors.size(), 1u);
  EXPECT_EQ(errors[0], (GraphError{.code = GraphErrc::Cycle, .node = 1, .path = {1, 2, 3, 1}}));
}

TEST(Graph, ReportsAllErrorsAtOnceByNodeAndCyclesLast) {
  const auto errors = errors_of({{"a", {"b"}}, {"b", {"a"}}, {"c", {"c"}}, {"c", {"nobody"}}});
  ASSERT_EQ(errors.size(), 4u);
  EXPECT_EQ(errors[0].code, GraphErrc::SelfDependency);
  EXPECT_EQ(errors[1].code, GraphErrc::DuplicateName);
  EXPECT_EQ(errors[2].code, GraphErrc::UnknownDependency);
  EXPECT_EQ(errors[3].code, GraphErrc::Cycle);
}

TEST(Graph, ReportsNoMoreErrorsThanAnyoneReads) {
  std::vector<std::string> names;
  for (int i = 0; i < 5000; ++i) names.push_back("task-" + std::to_string(i));
  std::vector<Node> nodes;
  for (const auto& name : names) nodes.push_back({name, {"taks", "tsak", name}});
  EXPECT_EQ(errors_of(nodes).size(), max_errors);

  std::vector<Node> pairs;
  for (std::size_t i = 0; i < names.size(); ++i) pairs.push_back({names[i], {names[i ^ 1]}});
  EXPECT_EQ(errors_of(pairs).size(), max_errors);
}

TEST(Graph, TakesNamesThatAreNotNames) {
  const std::string_view nul("\0", 1);
  const Graph graph = built({{"", {}}, {nul, {""}}, {"\xff\xfe", {nul}}});
  EXPECT_THAT(graph.order(), ElementsAre(0, 1, 2));
}

TEST(Graph, HoldsALayeredGraphOfAQuarterOfAMillionEdges) {
  const int width = 50, depth = 100;
  std::vector<std::string> names;
  for (int i = 0; i < width * depth; ++i) names.push_back("task-" + std::to_string(i));
  std::vector<Node> nodes;
  for (int i = 0; i < width * depth; ++i) {
    Node node{names[static_cast<std::size_t>(i)], {}};
    const int above = i / width * width - width;
    for (int up = above; above >= 0 && up < above + width; ++up) {
      node.depends_on.push_back(names[static_cast<std::size_t>(up)]);
    }
    nodes.push_back(std::move(node));
  }
  const Graph graph = built(nodes);
  EXPECT_EQ(graph.edges(), static_cast<std::size_t>(width * width * (depth - 1)));
  EXPECT_EQ(graph.layer(width * depth - 1), depth - 1);
  EXPECT_EQ(graph.critical_path(std::vector<std::int64_t>(nodes.size(), 1)).length, depth);
}

}  // namespace
}  // namespace ork::dag
