#include "tests/sim/faulty_transport.hpp"

#include "operator/kube/answer.hpp"
#include "tests/sim/faulty_stream.hpp"

namespace ork::sim {

using runtime::Duration;

namespace {

// What arrives while its reader stands still is read afterwards, unless it has been closed by then.
struct HeardStream final : kube::Stream {
  kube::StreamHandlers heard(ActorLoop& loop, kube::StreamHandlers handlers) {
    const auto shared = std::make_shared<const kube::StreamHandlers>(std::move(handlers));
    const std::weak_ptr open_until = open;
    return {.on_data =
                [&loop, open_until, shared](std::string_view bytes) {
                  if (!loop.paused()) return shared->on_data(bytes);
                  loop.deliver([open_until, shared, text = std::string(bytes)] {
                    if (!open_until.expired()) shared->on_data(text);
                  });
                },
            .on_end =
                [&loop, open_until, shared](const std::optional<kube::Error>& error) {
                  loop.deliver([open_until, shared, error] {
                    if (!open_until.expired()) shared->on_end(error);
                  });
                }};
  }

  std::shared_ptr<int> open = std::make_shared<int>(0);
  std::unique_ptr<kube::Stream> inner;
};

}  // namespace

FaultyTransport::FaultyTransport(kube::Transport& inner, ActorLoop& loop, std::string actor, Line& line,
                                 Weather& weather, std::function<void(const Fault&)> on_crash)
    : inner_(inner),
      loop_(loop),
      actor_(std::move(actor)),
      line_(line),
      weather_(weather),
      on_crash_(std::move(on_crash)),
      process_(line.log == nullptr ? 0 : line.log->next_process()) {}

void FaultyTransport::put_down(const Fault& fault, const kube::Request& request) {
  Event event;
  event.at = loop_.now();
  event.kind = Event::Kind::Fault;
  event.actor = actor_;
  event.note = to_text(fault) + " (" + kube::describe(request) + ")";
  weather_.trace.add(std::move(event));
}

std::optional<Fault> FaultyTransport::strikes(const kube::Request& request) {
  ++line_.calls;
  const bool write = request.method != kube::Method::Get;
  if (write) ++line_.writes;
  if (weather_.over) return std::nullopt;
  auto fault = write ? weather_.faults.find(actor_, Counted::Write, line_.writes) : std::nullopt;
  if (!fault) fault = weather_.faults.find(actor_, Counted::Call, line_.calls);
  if (fault && is_crash(fault->harm) && !on_crash_) return std::nullopt;
  return fault;
}

void FaultyTransport::call(kube::Request request, kube::ResponseHandler handler) {
  if (is_cut()) return;
  const auto fault = strikes(request);
  if (fault) put_down(*fault, request);
  if (fault && fault->harm == Harm::Pause) loop_.pause(Duration{fault->wait});
  if (!loop_.paused()) return send(fault, std::move(request), std::move(handler));
  loop_.deliver([this, alive = std::weak_ptr(alive_), fault, request = std::move(request),
                 handler = std::move(handler)]() mutable {
    if (!alive.expired()) send(fault, std::move(request), std::move(handler));
  });
}

void FaultyTransport::send(const std::optional<Fault>& fault, kube::Request request, kube::ResponseHandler handler) {
  if (line_.log != nullptr) handler = logged(request, std::move(handler));
  if (!fault) return pass(std::move(request), std::move(handler));
  if (is_crash(fault->harm)) return crash(*fault, std::move(request), std::move(handler));
  strike(*fault, std::move(request), std::move(handler));
}

kube::ResponseHandler FaultyTransport::logged(const kube::Request& request, kube::ResponseHandler handler) {
  const std::size_t place = line_.log->sent(loop_.now(), process_, request);
  return [this, place, handler = std::move(handler)](auto answer) {
    line_.log->answered(place, loop_.now(), answer);
    handler(std::move(answer));
  };
}

Duration FaultyTransport::latency() { return Duration{line_.chance.between(0, line_.latency_ms)}; }

// As the process hears of an answer: when it does not stand still, and not once it is dead.
kube::ResponseHandler FaultyTransport::heard(kube::ResponseHandler handler) {
  return [&loop = loop_, alive = std::weak_ptr(alive_), handler = std::move(handler)](auto answer) {
    if (alive.expired() || !handler) return;
    if (!loop.paused()) return handler(std::move(answer));
    loop.deliver([alive, handler, answer = std::move(answer)] {
      if (!alive.expired()) handler(answer);
    });
  };
}

void FaultyTransport::pass(kube::Request request, kube::ResponseHandler handler) {
  if (line_.latency_ms == 0) return inner_.call(std::move(request), heard(std::move(handler)));
  const Duration there = latency();
  weather_.later.in(there, [&inner = inner_, &later = weather_.later, back = latency(), request = std::move(request),
                            handler = heard(std::move(handler))]() mutable {
    inner.call(std::move(request), [&later, back, handler = std::move(handler)](auto answer) {
      later.in(back, [handler, answer = std::move(answer)] { handler(answer); });
    });
  });
}

// Arrives although its sender may be dead by then.
void FaultyTransport::pass_later(Duration wait, kube::Request request, kube::ResponseHandler handler) {
  weather_.later.in(wait,
                    [&inner = inner_, request = std::move(request), handler = heard(std::move(handler))]() mutable {
                      inner.call(std::move(request), std::move(handler));
                    });
}

void FaultyTransport::fail_later(Duration wait, kube::Error error, kube::ResponseHandler handler) {
  weather_.later.in(wait, [error = std::move(error), handler = heard(std::move(handler))] { handler(Err(error)); });
}

void FaultyTransport::refuse(int status, const char* reason, std::int64_t retry_after_ms, const kube::Request& request,
                             kube::ResponseHandler handler) {
  const auto retry_after = retry_after_ms > 0 ? std::optional(std::chrono::milliseconds(retry_after_ms)) : std::nullopt;
  const std::string body = std::string(R"({"kind":"Status","apiVersion":"v1","status":"Failure","reason":")") + reason +
                           R"(","message":"so the simulator says","code":)" + std::to_string(status) + "}";
  fail_later(Duration{0}, kube::error_from_answer(request, status, retry_after, body), std::move(handler));
}

void FaultyTransport::strike(const Fault& fault, kube::Request request, kube::ResponseHandler handler) {
  using kube::Errc;
  const Duration wait{fault.wait};
  const Duration bound = request.timeout;
  // A DELETE that insists on a uid meets no conflict but with another uid.
  const bool read = request.method == kube::Method::Get || request.method == kube::Method::Delete;
  switch (fault.harm) {
    case Harm::Delay: return pass_later(wait, std::move(request), std::move(handler));
    case Harm::LateAnswer:
      return inner_.call(std::move(request),
                         [&later = weather_.later, wait, handler = heard(std::move(handler))](auto answer) {
                           later.in(wait, [handler, answer = std::move(answer)] { handler(answer); });
                         });
    case Harm::ConnectError:
      return fail_later(Duration{1}, kube::error_about(request, Errc::Connect, "could not be sent"),
                        std::move(handler));
    case Harm::Conflict:
      return read ? refuse(500, "InternalError", 0, request, std::move(handler))
                  : refuse(409, "Conflict", 0, request, std::move(handler));
    case Harm::TooManyRequests: return refuse(429, "TooManyRequests", fault.wait, request, std::move(handler));
    case Harm::ServerError: return refuse(500, "InternalError", 0, request, std::move(handler));
    case Harm::Unavailable: return refuse(503, "ServiceUnavailable", 0, request, std::move(handler));
    case Harm::TimeOut:
      return fail_later(bound, kube::error_about(request, Errc::Timeout, "was not answered"), std::move(handler));
    case Harm::LostAnswer:
      fail_later(bound, kube::error_about(request, Errc::Timeout, "was not answered"), std::move(handler));
      return inner_.call(std::move(request), [](const auto&) {});
    case Harm::BrokenAnswer:
      fail_later(Duration{2}, kube::error_about(request, Errc::Interrupted, "was cut off"), std::move(handler));
      return inner_.call(std::move(request), [](const auto&) {});
    case Harm::HalfAnswer:
      return pass(std::move(request), [handler = std::move(handler)](auto answer) {
        if (answer) answer->body.resize(answer->body.size() / 2);
        handler(std::move(answer));
      });
    case Harm::ClockForward: loop_.shift_wall(fault.wait); return pass(std::move(request), std::move(handler));
    case Harm::ClockFast: loop_.set_wall_rate(fault.wait); return pass(std::move(request), std::move(handler));
    case Harm::ClockSlow: loop_.set_wall_rate(-fault.wait); return pass(std::move(request), std::move(handler));
    case Harm::ClockBack: loop_.shift_wall(-fault.wait); return pass(std::move(request), std::move(handler));
    case Harm::LateWrite:
      fail_later(bound, kube::error_about(request, Errc::Timeout, "was not answered"), std::move(handler));
      return pass_later(bound + wait, std::move(request), {});
    case Harm::Compact: weather_.compact(); return pass(std::move(request), std::move(handler));
    default:
      if ((is_of_node(fault.harm) || is_of_object(fault.harm)) && weather_.around) weather_.around(fault, request);
      return pass(std::move(request), std::move(handler));
  }
}

void FaultyTransport::crash(const Fault& fault, kube::Request request, kube::ResponseHandler handler) {
  if (fault.harm == Harm::CrashAfterAnswer) {
    return pass(std::move(request), [this, fault, handler = std::move(handler)](auto answer) {
      handler(std::move(answer));
      cut();
      on_crash_(fault);
    });
  }
  if (fault.harm == Harm::CrashUnanswered) {
    if (fault.wait == 0) {
      inner_.call(std::move(request), [](const auto&) {});
    } else {
      pass_later(Duration{fault.wait}, std::move(request), {});
    }
  }
  cut();
  on_crash_(fault);
}

std::unique_ptr<kube::Stream> FaultyTransport::open_stream(kube::Request request, kube::StreamHandlers handlers) {
  ++line_.streams;
  // A dead process' watch: nobody will look at it.
  if (is_cut()) return nullptr;
  auto fault = weather_.over ? std::nullopt : weather_.faults.find(actor_, Counted::Stream, line_.streams);
  if (fault) put_down(*fault, request);
  if (!fault && line_.latency_ms > 0) {
    fault = Fault{.actor = actor_, .counted = Counted::Stream, .harm = Harm::StreamDelay, .wait = latency().count()};
  }
  auto stream = std::make_unique<HeardStream>();
  handlers = stream->heard(loop_, std::move(handlers));
  stream->inner = fault ? std::make_unique<FaultyStream>(inner_, loop_, *fault, weather_.compact, std::move(request),
                                                         std::move(handlers))
                        : inner_.open_stream(std::move(request), std::move(handlers));
  return stream;
}

}  // namespace ork::sim
