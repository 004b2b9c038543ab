#include "operator/dev/session.hpp"

#include <algorithm>
#include <sstream>
#include <utility>

#include "operator/manifest/check.hpp"
#include "operator/manifest/load.hpp"

namespace ork::dev {
namespace {

const char* word(Applied outcome) {
  switch (outcome) {
    case Applied::Created: return "created";
    case Applied::Configured: return "configured";
    case Applied::Unchanged: return "unchanged";
    case Applied::Skipped: return "left alone";
    case Applied::Refused: return "refused";
  }
  return "";
}

}  // namespace

Session::Session(runtime::AsioLoop& loop, Applier applier, std::vector<std::string> paths, Say say)
    : loop_(loop), applier_(applier), paths_(std::move(paths)), say_(std::move(say)) {}

Status<std::string> Session::start() {
  if (paths_.empty()) return Done{};
  auto watch = FileWatch::open(loop_, paths_, [this] { apply(); });
  if (!watch) return Err(watch.error());
  watch_ = std::move(*watch);
  apply();
  return Done{};
}

// What has a problem is said and left as it is in the cluster; the rest is applied.
void Session::apply() {
  if (applying_) {
    again_ = true;
    return;
  }
  std::istringstream nothing;
  manifest::Loaded loaded = manifest::load(paths_, false, nothing);
  for (const std::string& error : loaded.errors) say_(error + "\n");
  std::vector<manifest::Problem> problems = std::move(loaded.problems);
  const auto wrong = manifest::check(loaded.manifests);
  problems.insert(problems.end(), wrong.begin(), wrong.end());
  for (const manifest::Problem& problem : problems) say_(manifest::show(problem));
  std::erase_if(loaded.manifests, [&](const manifest::Manifest& m) {
    return std::any_of(wrong.begin(), wrong.end(), [&](const auto& problem) { return problem.file == m.source->name; });
  });
  applying_ = true;
  applier_.apply(std::move(loaded.manifests), [this](const std::vector<ApplyResult>& results) { tell(results); });
}

void Session::tell(const std::vector<ApplyResult>& results) {
  for (const ApplyResult& result : results) {
    // Saving one file of many is not news about the others.
    const bool news = result.outcome != Applied::Unchanged && result.outcome != Applied::Skipped;
    if (!first_ && !news) continue;
    say_(result.what + " " + word(result.outcome) + (result.message.empty() ? "" : ": " + result.message) + "\n");
  }
  first_ = false;
  applying_ = false;
  if (std::exchange(again_, false)) apply();
}

}  // namespace ork::dev
