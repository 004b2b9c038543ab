#pragma once

// A stream that can wait for its reader. A watch can't: events come when they come, and a reader that
// falls behind has its watch ended. A log can: it stands in a file. HTTP asks an open stream whether
// it is one (dynamic_cast); what is not paced is bounded by http_limits::stream_bytes alone.

#include "operator/kube/transport.hpp"

namespace ork::embedded {

class PacedStream : public kube::Stream {
 public:
  // No on_data until resume(); a call of it that is under way may still come. May be called from
  // within on_data, and more than once.
  virtual void pause() = 0;
  // on_data and on_end come again, from the loop, never from within.
  virtual void resume() = 0;
};

}  // namespace ork::embedded
