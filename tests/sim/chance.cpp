#include "tests/sim/chance.hpp"

namespace ork::sim {
namespace {

std::uint64_t rotated(std::uint64_t value, unsigned by) { return (value << by) | (value >> (64U - by)); }

}  // namespace

std::uint64_t split_mix(std::uint64_t& state) {
  std::uint64_t mixed = (state += 0x9e3779b97f4a7c15U);
  mixed = (mixed ^ (mixed >> 30U)) * 0xbf58476d1ce4e5b9U;
  mixed = (mixed ^ (mixed >> 27U)) * 0x94d049bb133111ebU;
  return mixed ^ (mixed >> 31U);
}

std::uint64_t fnv1a(std::string_view text, std::uint64_t hash) {
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
  return hash;
}

Chance::Chance(std::uint64_t seed) : seed_(seed), state_{} {
  for (std::uint64_t& word : state_) word = split_mix(seed);
}

Chance Chance::stream(std::string_view name) const { return Chance(fnv1a(name, seed_ ^ 0xcbf29ce484222325U)); }

std::uint64_t Chance::next() {
  const std::uint64_t result = rotated(state_[1] * 5, 7) * 9;
  const std::uint64_t shifted = state_[1] << 17U;
  state_[2] ^= state_[0];
  state_[3] ^= state_[1];
  state_[1] ^= state_[2];
  state_[0] ^= state_[3];
  state_[2] ^= shifted;
  state_[3] = rotated(state_[3], 45);
  return result;
}

// The high half of a product: even enough for bounds far below 2^64 (Lemire 2019, without its last step).
std::uint64_t Chance::below(std::uint64_t bound) {
  __extension__ using Wide = unsigned __int128;
  return static_cast<std::uint64_t>((static_cast<Wide>(next()) * bound) >> 64U);
}

std::int64_t Chance::between(std::int64_t low, std::int64_t high) {
  return low + static_cast<std::int64_t>(below(static_cast<std::uint64_t>(high - low) + 1));
}

double Chance::unit() { return static_cast<double>(next() >> 11U) * 0x1.0p-53; }

}  // namespace ork::sim
