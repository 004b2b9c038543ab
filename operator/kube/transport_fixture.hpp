#pragma once

// What the transport's tests share: one loop, a client for a TestServer, and waiting for a value.

#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <memory>
#include <optional>
#include <string>

#include "operator/kube/curl_transport.hpp"
#include "operator/kube/test_server.hpp"

namespace ork::kube::testing {

inline const Resource jobs{"batch", "v1", "jobs", "Job"};

class TransportTest : public ::testing::Test {
 protected:
  using Answer = Result<Response, Error>;

  static ClientConfig config_for(const TestServer& server) {
    ClientConfig config;
    config.server = server.url();
    config.ca.text = server.authority().cert_pem;
    return config;
  }

  // Runs the loop until `done`; ctest's own time limit ends a test that never gets there.
  template <typename Condition>
  void run_until(Condition done) {
    while (!done()) {
      if (io_.stopped()) io_.restart();
      ASSERT_NE(io_.run_one(), 0u) << "nothing left to wait for";
    }
  }

  Answer ask(Transport& transport, Request request) {
    std::optional<Answer> answer;
    transport.call(std::move(request), [&answer](Answer a) { answer.emplace(std::move(a)); });
    run_until([&answer] { return answer.has_value(); });
    if (!answer) return Err(Error{});
    return *std::move(answer);
  }

  boost::asio::io_context io_{1};
};

}  // namespace ork::kube::testing
