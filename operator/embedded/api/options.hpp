#pragma once

// The query of a request as values: metav1's ListOptions, CreateOptions, UpdateOptions, PatchOptions.
// Errors are the API server's answers to options that make no sense.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "operator/embedded/api/api_error.hpp"
#include "operator/embedded/api/selector.hpp"
#include "operator/embedded/api/target.hpp"

namespace ork::embedded {

enum class FieldValidation { Ignore, Warn, Strict };

struct WriteOptions {
  bool dry_run = false;
  bool force = false;  // server-side apply
  FieldValidation field_validation = FieldValidation::Warn;
  std::string field_manager;  // empty: not given
};

enum class PatchIs { None, Apply, Other };

// `what` names the options in errors: "CreateOptions".
Result<WriteOptions, ApiError> parse_write_options(const Target& target, std::string_view what,
                                                   PatchIs patch = PatchIs::None);

// Whether `values` ask for a dry run; any value but "All" is a problem.
bool asks_for_dry_run(const std::vector<std::string>& values, std::vector<FieldProblem>& problems);

// Where a continued list goes on.
struct ContinueToken {
  std::uint64_t version = 0;  // 0: as it is now
  std::string after_key;
};
std::string encode(const ContinueToken& token);

enum class VersionMatch { Unset, Exact, NotOlderThan };

struct ReadOptions {
  Selectors selectors;
  std::int64_t limit = 0;  // 0: no limit
  std::optional<ContinueToken> from;
  std::optional<std::uint64_t> version;  // resourceVersion; nullopt: unset
  VersionMatch match = VersionMatch::Unset;
  bool watch = false;
  bool bookmarks = false;
  bool send_initial_events = false;
  std::chrono::milliseconds timeout{0};  // 0: not given
};

// Of a GET of one object; 0: any.
Result<std::uint64_t, ApiError> parse_get_version(const Target& target);

Result<ReadOptions, ApiError> parse_read_options(const Target& target, const Kind& kind);

}  // namespace ork::embedded
