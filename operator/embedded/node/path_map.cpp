#include "operator/embedded/node/path_map.hpp"

#include <algorithm>

namespace ork::embedded {
namespace {

bool is_name_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
         c == '.' || c == '+' || c == '@' || c == '%' || c == '~' || (static_cast<unsigned char>(c) & 0x80) != 0;
}

// What no shell and no list of paths takes apart.
bool is_one_word(std::string_view path) {
  return std::all_of(path.begin(), path.end(), [](char c) { return c == '/' || is_name_char(c); });
}

// True where a path that begins at `at` is not the rest of a longer one.
bool begins_here(std::string_view text, std::size_t at) {
  return at == 0 || !(is_name_char(text[at - 1]) || text[at - 1] == '/' || text[at - 1] == '}' || text[at - 1] == ')');
}

bool ends_there(std::string_view text, std::size_t end) { return end == text.size() || !is_name_char(text[end]); }

}  // namespace

void PathMap::add(std::string inside, std::string outside) {
  while (inside.size() > 1 && inside.back() == '/') inside.pop_back();
  if (inside.size() < 2 || inside.front() != '/') return;
  const auto at = std::find_if(entries_.begin(), entries_.end(),
                               [&](const auto& entry) { return entry.first.size() <= inside.size(); });
  const bool there = std::any_of(entries_.begin(), entries_.end(), [&](const auto& e) { return e.first == inside; });
  if (!there) entries_.insert(at, {std::move(inside), std::move(outside)});
}

// The longest mapped path that `text` begins with.
const std::pair<std::string, std::string>* PathMap::match(std::string_view text) const {
  const auto it = std::find_if(entries_.begin(), entries_.end(), [&](const auto& entry) {
    return text.starts_with(entry.first) && ends_there(text, entry.first.size());
  });
  return it == entries_.end() ? nullptr : &*it;
}

std::string PathMap::path(std::string_view path) const {
  const auto* entry = match(path);
  const bool whole = entry != nullptr && (path.size() == entry->first.size() || path[entry->first.size()] == '/');
  return whole ? entry->second + std::string(path.substr(entry->first.size())) : std::string(path);
}

std::string PathMap::text(std::string_view text) const {
  if (std::string whole = path(text); whole != text && is_one_word(text)) return whole;
  std::string out;
  std::size_t copied = 0;
  for (std::size_t at = text.find('/'); at != std::string_view::npos; at = text.find('/', at + 1)) {
    if (!begins_here(text, at)) continue;
    const auto* entry = match(text.substr(at));
    if (entry == nullptr || !is_one_word(entry->second)) continue;
    out.append(text.substr(copied, at - copied)).append(entry->second);
    copied = at + entry->first.size();
  }
  return out.append(text.substr(copied));
}

}  // namespace ork::embedded
