#pragma once

// Where the API server finds what a container has written; a node brings it.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "controllers/result/result.hpp"
#include "operator/kube/transport.hpp"

namespace ork::embedded {

struct LogRequest {
  std::string ns;
  std::string pod;
  std::string uid;        // the Pod's
  std::string container;  // never empty: the API server has chosen it
  std::optional<std::int64_t> tail_lines;
  std::optional<std::int64_t> limit_bytes;
  bool follow = false;
};

class PodLogs {
 public:
  virtual ~PodLogs() = default;
  // The container's output so far and, with `follow`, on until it has ended. The error is a sentence
  // (container not started, logs removed); it becomes a 400 as the kubelet's does. Handlers are
  // called from the loop, never from within.
  virtual Result<std::unique_ptr<kube::Stream>, std::string> open(const LogRequest& request,
                                                                  kube::StreamHandlers handlers) = 0;
};

}  // namespace ork::embedded
