#pragma once

// The zoo's animals, as weave.py read them from bugs/.

#include <cstdint>
#include <string>
#include <vector>

namespace ork::zoo {

struct Bug {
  std::uint32_t number = 0;
  std::string name;
  std::string what;   // a sentence
  std::string shape;  // tried with every other seed, where what it needs is rare; empty: none
  // The same for faults: "operator stream 4 stream-gone, operator call 5-20 late-answer"; which of 5 to 20, and how
  // long or after what, is left to chance.
  std::string fault;
};

const std::vector<Bug>& all_bugs();

}  // namespace ork::zoo
