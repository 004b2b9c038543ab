#include "operator/embedded/http/answer_text.hpp"

#include <array>
#include <boost/beast/http/status.hpp>
#include <cstdio>
#include <ctime>
#include <nlohmann/json.hpp>

namespace ork::embedded {
namespace {

void append_value(std::string& out, std::string_view value) {
  for (const char c : value) out += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? ' ' : c;
}

void append_header(std::string& out, std::string_view name, std::string_view value) {
  append_value(out, name);
  out += ": ";
  append_value(out, value);
  out += "\r\n";
}

}  // namespace

std::string head_text(const Answer& answer, const HeadOptions& options) {
  std::string out;
  out.reserve(256);
  out += "HTTP/1.1 ";
  out += std::to_string(answer.status);
  out += ' ';
  const auto phrase =
      boost::beast::http::obsolete_reason(boost::beast::http::int_to_status(static_cast<unsigned>(answer.status)));
  out.append(phrase.data(), phrase.size());
  out += "\r\nCache-Control: no-cache, private\r\n";
  if (!answer.content_type.empty()) append_header(out, "Content-Type", answer.content_type);
  out += "Date: ";
  out += options.date;
  out += "\r\n";
  for (const auto& [name, value] : answer.headers) append_header(out, name, value);
  switch (options.form) {
    case BodyForm::Sized:
      out += "Content-Length: ";
      out += std::to_string(options.body_bytes);
      out += "\r\n";
      break;
    case BodyForm::Chunked: out += "Transfer-Encoding: chunked\r\n"; break;
    case BodyForm::UntilEnd: break;
  }
  if (options.close) {
    out += "Connection: close\r\n";
  } else if (options.http_1_0) {
    out += "Connection: keep-alive\r\n";
  }
  out += "\r\n";
  return out;
}

std::string status_body(int code, std::string_view reason, std::string_view message) {
  nlohmann::ordered_json status = {{"kind", "Status"},
                                   {"apiVersion", "v1"},
                                   {"metadata", nlohmann::ordered_json::object()},
                                   {"status", "Failure"},
                                   {"message", message}};
  if (!reason.empty()) status["reason"] = reason;
  if (code == 405) status["details"] = nlohmann::ordered_json::object();
  status["code"] = code;
  return status.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

std::string http_date(std::int64_t unix_seconds) {
  static constexpr std::array<const char*, 7> days = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr std::array<const char*, 12> months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const std::time_t time = unix_seconds;
  std::tm utc{};
  if (gmtime_r(&time, &utc) == nullptr) return "Thu, 01 Jan 1970 00:00:00 GMT";
  std::array<char, 64> text{};
  const int length = std::snprintf(text.data(), text.size(), "%s, %02d %s %04d %02d:%02d:%02d GMT",
                                   days.at(static_cast<std::size_t>(utc.tm_wday)), utc.tm_mday,
                                   months.at(static_cast<std::size_t>(utc.tm_mon)), utc.tm_year + 1900, utc.tm_hour,
                                   utc.tm_min, utc.tm_sec);
  return {text.data(), static_cast<std::size_t>(length)};
}

std::string chunk_head(std::size_t bytes) {
  std::array<char, 24> text{};
  const int length = std::snprintf(text.data(), text.size(), "%zx\r\n", bytes);
  return {text.data(), static_cast<std::size_t>(length)};
}

}  // namespace ork::embedded
