#pragma once

// Tables that the API server has made (meta.k8s.io/v1 Table), as `kubectl get` prints them: so the columns are
// those of the CRD, and no list of them stands here.

#include <cstddef>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace ork::print {

using Json = nlohmann::json;

struct TableOptions {
  bool wide = false;  // columns of a priority above 0 as well
  bool no_headers = false;
  bool with_namespace = false;  // a first column NAMESPACE
};

// Prints one table after the other, as a watch brings them: names of columns once, and widths that only grow.
class TablePrinter {
 public:
  explicit TablePrinter(TableOptions options) : options_(options) {}

  // The lines of a Table's rows. The first Table must name the columns; later ones need not. What is no Table
  // gives nothing.
  std::string print(const Json& table);

 private:
  using Row = std::vector<std::string>;

  void learn_columns(const Json& table);
  Row row_of(const Json& row) const;
  std::string line_of(const Row& row) const;

  TableOptions options_;
  bool header_printed_ = false;
  std::vector<std::size_t> cells_;  // of a Table's row, those that are shown
  Row header_;
  std::vector<std::size_t> widths_;
};

// A table of our own, by the same rules.
std::string print_rows(const std::vector<std::vector<std::string>>& rows);

}  // namespace ork::print
