#include "operator/cli/print/table.hpp"

#include <algorithm>
#include <string_view>

#include "controllers/expr/quote.hpp"
#include "operator/manifest/manifest.hpp"
#include "operator/manifest/utf8.hpp"

namespace ork::print {
namespace {

constexpr std::size_t gap = 3;  // between columns, as kubectl has it

std::string upper(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
  return text;
}

// One line: a cell with several shows its first, and that there are more.
std::string cell_text(const Json& cell) {
  if (cell.is_null()) return {};
  if (!cell.is_string()) return cell.dump(-1, ' ', false, Json::error_handler_t::replace);
  const auto& text = cell.get_ref<const std::string&>();
  const std::size_t end = text.find_first_of("\n\r\f");
  const std::string line = end == std::string::npos ? text : text.substr(0, end) + "...";
  return expr::printable_whole(line);
}

const Json* array_field(const Json& object, const char* name) {
  const auto it = object.is_object() ? object.find(name) : object.end();
  return it != object.end() && it->is_array() ? &*it : nullptr;
}

std::string joined(const std::vector<std::string>& row, const std::vector<std::size_t>& widths) {
  std::string out;
  for (std::size_t i = 0; i < row.size(); ++i) {
    out += row[i];
    if (i + 1 < row.size()) out.append(widths[i] + gap - std::min(widths[i], manifest::utf8_length(row[i])), ' ');
  }
  while (!out.empty() && out.back() == ' ') out.pop_back();
  return out + "\n";
}

void widen(std::vector<std::size_t>& widths, const std::vector<std::string>& row) {
  if (widths.size() < row.size()) widths.resize(row.size());
  for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], manifest::utf8_length(row[i]));
}

}  // namespace

void TablePrinter::learn_columns(const Json& table) {
  const Json* columns = array_field(table, "columnDefinitions");
  if (!header_.empty() || columns == nullptr) return;
  if (options_.with_namespace) header_.emplace_back("NAMESPACE");
  for (std::size_t i = 0; i < columns->size(); ++i) {
    const Json& column = (*columns)[i];
    if (!column.is_object()) continue;
    const auto priority = column.find("priority");
    const bool wide = priority != column.end() && priority->is_number_integer() && *priority > 0;
    if (wide && !options_.wide) continue;
    const auto name = column.find("name");
    header_.push_back(name == column.end() ? std::string() : upper(cell_text(*name)));
    cells_.push_back(i);
  }
}

TablePrinter::Row TablePrinter::row_of(const Json& row) const {
  Row out;
  const auto object = row.is_object() ? row.find("object") : row.end();
  if (options_.with_namespace) {
    out.push_back(object == row.end() ? std::string() : std::string(manifest::namespace_of(*object)));
  }
  const Json* cells = array_field(row, "cells");
  for (const std::size_t cell : cells_) {
    out.push_back(cells != nullptr && cell < cells->size() ? cell_text((*cells)[cell]) : std::string());
  }
  return out;
}

std::string TablePrinter::line_of(const Row& row) const { return joined(row, widths_); }

std::string TablePrinter::print(const Json& table) {
  learn_columns(table);
  const Json* rows = array_field(table, "rows");
  if (rows == nullptr || rows->empty()) return {};
  const bool with_header = !options_.no_headers && !header_printed_;
  if (with_header) widen(widths_, header_);
  std::vector<Row> shown;
  for (const Json& row : *rows) shown.push_back(row_of(row));
  for (const Row& row : shown) widen(widths_, row);
  std::string out = with_header ? line_of(header_) : std::string();
  header_printed_ = true;
  for (const Row& row : shown) out += line_of(row);
  return out;
}

std::string print_rows(const std::vector<std::vector<std::string>>& rows) {
  std::vector<std::size_t> widths;
  for (const auto& row : rows) widen(widths, row);
  std::string out;
  for (const auto& row : rows) out += joined(row, widths);
  return out;
}

}  // namespace ork::print
