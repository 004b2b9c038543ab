#include "operator/embedded/http/session.hpp"

#include <algorithm>
#include <boost/beast/http/error.hpp>
#include <utility>

#include "operator/embedded/http/answer_text.hpp"
#include "operator/embedded/http/stream_writer.hpp"

namespace ork::embedded {
namespace http = boost::beast::http;
namespace {

std::optional<kube::Method> method_of(std::string_view method) {
  if (method == "GET") return kube::Method::Get;
  if (method == "POST") return kube::Method::Post;
  if (method == "PUT") return kube::Method::Put;
  if (method == "PATCH") return kube::Method::Patch;
  if (method == "DELETE") return kube::Method::Delete;
  return std::nullopt;
}

std::string_view view(boost::beast::string_view text) { return {text.data(), text.size()}; }

}  // namespace

Session::Session(SessionOwner& owner, std::unique_ptr<ByteStream> bytes)
    : owner_(owner), bytes_(std::move(bytes)), in_(http_limits::header_bytes + http_limits::read_bytes) {}

Session::~Session() = default;

void Session::start() {
  enter(State::Starting, owner_.options().timeouts.head);
  bytes_->start([self = shared_from_this()](const Error& error, std::size_t) {
    if (self->state_ == State::Closed) return;
    if (error) return self->close();
    self->next_request();
  });
}

void Session::enter(State state, std::chrono::milliseconds bound) {
  state_ = state;
  deadline_ = Clock::now() + bound;
}

void Session::stop() {
  stopping_ = true;
  if (state_ == State::Starting) return close();
  if (state_ == State::Idle) return finish();
  if (state_ == State::Streaming) return stream_->end();
}

void Session::close() {
  if (state_ == State::Closed) return;
  const auto self = shared_from_this();
  state_ = State::Closed;
  if (stream_) stream_->drop();
  bytes_->close();
  owner_.closed(*this);
}

void Session::look_at_clock(Clock::time_point now) {
  if (state_ == State::Closed || now < deadline_) return;
  if (state_ == State::Idle) return finish();
  if (state_ != State::Serving) return close();
  ++number_;
  refuse({504, "Timeout", "Timeout: request did not complete within the allotted timeout"});
}

// --- reading ---------------------------------------------------------------------------------

void Session::next_request() {
  parser_.emplace();
  parser_->header_limit(http_limits::header_bytes);
  parser_->body_limit(http_limits::body_bytes);
  parser_->eager(false);  // stops after the header: who has no token is not listened to further
  const bool waiting = in_.size() == 0;
  enter(waiting ? State::Idle : State::Head, waiting ? owner_.options().timeouts.idle : owner_.options().timeouts.head);
  parse();
}

void Session::read() {
  const std::size_t room = in_.max_size() - in_.size();
  if (reading_ || room == 0) return;
  reading_ = true;
  bytes_->read_some(
      in_.prepare(std::min(room, http_limits::read_bytes)),
      [self = shared_from_this()](const Error& error, std::size_t bytes) { self->on_read(error, bytes); });
}

void Session::on_read(const Error& error, std::size_t bytes) {
  reading_ = false;
  if (state_ == State::Closed) return;
  if (error) return close();
  in_.commit(bytes);
  switch (state_) {
    case State::Idle: enter(State::Head, owner_.options().timeouts.head); return parse();
    case State::Head:
    case State::Body: return parse();
    case State::Draining:
      drained_ += bytes;
      in_.consume(in_.size());
      return drained_ > http_limits::linger_bytes ? close() : read();
    default: return;  // sent ahead while a stream is being written: kept until its turn
  }
}

// A read that is under way has its place in in_: nothing may be consumed meanwhile. Only Streaming
// reads ahead, and only while in_ is empty; so there is nothing to consume then.
void Session::parse() {
  while (in_.size() > 0) {
    Error error;
    in_.consume(parser_->put(in_.data(), error));
    if (error == http::error::need_more) break;
    if (error) return refuse_syntax(error);
    if (state_ == State::Head && parser_->is_header_done() && !admit()) return;
    if (parser_->is_done()) return serve();
  }
  if (in_.size() == in_.max_size()) return refuse_syntax(http::error::bad_chunk);
  read();
}

// After the header. False: it has been answered, or the client waits to be asked for the body.
bool Session::admit() {
  const auto& request = parser_->get();
  const auto hosts = request.equal_range(http::field::host);
  RequestHead head;
  head.method = view(request.method_string());
  head.target = view(request.target());
  head.hosts = static_cast<std::size_t>(std::distance(hosts.first, hosts.second));
  head.host = view(request[http::field::host]);
  head.authorization = view(request[http::field::authorization]);
  head.http_1_0 = request.version() < 11;
  http_1_0_ = head.http_1_0;
  head_only_ = head.method == "HEAD";
  last_ = !parser_->keep_alive();
  if (const auto refusal = refusal_of(head, owner_.options().token)) {
    refuse(*refusal);
    return false;
  }
  if (parser_->is_done()) return true;
  enter(State::Body, owner_.options().timeouts.body);
  const auto expect = request[http::field::expect];
  if (expect.empty() || in_.size() > 0) return true;
  if (!boost::beast::iequals(expect, "100-continue")) {
    refuse({417, "", "the only expectation that is known is 100-continue"});
    return false;
  }
  write("HTTP/1.1 100 Continue\r\n\r\n", &Session::read);
  return false;
}

void Session::serve() {
  auto& request = parser_->get();
  Call call;
  if (const auto method = method_of(view(request.method_string()))) {
    call.method = *method;
  } else {
    call.other_method = view(request.method_string());
  }
  call.target = path_and_query(view(request.target())).value_or("/");
  call.body = std::move(request.body());
  call.content_type = view(request[http::field::content_type]);
  call.accept = view(request[http::field::accept]);
  call.user_agent = view(request[http::field::user_agent]);
  enter(State::Serving, owner_.options().timeouts.answer);
  const std::uint64_t number = ++number_;
  owner_.handler().serve(std::move(call), [weak = weak_from_this(), number](Answer answer) {
    if (const auto self = weak.lock()) self->answer(number, std::move(answer));
  });
}

void Session::refuse(const Refusal& refusal) {
  if (!parser_->is_done()) last_ = true;  // where the next request begins is not known
  Answer answer;
  answer.status = refusal.status;
  answer.body = status_body(refusal.status, refusal.reason, refusal.message);
  if (refusal.status == 401) answer.headers.emplace_back("WWW-Authenticate", "Bearer");
  write_answer(std::move(answer));
}

void Session::refuse_syntax(const Error& error) {
  head_only_ = false;
  http_1_0_ = false;
  if (error == http::error::body_limit) {
    return refuse({413, "RequestEntityTooLarge",
                   "Request entity too large: limit is " + std::to_string(http_limits::body_bytes)});
  }
  if (error == http::error::header_limit) {
    return refuse(
        {431, "", "the request's header is larger than " + std::to_string(http_limits::header_bytes) + " bytes"});
  }
  if (error == http::error::bad_version) return refuse({505, "", "the protocol must be HTTP/1.1"});
  refuse({400, "BadRequest", "this is not an HTTP request: " + error.message()});
}

// --- answering -------------------------------------------------------------------------------

void Session::answer(std::uint64_t number, Answer answer) {
  if (state_ != State::Serving || number != number_) return;  // it took too long and was given up
  if (answer.open && !head_only_) return open_stream(std::move(answer));
  write_answer(std::move(answer));
}

void Session::write_answer(Answer answer) {
  enter(State::Answering, owner_.options().timeouts.write);
  last_ = last_ || stopping_;
  out_ = head_text(answer, {.form = BodyForm::Sized,
                            .body_bytes = answer.body.size(),
                            .close = last_,
                            .http_1_0 = http_1_0_,
                            .date = owner_.date()});
  if (head_only_) answer.body.clear();
  if (answer.body.size() <= http_limits::joined_bytes) {
    out_ += answer.body;
    return write(out_, &Session::answered);
  }
  body_ = std::move(answer.body);
  write(out_, &Session::write_body);
}

void Session::write_body() { write(body_, &Session::answered); }

void Session::write(std::string_view bytes, void (Session::*then)()) {
  bytes_->write(bytes, [self = shared_from_this(), then](const Error& error, std::size_t) {
    if (self->state_ == State::Closed) return;
    if (error) return self->close();
    (self.get()->*then)();
  });
}

void Session::answered() {
  body_ = {};
  if (last_ || stopping_) return drain();
  next_request();
}

void Session::open_stream(Answer answer) {
  enter(State::Streaming, std::chrono::hours(24 * 365));  // a reader may stand still for as long as it likes
  last_ = last_ || stopping_ || http_1_0_;
  std::string head = head_text(answer, {.form = http_1_0_ ? BodyForm::UntilEnd : BodyForm::Chunked,
                                        .close = last_,
                                        .http_1_0 = http_1_0_,
                                        .date = owner_.date()});
  StreamWriter::Client client;
  client.write = [weak = weak_from_this()](std::string_view bytes, std::function<void()> done) {
    const auto self = weak.lock();
    if (!self) return;
    self->bytes_->write(bytes, [self, done = std::move(done)](const Error& error, std::size_t) {
      if (self->state_ == State::Closed) return;
      if (error) return self->close();
      done();
    });
  };
  client.on_source_end = [weak = weak_from_this()] {
    if (const auto self = weak.lock()) self->enter(State::Streaming, self->owner_.options().timeouts.write);
  };
  client.on_written = [weak = weak_from_this()](bool whole) {
    if (const auto self = weak.lock()) self->stream_written(whole);
  };
  stream_ = std::make_shared<StreamWriter>(std::move(head), !http_1_0_, std::move(client));
  const auto stream = stream_;
  stream->open(answer.open);
  if (state_ == State::Streaming && in_.size() == 0) read();  // to learn that the client has gone
}

void Session::stream_written(bool whole) {
  stream_.reset();
  if (!whole) return close();
  answered();
}

// --- ending ----------------------------------------------------------------------------------

void Session::drain() {
  if (parser_->is_done()) return finish();
  enter(State::Draining, http_limits::linger);
  bytes_->half_close();
  in_.consume(in_.size());
  read();
}

void Session::finish() {
  enter(State::Draining, http_limits::linger);
  bytes_->finish([self = shared_from_this()](const Error&, std::size_t) { self->close(); });
}

}  // namespace ork::embedded
