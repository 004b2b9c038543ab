#include "operator/embedded/node/expansion.hpp"

#include <gtest/gtest.h>

namespace ork::embedded {
namespace {

std::optional<std::string> value_of(std::string_view name) {
  if (name == "A") return "a";
  if (name == "EMPTY") return "";
  if (name == "NESTED") return "$(A)";
  return std::nullopt;
}

// What Kubernetes' own expansion gives for each.
TEST(Expansion, IsKubernetes) {
  struct Case {
    std::string text;
    std::string expected;
  };
  for (const auto& [text, expected] : {
           Case{"$(A)", "a"},
           Case{"-$(A)-$(A)-", "-a-a-"},
           Case{"$(EMPTY)", ""},
           Case{"$(UNKNOWN)", "$(UNKNOWN)"},
           Case{"$(NESTED)", "$(A)"},  // once
           Case{"$$(A)", "$(A)"},
           Case{"$$$(A)", "$a"},
           Case{"$$$$(A)", "$$(A)"},
           Case{"$A", "$A"},
           Case{"${A}", "${A}"},
           Case{"$(A", "$(A"},
           Case{"$()", "$()"},
           Case{"$", "$"},
           Case{"$$", "$"},
           Case{"a$", "a$"},
           Case{"$(A)$", "a$"},
           Case{"$($(A))", "$($(A))"},
           Case{"", ""},
       }) {
    EXPECT_EQ(expand(text, value_of), expected) << text;
  }
}

}  // namespace
}  // namespace ork::embedded
