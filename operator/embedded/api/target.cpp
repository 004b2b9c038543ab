#include "operator/embedded/api/target.hpp"

#include <algorithm>
#include <span>

namespace ork::embedded {
namespace {

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::optional<std::string> decoded(std::string_view text, bool in_query) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%') {
      if (i + 2 >= text.size()) return std::nullopt;
      const int high = hex_digit(text[i + 1]);
      const int low = hex_digit(text[i + 2]);
      if (high < 0 || low < 0) return std::nullopt;
      out.push_back(static_cast<char>(high * 16 + low));
      i += 2;
    } else {
      out.push_back(in_query && text[i] == '+' ? ' ' : text[i]);
    }
  }
  return out;
}

// The next piece of `text` up to `separator`, which is taken off.
std::string_view next_piece(std::string_view& text, char separator) {
  const std::size_t end = std::min(text.find(separator), text.size());
  const std::string_view piece = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return piece;
}

bool parse_query(std::string_view text, Target& target) {
  while (!text.empty()) {
    std::string_view value = next_piece(text, '&');
    if (value.empty()) continue;
    const std::string_view name = next_piece(value, '=');
    auto plain_name = decoded(name, true);
    auto plain_value = decoded(value, true);
    if (!plain_name || !plain_value) return false;
    target.query.emplace_back(std::move(*plain_name), std::move(*plain_value));
  }
  return true;
}

struct Served {
  bool group = false;  // one of Kubernetes' own
  bool version = false;
  bool custom = false;
};

Served served(const Kinds& kinds, std::string_view group, std::string_view version) {
  Served found;
  for (const auto& kind : kinds.all()) {
    if (kind->group != group) continue;
    found.custom = kind->custom;
    found.group = !kind->custom;
    found.version = found.version || kind->version == version;
  }
  return found;
}

bool is_subresource_of_namespaces(const std::string& segment) { return segment == "status" || segment == "finalize"; }

}  // namespace

const std::string* Target::value(std::string_view name) const {
  const auto it = std::find_if(query.begin(), query.end(), [name](const auto& q) { return q.first == name; });
  return it == query.end() ? nullptr : &it->second;
}

std::vector<std::string> Target::values(std::string_view name) const {
  std::vector<std::string> found;
  for (const auto& [key, text] : query) {
    if (key == name) found.push_back(text);
  }
  return found;
}

std::optional<Target> parse_target(std::string_view text) {
  if (text.empty() || text.front() != '/') return std::nullopt;
  Target target;
  std::string_view rest = text;
  std::string_view path = next_piece(rest, '?');
  if (!parse_query(rest, target)) return std::nullopt;
  auto plain = decoded(path, false);
  if (!plain) return std::nullopt;
  target.path = std::move(*plain);
  path.remove_prefix(1);
  while (!path.empty()) {
    const std::string_view piece = next_piece(path, '/');
    if (piece.empty()) {
      target.has_gap = target.has_gap || !path.empty();
      continue;
    }
    target.segments.push_back(*decoded(piece, false));
  }
  return target;
}

std::optional<Result<ResourcePath, ApiError>> find_resource(const Target& target, const Kinds& kinds) {
  const auto& s = target.segments;
  const bool core = !s.empty() && s[0] == "api";
  const bool grouped = s.size() > 1 && s[0] == "apis";
  if (!core && !grouped) return std::nullopt;
  const std::string group = core ? "" : s[1];
  const std::size_t prefix = core ? 2 : 3;
  const Served in = served(kinds, group, s.size() < prefix ? "" : s[prefix - 1]);
  const auto unknown = [&in] {
    return Result<ResourcePath, ApiError>(Err(in.group ? no_such_resource() : no_such_path()));
  };
  if (target.path.starts_with("//")) return std::nullopt;
  if (!in.version || s.size() == prefix || target.has_gap) return unknown();

  std::span<const std::string> rest = std::span(s).subspan(prefix);
  ResourcePath path;
  if (rest[0] == "namespaces" && rest.size() > 2 && !(core && is_subresource_of_namespaces(rest[2]))) {
    path.ns = rest[1];
    rest = rest.subspan(2);
  }
  path.kind = kinds.find(group, s[prefix - 1], rest[0]);
  // What comes after a subresource is nobody's, but of a kind from a CRD nobody looks.
  if (path.kind == nullptr || (rest.size() > 3 && !in.custom)) return unknown();
  if (rest.size() > 1) path.name = rest[1];
  if (rest.size() > 2) path.subresource = rest[2];
  if (path.kind->namespaced ? (path.ns.empty() && !path.name.empty()) : !path.ns.empty()) return unknown();
  return Result<ResourcePath, ApiError>(std::move(path));
}

}  // namespace ork::embedded
