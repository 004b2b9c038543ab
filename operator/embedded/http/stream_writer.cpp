#include "operator/embedded/http/stream_writer.hpp"

#include <utility>

#include "operator/embedded/api/paced_stream.hpp"
#include "operator/embedded/http/answer_text.hpp"
#include "operator/embedded/http/limits.hpp"

namespace ork::embedded {

StreamWriter::StreamWriter(std::string head, bool chunked, Client client)
    : client_(std::move(client)), chunked_(chunked), kept_(std::move(head)) {}

void StreamWriter::open(const decltype(Answer::open)& open) {
  const std::weak_ptr<StreamWriter> weak = weak_from_this();
  kube::StreamHandlers handlers;
  handlers.on_data = [weak](std::string_view data) {
    if (const auto self = weak.lock()) self->take(data);
  };
  handlers.on_end = [weak](const std::optional<kube::Error>& error) {
    if (const auto self = weak.lock()) self->source_ended(!error);
  };
  source_ = open(std::move(handlers));
  paced_ = dynamic_cast<PacedStream*>(source_.get());
  flush();
}

void StreamWriter::end() {
  const auto self = shared_from_this();  // on_written may let go of us
  source_ended(true);
}

void StreamWriter::drop() {
  dropped_ = true;
  source_open_ = false;
  paced_ = nullptr;
  source_.reset();
}

void StreamWriter::take(std::string_view data) {
  if (!source_open_ || data.empty()) return;  // an empty chunk would be the last one
  if (chunked_) kept_ += chunk_head(data.size());
  kept_ += data;
  if (chunked_) kept_ += "\r\n";
  if (kept_.size() > http_limits::stream_bytes) return source_ended(true);
  if (paced_ != nullptr && !paused_ && kept_.size() > http_limits::stream_pause_bytes) {
    paused_ = true;
    paced_->pause();
  }
  flush();
}

void StreamWriter::source_ended(bool whole) {
  if (!source_open_) return;
  source_open_ = false;
  whole_ = whole;
  paced_ = nullptr;
  source_.reset();
  if (chunked_ && whole) kept_ += "0\r\n\r\n";
  client_.on_source_end();
  flush();
}

void StreamWriter::flush() {
  if (writing_ || dropped_) return;
  if (kept_.empty()) {
    if (!source_open_) client_.on_written(whole_);
    return;
  }
  on_wire_.clear();
  std::swap(on_wire_, kept_);
  writing_ = true;
  client_.write(on_wire_, [self = shared_from_this()] { self->written(); });
}

void StreamWriter::written() {
  writing_ = false;
  if (dropped_) return;
  if (paused_ && paced_ != nullptr && kept_.size() < http_limits::stream_resume_bytes) {
    paused_ = false;
    paced_->resume();
  }
  flush();
}

}  // namespace ork::embedded
