#pragma once

// Where in a file each value of a document stands, so that a problem with "spec.tasks[3].image" can
// be shown at its line.

#include <string>
#include <string_view>
#include <vector>

namespace ork::manifest {

// Both count from 1; a column is a Unicode character. 0: unknown.
struct Position {
  int line = 0;
  int column = 0;
  friend bool operator==(const Position&, const Position&) = default;
};

// Of one value. A tree as the document is; what an alias or a merge brought in has no children.
struct Place {
  Position key;                    // of the field's name; of the value where it has none
  Position value;                  // of a field without a value: of its name
  std::vector<std::string> names;  // of an object: the field of each child, in the file's order
  std::vector<Place> children;

  // nullptr where there is none.
  const Place* field(std::string_view name) const;
};

// The value that a path names, as problems name them: "spec.tasks[3].inputs.day", below `root`. Where
// the path leads to nothing, the value it leads to before that: a missing field is told at its object.
const Place& find_place(const Place& root, std::string_view path);

}  // namespace ork::manifest
