#include "controllers/jobs/failure.hpp"

#include <gtest/gtest.h>

#include "controllers/jobs/test_objects.hpp"

namespace ork::jobs {
namespace {

using api::Cause;
using namespace test;

api::Pod with_status(const std::string& reason) {
  api::Pod pod = exited(137);
  pod.exit_code.reset();
  pod.terminated_reason.clear();
  pod.status_reason = reason;
  return pod;
}

api::Pod terminated_as(const char* reason, int code) {
  api::Pod pod = exited(code);
  pod.terminated_reason = reason;
  return pod;
}

TEST(Failure, HasACauseAndAReason) {
  const struct {
    const char* what;
    api::Pod pod;
    Cause cause;
    const char* reason;
  } cases[] = {
      {"exit 1", exited(1), Cause::Program, "Error"},
      {"a signal", exited(139), Cause::Program, "Error"},
      {"exit 255", exited(255), Cause::Program, "Error"},
      {"a reboot under it", terminated_as("Unknown", 255), Cause::Infrastructure, "NodeLost"},
      {"no trace of it", terminated_as("ContainerStatusUnknown", 137), Cause::Infrastructure, "NodeLost"},
      {"out of memory", oom_killed(), Cause::OutOfMemory, "OOMKilled"},
      {"the Pod's own deadline", with_status("DeadlineExceeded"), Cause::Deadline, "DeadlineExceeded"},
      {"preempted", disrupted("PreemptionByScheduler"), Cause::Infrastructure, "Preempted"},
      {"a taint", disrupted("DeletionByTaintManager"), Cause::Infrastructure, "NodeLost"},
      {"the eviction API", disrupted("EvictionByEvictionAPI"), Cause::Infrastructure, "Evicted"},
      {"its node is gone", disrupted("DeletionByPodGC"), Cause::Infrastructure, "NodeLost"},
      {"node pressure", disrupted("TerminationByKubelet"), Cause::Infrastructure, "Evicted"},
      {"a disruption of tomorrow", disrupted("SomethingNew"), Cause::Infrastructure, "SomethingNew"},
      {"evicted by the kubelet", with_status("Evicted"), Cause::Infrastructure, "Evicted"},
      {"node lost", with_status("NodeLost"), Cause::Infrastructure, "NodeLost"},
      {"node affinity", with_status("NodeAffinity"), Cause::Infrastructure, "NodeRejected"},
      {"node shut down", with_status("Terminated"), Cause::Infrastructure, "NodeShutdown"},
      {"node shutting down", with_status("NodeShutdown"), Cause::Infrastructure, "NodeShutdown"},
      {"not admitted", with_status("UnexpectedAdmissionError"), Cause::Infrastructure, "NodeRejected"},
      {"no CPU", with_status("OutOfcpu"), Cause::Infrastructure, "NodeRejected"},
      {"no memory on the node", with_status("OutOfmemory"), Cause::Infrastructure, "NodeRejected"},
      {"no room", with_status("OutOfpods"), Cause::Infrastructure, "NodeRejected"},
      {"unknown, never ran", with_status("Odd"), Cause::Infrastructure, "Odd"},
      {"no word at all", with_status(""), Cause::Infrastructure, "PodFailed"},
  };
  for (const auto& c : cases) {
    const Failure failure = failure_of(c.pod);
    EXPECT_EQ(failure.cause, c.cause) << c.what;
    EXPECT_EQ(failure.reason, c.reason) << c.what;
    EXPECT_FALSE(failure.message.empty()) << c.what;
  }
}

TEST(Failure, OfADisruptedPodIsTheInfrastructuresWhateverItsExitCode) {
  api::Pod pod = disrupted("PreemptionByScheduler");
  pod.exit_code = 1;
  EXPECT_EQ(failure_of(pod).cause, Cause::Infrastructure);
}

TEST(Failure, SaysWhatTheProgramSaidLast) {
  EXPECT_EQ(failure_of(exited(3, -1, "no such file\n")).message, "the program ended with exit code 3: no such file");
  EXPECT_EQ(failure_of(exited(139)).message, "the program ended with exit code 139 (signal 11)");
}

TEST(Failure, SaysOnWhichNodeAPodWasEnded) {
  api::Pod pod = with_status("Evicted");
  pod.status_message = "The node was low on resource: memory.";
  EXPECT_EQ(
      failure_of(pod).message,
      "the Pod was ended on node n1: the kubelet evicted it (node pressure): The node was low on resource: memory.");
}

TEST(Wait, HasAReasonWhereItIsMoreThanAMoment) {
  const struct {
    const char* waiting;
    const char* reason;
  } cases[] = {{"ErrImagePull", "ImagePull"},
               {"ImagePullBackOff", "ImagePull"},
               {"InvalidImageName", "ImagePull"},
               {"ErrImageNeverPull", "ImagePull"},
               {"ImageInspectError", "ImagePull"},
               {"RegistryUnavailable", "ImagePull"},
               {"CreateContainerConfigError", "ContainerConfig"},
               {"CreateContainerError", "ContainerConfig"},
               {"RunContainerError", "ContainerConfig"},
               {"ContainerCreating", ""},
               {"", ""}};
  for (const auto& c : cases) EXPECT_EQ(wait_of(stuck(c.waiting)).reason, c.reason) << c.waiting;
  EXPECT_EQ(wait_of(stuck("ErrImagePull")).message, "ErrImagePull: says the kubelet");
  EXPECT_EQ(wait_of(unschedulable()).reason, "Unschedulable");
  EXPECT_EQ(wait_of(unschedulable()).message, "no node fits: 0/3 nodes are available");
  EXPECT_EQ(wait_of(pending()).reason, "");
}

TEST(PrintableTail, KeepsTheEnd) {
  const struct {
    std::string text;
    std::size_t limit;
    std::string expected;
  } cases[] = {{"short", 80, "short"},
               {"ends with blanks \r\n\n ", 80, "ends with blanks"},
               {"0123456789", 4, "...6789"},
               {"a\x1b[31mred\x07", 80, "a [31mred "},
               {"two\nlines", 80, "two\nlines"},
               {"a\x7f"
                "b",
                80, "a b"},
               {"csi \xC2\x9B"
                "31m",
                80, "csi  31m"},
               {"\xC3\xA9t\xC3\xA9", 4, "...t\xC3\xA9"},
               {"", 4, ""},
               {"   ", 4, ""}};
  for (const auto& c : cases) EXPECT_EQ(printable_tail(c.text, c.limit), c.expected);
}

TEST(PrintableHead, KeepsTheBeginning) {
  const struct {
    std::string text;
    std::size_t limit;
    std::string expected;
  } cases[] = {{"short", 80, "short"},
               {"0123456789", 4, "0123..."},
               {"t\xC3\xA9t\xC3\xA9", 2, "t..."},  // never half a character
               {"t\xC3\xA9t\xC3\xA9", 3, "t\xC3\xA9..."},
               {"\xC3\xA9\xC3\xA9", 0, "..."}};
  for (const auto& c : cases) EXPECT_EQ(printable_head(c.text, c.limit), c.expected);
}

}  // namespace
}  // namespace ork::jobs
