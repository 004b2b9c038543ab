#include "tests/sim/request_log.hpp"

#include <algorithm>
#include <charconv>

namespace ork::sim {
namespace {

// The digits that follow the first such key. Bodies are read as text: of thousands a second, parsing each would
// take longer than all that is asked of them.
std::uint64_t number_behind(std::string_view key, std::string_view text) {
  const std::size_t found = text.find(key);
  if (found == std::string_view::npos) return 0;
  const std::size_t digits = text.find_first_of("0123456789", found + key.size());
  if (digits == std::string_view::npos) return 0;
  std::uint64_t value = 0;
  std::from_chars(text.data() + digits, text.data() + text.size(), value);
  return value;
}

// Fields of a body are in the order of their names, so that an object's own name comes before its owners'.
std::string name_in(std::string_view body) {
  constexpr std::string_view key = R"("name":")";
  const std::size_t meta = body.find(R"("metadata":{)");
  const std::size_t found = meta == std::string_view::npos ? meta : body.find(key, meta);
  if (found == std::string_view::npos) return "";
  const std::size_t begin = found + key.size();
  return std::string(body.substr(begin, body.find('"', begin) - begin));
}

}  // namespace

std::string target_of(const SentRequest& request) {
  std::string out = std::string(kube::to_string(request.method)) + " " + request.path.substr(0, request.path.find('?'));
  return request.made.empty() ? out : out + "/" + request.made;
}

std::size_t RequestLog::sent(runtime::Instant at, std::uint32_t process, const kube::Request& request) {
  SentRequest line;
  line.at = at;
  line.process = process;
  line.method = request.method;
  line.path = request.path;
  line.bytes = request.body.size();
  if (request.method == kube::Method::Post) line.made = name_in(request.body);
  if (request.method == kube::Method::Patch || request.method == kube::Method::Put) {
    line.base = number_behind("resourceVersion\"", request.body);
  }
  // A DELETE says so in its options, a PATCH in the metadata that it names.
  const std::size_t meant =
      request.body.find(request.method == kube::Method::Delete ? "\"preconditions\"" : "\"metadata\"");
  line.insists_on_uid = meant != std::string::npos && request.body.find("\"uid\"", meant) != std::string::npos;
  all_.push_back(std::move(line));
  return all_.size() - 1;
}

void RequestLog::answered(std::size_t place, runtime::Instant at, const Result<kube::Response, kube::Error>& answer) {
  SentRequest& line = all_[place];
  line.answered = at;
  line.code = answer ? answer->status : answer.error().status;
  if (answer && line.method != kube::Method::Get) line.stored = number_behind("\"resourceVersion\":", answer->body);
  if (!answer && answer.error().retry_after) {
    line.retry_after = std::chrono::duration_cast<runtime::Duration>(*answer.error().retry_after);
  }
}

}  // namespace ork::sim
