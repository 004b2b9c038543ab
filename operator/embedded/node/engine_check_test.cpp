#include "operator/embedded/node/engine_check.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "operator/kube/temporary_folder.hpp"

namespace ork::embedded {
namespace {

class EngineCheck : public ::testing::Test {
 protected:
  // What check_engine says of a podman that does this; empty: it can be used.
  std::string check(const std::string& script) {
    const std::string program = folder.write("podman", "#!/bin/sh\n" + script);
    ::chmod(program.c_str(), 0755);
    const auto usable = check_engine("podman", environment);
    return usable ? "" : usable.error();
  }
  kube::testing::TemporaryFolder folder;
  std::vector<std::string> environment = {"PATH=" + folder.path().string() + ":/usr/bin:/bin"};
};

TEST_F(EngineCheck, AsksWhatChangesNothing) {
  EXPECT_EQ(check("echo \"$@\" > \"$0.asked\"; echo 0123"), "");
  EXPECT_EQ(folder.read("podman.asked"), "ps --quiet\n");
}

TEST_F(EngineCheck, SaysThatItIsNotInstalled) {
  EXPECT_EQ(check_engine("podman", {"PATH=/nowhere"}).error(),
            "there is no podman in PATH: install it; or run commands as processes: --runtime process");
}

TEST_F(EngineCheck, PassesOnWhyItIsNotReady) {
  EXPECT_EQ(check("echo first; echo 'no storage' >&2; exit 1"),
            "podman is not ready: no storage; or run commands as processes: --runtime process");
  EXPECT_EQ(check("kill -9 $$"), "podman is not ready: ; or run commands as processes: --runtime process");
}

TEST_F(EngineCheck, ReadsHoweverMuchItSays) { EXPECT_EQ(check("head -c 1000000 /dev/zero"), ""); }

TEST_F(EngineCheck, SaysThatItCanNotBeRun) {
  const std::string program = folder.write("podman", "neither a program nor a script");
  ::chmod(program.c_str(), 0755);
  EXPECT_EQ(check_engine("podman", environment).error(), "podman can't be run: exec: \"podman\": Exec format error");
}

}  // namespace
}  // namespace ork::embedded
