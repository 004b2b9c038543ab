#include <charconv>
#include <optional>
#include <utility>

#include "controllers/expr/cursor.hpp"
#include "controllers/expr/expression.hpp"
#include "controllers/expr/program.hpp"
#include "controllers/expr/quote.hpp"

namespace ork::expr {
namespace {

constexpr std::string_view examples = "such as params.day or tasks.list.output.files";

// Words that CEL does not take after a dot.
bool is_keyword(std::string_view word) { return word == "true" || word == "false" || word == "null" || word == "in"; }

class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text), cursor_(text) { program_.text = text; }

  Result<Program, ParseError> parse() {
    if (text_.size() > max_expression_length) {
      return fail_at(max_expression_length, "the expression is longer than " + std::to_string(max_expression_length) +
                                                " bytes: make it shorter");
    }
    if (!parse_root() || !parse_steps()) return Err(std::move(*error_));
    return std::move(program_);
  }

 private:
  bool parse_root() {
    if (cursor_.at_end())
      return fail(0, std::string("the expression is empty: write a path, ") + std::string(examples));
    const std::size_t start = cursor_.position();
    const std::string_view root = cursor_.take_identifier();
    if (root == "params") return parse_param();
    if (root == "tasks") return parse_task();
    if (root == "run") return parse_run();
    if (root.empty()) return fail(start, std::string("only a path can be written here, ") + std::string(examples));
    return fail(start, "a path starts with params, tasks or run, not with " + in_quotes(root));
  }

  bool parse_param() {
    const auto name = parse_name("params", "the name of a param, as in params.day");
    if (!name) return false;
    program_.root = Root::Param;
    program_.name = *name;
    program_.references.params.push_back(*name);
    return end_root();
  }

  bool parse_task() {
    const auto name = parse_name("tasks", "the name of a task, as in tasks.list.output");
    if (!name) return false;
    const std::string prefix(text_.substr(0, cursor_.position()));
    const auto field = parse_name(prefix, "\".output\": a path reads what a task has written");
    if (!field) return false;
    if (*field != "output") {
      return fail(cursor_.position(),
                  "a task has only \"output\", not " + in_quotes(*field) + ": write " + printable(prefix) + ".output");
    }
    program_.root = Root::TaskOutput;
    program_.name = *name;
    program_.references.tasks.push_back(*name);
    return end_root();
  }

  bool parse_run() {
    const std::size_t end = cursor_.position();
    const auto name = parse_name("run", "\".name\"");
    if (!name) return false;
    if (*name != "name") return fail(end, "a run has only \"name\", not " + in_quotes(*name) + ": write run.name");
    program_.root = Root::RunName;
    end_root();
    const char next = cursor_.peek();
    if (next != '.' && next != '[') return true;
    return fail(cursor_.position(), "run.name is a string: nothing can follow it");
  }

  bool end_root() {
    program_.root_end = cursor_.position();
    return true;
  }

  // The name after "params", "tasks", ...; `wanted` says in a message what must stand there.
  std::optional<std::string> parse_name(std::string_view after, std::string_view wanted) {
    const std::size_t start = cursor_.position();
    const char next = cursor_.peek();
    Step step;
    if (next == '.' || next == '[') {
      if (!parse_step(step)) return std::nullopt;
      if (!step.is_index) return std::move(step.field);
    }
    fail(start, printable(after) + " needs " + std::string(wanted));
    return std::nullopt;
  }

  bool parse_steps() {
    while (!cursor_.at_end()) {
      const std::size_t start = cursor_.position();
      const char next = cursor_.peek();
      if (next != '.' && next != '[') {
        return fail(start, std::string("only a path can be written here, ") + std::string(examples) + ": remove " +
                               in_quotes(text_.substr(start), 20));
      }
      if (program_.steps.size() == max_path_steps) {
        return fail(start, "the path has more than " + std::to_string(max_path_steps) + " steps: make it shorter");
      }
      Step step;
      if (!parse_step(step)) return false;
      program_.steps.push_back(std::move(step));
    }
    return true;
  }

  // The cursor stands on '.' or '['.
  bool parse_step(Step& step) {
    const std::size_t start = cursor_.position();
    const bool good = cursor_.take('.') ? parse_field(step, start) : (cursor_.take('['), parse_brackets(step));
    step.end = cursor_.position();
    return good;
  }

  bool parse_field(Step& step, std::size_t dot) {
    cursor_.peek();
    const std::size_t start = cursor_.position();
    const std::string word(cursor_.word());
    const std::string_view name = cursor_.take_identifier();
    if (word.empty()) return fail(start, "a name must follow \".\"");
    if (name != word) {
      // tasks.load-all is a subtraction in CEL, and tasks.2nd nothing at all.
      const std::string path = printable(text_.substr(0, dot), max_quoted_path);
      return fail(start, in_quotes(word) + " is not an identifier, so it needs brackets: write " + path + "[" +
                             in_quotes(word) + "] instead of " + path + "." + printable(word));
    }
    if (is_keyword(name)) {
      return fail(start,
                  in_quotes(name) + " is a reserved word, so it needs brackets: write [" + in_quotes(name) + "]");
    }
    step.field = name;
    return true;
  }

  bool parse_brackets(Step& step) {
    const char next = cursor_.peek();
    const std::size_t start = cursor_.position();
    if (next == '"' || next == '\'') {
      auto text = cursor_.take_string();
      if (!text) return fail(text.error().position, text.error().message);
      step.field = std::move(*text);
    } else {
      const std::string_view digits = cursor_.take_digits();
      if (digits.empty()) return fail(start, "brackets take an index from 0 up, or a name in quotes");
      const auto parsed = std::from_chars(digits.data(), digits.data() + digits.size(), step.index);
      if (parsed.ec != std::errc{}) return fail(start, "the index is too large");
      step.is_index = true;
    }
    if (!cursor_.take(']')) return fail(cursor_.position(), "\"]\" is missing");
    return true;
  }

  bool fail(std::size_t position, std::string message) {
    error_ = ParseError{position, std::move(message)};
    return false;
  }
  static Err<ParseError> fail_at(std::size_t position, std::string message) {
    return Err(ParseError{position, std::move(message)});
  }

  std::string_view text_;
  Cursor cursor_;
  Program program_;
  std::optional<ParseError> error_;
};

}  // namespace

Result<Expression, ParseError> parse(std::string_view text) {
  auto program = Parser(text).parse();
  if (!program) return Err(std::move(program).error());
  return Expression(std::make_shared<const Program>(std::move(*program)));
}

const References& Expression::references() const { return program_->references; }
const std::string& Expression::text() const { return program_->text; }

}  // namespace ork::expr
