#include <charconv>
#include <optional>
#include <string_view>

#include "operator/embedded/fields/limits.hpp"
#include "operator/embedded/fields/patch.hpp"
#include "operator/embedded/schema/go_text.hpp"

namespace ork::embedded {
namespace {

constexpr const char* rejected = "the server rejected our request due to an error in our request";

// What an operation did: an empty text, or why it does not apply.
using Problem = std::string;

std::string unescaped(std::string_view token) {
  std::string out;
  out.reserve(token.size());
  for (std::size_t i = 0; i < token.size(); ++i) {
    bool escape = token[i] == '~' && i + 1 < token.size() && (token[i + 1] == '0' || token[i + 1] == '1');
    out += escape ? (token[++i] == '1' ? '/' : '~') : token[i];
  }
  return out;
}

// An index as Go's Atoi reads it: an optional sign and digits.
std::optional<std::int64_t> index_of(std::string_view token) {
  if (token.starts_with('+')) token.remove_prefix(1);
  std::int64_t index = 0;
  auto [end, error] = std::from_chars(token.data(), token.data() + token.size(), index);
  bool whole = error == std::errc() && end == token.data() + token.size() && !token.empty();
  return whole ? std::optional(index) : std::nullopt;
}

// The place of `token` among `size` places, counted from the end where negative.
std::optional<std::size_t> place_of(std::string_view token, std::size_t size) {
  auto index = index_of(token);
  if (!index) return std::nullopt;
  auto count = static_cast<std::int64_t>(size);
  if (*index >= count || *index < -count) return std::nullopt;
  return static_cast<std::size_t>(*index < 0 ? *index + count : *index);
}

struct Place {
  Json* holder = nullptr;  // null: there is none
  std::string token;       // of the value in the holder
};

class JsonPatcher {
 public:
  explicit JsonPatcher(Json document) : document_(std::move(document)) {}
  Json take() { return std::move(document_); }

  Problem run(const Json& operation) {
    const std::string* op = text(operation, "op");
    const std::string* path = text(operation, "path");
    std::string kind = op != nullptr ? *op : "unknown";
    bool known =
        kind == "add" || kind == "remove" || kind == "replace" || kind == "move" || kind == "test" || kind == "copy";
    if (!known) return "Unexpected kind: " + kind;
    if (kind == "move" || kind == "copy") {
      const std::string* from = text(operation, "from");
      if (from == nullptr) return kind + " operation failed to decode from: missing value";
      if (path == nullptr) return kind + " operation failed to decode path: missing value";
      return kind == "move" ? move(*from, *path) : copy(*from, *path);
    }
    if (path == nullptr) return kind + " operation failed to decode path: missing value";
    auto at = operation.find("value");
    Json value = at != operation.end() ? *at : Json();
    if (kind == "add") return add(*path, std::move(value));
    if (kind == "remove") return remove(*path);
    return kind == "replace" ? replace(*path, std::move(value)) : test(*path, value);
  }

 private:
  static const std::string* text(const Json& operation, const char* name) {
    auto at = operation.find(name);
    return at != operation.end() && at->is_string() ? at->get_ptr<const std::string*>() : nullptr;
  }

  // Where `path` leads: all but its last token must be there, and hold something.
  Place find(std::string_view path) {
    std::size_t begin = path.find('/');
    if (begin == std::string_view::npos) return {};
    Json* holder = &document_;
    for (++begin;;) {
      std::size_t end = path.find('/', begin);
      std::string token = unescaped(path.substr(begin, end - begin));
      if (!holder->is_structured()) return {};
      if (end == std::string_view::npos) return {holder, std::move(token)};
      holder = get(*holder, token);
      if (holder == nullptr || holder->is_null()) return {};
      begin = end + 1;
    }
  }

  static Json* get(Json& holder, const std::string& token) {
    if (holder.is_object()) {
      auto at = holder.find(token);
      return at != holder.end() ? &*at : nullptr;
    }
    auto place = place_of(token, holder.size());
    return place ? &holder[*place] : nullptr;
  }

  static Problem put(Json& holder, const std::string& token, Json value) {
    if (holder.is_object()) {
      holder[token] = std::move(value);
      return {};
    }
    if (token == "-") {
      holder.push_back(std::move(value));
      return {};
    }
    auto place = place_of(token, holder.size() + 1);
    if (!place) return "Unable to access invalid index: " + token + ": invalid index referenced";
    holder.insert(holder.begin() + static_cast<std::ptrdiff_t>(*place), std::move(value));
    return {};
  }

  static Problem erase(Json& holder, const std::string& token) {
    if (holder.is_object()) {
      return holder.erase(token) == 1 ? "" : "Unable to remove nonexistent key: " + token + ": missing value";
    }
    auto place = place_of(token, holder.size());
    if (!place) return "Unable to access invalid index: " + token + ": invalid index referenced";
    holder.erase(*place);
    return {};
  }

  static Problem at_path(std::string_view what, std::string_view path, Problem problem) {
    if (problem.empty()) return {};
    return "error in " + std::string(what) + " for path: '" + std::string(path) + "': " + problem;
  }

  static Problem missing(std::string_view what, std::string_view path) {
    return std::string(what) + " operation does not apply: doc is missing path: " + std::string(path) +
           ": missing value";
  }

  Problem add(const std::string& path, Json value) {
    Place place = find(path);
    if (place.holder == nullptr) return missing("add", path);
    return at_path("add", path, put(*place.holder, place.token, std::move(value)));
  }

  Problem remove(const std::string& path) {
    Place place = find(path);
    if (place.holder == nullptr) return missing("remove", path);
    return at_path("remove", path, erase(*place.holder, place.token));
  }

  Problem replace(const std::string& path, Json value) {
    if (path.empty()) {
      // The API server takes any other value for no change.
      if (value.is_structured()) document_ = std::move(value);
      return {};
    }
    Place place = find(path);
    if (place.holder == nullptr) return missing("replace", path);
    if (place.holder->is_array() && get(*place.holder, place.token) == nullptr) return missing("replace", path);
    if (place.holder->is_array()) {
      *get(*place.holder, place.token) = std::move(value);
    } else {
      (*place.holder)[place.token] = std::move(value);
    }
    return {};
  }

  Problem move(const std::string& from, const std::string& path) {
    Place source = find(from);
    if (source.holder == nullptr) return missing("move", from);
    Json* at = get(*source.holder, source.token);
    Json value = at != nullptr ? std::move(*at) : Json();
    if (Problem problem = erase(*source.holder, source.token); !problem.empty()) {
      return at_path("move", source.token, problem);
    }
    Place place = find(path);
    if (place.holder == nullptr) return missing("move", path);
    return at_path("move", path, put(*place.holder, place.token, std::move(value)));
  }

  Problem copy(const std::string& from, const std::string& path) {
    Place source = find(from);
    if (source.holder == nullptr) return missing("copy", from);
    Json* at = get(*source.holder, source.token);
    if (at == nullptr && source.holder->is_array()) return at_path("copy", from, "invalid index referenced");
    Json value = at != nullptr ? *at : Json();
    copied_bytes_ += go_text::json(value).size();
    if (copied_bytes_ > limits::patch_copied_bytes) {
      return "Unable to complete the copy, the accumulated size increase of copy operation is " +
             std::to_string(copied_bytes_) + ", exceeding the limit " + std::to_string(limits::patch_copied_bytes);
    }
    Place place = find(path);
    if (place.holder == nullptr) return missing("copy", path);
    return at_path("copy", path, put(*place.holder, place.token, std::move(value)));
  }

  Problem test(const std::string& path, const Json& value) {
    const Json* found = &document_;
    if (!path.empty()) {
      Place place = find(path);
      if (place.holder == nullptr) return missing("test", path);
      found = get(*place.holder, place.token);
      if (found == nullptr && place.holder->is_array()) return at_path("test", path, "invalid index referenced");
    }
    bool equal = found == nullptr ? value.is_null() : *found == value;
    return equal ? "" : "testing value " + path + " failed: test failed";
  }

  Json document_;
  std::size_t copied_bytes_ = 0;
};

const char* go_kind(const Json& value) {
  if (value.is_object()) return "object";
  if (value.is_array()) return "array";
  if (value.is_string()) return "string";
  return value.is_boolean() ? "bool" : "number";
}

Err<PatchError> undecodable(const Json& value, const std::string& into) {
  std::string what = std::string("json: cannot unmarshal ") + go_kind(value) + " into Go " + into;
  return Err(PatchError{400, "error decoding patch: " + what});
}

// Every operation is decoded before the first is carried out.
Status<PatchError> check_operations(const Json& operations) {
  if (!operations.is_array()) return undecodable(operations, "value of type []handlers.jsonPatchOp");
  for (const Json& operation : operations) {
    if (operation.is_null()) continue;
    if (!operation.is_object()) return undecodable(operation, "value of type handlers.jsonPatchOp");
    for (const char* name : {"op", "path", "from"}) {
      auto at = operation.find(name);
      if (at != operation.end() && !at->is_string() && !at->is_null()) {
        return undecodable(*at, std::string("struct field jsonPatchOp.") + name + " of type string");
      }
    }
  }
  if (operations.size() <= limits::patch_operations) return Done{};
  return Err(PatchError{413, "The allowed maximum operations in a JSON patch is " +
                                 std::to_string(limits::patch_operations) + ", got " +
                                 std::to_string(operations.size())});
}

}  // namespace

Result<Json, PatchError> json_patch(const Json& object, const Json& operations) {
  if (operations.is_null()) return object;
  if (auto checked = check_operations(operations); !checked) return Err(checked.error());
  JsonPatcher patcher(object);
  for (const Json& operation : operations) {
    Problem problem = patcher.run(operation);
    if (!problem.empty()) return Err(PatchError{422, rejected, problem});
  }
  return patcher.take();
}

}  // namespace ork::embedded
