#include "operator/embedded/schema/proto_fact.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace ork::embedded {
namespace {

constexpr std::array<std::pair<std::string_view, ProtoType>, 12> types = {{
    {"bool", ProtoType::Bool},
    {"int32", ProtoType::Int32},
    {"int64", ProtoType::Int64},
    {"string", ProtoType::String},
    {"bytes", ProtoType::Bytes},
    {"message", ProtoType::Message},
    {"time", ProtoType::Time},
    {"microtime", ProtoType::MicroTime},
    {"duration", ProtoType::Duration},
    {"quantity", ProtoType::Quantity},
    {"int-or-string", ProtoType::IntOrString},
    {"raw", ProtoType::Raw},
}};

// 0, which is no field's number, where `text` is none.
std::uint32_t number_of(std::string_view text) {
  std::uint32_t number = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), number);
  return code == std::errc{} && end == text.data() + text.size() ? number : 0;
}

bool take_prefix(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

}  // namespace

std::optional<ProtoField> parse_proto_fact(std::string_view text) {
  const std::size_t blank = text.find(' ');
  if (blank == std::string_view::npos) return std::nullopt;
  std::string_view number = text.substr(0, blank);
  std::string_view type = text.substr(blank + 1);
  ProtoField field;
  if (const std::size_t dot = number.find('.'); dot != std::string_view::npos) {
    field.inside = number_of(number.substr(0, dot));
    if (field.inside == 0) return std::nullopt;
    number.remove_prefix(dot + 1);
  }
  field.number = number_of(number);
  if (take_prefix(type, "[]")) {
    field.shape = ProtoShape::List;
  } else if (take_prefix(type, "map ")) {
    field.shape = ProtoShape::Map;
  }
  const auto* known = std::find_if(types.begin(), types.end(), [&](const auto& one) { return one.first == type; });
  if (field.number == 0 || known == types.end()) return std::nullopt;
  field.type = known->second;
  return field;
}

}  // namespace ork::embedded
