#pragma once

// An API server made of a script, for tests: answers calls by rules, opens streams that the test
// writes to, and records every request. It keeps the promises of kube::Transport: answers come
// from the loop, time-outs happen (by the loop's time), nothing is called after a close.
//
//   ManualLoop loop;
//   FakeTransport api(loop);
//   api.answer(Method::Get, "/api/v1/pods", 200, R"({"metadata":{...},"items":[]})");  // once
//   api.on(Method::Put, "/apis/", [&](const Request& r) { return accept(r); });        // always
//   ... start the code under test ...
//   loop.run_until_idle();
//   api.last_stream().line(R"({"type":"ADDED","object":{...}})");
//   api.last_stream().end();                       // or .end(error)
//   EXPECT_EQ(api.count(Method::Get, "/api/v1/pods"), 2);
//
// A call that no rule answers hangs until reply() or until its timeout has passed.

#include <cstddef>
#include <deque>
#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "operator/kube/transport.hpp"
#include "operator/runtime/loop.hpp"

namespace ork::runtime::testing {

// The Error a transport makes of this answer (409 is a Conflict unless the reason says otherwise).
kube::Error status_error(int status, std::string reason = {});

// One stream, seen from the server's side. Calls to the reader's handlers happen within data() and
// end(), which do nothing once the stream is no longer open.
class FakeStream {
 public:
  FakeStream(Loop& loop, kube::Request request, kube::StreamHandlers handlers);

  void data(std::string_view bytes);
  void line(std::string_view json) { data(std::string{json} + "\n"); }
  void end(std::optional<kube::Error> error = std::nullopt);

  // False once it has ended or the reader has closed it.
  bool is_open() const { return open_; }
  const kube::Request& request() const { return request_; }

 private:
  friend class FakeTransport;
  void watch_silence();

  Loop& loop_;
  kube::Request request_;
  std::shared_ptr<kube::StreamHandlers> handlers_;
  std::unique_ptr<Timer> silence_;
  bool open_ = true;
};

class FakeTransport final : public kube::Transport {
 public:
  using Answer = Result<kube::Response, kube::Error>;
  using Rule = std::function<Answer(const kube::Request&)>;
  using StreamRule = std::function<void(FakeStream&)>;

  explicit FakeTransport(Loop& loop) : loop_(loop) {}

  // --- the script; a rule fits every path that begins with `prefix` (the query included) ---
  // The next fitting call, once; rules of this kind are used up in the order they were given. From
  // 300 on the answer is status_error(status, body).
  void answer(kube::Method method, std::string prefix, int status, std::string body = {});
  void answer(kube::Method method, std::string prefix, kube::Error error);
  // Every fitting call that no answer() is left for; of several rules the last given one.
  void on(kube::Method method, std::string prefix, Rule rule);
  // The next fitting stream ends with `error` instead of opening.
  void refuse_stream(std::string prefix, kube::Error error);
  // Called from the loop for each fitting stream once it is open.
  void on_stream(std::string prefix, StreamRule rule);
  // Answers take this long from now on (0: the loop's next turn).
  void set_latency(Duration latency) { latency_ = latency; }
  // While cut, new calls reach no rule and hang until they time out, and new streams say nothing.
  void set_cut(bool cut) { cut_ = cut; }

  // --- what has happened ---
  struct Recorded {
    Instant at;
    kube::Request request;
    bool stream = false;
  };
  const std::vector<Recorded>& requests() const { return requests_; }
  std::size_t count(kube::Method method, std::string_view prefix) const;
  // Calls without an answer, oldest first.
  std::vector<kube::Request> pending() const;
  // Answers the oldest call without an answer; false if there is none.
  bool reply(int status, std::string body = {});
  bool reply(Answer answer);
  // All streams ever opened, and the newest one (which must exist).
  const std::vector<std::shared_ptr<FakeStream>>& streams() const { return streams_; }
  FakeStream& last_stream() { return *streams_.back(); }
  std::size_t open_streams() const;

  void call(kube::Request request, kube::ResponseHandler handler) override;
  std::unique_ptr<kube::Stream> open_stream(kube::Request request, kube::StreamHandlers handlers) override;

 private:
  struct Scripted {
    kube::Method method;
    std::string prefix;
    Rule rule;
    bool once;
  };
  struct Pending {
    kube::Request request;
    kube::ResponseHandler handler;
    std::optional<Answer> answer;  // on its way
    std::unique_ptr<Timer> timer;
  };
  using Calls = std::list<Pending>;

  std::optional<Answer> scripted_answer(const kube::Request& request);
  void finish(Calls::iterator call, Answer answer);

  Loop& loop_;
  Duration latency_{0};
  bool cut_ = false;
  std::deque<Scripted> script_;
  std::deque<std::pair<std::string, kube::Error>> refusals_;
  std::vector<std::pair<std::string, StreamRule>> stream_rules_;
  std::vector<Recorded> requests_;
  Calls calls_;
  std::vector<std::shared_ptr<FakeStream>> streams_;
};

}  // namespace ork::runtime::testing
