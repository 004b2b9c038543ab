#pragma once

// A watch as its reader sees it: lines of JSON, one event each.

#include <memory>
#include <string>

#include "operator/embedded/api/backend.hpp"
#include "operator/embedded/api/options.hpp"
#include "operator/embedded/api/representation.hpp"

namespace ork::embedded {

struct WatchRequest {
  std::string collection;
  std::string ns;    // empty: all
  std::string name;  // empty: all
  ReadOptions options;
  Renderer renderer;
};

// Begins with what is there where the reader has no resourceVersion, or asked for it. A version
// beyond the history is told as an ERROR event, after which the stream ends, as API servers do.
std::unique_ptr<kube::Stream> open_watch(Backend backend, WatchRequest request, kube::StreamHandlers handlers);

}  // namespace ork::embedded
