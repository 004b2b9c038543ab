#include "operator/embedded/api/options.hpp"

#include <charconv>

#include "operator/kube/base64.hpp"

namespace ork::embedded {
namespace {

constexpr std::size_t field_manager_bytes = 128;  // Kubernetes' own bound

bool flag(const Target& target, std::string_view name) {
  const std::string* value = target.value(name);
  return value != nullptr && *value != "false" && *value != "0";
}

std::optional<ApiError> check_dry_run(const Target& target, std::string_view what, WriteOptions& options) {
  const std::string* value = target.value("dryRun");
  if (value == nullptr || value->empty()) return std::nullopt;
  if (*value != "All") {
    return invalid_options(what, {ProblemType::NotSupported, "dryRun",
                                  "Unsupported value: [\"" + *value + "\"]: supported values: \"All\""});
  }
  options.dry_run = true;
  return std::nullopt;
}

std::optional<ApiError> check_field_validation(const Target& target, std::string_view what, WriteOptions& options) {
  const std::string* value = target.value("fieldValidation");
  if (value == nullptr || value->empty() || *value == "Warn") return std::nullopt;
  if (*value == "Strict") {
    options.field_validation = FieldValidation::Strict;
  } else if (*value == "Ignore") {
    options.field_validation = FieldValidation::Ignore;
  } else {
    return invalid_options(
        what, {ProblemType::NotSupported, "fieldValidation",
               "Unsupported value: \"" + *value + "\": supported values: \"\", \"Ignore\", \"Strict\", \"Warn\""});
  }
  return std::nullopt;
}

template <typename Number>
std::optional<Number> parsed(const std::string& text) {
  Number number = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (code != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::string bad_number(std::string_view function, const std::string& text) {
  return "strconv." + std::string(function) + ": parsing \"" + text + "\": invalid syntax";
}

std::optional<ApiError> read_selectors(const Target& target, const Kind& kind, ReadOptions& options) {
  if (const std::string* text = target.value("labelSelector")) {
    auto labels = parse_label_selector(*text);
    if (!labels) return bad_request(labels.error());
    options.selectors.labels = std::move(*labels);
  }
  if (const std::string* text = target.value("fieldSelector")) {
    auto fields = parse_field_selector(*text, kind);
    if (!fields) return bad_request(fields.error());
    options.selectors.fields = std::move(*fields);
  }
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

std::optional<ContinueToken> decode_token(const std::string& text) {
  const auto bytes = kube::base64_decode(text);
  if (!bytes) return std::nullopt;
  const Json token = Json::parse(*bytes, nullptr, false);
  if (!token.is_object()) return std::nullopt;
  const auto version = token.find("rv");
  const auto start = token.find("start");
  if (version == token.end() || !version->is_number_unsigned() || start == token.end() || !start->is_string()) {
    return std::nullopt;
  }
  return ContinueToken{version->get<std::uint64_t>(), start->get<std::string>()};
}

ApiError invalid_list(ProblemType type, const char* field, std::string message) {
  return invalid_options("ListOptions", {type, field, std::move(message)});
}

std::optional<ApiError> read_version(const Target& target, ReadOptions& options) {
  const std::string* version = target.value("resourceVersion");
  if (version != nullptr && !version->empty()) {
    options.version = parsed<std::uint64_t>(*version);
    if (!options.version) {
      const std::string why =
          "resourceVersion: Invalid value: \"" + *version + "\": " + bad_number("ParseUint", *version);
      return options.watch ? internal(why) : bad_request("invalid resource version: " + why);
    }
  }
  const std::string* match = target.value("resourceVersionMatch");
  if (match == nullptr || match->empty()) return std::nullopt;
  if (*match == "Exact") {
    options.match = VersionMatch::Exact;
  } else if (*match == "NotOlderThan") {
    options.match = VersionMatch::NotOlderThan;
  } else {
    return invalid_list(ProblemType::NotSupported, "resourceVersionMatch",
                        "Unsupported value: \"" + *match + "\": supported values: \"Exact\", \"NotOlderThan\"");
  }
  if (!options.version && !options.send_initial_events) {
    return invalid_list(ProblemType::Forbidden, "resourceVersionMatch",
                        "Forbidden: resourceVersionMatch is forbidden unless resourceVersion is provided");
  }
  return std::nullopt;
}

std::optional<ApiError> read_continue(const Target& target, ReadOptions& options) {
  const std::string* token = target.value("continue");
  if (token == nullptr || token->empty() || options.watch) return std::nullopt;
  options.from = decode_token(*token);
  if (!options.from) return bad_request("invalid continue token: continue key is not valid");
  if (options.version.value_or(0) != 0) {
    return bad_request("specifying resource version is not allowed when using continue");
  }
  return std::nullopt;
}

}  // namespace

Result<WriteOptions, ApiError> parse_write_options(const Target& target, std::string_view what) {
  WriteOptions options;
  if (auto error = check_dry_run(target, what, options)) return Err(*error);
  if (auto error = check_field_validation(target, what, options)) return Err(*error);
  options.force = flag(target, "force");
  if (const std::string* manager = target.value("fieldManager")) {
    if (manager->size() > field_manager_bytes) {
      return Err(
          invalid_options(what, {ProblemType::TooLong, "fieldManager", "Too long: may not be more than 128 bytes"}));
    }
    options.field_manager = *manager;
  }
  return options;
}

std::string encode(const ContinueToken& token) {
  const Json json = {{"v", "meta.k8s.io/v1"}, {"rv", token.version}, {"start", token.after_key}};
  return kube::base64_encode(json.dump());
}

Result<ReadOptions, ApiError> parse_read_options(const Target& target, const Kind& kind) {
  ReadOptions options;
  options.watch = flag(target, "watch");
  options.bookmarks = flag(target, "allowWatchBookmarks");
  options.send_initial_events = flag(target, "sendInitialEvents");
  for (auto error : {read_numbers(target, options), read_selectors(target, kind, options),
                     read_version(target, options), read_continue(target, options)}) {
    if (error) return Err(*error);
  }
  if (options.send_initial_events) {
    if (!options.watch) {
      return Err(invalid_list(ProblemType::Forbidden, "sendInitialEvents",
                              "Forbidden: sendInitialEvents is forbidden for list"));
    }
    if (options.match != VersionMatch::NotOlderThan) {
      return Err(invalid_list(ProblemType::Forbidden, "resourceVersionMatch",
                              "Forbidden: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan"));
    }
  } else if (options.watch && options.match != VersionMatch::Unset) {
    return Err(
        invalid_list(ProblemType::Forbidden, "resourceVersionMatch",
                     "Forbidden: resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided"));
  }
  return options;
}

}  // namespace ork::embedded
