#include "operator/kube/lane.hpp"

#include <boost/asio/io_context.hpp>

#include "operator/kube/answer.hpp"
#include "operator/kube/easy_options.hpp"
#include "operator/kube/lane_wake.hpp"
#include "operator/kube/limits.hpp"

namespace ork::kube {
namespace {

constexpr bool good(int status) { return status >= 200 && status < 300; }

int response_code(CURL* easy) {
  long code = 0;
  curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &code);
  return static_cast<int>(code);
}

}  // namespace

Lane::Lane(boost::asio::io_context& io, std::shared_ptr<Credentials> credentials, std::shared_ptr<Gate> gate,
           LaneLimits limits, CallObserver observer)
    : io_(io),
      credentials_(std::move(credentials)),
      gate_(std::move(gate)),
      limits_(limits),
      observer_(std::move(observer)),
      endpoint_(std::make_unique<Endpoint>(credentials_->config())),
      headers_(std::make_unique<HeaderLists>(endpoint_->host_header)),
      wake_(std::make_unique<Wake>(io)) {}

Lane::~Lane() { close(); }

void Lane::submit(std::shared_ptr<Transfer> transfer) {
  if (closed_) return;
  transfer->lane = this;
  if (transfer->request.path.empty() || transfer->request.path.front() != '/') {
    return fail_later(transfer, error_about(transfer->request, Errc::Invalid, "names no object: nothing was sent"));
  }
  if (queue_.size() >= limits_.queued) {
    Error error = error_about(transfer->request, Errc::TooManyRequests,
                              "was not sent: " + std::to_string(queue_.size()) + " requests wait already");
    error.retry_after = std::chrono::seconds(1);
    return fail_later(transfer, std::move(error));
  }
  const auto deadline = transfer->deadline;
  queue_.push_back(std::move(transfer));
  pump();
  if (!queue_.empty()) wake_at(deadline);
}

void Lane::pump() {
  while (!closed_ && !queue_.empty() && active_.size() < window()) {
    if (gate_->closed(Clock::now())) return wake_at(gate_->opens());
    std::shared_ptr<const Material> material;
    if (!have_credentials(material)) return;
    const std::shared_ptr<Transfer> next = std::move(queue_.front());
    queue_.pop_front();
    start(next, std::move(material));
  }
}

bool Lane::have_credentials(std::shared_ptr<const Material>& material) {
  if (waiting_for_credentials_) return false;
  material = credentials_->current();
  if (!material) renew(0);
  return material != nullptr;
}

// Nothing is sent until the answer is there.
bool Lane::renew(std::uint64_t seen) {
  const bool under_way = credentials_->renew(seen, [weak = weak_from_this()](std::optional<Error> error) {
    const auto self = weak.lock();
    if (!self || self->closed_) return;
    self->waiting_for_credentials_ = false;
    if (error) self->fail_queue(*error);
    self->pump();
  });
  if (under_way) waiting_for_credentials_ = true;
  return under_way;
}

std::size_t Lane::window() const {
  switch (protocol_) {
    case Protocol::Unknown: return 1;
    case Protocol::Http1: return limits_.http1;
    case Protocol::Http2: return limits_.in_flight;
  }
  return 1;
}

void Lane::start(const std::shared_ptr<Transfer>& transfer, std::shared_ptr<const Material> material) {
  if (!multi_) {
    const bool http1 = protocol_ == Protocol::Http1;
    multi_ = Multi::make(io_, weak_from_this(), http1 ? long(limits_.http1) : limits_.connections);
  }
  Transfer& t = *transfer;
  if (idle_.empty()) {
    t.easy = std::make_unique<Easy>();
    set_up(*t.easy, *endpoint_);
  } else {
    t.easy = std::move(idle_.back());
    idle_.pop_back();
  }
  t.headers = headers_->get(t.request, *material);
  set_material(*t.easy, std::move(material));
  url_.assign(endpoint_->base_url).append(t.request.path);
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(t.deadline - Clock::now());
  set_request(t, url_, t.stream || protocol_ == Protocol::Unknown, left);
  t.multi = multi_;
  t.place = active_.size();
  active_.push_back(transfer);
  if (t.stream) wake_at(t.deadline);
  if (t.multi->add(t.easy->handle)) return;
  detach(t);
  fail_later(transfer, error_about(t.request, Errc::Connect, "was not sent: curl refused it (out of memory?)"));
}

void Lane::detach(Transfer& t) {
  if (!t.easy) return;
  t.multi->remove(t.easy->handle);
  if (idle_.size() < limits::idle_handles && !closed_) {
    idle_.push_back(std::move(t.easy));
  }
  t.easy.reset();
  t.headers.reset();
  t.multi.reset();
  // The last one takes the place of the one that leaves.
  const std::size_t place = t.place;
  active_.back()->place = place;
  std::swap(active_[place], active_.back());
  active_.pop_back();
}

void Lane::cancel(Transfer& transfer) {
  const auto keep = transfer.shared_from_this();
  transfer.settled = true;
  if (closed_) return;
  std::erase(queue_, keep);
  detach(transfer);
  pump();
}

void Lane::close() {
  if (closed_) return;
  closed_ = true;
  // Dropping a transfer drops its handlers and whatever they own, which may call us again.
  const auto queued = std::move(queue_);
  const auto active = active_;
  for (const auto& transfer : active) detach(*transfer);
  queue_.clear();
  idle_.clear();
  if (multi_) multi_->close();
  multi_.reset();
}

std::size_t Lane::take_bytes(Transfer& t, const char* data, std::size_t size) {
  if (t.status == 0) t.status = response_code(t.easy->handle);
  const bool error_of_stream = t.stream && !good(t.status);
  if (error_of_stream) {
    t.body.append(data, std::min(size, limits::error_body_bytes - t.body.size()));
    return size;
  }
  if (!t.stream && t.body.size() + size > limits::answer_bytes) {
    t.overflowed = true;
    return 0;  // tells curl to stop
  }
  t.body.append(data, size);
  if (t.stream) touch(t);
  return size;
}

void Lane::take_header(Transfer& t, std::string_view line) {
  if (line != "\r\n" && line != "\n") return;
  t.status = response_code(t.easy->handle);
  if (t.status < 200) return;  // 100 Continue
  t.answered = true;
  touch(t);
}

void Lane::touch(Transfer& t) {
  if (t.touched) return;
  t.touched = true;
  touched_.push_back(t.shared_from_this());
}

void Lane::on_turn() {
  if (touched_.empty()) return;
  std::vector<std::shared_ptr<Transfer>> news;
  news.swap(touched_);
  for (const auto& transfer : news) {
    transfer->touched = false;
    if (transfer->settled || !transfer->easy) continue;
    if (protocol_ == Protocol::Unknown) learn_protocol(transfer->easy->handle);
    if (transfer->stream && good(transfer->status)) deliver(*transfer);
    if (closed_) return;
  }
  pump();
}

void Lane::learn_protocol(CURL* easy) {
  long version = 0;
  curl_easy_getinfo(easy, CURLINFO_HTTP_VERSION, &version);
  if (version == 0) return;
  protocol_ = version >= CURL_HTTP_VERSION_2_0 ? Protocol::Http2 : Protocol::Http1;
  if (protocol_ == Protocol::Http1 && multi_) multi_->set_max_connections(long(limits_.http1));
}

// Hands on what has arrived. The handler may end the stream, or all of us.
void Lane::deliver(Transfer& t) {
  const auto idle = t.request.idle_timeout;
  t.heard = Clock::now();
  const bool bounded = idle.count() > 0;
  t.deadline = bounded ? t.heard + idle : Clock::time_point::max();
  if (bounded) wake_at(t.deadline);
  if (t.body.empty()) return;
  scratch_.clear();
  scratch_.swap(t.body);
  t.handlers.on_data(scratch_);
}

}  // namespace ork::kube
