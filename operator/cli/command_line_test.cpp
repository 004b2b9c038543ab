#include "operator/cli/command_line.hpp"

#include <gtest/gtest.h>

#include <sstream>

namespace ork::cli {
namespace {

ParsedCommand parse(const std::string& line) {
  std::istringstream words(line);
  std::vector<std::string> arguments;
  for (std::string word; words >> word;) arguments.push_back(word);
  return parse_command_line(arguments);
}

template <typename Flags>
Flags flags_of(const std::string& line) {
  ParsedCommand parsed = parse(line);
  if (!parsed.command || !std::holds_alternative<Flags>(*parsed.command)) {
    ADD_FAILURE() << line << ": " << parsed.err;
    return {};
  }
  return std::get<Flags>(*std::move(parsed.command));
}

TEST(CommandLine, ReadsTheFlagsOfRunStart) {
  const auto f = flags_of<RunStartFlags>(
      "run start -p day=2026-01-01 etl --param=n=3 --params-file v.yaml --name mine --wait --timeout 90s -o json -n a "
      "--context dev --kubeconfig k");
  EXPECT_EQ(f.workflow, "etl");
  EXPECT_EQ(f.params, (std::vector<std::string>{"day=2026-01-01", "n=3"}));
  EXPECT_EQ(f.params_file, "v.yaml");
  EXPECT_EQ(f.name, "mine");
  EXPECT_EQ(f.follow, Follow::Wait);
  EXPECT_EQ(f.timeout, runtime::Duration(90'000));
  EXPECT_EQ(f.output, Format::Json);
  EXPECT_EQ(f.cluster.ns, "a");
  EXPECT_EQ(f.cluster.context, "dev");
  EXPECT_EQ(f.cluster.kubeconfig, "k");
}

TEST(CommandLine, ReadsHowARunIsFollowed) {
  EXPECT_EQ(flags_of<RunStartFlags>("run start etl").follow, Follow::No);
  EXPECT_EQ(flags_of<RunStartFlags>("run start etl -w").follow, Follow::Watch);
  EXPECT_EQ(flags_of<RunStartFlags>("run start -f etl.yaml --logs").follow, Follow::Logs);
  EXPECT_EQ(flags_of<RunStartFlags>("run start -f -").file, "-");
}

TEST(CommandLine, ReadsTheFlagsOfLists) {
  const auto f =
      flags_of<RunListFlags>("run list -A -l team=data --field-selector status.phase=Failed -o wide --no-headers -w");
  EXPECT_TRUE(f.all_namespaces && f.no_headers && f.watch);
  EXPECT_EQ(f.labels, "team=data");
  EXPECT_EQ(f.fields, "status.phase=Failed");
  EXPECT_EQ(f.output, Format::Wide);
  EXPECT_EQ(flags_of<WorkflowListFlags>("workflow list -o name").output, Format::Name);
}

TEST(CommandLine, ReadsTheFlagsOfGraph) {
  const auto f = flags_of<GraphFlags>("graph flows.yaml etl -o mermaid");
  EXPECT_EQ(f.file, "flows.yaml");
  EXPECT_EQ(f.workflow, "etl");
  EXPECT_EQ(f.output, GraphFormat::Mermaid);
  EXPECT_EQ(flags_of<GraphFlags>("graph -").output, GraphFormat::Text);
  EXPECT_EQ(parse("graph a.yaml -o svg").code, ExitCode::Usage);
}

TEST(CommandLine, ReadsTheFlagsOfValidate) {
  const auto f = flags_of<ValidateFlags>("validate a.yaml flows -R -o sarif");
  EXPECT_EQ(f.paths, (std::vector<std::string>{"a.yaml", "flows"}));
  EXPECT_TRUE(f.recursive);
  EXPECT_EQ(f.output, ReportFormat::Sarif);
  EXPECT_EQ(flags_of<ValidateFlags>("validate -").output, ReportFormat::Text);
  EXPECT_EQ(parse("validate").code, ExitCode::Usage);
  EXPECT_EQ(parse("validate a.yaml -o yaml").code, ExitCode::Usage);
}

TEST(CommandLine, ReadsTheFlagsOfTheOtherVerbs) {
  EXPECT_TRUE(flags_of<RunStatusFlags>("run status r --watch --timeout 5m").watch);
  const auto logs = flags_of<RunLogsFlags>("run logs r load -f --tail 10 --index 3 --attempt 2 --no-prefix");
  EXPECT_EQ(logs.run + " " + logs.task, "r load");
  EXPECT_TRUE(logs.follow);
  EXPECT_EQ(logs.tail, 10);
  EXPECT_EQ(logs.index, 3);
  EXPECT_EQ(logs.attempt, 2);
  EXPECT_EQ(logs.prefix, false);
  EXPECT_EQ(flags_of<RunLogsFlags>("run logs r").prefix, std::nullopt);
  EXPECT_EQ(flags_of<RunCancelFlags>("run cancel a b --no-wait").runs, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(flags_of<WorkflowStatusFlags>("workflow status etl").workflow, "etl");
  EXPECT_TRUE(flags_of<WorkflowDeleteFlags>("workflow delete -l a=b --ignore-not-found").ignore_not_found);
  const auto deploy = flags_of<WorkflowDeployFlags>("workflow deploy a.yaml b/ -R --dry-run=server --force-conflicts");
  EXPECT_EQ(deploy.paths, (std::vector<std::string>{"a.yaml", "b/"}));
  EXPECT_EQ(deploy.dry_run, DryRun::Server);
  EXPECT_TRUE(deploy.recursive && deploy.force_conflicts);
  EXPECT_EQ(flags_of<VersionFlags>("version -o json").output, Format::Json);
  EXPECT_EQ(flags_of<OperatorFlags>("operator -n a --lease-seconds 5").lease_seconds, 5);
  EXPECT_EQ(flags_of<OperatorFlags>("operator").metrics_address, ":8080");
  EXPECT_EQ(flags_of<OperatorFlags>("operator --max-unplaced-tasks=7").max_unplaced_tasks, 7U);
  const auto watched =
      flags_of<OperatorFlags>("operator --metrics-address=off --metrics-per-task --otlp-endpoint http://c:4318");
  EXPECT_EQ(watched.metrics_address + " " + watched.otlp_endpoint, "off http://c:4318");
  EXPECT_TRUE(watched.metrics_per_task);
}

TEST(CommandLine, ReadsTheFlagsOfDev) {
  const auto f = flags_of<DevFlags>("dev workflows/ --runtime podman --env A --env B --max-pods 3 --state s");
  EXPECT_EQ(f.paths, std::vector<std::string>{"workflows/"});
  EXPECT_EQ(f.runtime, "podman");
  EXPECT_EQ(f.pass_env, (std::vector<std::string>{"A", "B"}));
  EXPECT_EQ(f.max_pods, 3);
  EXPECT_EQ(f.folder, "s");
  EXPECT_EQ(flags_of<DevFlags>("dev").runtime, "process");
}

TEST(CommandLine, SaysWhatIsWrongAndWhatWasMeant) {
  struct Case {
    const char* line;
    const char* says;
  };
  const Case cases[] = {
      {"rnu list", "error: there is no verb ork rnu; did you mean run?\nSee ork --help\n"},
      {"run stauts r", "error: there is no verb ork run stauts; did you mean status?\nSee ork run --help\n"},
      {"run frobnicate", "error: there is no verb ork run frobnicate\nSee ork run --help\n"},
      {"run start etl --wacth", "error: there is no flag --wacth; did you mean --watch?\nSee ork run start --help\n"},
      {"run list --label=a", "error: there is no flag --label\nSee ork run list --help\n"},
      {"run status", "error: RUN is required\nSee ork run status --help\n"},
      {"run status a b", "error: there is no place for b\nSee ork run status --help\n"},
      {"run list -o jsn",
       "error: --output: must be one of json, yaml, name, wide, and not jsn\nSee ork run list --help\n"},
      {"run status r -o wide",
       "error: --output: must be one of json, yaml, name, and not wide\nSee ork run status --help\n"},
      {"run start etl --wait --timeout 5",
       "error: --timeout: must be a duration such as 90s or 5m, and not 5\nSee ork run start --help\n"},
      {"run start etl --timeout 5s", "error: --timeout needs --wait, --watch or --logs\nSee ork run start --help\n"},
      {"run status r --timeout 5s", "error: --timeout needs --watch\nSee ork run status --help\n"},
      {"run start", "error: name a Workflow, or a file with -f\nSee ork run start --help\n"},
      {"run start etl -f etl.yaml", "error: name a Workflow or a file, not both\nSee ork run start --help\n"},
      {"run start etl --wait --logs", "error: choose one of --wait, --watch and --logs\nSee ork run start --help\n"},
      {"run logs r --attempt 0", "error: --attempt: counts from 1\nSee ork run logs --help\n"},
      {"run logs r --tail -1", "error: --tail: must be a number, and not -1\nSee ork run logs --help\n"},
      {"run logs r --prefix --no-prefix", "error: choose one of --prefix and --no-prefix\nSee ork run logs --help\n"},
      {"run cancel", "error: name runs, or choose them with -l\nSee ork run cancel --help\n"},
      {"run cancel r -l a=b", "error: name runs or choose them with -l, not both\nSee ork run cancel --help\n"},
      {"workflow delete", "error: name Workflows, or choose them with -l\nSee ork workflow delete --help\n"},
      {"workflow deploy", "error: FILE is required\nSee ork workflow deploy --help\n"},
      {"dev --runtime dcker",
       "error: --runtime: must be one of process, docker, podman, and not dcker\nSee ork dev --help\n"},
      {"workflow deploy a --dry-run=sever",
       "error: --dry-run: must be client or server, and not sever\nSee ork workflow deploy --help\n"},
  };
  for (const Case& c : cases) {
    const ParsedCommand parsed = parse(c.line);
    EXPECT_FALSE(parsed.command.has_value()) << c.line;
    EXPECT_EQ(parsed.code, ExitCode::Usage) << c.line;
    EXPECT_EQ(parsed.err, c.says) << c.line;
    EXPECT_EQ(parsed.out, "") << c.line;
  }
}

TEST(CommandLine, ShowsTheVerbsWhereNoneIsNamed) {
  for (const char* line : {"", "run", "workflow"}) {
    const ParsedCommand parsed = parse(line);
    EXPECT_EQ(parsed.code, ExitCode::Usage) << line;
    EXPECT_NE(parsed.err.find("Verbs:"), std::string::npos) << line;
  }
}

TEST(CommandLine, HelpsWithExamplesAndExitCodesOnEachVerb) {
  for (const char* verb : {"run start", "run list", "run status", "run logs", "run cancel", "workflow list",
                           "workflow status", "workflow deploy", "workflow delete", "version"}) {
    const ParsedCommand parsed = parse(std::string(verb) + " --help");
    EXPECT_EQ(parsed.code, ExitCode::Ok) << verb;
    EXPECT_EQ(parsed.err, "") << verb;
    EXPECT_NE(parsed.out.find(std::string("Usage: ork ") + verb), std::string::npos) << parsed.out;
    EXPECT_NE(parsed.out.find(std::string("  ork ") + verb), std::string::npos) << parsed.out;
    for (const char* text : {"Examples:", "Exit codes:", "13 --timeout has passed", "130 interrupted"}) {
      EXPECT_NE(parsed.out.find(text), std::string::npos) << verb << ": " << text;
    }
  }
  EXPECT_NE(parse("--help").out.find("ork workflow deploy etl.yaml"), std::string::npos);
  EXPECT_NE(parse("operator --help").out.find("--lease-name"), std::string::npos);
  EXPECT_NE(parse("--version").out.find("ork "), std::string::npos);
}

TEST(RepeatedFlags, AreThoseThatNameTheCluster) {
  EXPECT_EQ(repeated_flags({}), "");
  EXPECT_EQ(repeated_flags({.kubeconfig = "k", .context = "c", .ns = "a"}), " -n a --context c --kubeconfig k");
}

}  // namespace
}  // namespace ork::cli
