// The functions of CEL's strings extension and of its encoders. Places in a text count characters.

#include <algorithm>
#include <limits>

#include "controllers/expr/format.hpp"
#include "controllers/expr/functions.hpp"
#include "controllers/expr/json.hpp"
#include "controllers/expr/quote.hpp"
#include "controllers/expr/utf8.hpp"

namespace ork::expr {
namespace {

const std::string& text_in(const Value& value) { return value.as<std::string>(); }

Outcome made(std::string out, Work& work) {
  if (!work.make(out.size())) return too_costly();
  return of_string(std::move(out));
}

Err<Failure> no_such_place(std::int64_t place, std::size_t size) {
  return fail(EvalErrc::OutOfRange,
              "there is no place " + std::to_string(place) + " in a text of " + std::to_string(size) + " characters");
}

Outcome char_at(Arguments a, Work&) {
  const auto places = character_places(text_in(a[0]));
  const auto index = a[1].as<std::int64_t>();
  const auto size = static_cast<std::int64_t>(places.size()) - 1;
  if (index < 0 || index > size) return no_such_place(index, places.size() - 1);
  if (index == size) return of_string("");
  const auto i = static_cast<std::size_t>(index);
  return of_string(text_in(a[0]).substr(places[i], places[i + 1] - places[i]));
}

Outcome substring(Arguments a, Work& work) {
  const auto places = character_places(text_in(a[0]));
  const auto size = static_cast<std::int64_t>(places.size()) - 1;
  const auto begin = a[1].as<std::int64_t>();
  const auto end = a.size() > 2 ? a[2].as<std::int64_t>() : size;
  if (begin < 0 || begin > size) return no_such_place(begin, places.size() - 1);
  if (end < 0 || end > size) return no_such_place(end, places.size() - 1);
  if (end < begin) return fail(EvalErrc::OutOfRange, "the end lies before the beginning");
  const std::size_t from = places[static_cast<std::size_t>(begin)];
  return made(text_in(a[0]).substr(from, places[static_cast<std::size_t>(end)] - from), work);
}

// The number of the character at this byte.
Value place_of(std::string_view whole, std::size_t byte) {
  if (byte == std::string_view::npos) return of_int(-1);
  return of_int(static_cast<std::int64_t>(count_characters(whole.substr(0, byte))));
}

// The first place of a text in another, from a place on; or the last one, up to a place.
template <bool last>
Outcome index_of(Arguments a, Work& work) {
  const std::string& whole = text_in(a[0]);
  const auto find = [&](std::size_t from) {
    return last ? whole.rfind(text_in(a[1]), from) : whole.find(text_in(a[1]), from);
  };
  if (!work.spend(whole.size() / 64)) return too_costly();
  if (a.size() == 2) return place_of(whole, find(last ? std::string::npos : 0));
  const auto places = character_places(whole);
  const auto from = a[2].as<std::int64_t>();
  if (from < 0 || from >= static_cast<std::int64_t>(places.size())) return no_such_place(from, places.size() - 1);
  return place_of(whole, find(places[static_cast<std::size_t>(from)]));
}

Outcome join(Arguments a, Work& work) {
  const List& list = *a[0].as<ListPtr>();
  const std::string between = a.size() > 1 ? text_in(a[1]) : std::string();
  std::string out;
  for (std::size_t i = 0; i < list.size(); ++i) {
    const Value item = list.at(i);
    if (!item.is(Kind::String))
      return fail(EvalErrc::WrongType, "join takes a list of strings, and item " + std::to_string(i) + " is " +
                                           std::string(kind_in_words(item)));
    if (!work.spend(1) || !work.make(text_in(item).size() + between.size())) return too_costly();
    if (i > 0) out += between;
    out += text_in(item);
  }
  return of_string(std::move(out));
}

template <char first, char last, int shift>
Outcome change_case(Arguments a, Work& work) {
  std::string out = text_in(a[0]);
  for (char& c : out) {
    if (c >= first && c <= last) c = static_cast<char>(c + shift);
  }
  return made(std::move(out), work);
}

// At most `limit` times; below 0: everywhere.
Outcome replace(Arguments a, Work& work) {
  const std::string& whole = text_in(a[0]);
  const std::string& old = text_in(a[1]);
  std::int64_t left = a.size() > 3 ? a[3].as<std::int64_t>() : -1;
  std::string out;
  std::size_t at = 0;
  while (left != 0) {
    const std::size_t found = whole.find(old, at);
    if (found == std::string::npos) break;
    if (!work.spend(1) || !work.make(found - at + text_in(a[2]).size())) return too_costly();
    out.append(whole, at, found - at).append(text_in(a[2]));
    at = found + old.size();
    --left;
    if (!old.empty()) continue;
    // Nothing stands before each character, and at the end.
    if (at >= whole.size()) return of_string(std::move(out));
    const std::size_t bytes = decode(std::string_view(whole).substr(at)).bytes;
    out.append(whole, at, bytes);
    at += bytes;
  }
  out.append(whole, std::min(at, whole.size()));
  return made(std::move(out), work);
}

// Into at most `limit` parts; below 0: as many as there are.
Outcome split(Arguments a, Work& work) {
  std::string_view rest = text_in(a[0]);
  const std::string& between = text_in(a[1]);
  const std::int64_t limit = a.size() > 2 ? a[2].as<std::int64_t>() : -1;
  std::vector<Value> out;
  if (limit == 0) return of_list({});
  if (!work.make(rest.size())) return too_costly();
  const auto full = [&] { return limit > 0 && static_cast<std::int64_t>(out.size()) == limit - 1; };
  while (!full()) {
    if (!work.spend(1) || !work.make(1)) return too_costly();
    const bool by_character = between.empty();
    if (by_character && rest.empty()) return of_list(std::move(out));
    const std::size_t end = by_character ? decode(rest).bytes : rest.find(between);
    if (end == std::string_view::npos || (by_character && end == rest.size())) break;
    out.push_back(of_string(std::string(rest.substr(0, end))));
    rest.remove_prefix(end + between.size());
  }
  out.push_back(of_string(std::string(rest)));
  return of_list(std::move(out));
}

// White space as Unicode has it.
bool is_space(std::uint32_t code) {
  return (code >= 9 && code <= 13) || code == 0x20 || code == 0x85 || code == 0xa0 || code == 0x1680 ||
         (code >= 0x2000 && code <= 0x200a) || code == 0x2028 || code == 0x2029 || code == 0x202f || code == 0x205f ||
         code == 0x3000;
}

Outcome trim(Arguments a, Work& work) {
  const std::string_view whole = text_in(a[0]);
  const auto places = character_places(whole);
  const auto space_at = [&](std::size_t i) { return is_space(decode(whole.substr(places[i])).code); };
  std::size_t begin = 0;
  std::size_t end = places.size() - 1;
  while (begin < end && space_at(begin)) ++begin;
  while (end > begin && space_at(end - 1)) --end;
  return made(std::string(whole.substr(places[begin], places[end] - places[begin])), work);
}

Outcome reverse_text(Arguments a, Work& work) {
  const std::string_view whole = text_in(a[0]);
  const auto places = character_places(whole);
  std::string out;
  for (std::size_t i = places.size() - 1; i > 0; --i) out += whole.substr(places[i - 1], places[i] - places[i - 1]);
  return made(std::move(out), work);
}

Outcome quote(Arguments a, Work& work) {
  std::string out = "\"";
  constexpr std::string_view special = "\a\b\f\n\r\t\v\\\"";
  constexpr std::string_view names = "abfnrtv\\\"";
  for (const char c : text_in(a[0])) {
    if (const auto i = special.find(c); i != std::string_view::npos) {
      out += '\\';
      out += names[i];
    } else {
      out += c;
    }
  }
  return made(out + "\"", work);
}

Outcome format(Arguments a, Work& work) { return format_text(text_in(a[0]), *a[1].as<ListPtr>(), work); }

Outcome encode_base64(Arguments a, Work& work) { return made(to_base64(a[0].as<Bytes>().octets), work); }

Outcome decode_base64(Arguments a, Work& work) {
  auto octets = from_base64(text_in(a[0]));
  if (!octets) return fail(EvalErrc::BadValue, in_quotes(text_in(a[0])) + " is no base64");
  if (!work.make(octets->size())) return too_costly();
  return Value::of(Bytes{std::move(*octets)});
}

}  // namespace

std::span<const Definition> text_extra_functions() {
  static constexpr Definition definitions[] = {
      {"string.charAt(int) -> string", char_at},
      {"string.substring(int) -> string", substring},
      {"string.substring(int, int) -> string", substring},
      {"string.indexOf(string) -> int", index_of<false>},
      {"string.indexOf(string, int) -> int", index_of<false>},
      {"string.lastIndexOf(string) -> int", index_of<true>},
      {"string.lastIndexOf(string, int) -> int", index_of<true>},
      {"list(string).join() -> string", join},
      {"list(string).join(string) -> string", join},
      {"string.lowerAscii() -> string", change_case<'A', 'Z', 'a' - 'A'>},
      {"string.upperAscii() -> string", change_case<'a', 'z', 'A' - 'a'>},
      {"string.replace(string, string) -> string", replace},
      {"string.replace(string, string, int) -> string", replace},
      {"string.split(string) -> list(string)", split},
      {"string.split(string, int) -> list(string)", split},
      {"string.trim() -> string", trim},
      {"string.reverse() -> string", reverse_text},
      {"string.format(list(dyn)) -> string", format},
      {"strings.quote(string) -> string", quote},
      {"base64.encode(bytes) -> string", encode_base64},
      {"base64.decode(string) -> bytes", decode_base64},
  };
  return definitions;
}

}  // namespace ork::expr
