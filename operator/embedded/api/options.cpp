#include "operator/embedded/api/options.hpp"

#include <algorithm>
#include <charconv>

#include "operator/embedded/schema/go_text.hpp"
#include "operator/kube/base64.hpp"

namespace ork::embedded {
namespace {

constexpr std::size_t field_manager_bytes = 128;  // Kubernetes' own bound

std::string text_of(const Target& target, std::string_view name) {
  const std::string* value = target.value(name);
  return value == nullptr ? std::string() : *value;
}

bool flag(const Target& target, std::string_view name) {
  const std::string* value = target.value(name);
  return value != nullptr && *value != "false" && *value != "0";
}

using Problems = std::vector<FieldProblem>;

FieldProblem not_supported(const char* field, const std::string& value, const std::string& values) {
  return {ProblemType::NotSupported, field,
          "Unsupported value: " + go_text::quoted(value) + ": supported values: " + values};
}

void read_field_manager(const Target& target, WriteOptions& options, Problems& problems) {
  const std::string* manager = target.value("fieldManager");
  if (manager == nullptr) return;
  options.field_manager = *manager;
  if (manager->size() > field_manager_bytes) {
    problems.push_back({ProblemType::TooLong, "fieldManager", "Too long: may not be more than 128 bytes"});
  }
}

void read_field_validation(const Target& target, WriteOptions& options, Problems& problems) {
  const std::string* value = target.value("fieldValidation");
  if (value == nullptr || value->empty() || *value == "Warn") return;
  if (*value == "Strict") {
    options.field_validation = FieldValidation::Strict;
  } else if (*value == "Ignore") {
    options.field_validation = FieldValidation::Ignore;
  } else {
    problems.push_back(not_supported("fieldValidation", *value, R"("", "Ignore", "Strict", "Warn")"));
  }
}

template <typename Number>
std::optional<Number> parsed(const std::string& text) {
  Number number = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (code != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::string bad_number(std::string_view function, const std::string& text) {
  const bool digits = !text.empty() && text.find_first_not_of("0123456789") == std::string::npos;
  return "strconv." + std::string(function) + ": parsing " + go_text::quoted(text) + ": " +
         (digits ? "value out of range" : "invalid syntax");
}

std::optional<ApiError> read_labels(const Target& target, ReadOptions& options) {
  auto labels = parse_label_selector(text_of(target, "labelSelector"));
  if (!labels) return bad_request(labels.error());
  options.selectors.labels = std::move(*labels);
  return std::nullopt;
}

std::optional<ApiError> read_numbers(const Target& target, ReadOptions& options) {
  if (const std::string* text = target.value("limit"); text != nullptr && !text->empty()) {
    const auto limit = parsed<std::int64_t>(*text);
    if (!limit) return bad_request(bad_number("ParseInt", *text));
    options.limit = *limit;
  }
  if (const std::string* text = target.value("timeoutSeconds"); text != nullptr && !text->empty()) {
    const auto seconds = parsed<std::int32_t>(*text);
    if (!seconds) return bad_request(bad_number("ParseInt", *text));
    options.timeout = std::chrono::seconds{*seconds};
  }
  return std::nullopt;
}

std::optional<ContinueToken> decode_token(std::string text) {
  // Go's form of base64, for URLs and without padding.
  std::replace(text.begin(), text.end(), '-', '+');
  std::replace(text.begin(), text.end(), '_', '/');
  text.append((4 - text.size() % 4) % 4, '=');
  const auto bytes = kube::base64_decode(text);
  if (!bytes) return std::nullopt;
  const Json token = Json::parse(*bytes, nullptr, false);
  if (!token.is_object()) return std::nullopt;
  const auto version = token.find("rv");
  const auto start = token.find("start");
  if (version == token.end() || !version->is_number_integer() || start == token.end() || !start->is_string()) {
    return std::nullopt;
  }
  // Below zero: as it is now, though the first pages were of another version.
  const auto number = std::max<std::int64_t>(version->get<std::int64_t>(), 0);
  return ContinueToken{static_cast<std::uint64_t>(number), start->get<std::string>()};
}

FieldProblem forbidden_option(const char* field, const std::string& why) {
  return {ProblemType::Forbidden, field, "Forbidden: " + why};
}

constexpr const char* match_field = "resourceVersionMatch";

void check_watch(const Target& target, ReadOptions& options, Problems& problems) {
  std::string match = text_of(target, match_field);
  bool initial = target.value("sendInitialEvents") != nullptr;
  const std::string version = text_of(target, "resourceVersion");
  if (!initial && match.empty() && (version.empty() || version == "0")) {
    // A watch from anywhere is one that begins with what is there.
    initial = true;
    match = "NotOlderThan";
    options.send_initial_events = true;
  }
  if (initial && match != "NotOlderThan") {
    problems.push_back(
        forbidden_option(match_field, "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan"));
  }
  if (match.empty()) return;
  if (!initial) {
    problems.push_back(forbidden_option(
        match_field, "resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided"));
  }
  if (match != "NotOlderThan") problems.push_back(not_supported(match_field, match, "\"NotOlderThan\""));
  if (!text_of(target, "continue").empty()) {
    problems.push_back(forbidden_option(match_field, "resourceVersionMatch is forbidden when continue is provided"));
  }
  options.match = VersionMatch::NotOlderThan;
}

void check_list(const Target& target, ReadOptions& options, Problems& problems) {
  const std::string match = text_of(target, match_field);
  if (!match.empty()) {
    const std::string version = text_of(target, "resourceVersion");
    if (version.empty()) {
      problems.push_back(
          forbidden_option(match_field, "resourceVersionMatch is forbidden unless resourceVersion is provided"));
    }
    if (!text_of(target, "continue").empty()) {
      problems.push_back(forbidden_option(match_field, "resourceVersionMatch is forbidden when continue is provided"));
    }
    if (match != "Exact" && match != "NotOlderThan") {
      problems.push_back(not_supported(match_field, match, "\"Exact\", \"NotOlderThan\", \"\""));
    }
    if (match == "Exact" && version == "0") {
      problems.push_back(
          forbidden_option(match_field, "resourceVersionMatch \"exact\" is forbidden for resourceVersion \"0\""));
    }
    options.match = match == "Exact" ? VersionMatch::Exact : VersionMatch::NotOlderThan;
  }
  if (target.value("sendInitialEvents") != nullptr) {
    problems.push_back(forbidden_option("sendInitialEvents", "sendInitialEvents is forbidden for list"));
  }
}

// A continue token says of which version it is: beside it no other counts.
std::optional<ApiError> read_continue(const std::string& token, const std::string& version, ReadOptions& options) {
  options.from = decode_token(token);
  if (!options.from) {
    return bad_request("invalid continue token: continue key is not valid: it was not made by this server");
  }
  if (!version.empty() && version != "0") {
    return bad_request("specifying resource version is not allowed when using continue");
  }
  return std::nullopt;
}

std::optional<ApiError> read_version(const Target& target, ReadOptions& options) {
  const std::string version = text_of(target, "resourceVersion");
  const std::string token = text_of(target, "continue");
  if (!options.watch && !token.empty()) return read_continue(token, version, options);
  if (version.empty()) return std::nullopt;
  options.version = parsed<std::uint64_t>(version);
  if (options.version) return std::nullopt;
  const std::string why =
      "resourceVersion: Invalid value: " + go_text::quoted(version) + ": " + bad_number("ParseUint", version);
  return options.watch ? internal(why) : bad_request("invalid resource version: " + why);
}

}  // namespace

FieldProblem unsupported_dry_run(const std::vector<std::string>& values) {
  return {ProblemType::NotSupported, "dryRun",
          "Unsupported value: " + go_text::json(Json(values)) + ": supported values: \"All\""};
}

bool asks_for_dry_run(const std::vector<std::string>& values, std::vector<FieldProblem>& problems) {
  if (std::any_of(values.begin(), values.end(), [](const std::string& value) { return value != "All"; })) {
    problems.push_back(unsupported_dry_run(values));
  }
  return !values.empty();
}

Result<WriteOptions, ApiError> parse_write_options(const Target& target, std::string_view what, PatchIs patch) {
  WriteOptions options;
  Problems problems;
  const bool has_force = target.value("force") != nullptr;
  options.force = flag(target, "force");
  if (patch == PatchIs::Other && has_force) {
    problems.push_back(forbidden_option("force", "may not be specified for non-apply patch"));
  }
  const std::string* manager = target.value("fieldManager");
  if (patch == PatchIs::Apply && (manager == nullptr || manager->empty())) {
    problems.push_back({ProblemType::Required, "fieldManager", "Required value: is required for apply patch"});
  }
  read_field_manager(target, options, problems);
  options.dry_run = asks_for_dry_run(target.values("dryRun"), problems);
  read_field_validation(target, options, problems);
  if (!problems.empty()) return Err(invalid_options(what, problems));
  return options;
}

std::string encode(const ContinueToken& token) {
  const auto version = token.version == 0 ? std::int64_t{-1} : static_cast<std::int64_t>(token.version);
  const Json json = {{"v", "meta.k8s.io/v1"}, {"rv", version}, {"start", token.after_key}};
  std::string text = kube::base64_encode(json.dump(-1, ' ', false, Json::error_handler_t::replace));
  text.erase(text.find_last_not_of('=') + 1);
  std::replace(text.begin(), text.end(), '+', '-');
  std::replace(text.begin(), text.end(), '/', '_');
  return text;
}

Result<std::uint64_t, ApiError> parse_get_version(const Target& target) {
  const std::string version = text_of(target, "resourceVersion");
  if (version.empty()) return std::uint64_t{0};
  if (const auto number = parsed<std::uint64_t>(version)) return *number;
  return Err(internal("resourceVersion: Invalid value: " + go_text::quoted(version) + ": " +
                      bad_number("ParseUint", version)));
}

Result<ReadOptions, ApiError> parse_read_options(const Target& target, const Kind& kind) {
  ReadOptions options;
  options.watch = flag(target, "watch");
  options.bookmarks = flag(target, "allowWatchBookmarks");
  options.send_initial_events = flag(target, "sendInitialEvents");
  if (auto error = read_numbers(target, options)) return Err(std::move(*error));
  if (auto error = read_labels(target, options)) return Err(std::move(*error));
  // Before the options are checked a field selector is read; what its fields are is asked only later.
  auto fields = parse_field_selector(text_of(target, "fieldSelector"));
  if (!fields) return Err(bad_request(fields.error()));
  Problems problems;
  (options.watch ? check_watch : check_list)(target, options, problems);
  if (!problems.empty()) return Err(invalid_options("ListOptions", problems));
  if (auto unknown = name_as_stored(*fields, kind)) return Err(bad_request(*unknown));
  options.selectors.fields = std::move(*fields);
  if (auto error = read_version(target, options)) return Err(std::move(*error));
  return options;
}

}  // namespace ork::embedded
