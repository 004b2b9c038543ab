#pragma once

// For tests: a server on a free port with a scripted handler, without TLS.

#include <gtest/gtest.h>

#include <memory>

#include "operator/embedded/http/test_client.hpp"

namespace ork::embedded::testing {

class HttpTest : public ::testing::Test {
 protected:
  void open(HttpTimeouts timeouts = {}) {
    HttpOptions options;
    options.token = token;
    options.timeouts = timeouts;
    auto opened = HttpServer::open(io, handler, options);
    ASSERT_TRUE(opened) << opened.error();
    server = *std::move(opened);
  }
  RawClient connect() { return {io, server->port()}; }
  RawAnswer ask(const std::string& request_line, const std::string& headers = good, const std::string& body = "") {
    return connect().ask(request_line + "\r\n" + headers + "\r\n" + body);
  }

  boost::asio::io_context io;
  ScriptedHandler handler{io};
  std::unique_ptr<HttpServer> server;
};

}  // namespace ork::embedded::testing
