#pragma once

// The protobuf wire format: numbers, and bytes with a length, each with the number of its field.

#include <cstdint>
#include <optional>
#include <string_view>

namespace ork::embedded {

struct WireValue {
  std::uint32_t number = 0;
  bool is_bytes = false;     // else a number
  std::uint64_t scalar = 0;  // varints, and the bits of fixed ones
  std::string_view bytes;
};

class WireReader {
 public:
  explicit WireReader(std::string_view message) : rest_(message) {}

  bool at_end() const { return rest_.empty(); }
  // nullopt: the message is cut off, or not of this format.
  std::optional<WireValue> next();

 private:
  std::optional<std::uint64_t> varint();
  std::optional<std::uint64_t> fixed(std::size_t bytes);

  std::string_view rest_;
};

}  // namespace ork::embedded
