#pragma once

// One request on its way: what was asked, whom to tell, and what has arrived so far.

#include <curl/curl.h>

#include <array>
#include <chrono>
#include <cstddef>
#include <memory>
#include <string>

#include "operator/kube/credentials.hpp"
#include "operator/kube/transport.hpp"

namespace ork::kube {

class Lane;
class Multi;

// A curl easy handle and what it points to; reused for many requests of one lane.
struct Easy {
  Easy();
  ~Easy();
  Easy(const Easy&) = delete;
  Easy& operator=(const Easy&) = delete;

  CURL* handle;
  std::shared_ptr<const Material> material;  // whose blobs are set on the handle
  std::array<char, CURL_ERROR_SIZE> error{};
};

struct Transfer : std::enable_shared_from_this<Transfer> {
  using Clock = std::chrono::steady_clock;

  Request request;
  ResponseHandler on_answer;  // set for a call
  StreamHandlers handlers;    // set for a stream
  bool stream = false;

  Clock::time_point asked;
  // A call: when it is over. A stream: when it must be established, then when the next byte must
  // have come (max() for no bound).
  Clock::time_point deadline;
  Clock::time_point heard;  // of a stream: the last delivery
  bool repeated = false;    // sent again after a 401
  bool settled = false;     // its end was told, or nobody wants to know any more

  // While active (see Lane):
  std::unique_ptr<Easy> easy;
  std::shared_ptr<Multi> multi;
  std::shared_ptr<const curl_slist> headers;
  Lane* lane = nullptr;
  std::size_t place = 0;    // in the lane's list of active transfers
  int status = 0;           // known once the first header or byte has come
  bool answered = false;    // a final status line has come
  bool touched = false;     // is in the lane's list of transfers with news
  bool overflowed = false;  // the answer went beyond our limit
  std::string body;         // the answer; of a stream, what was not delivered yet
};

// How far a transfer came, as curl saw it when it ended.
struct Ending {
  CURLcode code = CURLE_OK;
  int status = 0;
  bool sent = false;   // at least one byte of the request was handed to the connection
  std::string detail;  // curl's own words
};

// The server's certificate did not fit our authority. A new authority with the old one's name fails
// by its signature, which curl calls a handshake error.
bool untrusted(CURLcode code);

// The Error for a transfer that ended without a whole answer. "Sent" is decided in favour of doubt:
// where bytes were handed to the connection, a write may have been applied.
Error error_from_ending(const Request& request, const Ending& ending);

}  // namespace ork::kube
