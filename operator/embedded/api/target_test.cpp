#include "operator/embedded/api/target.hpp"

#include <gmock/gmock.h>

namespace ork::embedded {
namespace {

using ::testing::ElementsAre;

TEST(ParseTarget, TakesPathAndQueryApart) {
  const auto target = parse_target("/api/v1/namespaces/a%2Fb/pods?labelSelector=app%3Dx+y&watch&limit=5");
  ASSERT_TRUE(target.has_value());
  EXPECT_THAT(target->segments, ElementsAre("api", "v1", "namespaces", "a/b", "pods"));
  EXPECT_EQ(*target->value("labelSelector"), "app=x y");
  EXPECT_EQ(*target->value("watch"), "");
  EXPECT_EQ(*target->value("limit"), "5");
  EXPECT_EQ(target->value("continue"), nullptr);
}

TEST(ParseTarget, RefusesWhatIsNoPath) {
  for (const char* text : {"", "api/v1", "/a%", "/a%2", "/a%zz", "/a?b=%g0"}) {
    EXPECT_FALSE(parse_target(text).has_value()) << text;
  }
}

TEST(ParseTarget, PassesOverEmptyPieces) {
  const auto target = parse_target("//api///v1/?&&a=1&");
  ASSERT_TRUE(target.has_value());
  EXPECT_THAT(target->segments, ElementsAre("api", "v1"));
  EXPECT_EQ(target->query.size(), 1u);
}

class FindResource : public ::testing::Test {
 protected:
  std::string find(const std::string& text) {
    const auto path = find_resource(*parse_target(text), *kinds);
    if (!path) return "not a resource";
    if (!*path) return path->error().plain_text ? "plain 404" : path->error().reason;
    return (*path)->kind->kind + " ns=" + (*path)->ns + " name=" + (*path)->name + " sub=" + (*path)->subresource;
  }
  std::shared_ptr<const Kinds> kinds = *Kinds::load();
};

TEST_F(FindResource, FindsCollectionsObjectsAndSubresources) {
  EXPECT_EQ(find("/api/v1/pods"), "Pod ns= name= sub=");
  EXPECT_EQ(find("/api/v1/namespaces/a/pods"), "Pod ns=a name= sub=");
  EXPECT_EQ(find("/api/v1/namespaces/a/pods/p"), "Pod ns=a name=p sub=");
  EXPECT_EQ(find("/api/v1/namespaces/a/pods/p/log"), "Pod ns=a name=p sub=log");
  EXPECT_EQ(find("/apis/batch/v1/namespaces/a/jobs/j/status"), "Job ns=a name=j sub=status");
  EXPECT_EQ(find("/apis/ork.dev/v1alpha1/workflowruns"), "WorkflowRun ns= name= sub=");
}

TEST_F(FindResource, TellsANamespaceFromWhatIsInIt) {
  EXPECT_EQ(find("/api/v1/namespaces"), "Namespace ns= name= sub=");
  EXPECT_EQ(find("/api/v1/namespaces/a"), "Namespace ns= name=a sub=");
  EXPECT_EQ(find("/api/v1/namespaces/a/finalize"), "Namespace ns= name=a sub=finalize");
  EXPECT_EQ(find("/api/v1/namespaces/a/status"), "Namespace ns= name=a sub=status");
}

TEST_F(FindResource, AnswersWhatIsNotThereAsKubernetesDoes) {
  EXPECT_EQ(find("/foo"), "not a resource");
  EXPECT_EQ(find("/apis/foo.bar/v1/x"), "plain 404");
  EXPECT_EQ(find("/api/v1/foos"), "NotFound");
  EXPECT_EQ(find("/apis/ork.dev/v1alpha1/foos"), "plain 404");
  EXPECT_EQ(find("/api/v1/pods/p"), "NotFound") << "a Pod has a namespace";
  EXPECT_EQ(find("/api/v1/namespaces/a/pods/p/log/x"), "NotFound");
  EXPECT_EQ(find("/apis/ork.dev/v1alpha1/namespaces/a/workflows/w/status/x"), "Workflow ns=a name=w sub=status");
}

TEST_F(FindResource, TellsAnUnknownVersionFromAnUnknownGroup) {
  EXPECT_EQ(find("/api/v9/secrets"), "NotFound");
  EXPECT_EQ(find("/api/v9"), "NotFound");
  EXPECT_EQ(find("/apis/batch/v9/jobs"), "NotFound");
  EXPECT_EQ(find("/apis/batch/v9"), "NotFound");
  EXPECT_EQ(find("/apis/ork.dev/v9/workflows"), "plain 404");
  EXPECT_EQ(find("/apis/no.such.group/v1"), "plain 404");
}

TEST(Target, HasEveryValueOfAName) {
  EXPECT_THAT(parse_target("/?a=1&b=2&a=")->values("a"), ElementsAre("1", ""));
  EXPECT_THAT(parse_target("/")->values("a"), ElementsAre());
}

}  // namespace
}  // namespace ork::embedded
