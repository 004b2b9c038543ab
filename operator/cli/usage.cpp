#include "operator/cli/usage.hpp"

#include <algorithm>
#include <string_view>
#include <vector>

#include "controllers/dag/nearest.hpp"

namespace ork::cli {
namespace {

std::vector<const CLI::App*> verbs_of(const CLI::App* app) {
  return app->get_subcommands([](const CLI::App*) { return true; });
}

std::string path_of(const CLI::App* app) {
  return app->get_parent() == nullptr ? app->get_name() : path_of(app->get_parent()) + " " + app->get_name();
}

std::string reworded(std::string text) {
  for (const char* beginning :
       {"The following argument was not expected: ", "The following arguments were not expected: "}) {
    if (text.starts_with(beginning)) return "there is no place for " + text.substr(std::string_view(beginning).size());
  }
  return text;
}

std::string maybe_meant(std::string_view given, const std::vector<std::string>& names) {
  const std::vector<std::string_view> candidates(names.begin(), names.end());
  const std::string_view nearest = dag::nearest(given, candidates);
  return nearest.empty() ? std::string() : "; did you mean " + std::string(nearest) + "?";
}

std::string unknown_verb(const CLI::App* app, std::span<const std::string> rest) {
  std::vector<std::string> names;
  for (const CLI::App* each : verbs_of(app)) names.push_back(each->get_name());
  if (names.empty() || rest.empty() || rest.front().starts_with("-")) return {};
  return "there is no verb " + path_of(app) + " " + rest.front() + maybe_meant(rest.front(), names);
}

std::string unknown_flag(const CLI::App* app, std::span<const std::string> rest) {
  std::vector<std::string> names;
  for (const CLI::Option* option : app->get_options()) {
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  }
  for (const std::string& argument : rest) {
    if (argument == "--") break;
    if (!argument.starts_with("--")) continue;
    const std::string name = argument.substr(0, argument.find('='));
    if (std::find(names.begin(), names.end(), name) != names.end() || app->get_option_no_throw(name) != nullptr)
      continue;
    return "there is no flag " + name + maybe_meant(name, names);
  }
  return {};
}

}  // namespace

const CLI::App* deepest(const CLI::App* root, std::span<const std::string> arguments) {
  const CLI::App* app = root;
  for (const std::string& argument : arguments) {
    const std::vector<const CLI::App*> verbs = verbs_of(app);
    const auto next =
        std::find_if(verbs.begin(), verbs.end(), [&](const CLI::App* verb) { return verb->get_name() == argument; });
    if (next == verbs.end()) break;
    app = *next;
  }
  return app;
}

std::string help_of(const CLI::App* verb) {
  return verb->help(verb->get_parent() == nullptr ? "" : path_of(verb->get_parent()));
}

std::string see_help(const CLI::App* verb) { return "\nSee " + path_of(verb) + " --help\n"; }

std::string explain(const CLI::App* root, std::span<const std::string> arguments, const CLI::ParseError& error) {
  const CLI::App* app = deepest(root, arguments);
  std::span<const std::string> rest = arguments;
  for (const CLI::App* each = app; each->get_parent() != nullptr; each = each->get_parent()) rest = rest.subspan(1);
  std::string wrong = unknown_verb(app, rest);
  if (wrong.empty()) wrong = unknown_flag(app, rest);
  if (wrong.empty() && rest.empty() && !verbs_of(app).empty()) return help_of(app);
  if (wrong.empty()) wrong = reworded(error.what());
  return "error: " + wrong + see_help(app);
}

}  // namespace ork::cli
