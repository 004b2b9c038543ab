#pragma once

// What an Expression shares: private to this folder.

#include <string>

#include "controllers/expr/expression.hpp"
#include "controllers/expr/syntax.hpp"

namespace ork::expr {

struct Program {
  std::string text;
  NodePtr root;
  std::vector<Mention> mentions;
  References references;
};

}  // namespace ork::expr
