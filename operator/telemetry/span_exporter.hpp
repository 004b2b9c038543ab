#pragma once

// Spans on their way to a collector: gathered for a second, sent one request at a time, sent again where the collector
// is away, dropped and counted where it stays away. Nothing waits for them.

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "controllers/observe/span.hpp"
#include "operator/runtime/backoff.hpp"
#include "operator/runtime/loop.hpp"
#include "operator/telemetry/otlp.hpp"

namespace ork::telemetry {

enum class Delivery {
  Taken,
  Again,    // nobody there, or busy: the same request may be taken later
  Refused,  // it never will
};

struct ExportStats {
  std::uint64_t sent = 0;     // spans
  std::uint64_t dropped = 0;  // those that found no room, or were not taken
};

class SpanExporter {
 public:
  // Carries a body to the collector; `told` is called once, from the loop.
  using Send = std::function<void(std::string body, std::function<void(Delivery)> told)>;
  // The first of several deliveries that fail; the next word comes once one has worked again.
  using Trouble = std::function<void(const std::string& what)>;

  SpanExporter(runtime::Loop& loop, Resource resource, Send send, Trouble trouble);

  void add(std::vector<observe::Span> spans);
  // Sends what waits without waiting for more; `done` once nothing is left or limits::last_spans has passed.
  void flush(std::function<void()> done);

  std::size_t waiting() const { return waiting_.size(); }
  const ExportStats& stats() const { return stats_; }

 private:
  void send_batch();
  void send_body();
  void on_answer(Delivery delivery);
  void batch_over();
  void finish_flush();

  runtime::Loop& loop_;
  Resource resource_;
  Send send_;
  Trouble trouble_;
  std::deque<observe::Span> waiting_;
  std::string body_;            // of the request under way; empty: none is
  std::size_t in_request_ = 0;  // spans
  int failures_ = 0;            // of that request
  bool away_ = false;           // the last delivery failed
  ExportStats stats_;
  std::unique_ptr<runtime::Timer> timer_;
  std::unique_ptr<runtime::Timer> flush_timer_;
  std::function<void()> flushed_;
  std::shared_ptr<int> alive_ = std::make_shared<int>(0);
};

}  // namespace ork::telemetry
