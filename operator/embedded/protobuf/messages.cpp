#include "operator/embedded/protobuf/messages.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <utility>

namespace ork::embedded {
namespace {

template <typename T, std::size_t N>
std::optional<T> named(const std::array<std::pair<std::string_view, T>, N>& names, std::string_view word) {
  for (const auto& [name, value] : names) {
    if (name == word) return value;
  }
  return std::nullopt;
}

constexpr std::array<std::pair<std::string_view, WireShape>, 5> shapes = {{{"one", WireShape::One},
                                                                           {"optional", WireShape::Optional},
                                                                           {"list", WireShape::List},
                                                                           {"map", WireShape::Map},
                                                                           {"inline", WireShape::Inline}}};
constexpr std::array<std::pair<std::string_view, WireType>, 10> types = {{{"string", WireType::String},
                                                                          {"bool", WireType::Bool},
                                                                          {"int", WireType::Int},
                                                                          {"bytes", WireType::Bytes},
                                                                          {"time", WireType::Time},
                                                                          {"microtime", WireType::MicroTime},
                                                                          {"quantity", WireType::Quantity},
                                                                          {"intorstring", WireType::IntOrString},
                                                                          {"raw", WireType::Raw},
                                                                          {"strings", WireType::Strings}}};

std::array<std::string_view, 4> words_of(std::string_view line) {
  std::array<std::string_view, 4> words;
  for (std::string_view& word : words) {
    const std::size_t end = std::min(line.find(' '), line.size());
    word = line.substr(0, end);
    line.remove_prefix(std::min(end + 1, line.size()));
  }
  return words;
}

std::uint32_t number_of(std::string_view word) {
  std::uint32_t number = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), number);
  return error == std::errc() && end == word.data() + word.size() ? number : 0;
}

}  // namespace

Result<WireMessages, std::string> WireMessages::parse(std::string_view table) {
  WireMessages out;
  WireMessage* message = nullptr;
  while (!table.empty()) {
    const std::size_t end = std::min(table.find('\n'), table.size());
    const std::string_view line = table.substr(0, end);
    table.remove_prefix(std::min(end + 1, table.size()));
    const auto words = words_of(line);
    if (words[0] == "root") {
      const std::string kind = std::string(words[1]) + " " + std::string(words[2]);
      out.roots_[kind] = &out.messages_[std::string(words[3])];
      continue;
    }
    if (words[0] == "message") {
      message = &out.messages_[std::string(words[1])];
      continue;
    }
    const std::uint32_t number = number_of(words[0]);
    const auto shape = named(shapes, words[2]);
    if (message == nullptr || number == 0 || !shape) return Err("the line " + std::string(line) + " is no field");
    const auto type = named(types, words[3]);
    WireField field{std::string(words[1]), *shape, type.value_or(WireType::Message), nullptr};
    if (!type) field.message = &out.messages_[std::string(words[3])];  // may come further below
    message->fields.emplace(number, std::move(field));
  }
  return out;
}

const WireMessage* WireMessages::find(std::string_view api_version, std::string_view kind) const {
  for (const std::string_view version : {api_version, std::string_view("*")}) {
    const auto found = roots_.find(std::string(version) + " " + std::string(kind));
    if (found != roots_.end()) return found->second;
  }
  return nullptr;
}

}  // namespace ork::embedded
