#include "operator/cli/console/console.hpp"

#include <gtest/gtest.h>

namespace ork::cli {
namespace {

TEST(Console, ColoursATerminalUnlessItsUserWantsNone) {
  EXPECT_TRUE(wants_colour({.term = "xterm-256color"}, /*terminal=*/true));
  EXPECT_FALSE(wants_colour({.no_color = "1", .term = "xterm"}, true));
  EXPECT_FALSE(wants_colour({.term = "dumb"}, true));
  EXPECT_FALSE(wants_colour({.ci = "true"}, true));
  EXPECT_FALSE(wants_colour({.term = "xterm"}, /*terminal=*/false));
}

TEST(Console, PaintsATerminalThatSomebodyWatches) {
  EXPECT_TRUE(wants_painting({.no_color = "1", .term = "xterm"}, true));
  EXPECT_TRUE(wants_painting({.ci = "false"}, true));
  EXPECT_FALSE(wants_painting({.ci = "true"}, true));
  EXPECT_FALSE(wants_painting({.ci = "woodpecker"}, true));
  EXPECT_FALSE(wants_painting({.term = "dumb"}, true));
  EXPECT_FALSE(wants_painting({}, false));
}

TEST(Console, DrawsInUnicodeWhereTheLocaleHasIt) {
  EXPECT_TRUE(draws_unicode({.locale = "en_US.UTF-8"}));
  EXPECT_TRUE(draws_unicode({.locale = "C.utf8"}));
  EXPECT_TRUE(draws_unicode({}));
  EXPECT_FALSE(draws_unicode({.locale = "C"}));
  EXPECT_FALSE(draws_unicode({.locale = "de_DE.ISO-8859-1"}));
}

}  // namespace
}  // namespace ork::cli
