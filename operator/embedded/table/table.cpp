#include "operator/embedded/table/table.hpp"

#include <cmath>
#include <limits>

#include "operator/embedded/schema/go_text.hpp"
#include "operator/embedded/table/human_time.hpp"
#include "operator/embedded/table/json_path.hpp"
#include "operator/embedded/table/reading.hpp"
#include "operator/embedded/table/rows.hpp"

namespace ork::embedded {
namespace {

Json header(std::string_view name, std::string_view type, std::string_view format, std::string_view description,
            int priority) {
  return {{"name", name}, {"type", type}, {"format", format}, {"description", description}, {"priority", priority}};
}

Json headers_of(const Kind& kind) {
  Json headers = Json::array();
  if (!kind.custom) {
    for (const BuiltinColumn& column : row_printer(kind).columns) {
      headers.push_back(header(column.name, column.type, column.format, column.description, column.priority));
    }
    return headers;
  }
  headers.push_back(header("Name", "string", "name", "The object's name.", 0));
  for (const PrinterColumn& column : kind.columns) {
    const std::string description =
        column.description.empty() ? "What stands at " + column.json_path + "." : column.description;
    headers.push_back(header(column.name, column.type, column.format, description, column.priority));
  }
  return headers;
}

// --- cells of a CRD's columns ----------------------------------------------------------------

// Up to here a double holds every whole number.
constexpr double largest_exact = 9007199254740992.0;
// 2^63: the first double that int64 does not hold.
constexpr double too_large = 9223372036854775808.0;

Json text_cell(const Json& value) {
  if (value.is_string()) return value;
  if (value.is_null()) return "<no value>";
  if (value.is_boolean()) return value.get<bool>() ? "true" : "false";
  if (value.is_number_integer()) return value.dump();
  if (value.is_number()) return go_text::number(value.get<double>());
  return go_text::json(value);
}

Json whole_cell(const Json& value) {
  if (value.is_number_integer()) return value;
  if (!value.is_number_float()) return nullptr;
  const double number = value.get<double>();
  const bool fits = number >= -too_large && number < too_large;
  return fits ? static_cast<std::int64_t>(number) : std::numeric_limits<std::int64_t>::min();  // as Go on amd64
}

// Whole numbers without a fraction, as Go writes them.
Json number_cell(const Json& value) {
  if (!value.is_number()) return nullptr;
  const double number = value.get<double>();
  const bool whole = value.is_number_integer() ? std::abs(number) < too_large
                                               : std::abs(number) <= largest_exact && std::trunc(number) == number;
  return whole ? Json(static_cast<std::int64_t>(number)) : Json(number);
}

Json date_cell(const Json& value, std::int64_t now_ms) {
  if (!value.is_string()) return nullptr;
  const std::string& text = value.get_ref<const std::string&>();
  if (text.empty() || text == "null") return "<unknown>";
  const std::string age = age_of(value, now_ms);
  return age == "<unknown>" ? "<invalid>" : age;
}

Json cell_of(const std::string& type, const Json& value, std::int64_t now_ms) {
  if (type == "string") return text_cell(value);
  if (type == "integer") return whole_cell(value);
  if (type == "number") return number_cell(value);
  if (type == "boolean") return value.is_boolean() ? value : Json();
  if (type == "date") return date_cell(value, now_ms);
  return nullptr;
}

// A kind's columns, their paths read once for a table.
class CustomRows {
 public:
  explicit CustomRows(const Kind& kind) : kind_(kind) {
    for (const PrinterColumn& column : kind.columns) {
      auto path = JsonPath::parse(column.json_path);
      paths_.push_back(path ? std::optional(*std::move(path)) : std::nullopt);
    }
  }

  Json cells(const Json& object, std::int64_t now_ms) const {
    Json row = Json::array({reading::text(object, {"metadata", "name"})});
    for (std::size_t i = 0; i < paths_.size(); ++i) {
      const Json* value = paths_[i] ? paths_[i]->first(object) : nullptr;
      row.push_back(value != nullptr ? cell_of(kind_.columns[i].type, *value, now_ms) : Json());
    }
    return row;
  }

 private:
  const Kind& kind_;
  std::vector<std::optional<JsonPath>> paths_;
};

Json included(const Json& object, IncludeObject include) {
  switch (include) {
    case IncludeObject::None: return nullptr;
    case IncludeObject::Object: return object;
    case IncludeObject::Metadata: break;
  }
  Json metadata = reading::at(object, "metadata");
  if (!metadata.is_object()) metadata = Json::object();
  return {{"kind", "PartialObjectMetadata"}, {"apiVersion", "meta.k8s.io/v1"}, {"metadata", std::move(metadata)}};
}

}  // namespace

Json table_of(const Kind& kind, std::span<const Json> objects, IncludeObject include, std::int64_t now_ms,
              const Json& metadata, bool with_headers) {
  Json rows = Json::array();
  const CustomRows custom(kind);
  for (const Json& object : objects) {
    Json row;
    if (kind.custom) {
      row["cells"] = custom.cells(object, now_ms);
    } else {
      const RowPrinter& printer = row_printer(kind);
      row["cells"] = Json::array();
      printer.cells(object, now_ms, row["cells"]);
      Json conditions = printer.conditions != nullptr ? printer.conditions(object) : Json();
      if (!conditions.is_null()) row["conditions"] = std::move(conditions);
    }
    row["object"] = included(object, include);
    rows.push_back(std::move(row));
  }
  return {{"kind", "Table"},
          {"apiVersion", "meta.k8s.io/v1"},
          {"metadata", metadata.is_object() ? metadata : Json::object()},
          {"columnDefinitions", with_headers ? headers_of(kind) : Json()},
          {"rows", std::move(rows)}};
}

}  // namespace ork::embedded
