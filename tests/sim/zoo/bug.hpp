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
  std::string fault;  // the same for a fault: "operator stream 4 stream-gone"; how long or after what is left to chance
};

const std::vector<Bug>& all_bugs();

}  // namespace ork::zoo
