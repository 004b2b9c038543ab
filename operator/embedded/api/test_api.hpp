#pragma once

// For tests: a whole API server under virtual time, on a journal in memory.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "operator/embedded/api/api_server.hpp"
#include "operator/embedded/store/memory_journal.hpp"
#include "operator/runtime/manual_loop.hpp"

namespace ork::embedded::testing {

struct Reply {
  int status = 0;
  Json body;         // discarded where it is not JSON
  std::string text;  // as sent
  std::vector<std::pair<std::string, std::string>> headers;
  std::string reason() const { return body.is_object() ? body.value("reason", "") : ""; }
  std::string message() const { return body.is_object() ? body.value("message", "") : text; }
};

class TestApi {
 public:
  TestApi() { load(); }

  Reply send(kube::Method method, const std::string& target, const std::string& body = {},
             const std::string& content_type = "application/json", const std::string& accept = "application/json") {
    Call call{method, target, body, content_type, accept, "test/1.0"};
    std::optional<Answer> answer;
    server->serve(std::move(call), [&](Answer told) { answer = std::move(told); });
    loop.run_until_idle();
    if (!answer) return {};
    return {answer->status, Json::parse(answer->body, nullptr, false), answer->body, answer->headers};
  }
  Reply get(const std::string& target) { return send(kube::Method::Get, target); }
  Reply post(const std::string& target, const Json& body) { return send(kube::Method::Post, target, body.dump()); }
  Reply put(const std::string& target, const Json& body) { return send(kube::Method::Put, target, body.dump()); }
  Reply merge(const std::string& target, const Json& body) {
    return send(kube::Method::Patch, target, body.dump(), "application/merge-patch+json");
  }
  Reply apply(const std::string& target, const Json& body) {
    return send(kube::Method::Patch, target, body.dump(), "application/apply-patch+yaml");
  }
  Reply remove(const std::string& target, const std::string& body = {}) {
    return send(kube::Method::Delete, target, body);
  }

  // What a watch has told so far, a line an event.
  struct Watch {
    std::unique_ptr<kube::Stream> stream;
    std::string bytes;
    bool ended = false;
    // "ADDED a", "MODIFIED a", ...
    std::vector<std::string> events() const {
      std::vector<std::string> out;
      std::size_t at = 0;
      while (at < bytes.size()) {
        const std::size_t end = bytes.find('\n', at);
        const Json event = Json::parse(bytes.substr(at, end - at));
        const Json metadata = event["object"].value("metadata", Json::object());
        out.push_back(event["type"].get<std::string>() + " " + metadata.value("name", ""));
        at = end + 1;
      }
      return out;
    }
  };
  std::unique_ptr<Watch> watch(const std::string& target) {
    auto watch = std::make_unique<Watch>();
    server->serve({kube::Method::Get, target, "", "", "application/json", "test/1.0"}, [&](Answer answer) {
      watch->stream = answer.open({.on_data = [w = watch.get()](std::string_view bytes) { w->bytes += bytes; },
                                   .on_end = [w = watch.get()](const auto&) { w->ended = true; }});
    });
    loop.run_until_idle();
    return watch;
  }

  // The process is killed and started again.
  void restart() {
    server.reset();
    store.reset();
    load();
  }

  runtime::ManualLoop loop;
  MemoryJournal journal{loop};
  std::shared_ptr<const Kinds> kinds = *Kinds::load();
  std::unique_ptr<Store> store;
  std::unique_ptr<ApiServer> server;

 private:
  void load() {
    store = std::make_unique<Store>(loop, journal);
    server = std::make_unique<ApiServer>(loop, *store, *kinds);
    (void)server->load();
    loop.run_until_idle();
  }
};

}  // namespace ork::embedded::testing
