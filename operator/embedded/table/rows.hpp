#pragma once

// What the built-in kinds print: their columns, and the cells of one object. The same columns, words
// and counts as kube-apiserver's, from any object, however little of it is there.

#include <cstdint>
#include <string_view>
#include <vector>

#include "operator/embedded/kinds/kind.hpp"

namespace ork::embedded {

struct BuiltinColumn {
  std::string_view name;
  std::string_view type;
  std::string_view format;
  std::string_view description;
  int priority = 0;
};

struct RowPrinter {
  std::vector<BuiltinColumn> columns;
  // Appends a cell for each column.
  void (*cells)(const Json& object, std::int64_t now_ms, Json& row);
  // A row's conditions (a Pod that is over), or null.
  Json (*conditions)(const Json& object) = nullptr;
};

// Of a kind that has no rows of its own: its name and when it was created, as an API server prints
// CustomResourceDefinitions.
const RowPrinter& row_printer(const Kind& kind);

// One for each file.
RowPrinter pod_rows();
RowPrinter job_rows();
RowPrinter event_rows();         // core/v1
RowPrinter event_k8s_io_rows();  // events.k8s.io/v1: the same columns, other fields

}  // namespace ork::embedded
