#pragma once

// What one actor has asked of the API server and what it was told: beside the trace, which holds only what
// was stored.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "operator/kube/transport.hpp"
#include "operator/runtime/loop.hpp"

namespace ork::sim {

struct SentRequest {
  runtime::Instant at;
  runtime::Instant answered;
  std::uint32_t process = 0;  // of the actor's, from 1
  kube::Method method = kube::Method::Get;
  std::string path;
  std::string made;        // a POST: the object's name
  std::size_t bytes = 0;   // of the body
  std::uint64_t base = 0;  // the resourceVersion that the body insists on; 0: on none
  bool insists_on_uid = false;
  int code = 0;              // of the answer; 0: there was none, or the process did not live to see it
  std::uint64_t stored = 0;  // the object's resourceVersion in the answer
  runtime::Duration retry_after{0};
};

// "PATCH /apis/ork.dev/...", without what follows a '?'; a POST with the name of what it makes.
std::string target_of(const SentRequest& request);

class RequestLog {
 public:
  std::uint32_t next_process() { return ++processes_; }
  // Returns the request's place, for its answer.
  std::size_t sent(runtime::Instant at, std::uint32_t process, const kube::Request& request);
  void answered(std::size_t place, runtime::Instant at, const Result<kube::Response, kube::Error>& answer);
  const std::vector<SentRequest>& all() const { return all_; }
  void add(SentRequest request) { all_.push_back(std::move(request)); }

 private:
  std::uint32_t processes_ = 0;
  std::vector<SentRequest> all_;
};

}  // namespace ork::sim
