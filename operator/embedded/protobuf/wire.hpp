#pragma once

// The fields of a protobuf message as they stand on the wire, whatever they mean.
//
// Source of the format: protobuf's encoding (developers.google.com/protocol-buffers); errors and odd cases
// are those of the decoders that gogo/protobuf generates, which a real API server runs.

#include <cstdint>
#include <string>
#include <string_view>

namespace ork::embedded {

enum class WireType : std::uint8_t { Varint = 0, Fixed64 = 1, Bytes = 2, StartGroup = 3, EndGroup = 4, Fixed32 = 5 };

struct WireField {
  std::uint32_t number = 0;  // at least 1
  WireType type = WireType::Varint;
  std::uint64_t varint = 0;  // of a Varint
  std::string_view bytes;    // of Bytes; a part of the message
};

class WireReader {
 public:
  explicit WireReader(std::string_view message) : rest_(message) {}

  // The next field, whole; a group is passed over and comes as StartGroup. False at the end, or where the
  // message is broken: then error() says how.
  bool next(WireField& field);
  // The next varint of a packed list; false as above.
  bool next_packed(std::uint64_t& value);

  const std::string& error() const { return error_; }

 private:
  bool fail(std::string error);
  bool read_varint(std::uint64_t& value);
  bool read_tag(WireField& field);
  bool read_value(WireField& field);
  bool read_bytes(std::string_view& bytes);
  bool pass_over(std::size_t bytes);
  bool pass_over_group();

  std::string_view rest_;
  std::string error_;
};

}  // namespace ork::embedded
