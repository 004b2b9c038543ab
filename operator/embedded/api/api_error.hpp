#pragma once

// What the API server answers when it does not do what was asked: metav1.Status, in Kubernetes' words.

#include <string>
#include <string_view>
#include <vector>

#include "operator/embedded/api/call.hpp"
#include "operator/embedded/kinds/kind.hpp"
#include "operator/embedded/schema/field_problem.hpp"

namespace ork::embedded {

struct ApiError {
  int code = 500;
  std::string reason;  // "NotFound"; may be empty, as in Kubernetes
  std::string message;
  Json details;             // null: none
  bool plain_text = false;  // `message` is the whole body
  int retry_after_seconds = 0;
  std::string continue_token = {};  // of a 410: where a list goes on all the same

  Json status() const;
  Answer answer() const;
};

// --- paths and methods ---
ApiError no_such_path();      // 404 in plain text
ApiError no_such_resource();  // 404 as a Status
ApiError method_not_allowed();
// Of a kind from a CRD; `verb` as in "create", empty for a method that has none.
ApiError method_not_supported(const Kind& kind, std::string_view verb);
ApiError unsupported_media_type(bool is_patch_unknown, std::string_view accepted);
ApiError not_acceptable();
// As the router of the built-in kinds says it, before anybody has looked at parameters.
ApiError no_representation();

// --- objects ---
ApiError not_found(const Kind& kind, std::string_view name);
ApiError already_exists(const Kind& kind, std::string_view name);
// "Operation cannot be fulfilled on <resource> "<name>": <why>"
ApiError conflict(const Kind& kind, std::string_view name, std::string_view why);
// The same, but named by the kind, as deletions say it.
ApiError deletion_conflict(const Kind& kind, std::string_view name, std::string_view why);
ApiError modified(const Kind& kind, std::string_view name);
ApiError invalid(const Kind& kind, std::string_view name, const std::vector<FieldProblem>& problems);
// `what` is an options kind: "DeleteOptions".
ApiError invalid_options(std::string_view what, const std::vector<FieldProblem>& problems);
ApiError bad_request(std::string message);
ApiError forbidden(const Kind& kind, std::string_view name, std::string_view why);
ApiError namespace_terminating(const Kind& kind, std::string_view name, std::string_view ns);
ApiError too_large(std::string message);
ApiError expired(std::string message);  // 410
ApiError version_too_large(std::string_view wanted, std::string_view current);
ApiError internal(std::string message);  // 500 without a reason
ApiError storage_failed(std::string message);

// A cause of a Status: reason, message, field.
Json cause_of(const FieldProblem& problem);

}  // namespace ork::embedded
