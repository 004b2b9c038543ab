#pragma once

// A Transport that narrows what it reads: a field selector, or metadata alone. Writes pass as they
// are. runtime::Watcher asks for whole objects of a label selector; what more there is to say stands
// here.

#include <memory>
#include <string>

#include "operator/kube/transport.hpp"

namespace ork::embedded {

struct Selection {
  std::string fields;          // "spec.nodeName=local"; empty: all
  bool metadata_only = false;  // items are PartialObjectMetadata
};

class SelectingTransport final : public kube::Transport {
 public:
  // `inner` must outlive this.
  SelectingTransport(kube::Transport& inner, Selection selection);
  void call(kube::Request request, kube::ResponseHandler handler) override;
  std::unique_ptr<kube::Stream> open_stream(kube::Request request, kube::StreamHandlers handlers) override;

 private:
  void narrow(kube::Request& request) const;

  kube::Transport& inner_;
  std::string query_;  // "fieldSelector=...", percent-encoded; empty: none
  bool metadata_only_;
};

}  // namespace ork::embedded
