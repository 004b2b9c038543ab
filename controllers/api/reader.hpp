#pragma once

// Reads one JSON object field by field and remembers what is wrong with it, so that
// decoders are a list of fields and no ladder of ifs. An absent or null field is "not set".

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "controllers/api/decode_error.hpp"
#include "controllers/api/time.hpp"

namespace ork::api {

class Reader {
 public:
  // After so many nobody reads on.
  static constexpr std::size_t max_errors = 100;

  // `object` must outlive the Reader. A value that is no object is the first error.
  Reader(const nlohmann::json& object, std::string path);

  // The field's value, or nullptr where absent or null (or where this is no object).
  const nlohmann::json* find(std::string_view field) const;

  std::optional<std::string> string(std::string_view field);
  std::optional<std::int64_t> integer(std::string_view field);
  // An integer from `least` to `most`; any other is an error.
  std::optional<int> bounded(std::string_view field, int least, int most);
  std::optional<double> number(std::string_view field);
  std::optional<bool> boolean(std::string_view field);
  std::optional<DurationMs> duration(std::string_view field);
  TimeMs time(std::string_view field);  // 0 where not set
  std::vector<std::string> strings(std::string_view field);
  // The object or array as it is; null where not set.
  nlohmann::json object(std::string_view field);
  nlohmann::json array(std::string_view field);

  std::string path_of(std::string_view field) const;
  void fail(DecodeErrc code, std::string path, std::string message, std::string_view expected = {});
  // Takes over an inner reader's errors.
  void absorb(const Reader& inner);
  // The first one; nullptr where all was right.
  const DecodeError* error() const { return errors_.empty() ? nullptr : &errors_.front(); }
  // All of them, at most max_errors: a field that can't be read is not set, and the next one is read.
  const std::vector<DecodeError>& errors() const { return errors_; }

 private:
  void wrong_type(std::string_view field, const nlohmann::json& value, std::string_view expected);

  const nlohmann::json& object_;
  std::string path_;
  std::vector<DecodeError> errors_;
};

}  // namespace ork::api
