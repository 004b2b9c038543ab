#pragma once

// Stored objects as JSON, for as long as somebody is likely to ask for them: most writes are of an object that was
// written moments ago, and reading its text again would take longer than what is done to it.

#include <array>
#include <memory>
#include <string>

#include "operator/embedded/api/limits.hpp"
#include "operator/embedded/kinds/kind.hpp"
#include "operator/embedded/store/store.hpp"

namespace ork::embedded {

class ParsedObjects {
 public:
  // In the form in which it is stored. Never null.
  std::shared_ptr<const Json> of(const Stored& stored);
  // The same, but null where it would have to be read.
  std::shared_ptr<const Json> known(const std::shared_ptr<const std::string>& text) const;
  // What the text of `stored` was made of.
  void keep(const Stored& stored, Json object);

 private:
  struct Kept {
    std::shared_ptr<const std::string> text;  // known by its place, so it is held
    std::shared_ptr<const Json> object;
  };
  void keep(const Stored& stored, std::shared_ptr<const Json> object);

  std::array<Kept, limits::parsed_objects> kept_;
  std::size_t oldest_ = 0;
};

}  // namespace ork::embedded
