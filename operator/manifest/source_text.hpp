#pragma once

// The text of a YAML file by line, for positions and for what yaml-cpp's parser lets pass.

#include <yaml-cpp/mark.h>

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "operator/manifest/place.hpp"

namespace ork::manifest {

class SourceText {
 public:
  // `text` must outlive it.
  explicit SourceText(std::string_view text);

  std::string_view text() const { return text_; }
  // Without its end; empty beyond the last. From 0.
  std::string_view line(std::size_t index) const;
  std::size_t offset(const YAML::Mark& mark) const;
  // yaml-cpp counts bytes from 0.
  Position position(const YAML::Mark& mark) const;
  Position position_at(std::size_t offset) const;

  // The first byte that is not UTF-8, or a character that YAML does not have (a NUL, an escape).
  std::optional<std::size_t> unreadable_byte() const;
  // True where the scalar at `mark` is in quotes that nothing closes before the end of the text.
  bool is_quote_left_open(const YAML::Mark& mark) const;
  // True where a second document may begin at `mark`: at "---", or after "...".
  bool may_begin_document(const YAML::Mark& mark) const;

 private:
  std::string_view text_;
  std::vector<std::size_t> starts_;  // of each line
  // Up to where characters were counted last. A parser asks for one place after the other, and JSON may be a single
  // line: each counted from its beginning, a large one would take seconds.
  struct Counted {
    std::size_t line = 0, offset = 0, column = 0;
  };
  mutable Counted counted_;
};

}  // namespace ork::manifest
