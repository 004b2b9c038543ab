#pragma once

// The JSONPath of printer columns: fields, 'names in quotes', indexes, slices, [*] and filters such as
// [?(@.type=="Ready")]. What CRDs may hold beside that (unions, recursive descent) is refused.
//
// Source of the rules: client-go's util/jsonpath, which the API server prints columns with.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "controllers/result/result.hpp"
#include "operator/embedded/schema/schema.hpp"

namespace ork::embedded {

class JsonPath {
 public:
  // "{...}" is not part of it. The error is a sentence.
  static Result<JsonPath, std::string> parse(std::string_view text);

  // What it leads to, the first if there are several; nullptr: nothing, or a step that does not fit
  // what is there (an index beyond a list's end, a comparison of a number with a text).
  const Json* first(const Json& object) const;

  struct Step;

 private:
  std::vector<Step> steps_;
};

enum class Comparison { Exists, Equal, NotEqual, Less, LessOrEqual, Greater, GreaterOrEqual };

struct JsonPath::Step {
  enum class Kind { Field, Wildcard, Slice, Filter, Literal };
  Kind kind = Kind::Field;
  std::string field;
  // [begin:end:step], counted from the end where negative; an index is a slice of one.
  std::int64_t begin = 0;
  std::optional<std::int64_t> end;
  std::int64_t stride = 1;
  bool is_index = false;
  // [?(left comparison right)]
  Comparison comparison = Comparison::Exists;
  std::vector<Step> left;
  std::vector<Step> right;
  Json literal;
};

}  // namespace ork::embedded
