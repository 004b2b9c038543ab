#include "operator/kube/curl_transport.hpp"

#include "operator/kube/credentials.hpp"
#include "operator/kube/lane.hpp"

namespace ork::kube {
namespace {

class CurlStream final : public Stream {
 public:
  CurlStream(std::weak_ptr<Lane> lane, std::shared_ptr<Transfer> transfer)
      : lane_(std::move(lane)), transfer_(std::move(transfer)) {}
  ~CurlStream() override {
    transfer_->settled = true;
    if (const auto lane = lane_.lock()) lane->cancel(*transfer_);
  }
  CurlStream(const CurlStream&) = delete;
  CurlStream& operator=(const CurlStream&) = delete;

 private:
  std::weak_ptr<Lane> lane_;
  std::shared_ptr<Transfer> transfer_;
};

std::shared_ptr<Transfer> new_transfer(Request request) {
  auto transfer = std::make_shared<Transfer>();
  transfer->asked = Transfer::Clock::now();
  transfer->deadline = transfer->asked + request.timeout;
  transfer->request = std::move(request);
  return transfer;
}

}  // namespace

CurlTransport::CurlTransport(boost::asio::io_context& io, ClientConfig config, Options options)
    : CurlTransport(io, std::make_shared<Credentials>(io, std::move(config)), std::move(options)) {}

CurlTransport::CurlTransport(boost::asio::io_context& io, std::shared_ptr<Credentials> credentials, Options options)
    : io_(io), credentials_(std::move(credentials)) {
  const auto gate = std::make_shared<Gate>();
  const LaneLimits calls{options.calls_in_flight, options.connections, options.http1_calls, options.calls_queued};
  const LaneLimits streams{options.streams_open, options.connections, options.http1_streams, options.calls_queued};
  calls_ = std::make_shared<Lane>(io_, credentials_, gate, calls, options.observer);
  streams_ = std::make_shared<Lane>(io_, credentials_, gate, streams, std::move(options.observer));
}

CurlTransport::~CurlTransport() {
  calls_->close();
  streams_->close();
}

void CurlTransport::call(Request request, ResponseHandler handler) {
  auto transfer = new_transfer(std::move(request));
  transfer->on_answer = std::move(handler);
  calls_->submit(std::move(transfer));
}

std::unique_ptr<Stream> CurlTransport::open_stream(Request request, StreamHandlers handlers) {
  auto transfer = new_transfer(std::move(request));
  transfer->stream = true;
  transfer->handlers = std::move(handlers);
  auto stream = std::make_unique<CurlStream>(streams_, transfer);
  streams_->submit(std::move(transfer));
  return stream;
}

std::unique_ptr<CurlTransport> CurlTransport::sibling(Options options) const {
  return std::make_unique<CurlTransport>(io_, credentials_, std::move(options));
}

}  // namespace ork::kube
