#pragma once

// What somebody is told whose command line can't be understood.

#include <CLI/CLI.hpp>
#include <span>
#include <string>

namespace ork::cli {

// The verb that the arguments lead to, as far as they lead.
const CLI::App* deepest(const CLI::App* root, std::span<const std::string> arguments);

std::string help_of(const CLI::App* verb);
// "\nSee ork run start --help\n".
std::string see_help(const CLI::App* verb);

// What is wrong, with what was probably meant; of a group without a verb its help.
std::string explain(const CLI::App* root, std::span<const std::string> arguments, const CLI::ParseError& error);

}  // namespace ork::cli
