#include "controllers/workflow/decode_rules.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include "controllers/schema/words.hpp"

namespace ork::workflow {
namespace {

using api::Json;

// Takes the name or index that `path` begins with off it, and gives what it names in `in`; nullptr where there is none.
const Json* step(const Json& in, std::string_view& path) {
  if (path.starts_with("[")) {
    std::size_t index = 0;
    const std::size_t end = std::min(path.find(']'), path.size());
    std::from_chars(path.data() + 1, path.data() + end, index);
    path.remove_prefix(std::min(end + 1, path.size()));
    return in.is_array() && index < in.size() ? &in[index] : nullptr;
  }
  if (path.starts_with(".")) path.remove_prefix(1);
  // A name may hold any character, but only at the end of a path.
  if (!in.is_object()) return nullptr;
  const std::size_t end = std::min(path.find_first_of(".["), path.size());
  auto found = in.find(std::string(path.substr(0, end)));
  const bool whole = found == in.end();
  if (whole) found = in.find(std::string(path));
  path.remove_prefix(whole ? path.size() : end);
  return found == in.end() ? nullptr : &*found;
}

const Json& value_at(const Json& spec, std::string_view path) {
  static const Json none;
  const Json* value = &spec;
  while (!path.empty() && value != nullptr) value = step(*value, path);
  return value == nullptr ? none : *value;
}

// Where rules may only tell what follows from a value that could not be read: in the task or param that has it;
// everywhere, where it is a name; in all tasks, where it is a default.
std::string what_follows(std::string_view path, std::string_view spec_path) {
  const std::string_view below = path.substr(std::min(spec_path.size() + 1, path.size()));
  const std::size_t end = std::min(below.find('.'), below.size());
  const std::string_view first = below.substr(0, end);
  const bool a_list = first.starts_with("tasks") || first.starts_with("params");
  if (a_list && (end == below.size() || below.substr(end) == ".name")) return std::string(spec_path);
  if (first == "defaults") return std::string(spec_path) + ".tasks";
  return std::string(path.substr(0, path.size() - below.size() + end));
}

std::string message_of(const api::DecodeError& error, const Json& value) {
  if (error.expected.empty()) return error.message;
  const std::string_view field = std::string_view(error.path).substr(error.path.rfind('.') + 1);
  return "is " + schema::show_value(value) + ", but must be " + error.expected +
         schema::how_to_write(value, error.expected, field);
}

}  // namespace

Decoded decode(const Json& spec, std::string_view path, ProblemList& problems) {
  api::PartlyDecoded read = api::read_workflow_spec(spec, path);
  Decoded out{std::move(read.spec), {}};
  for (const api::DecodeError& error : read.errors) {
    const std::string_view below = std::string_view(error.path).substr(std::min(path.size(), error.path.size()));
    if (!problems.has(error.path)) problems.add(error.path, message_of(error, value_at(spec, below)));
    out.broken.push_back(what_follows(error.path, path));
  }
  return out;
}

}  // namespace ork::workflow
