#include "operator/telemetry/span_exporter.hpp"

#include <algorithm>
#include <utility>

#include "operator/telemetry/limits.hpp"

namespace ork::telemetry {
namespace {

constexpr runtime::BackoffPolicy delivery_backoff{runtime::Duration{1'000}, runtime::Duration{30'000}, 0.2};

}  // namespace

SpanExporter::SpanExporter(runtime::Loop& loop, Resource resource, Send send, Trouble trouble)
    : loop_(loop), resource_(std::move(resource)), send_(std::move(send)), trouble_(std::move(trouble)) {}

void SpanExporter::add(std::vector<observe::Span> spans) {
  for (observe::Span& span : spans) {
    if (waiting_.size() >= limits::spans_waiting) {
      ++stats_.dropped;
    } else {
      waiting_.push_back(std::move(span));
    }
  }
  if (waiting_.empty() || !body_.empty()) return;
  if (waiting_.size() >= limits::spans_in_request || flushed_) return send_batch();
  if (timer_ == nullptr) timer_ = loop_.after(limits::batch_wait, [this] { send_batch(); });
}

void SpanExporter::send_batch() {
  timer_.reset();
  in_request_ = std::min(waiting_.size(), limits::spans_in_request);
  std::vector<observe::Span> batch;
  for (std::size_t i = 0; i < in_request_; ++i) {
    batch.push_back(std::move(waiting_.front()));
    waiting_.pop_front();
  }
  failures_ = 0;
  body_ = otlp_body(resource_, batch);
  send_body();
}

void SpanExporter::send_body() {
  timer_.reset();
  send_(body_, [this, alive = std::weak_ptr<int>(alive_)](Delivery delivery) {
    if (!alive.expired()) on_answer(delivery);
  });
}

void SpanExporter::on_answer(Delivery delivery) {
  if (delivery == Delivery::Again && ++failures_ < limits::tries) {
    if (!std::exchange(away_, true)) trouble_("the collector takes no spans now; they are kept for a while");
    timer_ =
        loop_.after(runtime::backoff_delay(delivery_backoff, failures_ - 1, loop_.random()), [this] { send_body(); });
    return;
  }
  if (delivery == Delivery::Taken) {
    stats_.sent += in_request_;
    away_ = false;
  } else {
    stats_.dropped += in_request_;
    if (delivery == Delivery::Refused) trouble_("the collector has refused spans; they are dropped");
  }
  batch_over();
}

void SpanExporter::batch_over() {
  body_.clear();
  if (!waiting_.empty()) return send_batch();
  if (flushed_) finish_flush();
}

void SpanExporter::flush(std::function<void()> done) {
  flushed_ = std::move(done);
  if (waiting_.empty() && body_.empty()) return finish_flush();
  flush_timer_ = loop_.after(limits::last_spans, [this] { finish_flush(); });
  if (body_.empty()) send_batch();
}

void SpanExporter::finish_flush() {
  flush_timer_.reset();
  if (flushed_) std::exchange(flushed_, nullptr)();
}

}  // namespace ork::telemetry
