#include "operator/embedded/protobuf/wire.hpp"

#include <limits>
#include <utility>

namespace ork::embedded {

bool WireReader::fail(std::string error) {
  if (error_.empty()) error_ = std::move(error);
  rest_ = {};
  return false;
}

bool WireReader::read_varint(std::uint64_t& value) {
  constexpr unsigned bits = 64;
  value = 0;
  for (unsigned shift = 0; shift < bits; shift += 7) {
    if (rest_.empty()) return fail("unexpected EOF");
    const auto byte = static_cast<unsigned char>(rest_.front());
    rest_.remove_prefix(1);
    value |= static_cast<std::uint64_t>(byte & 0x7FU) << shift;
    if (byte < 0x80U) return true;
  }
  return fail("proto: integer overflow");
}

bool WireReader::read_tag(WireField& field) {
  std::uint64_t tag = 0;
  if (!read_varint(tag)) return false;
  const auto number = static_cast<std::int32_t>(static_cast<std::uint32_t>(tag >> 3U));
  const auto type = static_cast<std::uint8_t>(tag & 7U);
  if (number <= 0) {
    return fail("proto: illegal tag " + std::to_string(number) + " (wire type " + std::to_string(tag) + ")");
  }
  if (type > static_cast<std::uint8_t>(WireType::Fixed32)) {
    return fail("proto: illegal wireType " + std::to_string(type));
  }
  field = {static_cast<std::uint32_t>(number), static_cast<WireType>(type), 0, {}};
  return true;
}

bool WireReader::read_bytes(std::string_view& bytes) {
  std::uint64_t length = 0;
  if (!read_varint(length)) return false;
  if (length > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
    return fail("proto: negative length found during unmarshaling");
  }
  if (length > rest_.size()) return fail("unexpected EOF");
  bytes = rest_.substr(0, static_cast<std::size_t>(length));
  rest_.remove_prefix(static_cast<std::size_t>(length));
  return true;
}

bool WireReader::pass_over(std::size_t bytes) {
  if (bytes > rest_.size()) return fail("unexpected EOF");
  rest_.remove_prefix(bytes);
  return true;
}

bool WireReader::pass_over_group() {
  for (std::size_t open = 1; open > 0;) {
    WireField field;
    if (!read_tag(field)) return false;
    if (field.type == WireType::StartGroup) {
      ++open;
    } else if (field.type == WireType::EndGroup) {
      --open;
    } else if (!read_value(field)) {
      return false;
    }
  }
  return true;
}

bool WireReader::read_value(WireField& field) {
  switch (field.type) {
    case WireType::Varint: return read_varint(field.varint);
    case WireType::Fixed64: return pass_over(8);
    case WireType::Bytes: return read_bytes(field.bytes);
    case WireType::StartGroup: return pass_over_group();
    case WireType::EndGroup: return fail("proto: wiretype end group for non-group");
    case WireType::Fixed32: return pass_over(4);
  }
  return false;
}

bool WireReader::next(WireField& field) { return !rest_.empty() && read_tag(field) && read_value(field); }

bool WireReader::next_packed(std::uint64_t& value) { return !rest_.empty() && read_varint(value); }

}  // namespace ork::embedded
