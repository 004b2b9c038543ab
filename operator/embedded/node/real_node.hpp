#pragma once

// For tests: a node with a real agent, real processes and folders, on a small API server.

#include <gtest/gtest.h>

#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "operator/embedded/client/test_cluster.hpp"
#include "operator/embedded/node/node.hpp"
#include "operator/kube/temporary_folder.hpp"
#include "operator/runtime/asio_loop.hpp"

namespace ork::embedded::testing {

class RealNode : public ::testing::Test {
 protected:
  RealNode() {
    options.dir = folder.path() / "node";
    options.project_folder = folder.path() / "project";
    options.environment = {"PATH=/usr/local/bin:/usr/bin:/bin", "HOME=/nowhere", "SECRET_OF_THE_MACHINE=1"};
    options.agent_command = {NODE_TEST_AGENT, "--dir", options.dir};
    std::filesystem::create_directories(options.project_folder);
    cluster.on_change = [this](const std::string&, const Json&) { look(); };
  }
  ~RealNode() override {
    // Whatever a test leaves behind ends with its agent.
    if (node == nullptr) return;
    node->shut_down(0, [this] { loop.stop(); });
    run();
  }

  void start() {
    connection = std::make_unique<Connection>(cluster);
    node = std::make_unique<Node>(*connection, loop, loop.context(), options,
                                  NodeHooks{.on_ready = [this] { look(); }, .on_trouble = {}});
    ASSERT_TRUE(node->start().ok());
    run_until([this] { return node->ready(); });
  }
  // kill -9 of the process that the node is part of.
  void crash() {
    connection->cut();
    node->stop();
    node.reset();
  }

  // Runs the loop until `is` holds; it is asked after each change of an object.
  void run_until(const std::function<bool()>& is) {
    wanted_ = is;
    loop.post([this] { look(); });
    run();
    ASSERT_TRUE(is()) << "it did not come to pass";
    wanted_ = {};
  }
  void run_until_phase(const std::string& pod, const std::string& phase) {
    run_until([&] { return cluster.at("pods", "n/" + pod, "/status/phase") == phase; });
  }
  // By following it, as anybody would.
  void run_until_log(const std::string& pod, const std::string& text) {
    std::string seen;
    const auto stream = node->open({.ns = "n", .pod = pod, .uid = uid(pod), .container = "main", .follow = true},
                                   {.on_data =
                                        [&](std::string_view piece) {
                                          seen += piece;
                                          look();
                                        },
                                    .on_end = [](const auto&) {}});
    ASSERT_TRUE(stream.ok());
    run_until([&] { return seen.find(text) != std::string::npos; });
  }
  void run_until_gone(const std::string& pod) {
    run_until([&] { return cluster.find("pods", "n/" + pod) == nullptr; });
  }
  // Runs what has been posted so far, and what that posts.
  void settle() {
    for (int turn = 0; turn < 5; ++turn) {
      loop.post([this] { loop.stop(); });
      run();
    }
  }
  void look() {
    if (wanted_ && wanted_()) loop.stop();
  }

  // A Pod of one container that runs `script`; `spec` is merged over it.
  void create_pod(const std::string& name, const std::string& script, const Json& spec = Json::object()) {
    Json pod = {{"metadata", {{"name", name}, {"namespace", "n"}}},
                {"spec",
                 {{"nodeName", "local"},
                  {"restartPolicy", "Never"},
                  {"containers", Json::array({{{"name", "main"}, {"command", {"sh", "-c", script}}}})}}}};
    pod["spec"].merge_patch(spec);
    cluster.create("pods", pod);
  }
  Json status(const std::string& pod, const std::string& pointer) const {
    return cluster.at("pods", "n/" + pod, "/status" + pointer);
  }
  Json terminated(const std::string& pod, const std::string& field) const {
    return status(pod, "/containerStatuses/0/state/terminated/" + field);
  }
  std::string uid(const std::string& pod) const { return cluster.at("pods", "n/" + pod, "/metadata/uid"); }
  std::string log_of(const std::string& pod, const std::string& container = "main") const {
    return folder.read("node/pods/" + pod + "_" + uid(pod) + "." + container + ".log");
  }
  bool exists(const std::string& path) const { return std::filesystem::exists(folder.path() / path); }

  kube::testing::TemporaryFolder folder;
  runtime::AsioLoop loop;
  TestCluster cluster{loop};
  NodeOptions options;
  std::unique_ptr<Connection> connection;
  std::unique_ptr<Node> node;

 private:
  void run() {
    const auto guard = loop.after(runtime::Duration{30'000}, [this] { loop.stop(); });
    loop.run();
  }

  std::function<bool()> wanted_;
};

}  // namespace ork::embedded::testing
