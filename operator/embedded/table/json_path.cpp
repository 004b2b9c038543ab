#include "operator/embedded/table/json_path.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <iterator>
#include <utility>

#include "operator/embedded/table/limits.hpp"

namespace ork::embedded {
namespace {

using Step = JsonPath::Step;
using Steps = std::vector<Step>;
using Values = std::vector<const Json*>;

// --- reading a path --------------------------------------------------------------------------

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

bool ends_field(char c) { return is_space(c) || std::string_view(".,[]$@{}").find(c) != std::string_view::npos; }

std::optional<std::int64_t> number_of(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

class Reader {
 public:
  Reader(std::string_view text, bool in_filter) : text_(text), in_filter_(in_filter) {}

  Result<Steps, std::string> read() {
    while (at_ < text_.size() && problem_.empty()) read_step();
    if (problem_.empty() && steps_.size() > table_limits::path_steps) fail("has too many steps");
    if (!problem_.empty()) return Err(problem_);
    return std::move(steps_);
  }

 private:
  void fail(const std::string& what) {
    if (problem_.empty()) problem_ = "the path " + std::string(text_.substr(0, 200)) + " " + what;
  }
  Step& add(Step::Kind kind) {
    Step& step = steps_.emplace_back();
    step.kind = kind;
    return step;
  }

  void read_step() {
    const std::string_view rest = text_.substr(at_);
    if (rest.starts_with("[?(")) return read_filter();
    if (rest.starts_with("..")) return fail("descends recursively, which columns can't");
    const char c = rest.front();
    if (c == ' ' || c == '@' || c == '$') {
      ++at_;
    } else if (c == '.') {
      read_field();
    } else if (c == '[') {
      read_brackets();
    } else if (in_filter_) {
      read_literal(rest);
    } else {
      fail("must be made of .fields and [brackets]");
    }
  }

  void read_field() {
    std::string name;
    for (++at_; at_ < text_.size() && !ends_field(text_[at_]); ++at_) {
      if (text_[at_] == '\\' && ++at_ == text_.size()) break;  // what is escaped belongs to the name
      name += text_[at_];
    }
    if (name == "*") {
      add(Step::Kind::Wildcard);
    } else {
      add(Step::Kind::Field).field = std::move(name);
    }
  }

  void read_brackets() {
    const std::size_t close = text_.find(']', at_);
    if (close == std::string_view::npos) return fail("has a [ without its ]");
    const std::string_view inside = text_.substr(at_ + 1, close - at_ - 1);
    at_ = close + 1;
    if (inside.find(',') != std::string_view::npos) return fail("is a union, which columns can't print");
    if (inside.size() >= 2 && inside.front() == '\'' && inside.back() == '\'') {
      return read_quoted_name(inside.substr(1, inside.size() - 2));
    }
    read_slice(inside == "*" ? ":" : inside);
  }

  // ['a.b'] is .a.b and ['a\.b'] one name, as in client-go.
  void read_quoted_name(std::string_view name) {
    if (name.find('\'') != std::string_view::npos) return fail("has a quote within a name");
    Reader reader(name, false);
    const std::string path = "." + std::string(name);
    reader.text_ = path;
    while (reader.at_ < reader.text_.size() && reader.problem_.empty()) {
      if (reader.text_[reader.at_] != '.') return fail("has a name in quotes that is none");
      reader.read_field();
    }
    std::move(reader.steps_.begin(), reader.steps_.end(), std::back_inserter(steps_));
  }

  void read_slice(std::string_view inside) {
    std::vector<std::string_view> parts;
    for (std::size_t start = 0; start <= inside.size();) {
      const std::size_t colon = std::min(inside.find(':', start), inside.size());
      parts.push_back(inside.substr(start, colon - start));
      start = colon + 1;
    }
    std::array<std::optional<std::int64_t>, 3> numbers;
    if (parts.size() > numbers.size()) return fail("has an index that is none");
    for (std::size_t i = 0; i < parts.size(); ++i) {
      if (parts[i].empty()) continue;
      numbers.at(i) = number_of(parts[i]);
      if (!numbers.at(i)) return fail("has an index that is none");
    }
    if (parts.size() == 1 && !numbers[0]) return fail("has empty brackets");
    Step& step = add(Step::Kind::Slice);
    step.is_index = parts.size() == 1;
    step.begin = numbers[0].value_or(0);
    step.end = numbers[1];
    step.stride = numbers[2].value_or(1);
  }

  void read_filter() {
    const std::size_t start = at_ + 3;
    std::size_t end = start;
    char quote = 0;
    for (; end < text_.size(); ++end) {
      const char c = text_[end];
      if (quote == 0 && c == ')') break;
      if (quote == 0 && (c == '"' || c == '\'')) {
        quote = c;
      } else if (c == quote && text_[end - 1] != '\\') {
        quote = 0;
      }
    }
    if (!text_.substr(end).starts_with(")]")) return fail("has a filter without its end");
    at_ = end + 2;
    if (in_filter_) return fail("has a filter within a filter");
    read_condition(text_.substr(start, end - start));
  }

  void read_condition(std::string_view text) {
    const std::size_t sign = text.find_first_of("!<>=");
    const std::size_t after = sign == std::string_view::npos ? sign : text.find_first_not_of("!<>=", sign);
    Step step;
    step.kind = Step::Kind::Filter;
    const bool compares = sign != std::string_view::npos && sign != 0 && after != std::string_view::npos;
    if (compares && !set_comparison(step, text.substr(sign, after - sign))) return;
    auto left = Reader(compares ? text.substr(0, sign) : text, true).read();
    if (!left) return fail("has a filter that can't be read: " + left.error());
    step.left = *std::move(left);
    if (compares) {
      auto right = Reader(text.substr(after), true).read();
      if (!right) return fail("has a filter that can't be read: " + right.error());
      step.right = *std::move(right);
    }
    steps_.push_back(std::move(step));
  }

  bool set_comparison(Step& step, std::string_view sign) {
    static constexpr std::array<std::pair<std::string_view, Comparison>, 6> signs = {
        {{"==", Comparison::Equal},
         {"!=", Comparison::NotEqual},
         {"<", Comparison::Less},
         {"<=", Comparison::LessOrEqual},
         {">", Comparison::Greater},
         {">=", Comparison::GreaterOrEqual}}};
    for (const auto& [text, comparison] : signs) {
      if (sign != text) continue;
      step.comparison = comparison;
      return true;
    }
    fail("compares with " + std::string(sign));
    return false;
  }

  void read_literal(std::string_view rest) {
    if (rest.front() == '"' || rest.front() == '\'') return read_quoted(rest);
    std::size_t size = 0;
    while (size < rest.size() && !is_space(rest[size])) ++size;
    const std::string_view word = rest.substr(0, size);
    at_ += size;
    Json value = Json::parse(word, nullptr, false);
    if (!value.is_boolean() && !value.is_number()) return fail("compares with what is no value");
    add(Step::Kind::Literal).literal = std::move(value);
  }

  void read_quoted(std::string_view rest) {
    std::string value;
    std::size_t i = 1;
    for (; i < rest.size() && rest[i] != rest.front(); ++i) {
      if (rest[i] == '\\' && i + 1 < rest.size()) ++i;
      value += rest[i];
    }
    if (i == rest.size()) return fail("has a quote without its end");
    at_ += i + 1;
    add(Step::Kind::Literal).literal = std::move(value);
  }

  std::string_view text_;
  bool in_filter_;
  std::size_t at_ = 0;
  Steps steps_;
  std::string problem_;
};

// --- following it ----------------------------------------------------------------------------

std::optional<Values> follow(const Steps& steps, const Json& object);

// nullopt: the two can't be compared.
std::optional<bool> holds(Comparison comparison, const Json& left, const Json& right) {
  const bool texts = left.is_string() && right.is_string();
  const bool wholes = left.is_number_integer() && right.is_number_integer();
  const bool floats = left.is_number_float() && right.is_number_float();
  const bool truths = left.is_boolean() && right.is_boolean();
  if (!texts && !wholes && !floats && !truths) return std::nullopt;
  switch (comparison) {
    case Comparison::Equal: return left == right;
    case Comparison::NotEqual: return left != right;
    default: break;
  }
  if (truths) return std::nullopt;
  switch (comparison) {
    case Comparison::Less: return left < right;
    case Comparison::LessOrEqual: return left <= right;
    case Comparison::Greater: return left > right;
    default: return left >= right;
  }
}

// Whether an item passes; nullopt ends the whole path.
std::optional<bool> passes(const Step& filter, const Json& item) {
  const auto left = follow(filter.left, item);
  if (filter.comparison == Comparison::Exists) return left && !left->empty();
  if (!left) return std::nullopt;
  if (left->empty()) return false;
  const auto right = follow(filter.right, item);
  if (!right) return std::nullopt;
  if (right->empty()) return false;
  if (left->size() > 1 || right->size() > 1) return std::nullopt;
  return holds(filter.comparison, *left->front(), *right->front());
}

bool take_filtered(const Step& step, const Json& value, Values& out) {
  if (!value.is_array()) return false;
  for (const Json& item : value) {
    if (out.size() == table_limits::path_values) return true;
    const auto passed = passes(step, item);
    if (!passed) return false;
    if (*passed) out.push_back(&item);
  }
  return true;
}

bool take_slice(const Step& step, const Json& value, Values& out) {
  if (value.is_null()) return true;
  if (!value.is_array()) return false;
  const auto size = static_cast<std::int64_t>(value.size());
  const std::int64_t begin = step.begin < 0 ? step.begin + size : step.begin;
  std::int64_t end = step.is_index ? begin + 1 : step.end.value_or(size);
  if (end < 0) end += size;
  if (begin == end) return true;
  if (begin < 0 || begin >= size || end < 0 || end > size || begin > end || step.stride < 1) return false;
  for (std::int64_t i = begin; i < end && out.size() < table_limits::path_values; i += step.stride) {
    out.push_back(&value[static_cast<std::size_t>(i)]);
  }
  return true;
}

bool take(const Step& step, const Json& value, Values& out) {
  switch (step.kind) {
    case Step::Kind::Field: {
      if (!value.is_object()) return true;
      const auto found = value.find(step.field);
      if (found != value.end()) out.push_back(&*found);
      return true;
    }
    case Step::Kind::Wildcard:
      if (!value.is_structured()) return true;
      for (const Json& item : value) {
        if (out.size() < table_limits::path_values) out.push_back(&item);
      }
      return true;
    case Step::Kind::Slice: return take_slice(step, value, out);
    case Step::Kind::Filter: return take_filtered(step, value, out);
    case Step::Kind::Literal: out.push_back(&step.literal); return true;
  }
  return true;
}

std::optional<Values> follow(const Steps& steps, const Json& object) {
  Values values = {&object};
  for (const Step& step : steps) {
    Values next;
    for (const Json* value : values) {
      if (!take(step, *value, next)) return std::nullopt;
    }
    values = std::move(next);
  }
  return values;
}

}  // namespace

Result<JsonPath, std::string> JsonPath::parse(std::string_view text) {
  auto steps = Reader(text, false).read();
  if (!steps) return Err(steps.error());
  JsonPath path;
  path.steps_ = *std::move(steps);
  return path;
}

const Json* JsonPath::first(const Json& object) const {
  const auto values = follow(steps_, object);
  return values && !values->empty() ? values->front() : nullptr;
}

}  // namespace ork::embedded
