#pragma once

// A streamed answer on its way to one client: takes what the handler's stream gives, keeps what the
// client has not taken yet, within bounds, and writes it in as few pieces as there are waits.

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "operator/embedded/api/call.hpp"

namespace ork::embedded {

class PacedStream;

class StreamWriter : public std::enable_shared_from_this<StreamWriter> {
 public:
  struct Client {
    // Writes all of it, and calls back unless the connection has ended. One at a time.
    std::function<void(std::string_view bytes, std::function<void()> done)> write;
    // The handler's stream has ended and nothing more comes from it; what is kept is still written.
    std::function<void()> on_source_end;
    // All is written. Not whole: the source failed, and the client must not take it for an end.
    std::function<void(bool whole)> on_written;
  };

  // `head` goes first. Not chunked: the connection's end ends it (HTTP/1.0).
  StreamWriter(std::string head, bool chunked, Client client);

  void open(const decltype(Answer::open)& open);
  // Ends the stream as its source would.
  void end();
  // The client is gone: closes the source, calls nobody any more.
  void drop();

 private:
  void take(std::string_view data);
  void source_ended(bool whole);
  void flush();
  void written();

  Client client_;
  bool chunked_;
  bool source_open_ = true;
  bool whole_ = true;
  bool dropped_ = false;
  bool writing_ = false;
  bool paused_ = false;
  std::string kept_;     // framed, not yet being written
  std::string on_wire_;  // being written
  std::unique_ptr<kube::Stream> source_;
  PacedStream* paced_ = nullptr;  // source_, where it can wait
};

}  // namespace ork::embedded
