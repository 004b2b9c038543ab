#pragma once

// What a DELETE does: at once, after a grace period (Pods on a node), or once finalizers have gone.

#include <cstdint>
#include <optional>
#include <string>

#include "operator/embedded/api/api_error.hpp"
#include "operator/embedded/api/backend.hpp"
#include "operator/embedded/api/target.hpp"

namespace ork::embedded {

enum class Propagation { Unset, Background, Foreground, Orphan };

struct DeleteOptions {
  bool dry_run = false;
  Propagation propagation = Propagation::Unset;
  std::optional<bool> orphan;  // the older way to say so
  std::optional<std::int64_t> grace_seconds;
  std::string uid;  // preconditions; empty: none
  std::string version;
};

// From the body; from the query where there is none.
Result<DeleteOptions, ApiError> parse_delete_options(const Kinds& kinds, const Target& target, const Call& call);

struct Deleted {
  std::string text;   // the object, in the form it is stored in
  bool gone = false;  // false: it waits for its finalizers or its grace period
  std::string uid;
};

Result<Deleted, ApiError> delete_object(const Backend& backend, const Kind& kind, const std::string& ns,
                                        const std::string& name, const DeleteOptions& options);

}  // namespace ork::embedded
