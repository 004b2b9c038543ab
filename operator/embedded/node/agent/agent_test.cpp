#include "operator/embedded/node/agent/agent.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstring>
#include <deque>

#include "operator/embedded/node/agent/messages.hpp"
#include "operator/embedded/node/agent/process_groups.hpp"
#include "operator/embedded/node/agent/socket_path.hpp"
#include "operator/embedded/node/agent/spawn.hpp"
#include "operator/kube/temporary_folder.hpp"

namespace ork::embedded {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr int patience_ms = 20'000;

// A connection to an agent, read notice by notice.
class AgentConnection {
 public:
  explicit AgentConnection(const std::string& folder) : socket_(connect_in(folder)) {}
  ~AgentConnection() { ::close(socket_); }
  AgentConnection(const AgentConnection&) = delete;
  AgentConnection& operator=(const AgentConnection&) = delete;

  void send(const Request& request) { send_text(encode(request)); }
  void send_text(const std::string& text) {
    ASSERT_EQ(::send(socket_, text.data(), text.size(), MSG_NOSIGNAL), static_cast<ssize_t>(text.size()));
  }

  // The next notice; nullopt where the connection has ended.
  std::optional<Notice> next() {
    for (;;) {
      const std::size_t end = buffer_.find('\n');
      if (end != std::string::npos) {
        const auto notice = decode_notice(buffer_.substr(0, end));
        buffer_.erase(0, end + 1);
        EXPECT_TRUE(notice.ok());
        return *notice;
      }
      pollfd waiting{socket_, POLLIN, 0};
      if (::poll(&waiting, 1, patience_ms) <= 0) {
        ADD_FAILURE() << "the agent says nothing";
        return std::nullopt;
      }
      char piece[4096];
      const ssize_t size = ::recv(socket_, piece, sizeof piece, 0);
      if (size <= 0) return std::nullopt;
      buffer_.append(piece, static_cast<std::size_t>(size));
    }
  }
  // The next notice of this kind; what comes before it is passed over.
  template <typename T>
  T next_of() {
    while (const auto notice = next()) {
      if (const auto* wanted = std::get_if<T>(&*notice)) return *wanted;
    }
    ADD_FAILURE() << "the connection has ended";
    return {};
  }
  // Ids that a listing names as running and as ended.
  std::pair<std::set<std::string>, std::set<std::string>> list() {
    send(ListContainers{});
    std::pair<std::set<std::string>, std::set<std::string>> out;
    while (const auto notice = next()) {
      if (std::holds_alternative<ListEnd>(*notice)) return out;
      if (const auto* started = std::get_if<ContainerStarted>(&*notice)) out.first.insert(started->id);
      if (const auto* ended = std::get_if<ContainerEnded>(&*notice)) out.second.insert(ended->id);
    }
    return out;
  }

 private:
  int socket_;
  std::string buffer_;
};

class AgentTest : public ::testing::Test {
 protected:
  AgentTest() { start_agent(); }
  ~AgentTest() override { kill_agent(SIGKILL); }

  // With the listening socket made here, as its user makes it.
  void start_agent(const std::string& idle_ms = "10000") {
    const int listener = listen_in(dir());
    ASSERT_GE(listener, 0);
    agent_ = ::fork();
    if (agent_ == 0) {
      ::dup2(listener, 3);
      ::execl(NODE_TEST_AGENT, NODE_TEST_AGENT, "--dir", dir().c_str(), "--listener", "3", "--idle-ms", idle_ms.c_str(),
              nullptr);
      ::_exit(127);
    }
    ::close(listener);
  }
  int kill_agent(int signal) {
    if (agent_ <= 0) return 0;
    if (signal != 0) ::kill(agent_, signal);
    int status = 0;
    ::waitpid(std::exchange(agent_, -1), &status, 0);
    return status;
  }

  std::string dir() const { return folder.path(); }
  StartContainer script(const std::string& id, const std::string& text) const {
    return {.id = id,
            .argv = {"sh", "-c", text},
            .env = {"PATH=/usr/bin:/bin", "A=1"},
            .cwd = dir(),
            .log = dir() + "/" + id + ".log"};
  }
  std::string log_of(const std::string& id) const { return folder.read(id + ".log"); }
  // The pid that a script wrote to a file as it began.
  pid_t pid_in(const std::string& name) const { return std::atoi(folder.read(name).c_str()); }
  static bool is_gone(pid_t pid) {
    const auto facts = facts_of(pid);
    return !facts || ::kill(pid, 0) != 0;
  }
  // A process that is killed is gone a moment later.
  static bool goes(pid_t pid) {
    const int handle = static_cast<int>(::syscall(434, pid, 0));  // pidfd_open
    if (handle < 0) return true;
    pollfd waiting{handle, POLLIN, 0};
    const bool ended = ::poll(&waiting, 1, patience_ms) == 1;
    ::close(handle);
    return ended;
  }

  kube::testing::TemporaryFolder folder;
  pid_t agent_ = -1;
};

TEST_F(AgentTest, RunsAProgramAndTellsOfItsEnd) {
  AgentConnection agent(dir());
  EXPECT_FALSE(agent.next_of<AgentHello>().instance.empty());
  agent.send(script("a", "echo out; echo err >&2; exit 3"));
  const auto started = agent.next_of<ContainerStarted>();
  EXPECT_EQ(started.id, "a");
  EXPECT_GT(started.pid, 0);
  const auto ended = agent.next_of<ContainerEnded>();
  EXPECT_EQ(ended.id, "a");
  EXPECT_EQ(ended.exit_code, 3);
  EXPECT_EQ(ended.signal, 0);
  EXPECT_EQ(ended.start_ms, started.start_ms);
  EXPECT_GE(ended.end_ms, ended.start_ms);
  EXPECT_GT(ended.peak_memory_bytes, 0);
  EXPECT_EQ(log_of("a"), "out\nerr\n");
}

TEST_F(AgentTest, GivesItExactlyItsEnvironmentItsFolderAndThreeFiles) {
  AgentConnection agent(dir());
  agent.send(
      script("a", "pwd; tr '\\0' '\\n' < /proc/$$/environ; ls /proc/$$/fd; ps -o pgid= -p $$ | tr -d ' '; echo $$"));
  agent.next_of<ContainerEnded>();
  std::istringstream in(log_of("a"));
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  ASSERT_EQ(lines.size(), 8U) << log_of("a");
  EXPECT_EQ(lines[0], dir());
  EXPECT_EQ(lines[1], "PATH=/usr/bin:/bin");
  EXPECT_EQ(lines[2], "A=1");
  EXPECT_THAT(std::vector<std::string>(lines.begin() + 3, lines.begin() + 6), ElementsAre("0", "1", "2"));
  EXPECT_EQ(lines[6], lines[7]) << "it leads a process group";
}

TEST_F(AgentTest, GivesItNoSignalBlockedOrIgnored) {
  AgentConnection agent(dir());
  StartContainer look = script("a", "");
  look.argv = {"grep", "-E", "^Sig(Blk|Ign)", "/proc/self/status"};
  agent.send(look);
  agent.next_of<ContainerEnded>();
  EXPECT_EQ(log_of("a"), "SigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\n");
}

TEST_F(AgentTest, SaysWhyAProgramCanNotBeStarted) {
  AgentConnection agent(dir());
  StartContainer none = script("a", "");
  none.argv = {"no-such-program"};
  agent.send(none);
  const auto nowhere = agent.next_of<ContainerEnded>();
  EXPECT_EQ(nowhere.exit_code, 128);
  EXPECT_EQ(nowhere.start_ms, 0);
  EXPECT_EQ(nowhere.error, "exec: \"no-such-program\": executable file not found in $PATH");
  none.id = "b";
  none.argv = {"/no/such"};
  agent.send(none);
  EXPECT_EQ(agent.next_of<ContainerEnded>().error, "exec: \"/no/such\": No such file or directory");
  none.id = "c";
  none.argv = {"./plain"};
  folder.write("plain", "text");
  agent.send(none);
  EXPECT_EQ(agent.next_of<ContainerEnded>().error, "exec: \"./plain\": Permission denied");
  StartContainer elsewhere = script("d", "true");
  elsewhere.cwd = "/no/folder";
  agent.send(elsewhere);
  EXPECT_EQ(agent.next_of<ContainerEnded>().error, "chdir to cwd (\"/no/folder\") failed: No such file or directory");
  StartContainer unwritten = script("e", "true");
  unwritten.log = "/no/folder/log";
  agent.send(unwritten);
  EXPECT_THAT(agent.next_of<ContainerEnded>().error, HasSubstr("the log /no/folder/log can't be opened"));
}

TEST_F(AgentTest, SignalsTheWholeGroup) {
  AgentConnection agent(dir());
  agent.send(script("a", "sh -c 'echo $$ > child; echo ready > gate; exec sleep 1000' & wait"));
  ASSERT_EQ(::mkfifo((dir() + "/gate").c_str(), 0600), 0);
  folder.read("gate");
  agent.send(SignalContainer{"a", SIGTERM});
  const auto ended = agent.next_of<ContainerEnded>();
  EXPECT_EQ(ended.signal, SIGTERM);
  EXPECT_EQ(ended.exit_code, 143);
  EXPECT_TRUE(goes(pid_in("child")));
}

TEST_F(AgentTest, WhatIsLeftOfAGroupEndsWithItsFirstProcess) {
  AgentConnection agent(dir());
  agent.send(script("a", "sleep 1000 & echo $! > child"));
  EXPECT_EQ(agent.next_of<ContainerEnded>().exit_code, 0);
  EXPECT_TRUE(goes(pid_in("child")));
}

TEST_F(AgentTest, KeepsContainersAndTheirEndsWhileNobodyListens) {
  ASSERT_EQ(::mkfifo((dir() + "/gate").c_str(), 0600), 0);
  {
    AgentConnection agent(dir());
    agent.send(script("stays", "sleep 1000"));
    agent.send(script("ends", "read line < gate; exit 5"));
    agent.next_of<ContainerStarted>();
    agent.next_of<ContainerStarted>();
  }
  folder.write("gate", "go\n");
  AgentConnection again(dir());
  // Its end may come before the listing or after it; either way it is told of again until forgotten.
  while (!again.list().second.contains("ends")) {
  }
  const auto [running, ended] = again.list();
  EXPECT_THAT(running, ElementsAre("stays"));
  EXPECT_THAT(ended, ElementsAre("ends"));
  again.send(ForgetContainers{{"ends"}});
  EXPECT_TRUE(again.list().second.empty());
}

TEST_F(AgentTest, ANewConnectionTakesThePlaceOfTheOld) {
  AgentConnection first(dir());
  const std::string instance = first.next_of<AgentHello>().instance;
  AgentConnection second(dir());
  EXPECT_EQ(second.next_of<AgentHello>().instance, instance);
  EXPECT_EQ(first.next(), std::nullopt);
}

TEST_F(AgentTest, StartsNoIdTwice) {
  AgentConnection agent(dir());
  agent.send(script("a", "echo once; sleep 1000"));
  const auto started = agent.next_of<ContainerStarted>();
  agent.send(script("a", "echo twice"));
  EXPECT_EQ(agent.next_of<ContainerStarted>().pid, started.pid);
}

TEST_F(AgentTest, HangsUpOnWhoeverSpeaksAnotherLanguage) {
  {
    AgentConnection hostile(dir());
    hostile.next_of<AgentHello>();
    hostile.send_text("GET / HTTP/1.1\r\n\r\n");
    EXPECT_EQ(hostile.next(), std::nullopt);
  }
  AgentConnection agent(dir());
  agent.send(script("a", "true"));
  EXPECT_EQ(agent.next_of<ContainerEnded>().exit_code, 0);
}

TEST_F(AgentTest, KillsWhatUsesMoreMemoryThanItMay) {
  AgentConnection agent(dir());
  StartContainer greedy = script("a", "head -c 300m /dev/zero | tail > /dev/null");
  greedy.memory_bytes = 32 << 20;
  agent.send(greedy);
  const auto ended = agent.next_of<ContainerEnded>();
  EXPECT_TRUE(ended.out_of_memory);
  EXPECT_EQ(ended.exit_code, 137);
}

TEST_F(AgentTest, TellsOfOneThatUsedTooMuchTooQuicklyToBeKilled) {
  AgentConnection agent(dir());
  StartContainer greedy = script("a", "head -c 40m /dev/zero | tail -c 30m > /dev/null");
  greedy.memory_bytes = 8 << 20;
  agent.send(greedy);
  const auto ended = agent.next_of<ContainerEnded>();
  EXPECT_TRUE(ended.out_of_memory);
  EXPECT_EQ(ended.exit_code, 137);
}

TEST_F(AgentTest, AMemoryLimitDoesNotHurtWhoKeepsIt) {
  AgentConnection agent(dir());
  StartContainer modest = script("a", "true");
  modest.memory_bytes = 32 << 20;
  agent.send(modest);
  const auto ended = agent.next_of<ContainerEnded>();
  EXPECT_FALSE(ended.out_of_memory);
  EXPECT_EQ(ended.exit_code, 0);
}

TEST_F(AgentTest, ToldToStopItTerminatesThenKillsThenGoes) {
  AgentConnection agent(dir());
  agent.send(script("gentle", "trap 'exit 9' TERM; echo ready > gate; sleep 1000 & wait"));
  agent.send(script("stubborn", "trap '' TERM; echo ready > gate; while :; do sleep 1000; done"));
  ASSERT_EQ(::mkfifo((dir() + "/gate").c_str(), 0600), 0);
  std::string ready;
  while (ready.size() < 12) ready += folder.read("gate");
  agent.send(StopAgent{200});
  std::map<std::string, int> codes;
  while (const auto notice = agent.next()) {
    if (const auto* ended = std::get_if<ContainerEnded>(&*notice)) codes[ended->id] = ended->exit_code;
  }
  EXPECT_EQ(codes, (std::map<std::string, int>{{"gentle", 9}, {"stubborn", 137}}));
  EXPECT_EQ(kill_agent(0), 0);
}

TEST_F(AgentTest, ItsContainersDieWithItAndTheirChildrenWithTheNextOne) {
  pid_t leader = 0;
  {
    AgentConnection agent(dir());
    agent.send(script("a", "sleep 1000 & echo $! > child; echo ready > gate; wait"));
    ASSERT_EQ(::mkfifo((dir() + "/gate").c_str(), 0600), 0);
    folder.read("gate");
    leader = static_cast<pid_t>(agent.next_of<ContainerStarted>().pid);
  }
  kill_agent(SIGKILL);
  EXPECT_TRUE(goes(leader));
  EXPECT_FALSE(is_gone(pid_in("child")));
  start_agent();
  AgentConnection next(dir());
  next.next_of<AgentHello>();
  EXPECT_TRUE(goes(pid_in("child")));
}

TEST_F(AgentTest, GoesWhenNobodySpeaksWithItAndKeepsEndsForTheNextOne) {
  kill_agent(SIGKILL);
  start_agent("1");
  {
    AgentConnection agent(dir());
    agent.send(script("a", "exit 4"));
    agent.next_of<ContainerEnded>();
  }
  EXPECT_EQ(kill_agent(0), 0) << "it goes by itself";
  start_agent();
  AgentConnection next(dir());
  EXPECT_THAT(next.list().second, ElementsAre("a"));
}

TEST_F(AgentTest, OfTwoInOneFolderTheSecondGivesUp) {
  AgentConnection agent(dir());
  agent.next_of<AgentHello>();
  const pid_t second = ::fork();
  if (second == 0) {
    ::execl(NODE_TEST_AGENT, NODE_TEST_AGENT, "--dir", dir().c_str(), "--lock-seconds", "0", nullptr);
    ::_exit(127);
  }
  int status = 0;
  ::waitpid(second, &status, 0);
  EXPECT_EQ(WEXITSTATUS(status), 1);
  EXPECT_EQ(folder.read("agent.lock"), std::to_string(agent_) + "\n");
  agent.send(script("a", "true"));
  EXPECT_EQ(agent.next_of<ContainerEnded>().exit_code, 0);
}

TEST(FindProgram, LooksThroughThePathAsAShellDoes) {
  kube::testing::TemporaryFolder folder;
  const std::string program = folder.write_program("bin/x", "#!/bin/sh\n");
  folder.write("text/x", "no program");
  const std::string path =
      "PATH=" + (folder.path() / "text").string() + ":relative::" + (folder.path() / "bin").string();
  EXPECT_EQ(find_program("x", {path}), program);
  EXPECT_EQ(find_program("y", {path}), "");
  EXPECT_EQ(find_program("", {path}), "");
  EXPECT_EQ(find_program("./x", {path}), "./x");
  EXPECT_EQ(find_program("/a/x", {}), "/a/x");
}

TEST(AgentSocket, IsReachedHoweverLongItsFolderIs) {
  kube::testing::TemporaryFolder folder;
  const std::filesystem::path deep = folder.path() / std::string(200, 'a') / std::string(200, 'b');
  std::filesystem::create_directories(deep);
  errno = 0;
  EXPECT_EQ(connect_in(deep), -1);
  EXPECT_EQ(errno, ENOENT);
  const int listener = listen_in(deep);
  ASSERT_GE(listener, 0);
  struct stat info{};
  ASSERT_EQ(::stat((deep / agent_socket).c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600U);
  const int connection = connect_in(deep);
  EXPECT_GE(connection, 0);
  ::close(connection);
  ::close(listener);
  EXPECT_EQ(connect_in(deep), -1);
  EXPECT_EQ(errno, ECONNREFUSED);
}

TEST(Processes, AreKnownByTheirGroupAndStart) {
  const auto own = facts_of(::getpid());
  ASSERT_TRUE(own);
  EXPECT_EQ(own->group, ::getpgrp());
  EXPECT_GT(own->start_ticks, 0U);
  EXPECT_GT(own->resident_bytes, 1 << 20);
  EXPECT_EQ(facts_of(0), std::nullopt);
  EXPECT_GE(resident_bytes_by_group().at(::getpgrp()), own->resident_bytes / 2);
}

}  // namespace
}  // namespace ork::embedded
