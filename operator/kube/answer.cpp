#include "operator/kube/answer.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "operator/kube/limits.hpp"

namespace ork::kube {
namespace {

using nlohmann::json;

// What we read of a metav1.Status. Every field is optional: the body may be anything.
struct StatusBody {
  std::string reason;
  std::string message;
  std::optional<std::chrono::milliseconds> retry_after;
  bool namespace_terminating = false;
};

std::string text_of(const json& object, const char* key) {
  const auto it = object.find(key);
  return it != object.end() && it->is_string() ? it->get<std::string>() : std::string();
}

// Tells a namespace that is going away from a missing permission: both are 403 Forbidden.
bool names_terminating_namespace(const json& details) {
  const auto causes = details.find("causes");
  return causes != details.end() && causes->is_array() &&
         std::any_of(causes->begin(), causes->end(),
                     [](const json& c) { return c.is_object() && text_of(c, "reason") == "NamespaceTerminating"; });
}

std::optional<StatusBody> read_status(std::string_view body) {
  if (body.empty() || body.size() > limits::error_body_bytes) return std::nullopt;
  const json parsed = json::parse(body, nullptr, /*allow_exceptions=*/false);
  if (!parsed.is_object() || text_of(parsed, "kind") != "Status") return std::nullopt;
  StatusBody status{text_of(parsed, "reason"), text_of(parsed, "message"), std::nullopt, false};
  const auto details = parsed.find("details");
  if (details == parsed.end() || !details->is_object()) return status;
  status.namespace_terminating = names_terminating_namespace(*details);
  const auto wait = details->find("retryAfterSeconds");
  if (wait == details->end() || !wait->is_number_integer()) return status;
  const auto seconds = wait->get<std::int64_t>();
  if (seconds > 0 && seconds <= 86'400) status.retry_after = std::chrono::seconds(seconds);
  return status;
}

// The server gave up on its own storage: the write is on its way there, or not.
bool storage_timed_out(int http_status, const std::optional<StatusBody>& status) {
  if (http_status == 504 || http_status == 408) return true;
  if (http_status < 500 || !status) return false;
  return status->reason == "Timeout" || status->reason == "ServerTimeout" ||
         status->message.find("etcdserver: request timed out") != std::string::npos;
}

// etcd refuses what the API server would have taken.
bool is_too_large_for_etcd(int http_status, const std::optional<StatusBody>& status) {
  return http_status >= 500 && status && status->message.find("etcdserver: request is too large") != std::string::npos;
}

Errc code_of(int http_status, const std::optional<StatusBody>& status) {
  if (storage_timed_out(http_status, status)) return Errc::Timeout;
  switch (http_status) {
    case 401: return Errc::Unauthorized;
    case 403: return status && status->namespace_terminating ? Errc::Terminating : Errc::Forbidden;
    case 404: return Errc::NotFound;
    case 409: return status && status->reason == "AlreadyExists" ? Errc::AlreadyExists : Errc::Conflict;
    case 410: return Errc::Gone;
    case 413: return Errc::TooLarge;
    case 429: return Errc::TooManyRequests;
    default: break;
  }
  if (is_too_large_for_etcd(http_status, status)) return Errc::TooLarge;
  if (http_status >= 500) return Errc::Server;
  return http_status >= 400 ? Errc::Invalid : Errc::Malformed;
}

}  // namespace

std::string printable(std::string_view text, std::size_t max) {
  bool cut = false;
  if (text.size() > max) {
    std::size_t end = max > 3 ? max - 3 : 0;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
    text = text.substr(0, end);
    cut = true;
  }
  std::string out;
  out.reserve(text.size() + 3);
  for (const char c : text) {
    const bool blank = static_cast<unsigned char>(c) <= 0x20 || c == 0x7f;
    if (!blank) {
      out += c;
    } else if (!out.empty() && out.back() != ' ') {
      out += ' ';
    }
  }
  while (!out.empty() && out.back() == ' ') out.pop_back();
  if (cut) out += "...";
  return out;
}

std::string describe(const Request& request) {
  std::string out(to_string(request.method));
  out += ' ';
  out += printable(std::string_view(request.path).substr(0, request.path.find('?')), limits::message_chars);
  return out;
}

Error error_from_answer(const Request& request, int http_status, std::optional<std::chrono::milliseconds> retry_after,
                        std::string_view body) {
  const auto status = read_status(body);
  Error error;
  error.code = code_of(http_status, status);
  error.status = http_status;
  error.retry_after = retry_after ? retry_after : (status ? status->retry_after : std::nullopt);
  error.message = describe(request) + " was answered " + std::to_string(http_status);
  if (status && !status->reason.empty()) {
    error.reason = printable(status->reason, limits::message_chars);
    error.message += " (" + error.reason + ")";
  }
  const std::string_view words = status ? std::string_view(status->message) : body;
  const std::string said = printable(words, limits::message_chars);
  if (!said.empty()) error.message += ": " + said;
  if (status) error.said = printable(words, limits::said_chars);
  return error;
}

Error error_about(const Request& request, Errc code, std::string_view what) {
  Error error;
  error.code = code;
  error.message = describe(request) + " " + std::string(what);
  return error;
}

}  // namespace ork::kube
