#include "operator/embedded/api/api_error.hpp"

#include <algorithm>

namespace ork::embedded {
namespace {

std::string_view cause_reason(ProblemType type) {
  switch (type) {
    case ProblemType::Required: return "FieldValueRequired";
    case ProblemType::NotSupported: return "FieldValueNotSupported";
    case ProblemType::Invalid: return "FieldValueInvalid";
    case ProblemType::Duplicate: return "FieldValueDuplicate";
    case ProblemType::Forbidden: return "FieldValueForbidden";
    case ProblemType::TooLong: return "FieldValueTooLong";
    case ProblemType::TooMany: return "FieldValueTooMany";
    case ProblemType::TypeInvalid: return "FieldValueTypeInvalid";
    case ProblemType::NotFound: return "FieldValueNotFound";
    case ProblemType::Internal: return "InternalError";
  }
  return "";
}

std::string resource_name(const Kind& kind) {
  return kind.group.empty() ? kind.plural : kind.plural + "." + kind.group;
}
std::string kind_name(const Kind& kind) { return kind.group.empty() ? kind.kind : kind.kind + "." + kind.group; }
std::string quoted(std::string_view text) { return "\"" + std::string(text) + "\""; }

Json details_of(const Kind& kind, std::string_view name, const std::string& kind_field) {
  Json details = Json::object();
  if (!kind_field.empty()) details["kind"] = kind_field;
  if (!name.empty()) details["name"] = name;
  if (!kind.group.empty()) details["group"] = kind.group;
  return details;
}

// Each problem once, as Kubernetes joins them; the causes keep every one.
std::string joined(const std::vector<FieldProblem>& problems) {
  std::vector<std::string> lines;
  for (const FieldProblem& problem : problems) {
    std::string line = problem.field + ": " + problem.message;
    if (std::find(lines.begin(), lines.end(), line) == lines.end()) lines.push_back(std::move(line));
  }
  if (lines.size() == 1) return lines.front();
  std::string out = "[";
  for (const std::string& line : lines) out += (out.size() > 1 ? ", " : "") + line;
  return out + "]";
}

Json causes_of(const std::vector<FieldProblem>& problems) {
  Json causes = Json::array();
  for (const FieldProblem& problem : problems) causes.push_back(cause_of(problem));
  return causes;
}

ApiError operation_conflict(std::string_view resource, std::string_view name, std::string_view why, Json details) {
  return {409, "Conflict",
          "Operation cannot be fulfilled on " + std::string(resource) + " " + quoted(name) + ": " + std::string(why),
          std::move(details)};
}

}  // namespace

Json cause_of(const FieldProblem& problem) {
  return {{"reason", cause_reason(problem.type)}, {"message", problem.message}, {"field", problem.field}};
}

Json ApiError::status() const {
  Json body = {{"kind", "Status"},    {"apiVersion", "v1"}, {"metadata", Json::object()},
               {"status", "Failure"}, {"message", message}, {"code", code}};
  if (!continue_token.empty()) body["metadata"]["continue"] = continue_token;
  if (!reason.empty()) body["reason"] = reason;
  if (!details.is_null()) body["details"] = details;
  if (retry_after_seconds > 0) body["details"]["retryAfterSeconds"] = retry_after_seconds;
  return body;
}

Answer ApiError::answer() const {
  Answer answer;
  answer.status = code;
  if (plain_text) {
    answer.content_type = "text/plain; charset=utf-8";
    answer.body = message + "\n";
    return answer;
  }
  // What is quoted from a request may be any bytes.
  answer.body = status().dump(-1, ' ', false, Json::error_handler_t::replace);
  if (retry_after_seconds > 0) answer.headers.emplace_back("Retry-After", std::to_string(retry_after_seconds));
  return answer;
}

ApiError no_such_path() { return {404, "", "404 page not found", {}, true}; }

ApiError no_such_resource() {
  return {404, "NotFound", "the server could not find the requested resource", Json::object()};
}

ApiError method_not_allowed() {
  return {405, "MethodNotAllowed", "the server does not allow this method on the requested resource", Json::object()};
}

ApiError method_not_supported(const Kind& kind, std::string_view verb) {
  return {405, "MethodNotAllowed",
          std::string(verb) + " is not supported on resources of kind \"" + resource_name(kind) + "\"",
          details_of(kind, "", kind.plural)};
}

ApiError unsupported_media_type(bool is_patch_unknown, std::string_view accepted) {
  if (is_patch_unknown) return {415, "UnsupportedMediaType", "415: Unsupported Media Type", Json::object()};
  return {415, "UnsupportedMediaType",
          "the body of the request was in an unknown format - accepted media types include: " + std::string(accepted)};
}

ApiError not_acceptable() {
  return {406, "NotAcceptable", "only the following media types are accepted: application/json"};
}

ApiError no_representation() {
  return {406, "NotAcceptable", "406: Not Acceptable\n\nAvailable representations: application/json", Json::object()};
}

ApiError not_found(const Kind& kind, std::string_view name) {
  return {404, "NotFound", resource_name(kind) + " " + quoted(name) + " not found",
          details_of(kind, name, kind.plural)};
}

ApiError already_exists(const Kind& kind, std::string_view name) {
  return {409, "AlreadyExists", resource_name(kind) + " " + quoted(name) + " already exists",
          details_of(kind, name, kind.plural)};
}

ApiError conflict(const Kind& kind, std::string_view name, std::string_view why) {
  return operation_conflict(resource_name(kind), name, why, details_of(kind, name, kind.plural));
}

ApiError deletion_conflict(const Kind& kind, std::string_view name, std::string_view why) {
  return operation_conflict(kind_name(kind), name, why, details_of(kind, name, kind.kind));
}

ApiError modified(const Kind& kind, std::string_view name) {
  return conflict(kind, name,
                  "the object has been modified; please apply your changes to the latest version and try again");
}

ApiError invalid(const Kind& kind, std::string_view name, const std::vector<FieldProblem>& problems) {
  ApiError error{422, "Invalid", kind_name(kind) + " " + quoted(name) + " is invalid: " + joined(problems),
                 details_of(kind, name, kind.kind)};
  error.details["causes"] = causes_of(problems);
  return error;
}

ApiError invalid_options(std::string_view what, const std::vector<FieldProblem>& problems) {
  ApiError error{422, "Invalid", std::string(what) + ".meta.k8s.io \"\" is invalid: " + joined(problems),
                 Json{{"group", "meta.k8s.io"}, {"kind", what}}};
  error.details["causes"] = causes_of(problems);
  return error;
}

ApiError bad_request(std::string message) { return {400, "BadRequest", std::move(message)}; }

ApiError forbidden(const Kind& kind, std::string_view name, std::string_view why) {
  return {403, "Forbidden", resource_name(kind) + " " + quoted(name) + " is forbidden: " + std::string(why),
          details_of(kind, name, kind.plural)};
}

ApiError namespace_terminating(const Kind& kind, std::string_view name, std::string_view ns) {
  ApiError error = forbidden(
      kind, name, "unable to create new content in namespace " + std::string(ns) + " because it is being terminated");
  error.details["causes"] = Json::array({{{"reason", "NamespaceTerminating"},
                                          {"message", "namespace " + std::string(ns) + " is being terminated"},
                                          {"field", "metadata.namespace"}}});
  return error;
}

ApiError too_large(std::string message) { return {413, "RequestEntityTooLarge", std::move(message)}; }

ApiError expired(std::string message) { return {410, "Expired", std::move(message)}; }

ApiError version_too_large(std::string_view wanted, std::string_view current) {
  ApiError error{
      504, "Timeout",
      "Timeout: Too large resource version: " + std::string(wanted) + ", current: " + std::string(current),
      Json{{"causes",
            Json::array({{{"reason", "ResourceVersionTooLarge"}, {"message", "Too large resource version"}}})}}};
  error.retry_after_seconds = 1;
  return error;
}

ApiError internal(std::string message) { return {500, "", std::move(message)}; }

ApiError storage_failed(std::string message) { return {500, "InternalError", std::move(message)}; }

}  // namespace ork::embedded
