#include "operator/manifest/source_text.hpp"

#include <algorithm>

#include "operator/manifest/utf8.hpp"

namespace ork::manifest {

SourceText::SourceText(std::string_view text) : text_(text) {
  starts_.push_back(0);
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\n') starts_.push_back(i + 1);
  }
}

std::string_view SourceText::line(std::size_t index) const {
  if (index >= starts_.size()) return {};
  const std::size_t end = index + 1 < starts_.size() ? starts_[index + 1] - 1 : text_.size();
  std::string_view found = text_.substr(starts_[index], end - starts_[index]);
  if (!found.empty() && found.back() == '\r') found.remove_suffix(1);
  return found;
}

std::size_t SourceText::offset(const YAML::Mark& mark) const {
  if (mark.line < 0 || static_cast<std::size_t>(mark.line) >= starts_.size()) return text_.size();
  return std::min(starts_[static_cast<std::size_t>(mark.line)] + static_cast<std::size_t>(std::max(mark.column, 0)),
                  text_.size());
}

Position SourceText::position(const YAML::Mark& mark) const { return position_at(offset(mark)); }

Position SourceText::position_at(std::size_t offset) const {
  const auto after = std::upper_bound(starts_.begin(), starts_.end(), offset);
  const auto index = static_cast<std::size_t>(after - starts_.begin()) - 1;
  const bool onward = counted_.line == index && counted_.offset <= offset;
  const Counted from = onward ? counted_ : Counted{index, starts_[index], 0};
  const std::string_view between = text_.substr(from.offset, offset - from.offset);
  counted_ = {index, offset, from.column + utf8_length(between)};
  return {static_cast<int>(index) + 1, static_cast<int>(counted_.column) + 1};
}

std::optional<std::size_t> SourceText::unreadable_byte() const {
  for (std::size_t i = 0; i < text_.size();) {
    const std::size_t length = utf8_sequence(text_.substr(i));
    const auto byte = static_cast<unsigned char>(text_[i]);
    const bool control = (byte < 0x20 && byte != '\t' && byte != '\n' && byte != '\r') || byte == 0x7F;
    if (length == 0 || control) return i;
    i += length;
  }
  return std::nullopt;
}

bool SourceText::is_quote_left_open(const YAML::Mark& mark) const {
  std::size_t i = offset(mark);
  // A tag or an anchor may stand before it.
  while (i < text_.size() && (text_[i] == '!' || text_[i] == '&')) {
    i = text_.find_first_of(" \t\r\n", i);
    i = text_.find_first_not_of(" \t\r\n", i);
    if (i == std::string_view::npos) return false;
  }
  if (i >= text_.size() || (text_[i] != '"' && text_[i] != '\'')) return false;
  const char quote = text_[i];
  for (++i; i < text_.size(); ++i) {
    const bool escape = quote == '"' ? text_[i] == '\\' : text_.substr(i, 2) == "''";
    if (escape) {
      ++i;
    } else if (text_[i] == quote) {
      return false;
    }
  }
  return true;
}

bool SourceText::may_begin_document(const YAML::Mark& mark) const {
  const std::size_t at = offset(mark);
  if (text_.substr(at, 3) == "---") return true;
  for (auto i = static_cast<std::size_t>(std::max(mark.line, 0)); i-- > 0;) {
    const std::string_view before = line(i);
    if (before.starts_with("...")) return true;
    if (before.find_first_not_of(" \t") != std::string_view::npos && !before.starts_with("#")) return false;
  }
  return false;
}

}  // namespace ork::manifest
