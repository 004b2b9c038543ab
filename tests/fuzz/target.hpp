#pragma once

// What every fuzz target is made of: the function that libFuzzer calls, and how it says that something is wrong.

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

// Each target defines it. Any bytes whatever; 0: they were tried.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace ork::fuzz {

inline std::string_view text_of(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

// A property that does not hold is a find like a crash.
inline void require(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "does not hold: %s\n", what);
  std::abort();
}

// Choices out of bytes; 0 where they have run out, so that any bytes are some input.
class Choices {
 public:
  explicit Choices(std::string_view bytes) : rest_(bytes) {}
  // In [0, bound), bound at most 256.
  unsigned below(unsigned bound) {
    if (rest_.empty()) return 0;
    const auto byte = static_cast<unsigned char>(rest_.front());
    rest_.remove_prefix(1);
    return byte % bound;
  }
  bool flag() { return below(2) == 1; }
  // One in so many.
  bool seldom(unsigned times) { return below(times) == 1; }
  template <typename T, std::size_t N>
  const T& of(const T (&choices)[N]) {
    return choices[below(N)];
  }

 private:
  std::string_view rest_;
};

}  // namespace ork::fuzz
