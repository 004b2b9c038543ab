#include "operator/cli/graph/graph_command.hpp"

#include <optional>
#include <vector>

#include "controllers/expr/quote.hpp"
#include "controllers/workflow/compile.hpp"
#include "operator/cli/cluster/failure.hpp"
#include "operator/cli/graph/drawing.hpp"
#include "operator/cli/graph/formats.hpp"
#include "operator/cli/graph/timing.hpp"
#include "operator/manifest/check.hpp"

namespace ork::cli {
namespace {

using manifest::Json;
using manifest::Manifest;

// What a Workflow, or a run with one inline, is and where its spec stands.
struct Candidate {
  const Manifest* manifest = nullptr;
  std::string name;
  const Json* spec = nullptr;
  std::string path;
};

const Json* field(const Json& object, const char* name) {
  const auto found = object.is_object() ? object.find(name) : object.end();
  return found == object.end() ? nullptr : &*found;
}

std::optional<Candidate> candidate(const Manifest& manifest) {
  const Json* spec = field(manifest.value, "spec");
  const std::string name(manifest::name_of(manifest.value));
  if (manifest::is_workflow(manifest.value)) return Candidate{&manifest, name, spec, "spec"};
  const Json* inline_workflow = spec == nullptr ? nullptr : field(*spec, "workflow");
  if (!manifest::is_workflow_run(manifest.value) || inline_workflow == nullptr) return std::nullopt;
  return Candidate{&manifest, name, inline_workflow, "spec.workflow"};
}

int refuse(Console& console, ExitCode code, const std::string& message) {
  console.err_line("error: " + message);
  return static_cast<int>(code);
}

// Of those in a file, the runs of that Workflow; or, where it is a run's own, that run.
Result<std::vector<api::WorkflowRun>, Failure> runs_in(const std::string& path, const std::string& name,
                                                       std::istream& standard_input) {
  const std::vector<std::string> paths = {path};
  const manifest::Loaded loaded = manifest::load(paths, /*recursive=*/false, standard_input);
  if (!loaded.errors.empty()) return Err(Failure{ExitCode::Error, loaded.errors.front()});
  if (!loaded.problems.empty()) return Err(Failure{ExitCode::Invalid, path + " can't be read"});
  std::vector<api::WorkflowRun> runs;
  for (const Manifest& manifest : loaded.manifests) {
    if (!manifest::is_workflow_run(manifest.value)) continue;
    auto run = api::decode_workflow_run(manifest.value);
    if (run && (run->status.workflow == name || run->meta.name == name)) runs.push_back(*std::move(run));
  }
  return runs;
}

// nullopt: nobody asks for it, or there is nothing to tell it by, which is told.
Result<std::optional<Timing>, Failure> timing(const GraphFlags& flags, Console& console, const Candidate& chosen,
                                              const workflow::Definition& definition, std::istream& standard_input,
                                              const RunsOf& runs_of) {
  if (flags.runs.empty() && !flags.from_runs) return std::optional<Timing>();
  const auto runs = flags.runs.empty() ? runs_of(chosen.name) : runs_in(flags.runs, chosen.name, standard_input);
  if (!runs) return Err(runs.error());
  Timing out = timing_of(definition, *runs);
  if (out.runs > 0) return std::optional(std::move(out));
  console.err_line("no run of " + expr::printable(chosen.name) + " tells how long its tasks take");
  return std::optional<Timing>();
}

int print_graph(const GraphFlags& flags, Console& console, const Candidate& chosen, std::istream& standard_input,
                const RunsOf& runs_of) {
  auto compiled = workflow::compile(chosen.spec == nullptr ? Json() : *chosen.spec, chosen.path);
  if (!compiled) {
    for (const auto& problem : compiled.error()) {
      console.err(manifest::show(manifest::problem_of(*chosen.manifest, problem)));
    }
    return refuse(console, ExitCode::Invalid, "there is no graph of a Workflow that is not right");
  }
  const std::string name = expr::printable(chosen.name);
  const auto timed = timing(flags, console, chosen, *compiled, standard_input, runs_of);
  if (!timed) return refuse(console, timed.error().code, timed.error().message);
  const Timing* times = timed->has_value() ? &**timed : nullptr;
  switch (flags.output) {
    case GraphFormat::Text: console.out(draw(*compiled, console.screen(Channel::Out).unicode, times)); break;
    case GraphFormat::Dot: console.out(as_dot(*compiled, name, times)); break;
    case GraphFormat::Mermaid: console.out(as_mermaid(*compiled, times)); break;
    case GraphFormat::Json: console.out(as_json(*compiled, name, times)); break;
  }
  return static_cast<int>(ExitCode::Ok);
}

}  // namespace

int run_graph(const GraphFlags& flags, Console& console, std::istream& standard_input, const RunsOf& runs_of) {
  const std::vector<std::string> paths = {flags.file};
  const manifest::Loaded loaded = manifest::load(paths, /*recursive=*/false, standard_input);
  if (!loaded.errors.empty()) return refuse(console, ExitCode::Error, loaded.errors.front());
  for (const manifest::Problem& problem : loaded.problems) console.err(manifest::show(problem));
  if (!loaded.problems.empty()) return refuse(console, ExitCode::Invalid, "the file can't be read");
  std::vector<Candidate> found;
  std::string names;
  for (const Manifest& manifest : loaded.manifests) {
    auto one = candidate(manifest);
    if (!one) continue;
    names += (names.empty() ? "" : ", ") + expr::printable(one->name);
    if (flags.workflow.empty() || flags.workflow == one->name) found.push_back(*std::move(one));
  }
  if (names.empty()) return refuse(console, ExitCode::Usage, "there is no Workflow in " + flags.file);
  if (found.empty()) {
    return refuse(
        console, ExitCode::Usage,
        "there is no Workflow " + expr::in_quotes(flags.workflow) + " in " + flags.file + "; there is: " + names);
  }
  // A Workflow and a run of it may share a name; the Workflow stands first in most files.
  if (found.size() > 1 && flags.workflow.empty()) {
    return refuse(console, ExitCode::Usage, "name one of the Workflows in " + flags.file + ": " + names);
  }
  return print_graph(flags, console, found.front(), standard_input, runs_of);
}

}  // namespace ork::cli
