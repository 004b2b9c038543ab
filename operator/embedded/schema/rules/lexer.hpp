#pragma once

// The words of an expression.

#include <string>
#include <string_view>

namespace ork::embedded::rules {

enum class Token { End, Identifier, Int, Uint, Double, String, Symbol, Wrong };

struct Word {
  Token token = Token::End;
  std::string text;  // of a string: what it means; of Wrong: what is wrong
  std::size_t at = 0;
};

class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}
  Word next();

 private:
  Word number();
  Word string(bool raw);
  // Appends what the escape at at_ means; false: it means nothing.
  bool escape(std::string& out);
  Word symbol();
  void skip_space();
  bool starts(std::string_view what) const { return text_.substr(at_).starts_with(what); }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace ork::embedded::rules
