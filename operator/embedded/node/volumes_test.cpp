#include "operator/embedded/node/volumes.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "operator/embedded/node/test_pods.hpp"
#include "operator/kube/temporary_folder.hpp"

namespace ork::embedded {
namespace {

using ::testing::ElementsAre;
using testing::pod_with;

const Sources sources = {{{false, "c"}, SourceData{{"a", "1"}, {"b", "2"}}}, {{true, "s"}, SourceData{{"p", "x"}}}};

Result<std::vector<PlannedVolume>, VolumeProblem> plan(const std::string& volume, const std::string& root = "/r") {
  return plan_volumes(pod_with(R"({"volumes":[{"name":"v",)" + volume + "}]}", R"({"labels":{"l":"1"}})"), sources,
                      {.name = "local"}, root);
}

std::vector<PlannedFile> files(const std::string& volume) {
  const auto out = plan(volume);
  EXPECT_TRUE(out.ok()) << (out ? "" : out.error().message);
  return out ? out->at(0).files : std::vector<PlannedFile>{};
}

TEST(PlanVolumes, AConfigMapIsAFileForEachKeyOrForEachItem) {
  EXPECT_THAT(files(R"("configMap":{"name":"c"})"),
              ElementsAre(PlannedFile{"a", "1", 0644}, PlannedFile{"b", "2", 0644}));
  EXPECT_THAT(files(R"("configMap":{"name":"c","defaultMode":256,"items":[{"key":"b","path":"x/y","mode":365}]})"),
              ElementsAre(PlannedFile{"x/y", "2", 0555}));
}

TEST(PlanVolumes, ASecretToo) {
  EXPECT_THAT(files(R"("secret":{"secretName":"s","defaultMode":256})"), ElementsAre(PlannedFile{"p", "x", 0400}));
}

TEST(PlanVolumes, ThePodCanReadOfItself) {
  EXPECT_THAT(files(R"("downwardAPI":{"items":[{"path":"name","fieldRef":{"fieldPath":"metadata.name"}},
                       {"path":"cpu","resourceFieldRef":{"containerName":"main","resource":"requests.cpu"}}]})"),
              ElementsAre(PlannedFile{"name", "p", 0644}, PlannedFile{"cpu", "0", 0644}));
}

TEST(PlanVolumes, AProjectionIsAllOfThemAndTheLaterFileHolds) {
  EXPECT_THAT(files(R"("projected":{"sources":[{"configMap":{"name":"c"}},
                       {"secret":{"name":"s","items":[{"key":"p","path":"a"}]}},
                       {"serviceAccountToken":{"path":"token"}}]})"),
              ElementsAre(PlannedFile{"b", "2", 0644}, PlannedFile{"a", "x", 0644}));
}

TEST(PlanVolumes, AHostPathIsTakenAsItIs) {
  const auto out = plan(R"("hostPath":{"path":"/data"})");
  EXPECT_EQ(out->at(0), (PlannedVolume{.name = "v", .folder = "/data", .made = false, .files = {}}));
}

TEST(PlanVolumes, AnEmptyDirIsAFolder) { EXPECT_EQ(plan(R"("emptyDir":{"medium":"Memory"})")->at(0).folder, "/r/v"); }

TEST(PlanVolumes, WaitForWhatIsNotThereYetUnlessItIsOptional) {
  const auto missing = plan(R"("configMap":{"name":"gone"})");
  ASSERT_FALSE(missing.ok());
  EXPECT_EQ(missing.error().message, "configmap \"gone\" not found");
  EXPECT_TRUE(missing.error().may_pass);
  EXPECT_EQ(plan(R"("configMap":{"name":"c","items":[{"key":"z","path":"z"}]})").error().message,
            "configmap references non-existent key: z");
  EXPECT_THAT(files(R"("configMap":{"name":"gone","optional":true})"), ElementsAre());
  EXPECT_THAT(files(R"("configMap":{"name":"c","optional":true,"items":[{"key":"z","path":"z"}]})"), ElementsAre());
}

TEST(PlanVolumes, RefuseAPathThatLeadsOut) {
  for (const std::string path : {"../x", "a/../../x", "/etc/x", "..", ""}) {
    const auto out = plan(R"("configMap":{"name":"c","items":[{"key":"a","path":")" + path + R"("}]})");
    ASSERT_FALSE(out.ok()) << path;
    EXPECT_FALSE(out.error().may_pass) << path;
  }
}

TEST(PlanVolumes, SayWhatThisNodeDoesNotHave) {
  const auto out = plan(R"("persistentVolumeClaim":{"claimName":"x"})");
  ASSERT_FALSE(out.ok());
  EXPECT_EQ(
      out.error().message,
      "volume \"v\" is a persistentVolumeClaim, which this node does not have; it has configMap, secret, emptyDir, "
      "downwardAPI, projected and hostPath");
}

TEST(PlanMounts, LeadToTheVolumeOrAPartOfIt) {
  const PodSpec pod = pod_with(R"({"volumes":[{"name":"v"}],"containers":[{"name":"main","volumeMounts":[
      {"name":"v","mountPath":"/a","readOnly":true},{"name":"v","mountPath":"/b","subPath":"x/y"},
      {"name":"v","mountPath":"/c","subPathExpr":"$(N)/z"}]}]})");
  const auto volumes = plan_volumes(pod, {}, {}, "/r");
  const auto mounts = plan_mounts(pod.containers[0], *volumes, {{"N", "n"}});
  EXPECT_THAT(*mounts, ElementsAre(PlannedMount{"/a", "/r/v", true, false}, PlannedMount{"/b", "/r/v/x/y", false, true},
                                   PlannedMount{"/c", "/r/v/n/z", false, true}));
  EXPECT_EQ(paths_of(*mounts).path("/a/f"), "/r/v/f");
}

TEST(PlanMounts, RefuseAPartOutsideAndAVolumeThatIsNot) {
  const PodSpec pod = pod_with(R"j({"volumes":[{"name":"v"}],"containers":[
      {"name":"a","volumeMounts":[{"name":"v","mountPath":"/a","subPathExpr":"$(N)"}]},
      {"name":"b","volumeMounts":[{"name":"w","mountPath":"/a"}]}]})j");
  const auto volumes = plan_volumes(pod, {}, {}, "/r");
  EXPECT_EQ(plan_mounts(pod.containers[0], *volumes, {{"N", "../.."}}).error(), "'../..' is no path within volume v");
  EXPECT_EQ(plan_mounts(pod.containers[1], *volumes, {}).error(), "there is no volume \"w\" to mount at /a");
}

TEST(PlanMounts, MakeFoldersOfPartsThatAreNotThere) {
  kube::testing::TemporaryFolder folder;
  const std::string there = folder.write("v/file", "x");
  const std::string absent = folder.path() / "v/a/b";
  ASSERT_TRUE(
      make_parts({{"/x", there, false, true}, {"/y", absent, false, true}, {"/z", absent + "/c", false, false}}, {})
          .ok());
  EXPECT_TRUE(std::filesystem::is_directory(absent));
  EXPECT_FALSE(std::filesystem::exists(absent + "/c"));
  EXPECT_EQ(folder.read("v/file"), "x");
}

TEST(WriteVolumes, OfAVolumeThatIsMountedInPartsOnlyThoseAreMade) {
  kube::testing::TemporaryFolder folder;
  const PodSpec pod = pod_with(R"j({"volumes":[{"name":"v","configMap":{"name":"c"}}],"containers":[{"name":"main",
      "volumeMounts":[{"name":"v","mountPath":"/item","subPathExpr":"$(KEY)"}]}]})j");
  const auto volumes = plan_volumes(pod, sources, {}, folder.path());
  ASSERT_TRUE(write_volumes(*volumes).ok());
  const auto mounts = plan_mounts(pod.containers[0], *volumes, {{"KEY", "b"}});
  ASSERT_TRUE(make_parts(*mounts, *volumes).ok());
  EXPECT_EQ(folder.read("v/b"), "2");
  EXPECT_FALSE(std::filesystem::exists(folder.path() / "v/a"));
}

TEST(WriteVolumes, PutsFilesWhereTheyBelongWithTheirModes) {
  kube::testing::TemporaryFolder folder;
  const auto planned =
      plan(R"("configMap":{"name":"c","items":[{"key":"a","path":"x/y","mode":256}]})", folder.path() / "volumes");
  ASSERT_TRUE(write_volumes(*planned).ok());
  EXPECT_EQ(folder.read("volumes/v/x/y"), "1");
  struct stat info{};
  ASSERT_EQ(::stat((folder.path() / "volumes/v/x/y").c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0400U);
  EXPECT_TRUE(write_volumes(*planned).ok()) << "a second try after a crash";
}

}  // namespace
}  // namespace ork::embedded
