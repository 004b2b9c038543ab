#include "operator/embedded/protobuf/wire_reader.hpp"

namespace ork::embedded {

std::optional<std::uint64_t> WireReader::varint() {
  std::uint64_t value = 0;
  for (unsigned shift = 0; shift < 64 && !rest_.empty(); shift += 7) {
    const auto byte = static_cast<unsigned char>(rest_.front());
    rest_.remove_prefix(1);
    value |= std::uint64_t(byte & 0x7fU) << shift;
    if ((byte & 0x80U) == 0) return value;
  }
  return std::nullopt;
}

std::optional<std::uint64_t> WireReader::fixed(std::size_t bytes) {
  if (rest_.size() < bytes) return std::nullopt;
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < bytes; ++i) value |= std::uint64_t(static_cast<unsigned char>(rest_[i])) << (8 * i);
  rest_.remove_prefix(bytes);
  return value;
}

std::optional<WireValue> WireReader::next() {
  const auto key = varint();
  if (!key || *key >> 3U == 0 || *key >> 3U > 0x1fffffff) return std::nullopt;
  WireValue value;
  value.number = static_cast<std::uint32_t>(*key >> 3U);
  std::optional<std::uint64_t> scalar;
  switch (*key & 7U) {
    case 0: scalar = varint(); break;
    case 1: scalar = fixed(8); break;
    case 5: scalar = fixed(4); break;
    case 2: {
      const auto size = varint();
      if (!size || *size > rest_.size()) return std::nullopt;
      value.is_bytes = true;
      value.bytes = rest_.substr(0, static_cast<std::size_t>(*size));
      rest_.remove_prefix(static_cast<std::size_t>(*size));
      return value;
    }
    default: return std::nullopt;
  }
  if (!scalar) return std::nullopt;
  value.scalar = *scalar;
  return value;
}

}  // namespace ork::embedded
