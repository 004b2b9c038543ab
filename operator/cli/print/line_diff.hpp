#pragma once

// What has changed between two texts, as `diff -u` shows it. Pure.

#include <string>
#include <string_view>

namespace ork::print {

// Lines that went begin with '-', those that came with '+', the three around them with ' '; parts are told apart by
// "@@ -4,7 +4,8 @@". Empty where the texts are the same. E. W. Myers, "An O(ND) Difference Algorithm and Its
// Variations" (1986); texts that differ in more than limits::diff_steps lines are shown as gone and come as a whole.
std::string line_diff(std::string_view before, std::string_view after);

}  // namespace ork::print
