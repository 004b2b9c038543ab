#include "operator/cli/command_line.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <functional>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "operator/cli/flag_rules.hpp"
#include "operator/cli/flag_texts.hpp"
#include "operator/cli/help_texts.hpp"
#include "operator/cli/usage.hpp"

namespace ork::cli {
namespace {

using Build = std::function<Command()>;

CLI::Validator validator(std::string (*check)(const std::string&), std::string type) {
  return {[check](std::string& text) { return check(text); }, std::move(type)};
}

// Builds the parser; holds what it writes to.
class Parser {
 public:
  Parser() : app_(help::root, "ork") {
    // One word for each thing, here and in messages.
    const auto labels = std::make_shared<CLI::Formatter>();
    labels->label("OPTIONS", "FLAGS");
    labels->label("SUBCOMMAND", "VERB");
    labels->label("Positionals", "Arguments");
    labels->label("REQUIRED", "");
    app_.formatter(labels);
    app_.option_defaults()->group("Flags");
    app_.set_help_flag("-h,--help", "Print this");
    app_.set_version_flag("--version", ORK_VERSION, "Print the version");
    app_.require_subcommand(1);
    app_.footer(std::string(help::root_footer) + help::exit_codes);
    run_ = group("run", help::run, help::run_footer);
    workflow_ = group("workflow", help::workflow, help::workflow_footer);
    add_dev();
    add_node_agent();
    add_run_start();
    add_run_rerun();
    add_run_list();
    add_run_status();
    add_run_logs();
    add_run_cancel();
    add_run_acts();
    add_run_suspend("suspend", true, "Let what runs go on and start nothing new", help::run_suspend);
    add_run_suspend("resume", false, "Go on with suspended runs", help::run_resume);
    add_workflow_list();
    add_workflow_status();
    add_workflow_deploy();
    add_workflow_history();
    add_workflow_diff();
    add_workflow_rollback();
    add_workflow_resume();
    add_workflow_delete();
    add_validate();
    add_graph();
    add_eval();
    add_operator();
    add_version();
  }

  ParsedCommand parse(std::span<const std::string> arguments) {
    // CLI11 takes them from the back.
    std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());
    try {
      app_.parse(std::move(reversed));
    } catch (const CLI::CallForVersion&) {
      return {.out = std::string("ork ") + ORK_VERSION + "\n"};
    } catch (const CLI::Success&) {  // --help
      return {.out = help_of(deepest(&app_, arguments))};
    } catch (const CLI::ParseError& error) {
      return {.code = ExitCode::Usage, .err = explain(&app_, arguments, error)};
    }
    for (const auto& [app, build] : builds_) {
      if (app->parsed()) return checked(app, build());
    }
    return {.code = ExitCode::Usage, .err = app_.help()};
  }

 private:
  CLI::App* group(const char* name, const char* description, const char* footer) {
    CLI::App* app = app_.add_subcommand(name, description)->group("Verbs");
    app->set_help_flag("-h,--help", "Print this");
    app->require_subcommand(1);
    app->footer(footer);
    return app;
  }

  CLI::App* verb(CLI::App* parent, const char* name, const char* description, const char* footer, Build build) {
    CLI::App* app = parent->add_subcommand(name, description)->group("Verbs");
    app->set_help_flag("-h,--help", "Print this");
    app->footer(std::string(footer) + help::exit_codes);
    builds_.emplace_back(app, std::move(build));
    return app;
  }

  static void add_cluster(CLI::App* app, ClusterFlags& flags) {
    app->add_option("-n,--namespace", flags.ns, "The namespace (default: the context's)")->type_name("NAME");
    app->add_option("--context", flags.context, "The kubeconfig's context (default: the current one)")
        ->type_name("NAME");
    app->add_option("--kubeconfig", flags.kubeconfig,
                    "The kubeconfig (default: $KUBECONFIG, the Pod's account, ~/.kube/config)")
        ->type_name("FILE");
  }

  void add_output(CLI::App* app) {
    app->add_option("-o,--output", output_, "json, yaml, name or wide (default: columns)")
        ->type_name("FORMAT")
        ->check(validator(check_format, ""));
  }
  void add_object_output(CLI::App* app) {
    app->add_option("-o,--output", output_, "json, yaml or name")
        ->type_name("FORMAT")
        ->check(validator(check_object_format, ""));
  }
  void add_timeout(CLI::App* app) {
    app->add_option("--timeout", timeout_, "Wait no longer than this, such as 90s or 5m (default: until it ends)")
        ->type_name("DURATION")
        ->check(validator(check_duration, ""));
  }

  void add_follow(CLI::App* app) {
    app->add_flag("--wait", wait_, "Wait for its end");
    app->add_flag("-w,--watch", watch_, "Show its tasks live, until it has ended");
    app->add_flag("--logs", logs_, "Show what its programs write, until it has ended");
    add_timeout(app);
    add_object_output(app);
  }

  void add_list(CLI::App* app, ListFlags& flags) {
    add_cluster(app, flags.cluster);
    app->add_flag("-A,--all-namespaces", flags.all_namespaces, "Those of all namespaces");
    app->add_option("-l,--selector", flags.labels, "Only those with these labels, such as team=data")
        ->type_name("LABELS");
    app->add_option("--field-selector", flags.fields, "Only those with these fields, such as status.phase=Failed")
        ->type_name("FIELDS");
    add_output(app);
    app->add_flag("--no-headers", flags.no_headers, "Columns without their names");
    app->add_flag("-w,--watch", flags.watch, "Go on with every change, until interrupted");
  }

  void add_run_start() {
    RunStartFlags& f = start_;
    CLI::App* app = verb(run_, "start", "Start a run of a Workflow, or of what a file holds", help::run_start,
                         [this] { return built(start_); });
    app->add_option("WORKFLOW", f.workflow, "The Workflow's name")->type_name("");
    app->add_option("-f,--file", f.file, "A manifest: deploy what it holds, and start its run (- is stdin)")
        ->type_name("FILE");
    app->add_option("-p,--param", f.params, "A param's value; may be given several times")
        ->type_name("NAME=VALUE")
        ->allow_extra_args(false);
    app->add_option("--params-file", f.params_file, "A YAML or JSON file with values by name; -p wins over it")
        ->type_name("FILE");
    app->add_option("--name", f.name, "The run's name (default: the Workflow's and five characters)")
        ->type_name("NAME");
    add_follow(app);
    add_cluster(app, f.cluster);
  }

  void add_run_rerun() {
    CLI::App* app = verb(run_, "rerun", "Repeat a run that has ended, from the beginning or from where it matters",
                         help::run_rerun, [this] { return built(rerun_); });
    app->add_option("RUN", rerun_.run, "The earlier run's name")->required()->type_name("");
    app->add_flag("--from-failed", rerun_.from_failed, "Only what has not succeeded, and what has changed since");
    app->add_option("--from", rerun_.from, "Only this task and all that follow it, and what has changed since")
        ->type_name("TASK");
    app->add_option("--revision", revision_, "current or same: the Workflow as it is now, or as the earlier run ran it")
        ->type_name("current|same")
        ->check(validator(check_revision, ""));
    app->add_option("--name", rerun_.name, "The new run's name (default: like the earlier one's)")->type_name("NAME");
    add_follow(app);
    add_cluster(app, rerun_.cluster);
  }

  void add_run_list() {
    CLI::App* app = verb(run_, "list", "List runs", help::run_list, [this] { return built_list(run_list_); });
    add_list(app, run_list_);
  }

  void add_run_status() {
    CLI::App* app =
        verb(run_, "status", "Show a run with its tasks", help::run_status, [this] { return built(status_); });
    app->add_option("RUN", status_.run, "The run's name")->required()->type_name("");
    app->add_flag("-w,--watch", status_.watch, "Show it live, until it has ended; the exit code is the run's");
    add_timeout(app);
    add_object_output(app);
    add_cluster(app, status_.cluster);
  }

  void add_run_logs() {
    CLI::App* app =
        verb(run_, "logs", "Show what a run's programs wrote", help::run_logs, [this] { return built(run_logs_); });
    app->add_option("RUN", run_logs_.run, "The run's name")->required()->type_name("");
    app->add_option("TASK", run_logs_.task, "Only this task")->type_name("");
    app->add_flag("-f,--follow", run_logs_.follow,
                  "Go on across retries until the run has ended; the exit code is the run's");
    app->add_option("--tail", run_logs_.tail, "Only the last lines of each Pod")
        ->type_name("N")
        ->check(validator(check_number, ""));
    app->add_option("--index", run_logs_.index, "Only this index of a fan-out")
        ->type_name("N")
        ->check(validator(check_number, ""));
    app->add_option("--attempt", run_logs_.attempt, "Only this attempt, counted from 1")
        ->type_name("N")
        ->check(validator(check_attempt, ""));
    app->add_flag("--prefix", prefix_, "Begin each line with its task (default: where lines of several Pods can meet)");
    app->add_flag("--no-prefix", no_prefix_, "Do not");
    add_cluster(app, run_logs_.cluster);
  }

  void add_run_cancel() {
    CLI::App* app = verb(run_, "cancel", "Cancel runs and wait until they have stopped", help::run_cancel,
                         [this] { return built(cancel_); });
    app->add_option("RUN", cancel_.runs, "The runs' names")->type_name("");
    app->add_option("-l,--selector", cancel_.labels, "All with these labels")->type_name("LABELS");
    app->add_flag("--no-wait", cancel_.no_wait, "Do not wait until they have stopped");
    add_timeout(app);
    add_cluster(app, cancel_.cluster);
  }

  CLI::App* add_run_act(const char* name, api::Act act, const char* description, const char* footer,
                        bool task_first = true) {
    CLI::App* app = verb(run_, name, description, footer, [this, act] {
      act_.act = act;
      return built(act_);
    });
    app->add_option("RUN", act_.run, "The run's name")->required()->type_name("");
    if (task_first) app->add_option("TASK", act_.task, "The task's name")->required()->type_name("");
    app->add_option("--by", act_.by, "Who asks for it (default: your user name in the cluster)")->type_name("NAME");
    app->add_flag("--no-wait", act_.no_wait, "Do not wait until it is done");
    add_timeout(app);
    add_cluster(app, act_.cluster);
    return app;
  }

  void add_run_answer(const char* name, api::Act act, const char* description, const char* footer) {
    CLI::App* app = add_run_act(name, act, description, footer, /*task_first=*/false);
    app->add_option("--task", act_.task, "The task (default: the only one that waits for an answer)")
        ->type_name("NAME");
    app->add_option("--comment", act_.comment, "What to say to it; the status tells it")->type_name("TEXT");
  }

  void add_run_acts() {
    add_run_answer("approve", api::Act::Approve, "Say yes to a task that waits for an answer", help::run_approve);
    add_run_answer("reject", api::Act::Reject, "Say no to a task that waits for an answer", help::run_reject);
    add_run_act("retry", api::Act::Retry, "Start a new attempt of a task, now", help::run_retry);
    add_run_act("clear", api::Act::Clear, "Run a task again, and all that follow it", help::run_clear);
    add_run_act("kill", api::Act::Kill, "End the attempt that runs; its retries follow", help::run_kill);
    add_run_act("mark-failed", api::Act::MarkFailed, "Count a task as failed, whatever it does", help::run_mark_failed);
    add_run_act("mark-succeeded", api::Act::MarkSucceeded, "Count a task as succeeded, whatever it does",
                help::run_mark_succeeded)
        ->add_option("--output", act_.output, "Its output, one JSON value")
        ->type_name("JSON");
  }

  void add_run_suspend(const char* name, bool suspend, const char* description, const char* footer) {
    CLI::App* app = verb(run_, name, description, footer, [this, suspend] {
      suspend_.suspend = suspend;
      return Command(suspend_);
    });
    app->add_option("RUN", suspend_.runs, "The runs' names")->required()->type_name("");
    add_cluster(app, suspend_.cluster);
  }

  void add_workflow_list() {
    CLI::App* app =
        verb(workflow_, "list", "List Workflows", help::workflow_list, [this] { return built_list(workflow_list_); });
    add_list(app, workflow_list_);
  }

  void add_workflow_status() {
    CLI::App* app = verb(workflow_, "status", "Show a Workflow with its params, tasks and newest runs",
                         help::workflow_status, [this] { return built(workflow_status_); });
    app->add_option("WORKFLOW", workflow_status_.workflow, "The Workflow's name")->required()->type_name("");
    add_object_output(app);
    add_cluster(app, workflow_status_.cluster);
  }

  void add_workflow_deploy() {
    CLI::App* app = verb(workflow_, "deploy", "Create or change Workflows, and what stands beside them in files",
                         help::workflow_deploy, [this] { return built(deploy_); });
    app->add_option("FILE", deploy_.paths, "Files and folders (- is stdin)")->required()->type_name("");
    app->add_flag("-R,--recursive", deploy_.recursive, "The folders in folders too");
    app->add_option("--dry-run", dry_run_, "client: check the files, ask no cluster; server: ask it, change nothing")
        ->type_name("client|server")
        ->check(validator(check_dry_run, ""));
    app->add_flag("--force-conflicts", deploy_.force_conflicts, "Take over fields that others have set");
    add_object_output(app);
    add_cluster(app, deploy_.cluster);
  }

  void add_workflow_history() {
    CLI::App* app = verb(workflow_, "history", "List what a Workflow was before: its revisions, newest first",
                         help::workflow_history, [this] { return built(history_); });
    app->add_option("WORKFLOW", history_.workflow, "The Workflow's name")->required()->type_name("");
    add_object_output(app);
    add_cluster(app, history_.cluster);
  }

  void add_workflow_diff() {
    CLI::App* app = verb(workflow_, "diff", "Show how a Workflow differs from what it was", help::workflow_diff,
                         [this] { return Command(diff_); });
    app->add_option("WORKFLOW", diff_.workflow, "The Workflow's name")->required()->type_name("");
    app->add_option("FROM", diff_.from, "A revision, by number or name (default: the one before the present one)")
        ->type_name("");
    app->add_option("TO", diff_.to, "Another (default: the present one)")->type_name("");
    add_cluster(app, diff_.cluster);
  }

  void add_workflow_rollback() {
    CLI::App* app = verb(workflow_, "rollback", "Make a Workflow what it was before", help::workflow_rollback,
                         [this] { return Command(rollback_); });
    app->add_option("WORKFLOW", rollback_.workflow, "The Workflow's name")->required()->type_name("");
    app->add_option("--to", rollback_.to, "A revision, by number or name (default: the one before the present one)")
        ->type_name("REVISION");
    add_cluster(app, rollback_.cluster);
  }

  void add_workflow_resume() {
    CLI::App* app = verb(workflow_, "resume", "Let runs start that a circuit breaker holds back", help::workflow_resume,
                         [this] { return Command(resume_); });
    app->add_option("WORKFLOW", resume_.workflows, "The Workflows' names")->required()->type_name("");
    add_cluster(app, resume_.cluster);
  }

  void add_workflow_delete() {
    CLI::App* app = verb(workflow_, "delete", "Delete Workflows; their runs stay", help::workflow_delete,
                         [this] { return built(delete_); });
    app->add_option("WORKFLOW", delete_.workflows, "The Workflows' names")->type_name("");
    app->add_option("-l,--selector", delete_.labels, "All with these labels")->type_name("LABELS");
    app->add_flag("--ignore-not-found", delete_.ignore_not_found, "One that is not there is as good as deleted");
    app->add_option("-o,--output", output_, "name")->type_name("FORMAT")->check(validator(check_name_format, ""));
    add_cluster(app, delete_.cluster);
  }

  void add_dev() {
    DevFlags& f = dev_;
    CLI::App* app = verb(&app_, "dev", "A cluster in this process: for manifests until Ctrl-C, or for one run",
                         help::dev, [this] { return Command(dev_); });
    app->add_option("FILE", f.paths, "Files and folders: applied now, and again whenever they change")->type_name("");
    app->add_option("--run", f.run, "Run what this file holds to its end, and be done")->type_name("FILE");
    app->add_option("-p,--param", f.params, "A param's value for --run; may be given several times")
        ->type_name("NAME=VALUE")
        ->allow_extra_args(false);
    app->add_option("--state", f.folder, "The folder of what it knows: objects, logs, kubeconfig")
        ->type_name("DIR")
        ->capture_default_str();
    app->add_option("--port", f.port, "Of the API, on loopback (default: as the last time, or any)")->type_name("N");
    app->add_option("--max-pods", f.max_pods, "How many Pods run at a time (default: four a processor, at least 16)")
        ->type_name("N")
        ->check(validator(check_number, ""));
    app->add_option("--runtime", f.runtime, "What runs containers: process (no image is used), docker or podman")
        ->type_name("NAME")
        ->capture_default_str()
        ->check(validator(check_runtime, ""));
    app->add_option("--env", f.pass_env, "A variable of this shell that every container gets, by its name")
        ->type_name("NAME")
        ->allow_extra_args(false);
    app->add_option("--log-level", f.log_level, "debug, info, warning or error")->capture_default_str();
    // For tests/conformance, which compares with an API server without an operator.
    app->add_flag("--no-operator", f.no_operator)->group("");
  }

  void add_validate() {
    CLI::App* app = verb(&app_, "validate", "Say what is wrong with manifests, without a cluster", help::validate,
                         [this] { return built(validate_); });
    app->add_option("FILE", validate_.paths, "Files and folders (- is stdin)")->required()->type_name("");
    app->add_flag("-R,--recursive", validate_.recursive, "The folders in folders too");
    app->add_option("-o,--output", output_, "text, json, sarif or github (default: text)")
        ->type_name("FORMAT")
        ->check(validator(check_report_format, ""));
  }

  void add_graph() {
    CLI::App* app = verb(&app_, "graph", "Draw which task of a Workflow waits for which", help::graph,
                         [this] { return built(graph_); });
    app->add_option("FILE", graph_.file, "A manifest (- is stdin)")->required()->type_name("");
    app->add_option("WORKFLOW", graph_.workflow, "The Workflow or run in it, where it holds several")->type_name("");
    auto* from_runs = app->add_flag("--from-runs", graph_.from_runs,
                                    "Show how long tasks take and the critical path, by the runs in the cluster");
    app->add_option("--runs", graph_.runs, "The same by the runs in a file, as kubectl get wfr -o yaml prints them")
        ->type_name("FILE")
        ->excludes(from_runs);
    add_cluster(app, graph_.cluster);
    app->add_option("-o,--output", output_, "text, dot, mermaid or json (default: text)")
        ->type_name("FORMAT")
        ->check(validator(check_graph_format, ""));
  }

  void add_eval() {
    CLI::App* app =
        verb(&app_, "eval", "Evaluate an expression, without a cluster", help::eval, [this] { return built(eval_); });
    app->add_option("EXPRESSION", eval_.expression, "As it stands in a Workflow; put -- before it")->type_name("");
    app->add_option("--vars", eval_.variables, "A JSON or YAML file with the variables' values by name (- is stdin)")
        ->type_name("FILE");
    app->add_flag("--explain", eval_.explain, "Show what each part of it is worth");
    app->add_flag("--functions", eval_.functions, "List the functions that there are");
    app->add_option("-o,--output", output_, "json or yaml")
        ->type_name("FORMAT")
        ->check(validator(check_object_format, ""));
  }

  void add_node_agent() {
    CLI::App* app = app_.add_subcommand("node-agent", "Runs the containers of ork dev")->group("");
    builds_.emplace_back(app, [this] { return Command(node_agent_); });
    app->add_option("--dir", node_agent_.dir)->required();
    app->add_option("--listener", node_agent_.listener);
  }

  void add_operator() {
    OperatorFlags& f = operator_;
    CLI::App* app = app_.add_subcommand("operator", "Watch workflow runs and carry them out, until a signal");
    app->set_help_flag("-h,--help", "Print this");
    app->group("Verbs")->footer(help::run_operator);
    builds_.emplace_back(app, [this] { return Command(operator_); });
    app->add_option("--kubeconfig", f.kubeconfig,
                    "The kubeconfig (default: $KUBECONFIG, the Pod's account, ~/.kube/config)");
    app->add_option("--context", f.context, "The kubeconfig's context (default: the current one)");
    app->add_option("-n,--namespace", f.ns, "Only this namespace (default: all)");
    app->add_option("--lease-namespace", f.lease_namespace, "Where the Leases of the replicas are kept")
        ->capture_default_str();
    app->add_option("--lease-name", f.lease_name, "Their name; operators of the same name share the work")
        ->capture_default_str();
    app->add_option("--lease-seconds", f.lease_seconds, "How long the work of one that has died waits for the others")
        ->check(CLI::Range(3, 60))
        ->capture_default_str();
    app->add_option("--max-unplaced-tasks", f.max_unplaced_tasks,
                    "Of each replica: while so many tasks wait for a node, or as many as are placed without delay, no "
                    "more runs begin")
        ->check(CLI::Range(1, 100'000))
        ->capture_default_str();
    app->add_option("--log-level", f.log_level, "debug, info, warning or error")->capture_default_str();
    app->add_option("--log-format", f.log_format, "text or json")->capture_default_str();
    app->add_option("--metrics-address", f.metrics_address, "Where /metrics, /healthz and /readyz are; off: nowhere")
        ->capture_default_str();
    app->add_flag("--metrics-per-task", f.metrics_per_task, "Count tasks by their names, too: as many series as tasks");
    app->add_option("--otlp-endpoint", f.otlp_endpoint,
                    "An OTLP/HTTP collector's URL, to send a trace of each run to (default: none)")
        ->envname("OTEL_EXPORTER_OTLP_ENDPOINT");
  }

  void add_version() {
    CLI::App* app = verb(&app_, "version", "Print the version", help::version,
                         [this] { return Command(VersionFlags{format_of(output_)}); });
    app->add_option("-o,--output", output_, "json or yaml")
        ->type_name("FORMAT")
        ->check(validator(check_object_format, ""));
  }

  // --- what was parsed, as the verb takes it ---

  Command built(RunActFlags f) {
    f.timeout = duration_of(timeout_);
    return f;
  }
  Follow follow() const { return wait_ ? Follow::Wait : watch_ ? Follow::Watch : logs_ ? Follow::Logs : Follow::No; }
  Command built(RunRerunFlags f) {
    f.same_revision = revision_ == "same";
    f.follow = follow();
    f.timeout = duration_of(timeout_);
    f.output = format_of(output_);
    return f;
  }
  Command built(RunStartFlags f) {
    f.follow = follow();
    f.timeout = duration_of(timeout_);
    f.output = format_of(output_);
    return f;
  }
  Command built(RunStatusFlags f) {
    f.timeout = duration_of(timeout_);
    f.output = format_of(output_);
    return f;
  }
  Command built(RunLogsFlags f) {
    if (prefix_ || no_prefix_) f.prefix = prefix_;
    return f;
  }
  Command built(RunCancelFlags f) {
    f.timeout = duration_of(timeout_);
    return f;
  }
  Command built(WorkflowStatusFlags f) {
    f.output = format_of(output_);
    return f;
  }
  Command built(WorkflowHistoryFlags f) {
    f.output = format_of(output_);
    return f;
  }
  Command built(WorkflowDeleteFlags f) {
    f.output = format_of(output_);
    return f;
  }
  Command built(WorkflowDeployFlags f) {
    f.dry_run = dry_run_ == "client" ? DryRun::Client : dry_run_ == "server" ? DryRun::Server : DryRun::No;
    f.output = format_of(output_);
    return f;
  }
  Command built(GraphFlags f) {
    f.output = graph_format_of(output_);
    return f;
  }
  Command built(ValidateFlags f) {
    f.output = report_format_of(output_);
    return f;
  }
  Command built(EvalFlags f) {
    f.output = format_of(output_);
    return f;
  }
  template <typename Flags>
  Command built_list(Flags f) {
    f.output = format_of(output_);
    return f;
  }

  // Empty: nothing is wrong with them together.
  template <typename Flags>
  std::string wrong_with(const Flags& f) const {
    if (wait_ + watch_ + logs_ > 1) return "choose one of --wait, --watch and --logs";
    if (prefix_ && no_prefix_) return "choose one of --prefix and --no-prefix";
    return wrong_together(f);
  }

  ParsedCommand checked(const CLI::App* app, Command command) const {
    const std::string wrong = std::visit([this](const auto& flags) { return wrong_with(flags); }, command);
    if (wrong.empty()) return {.command = std::move(command)};
    return {.code = ExitCode::Usage, .err = "error: " + wrong + see_help(app)};
  }

  CLI::App app_;
  CLI::App* run_ = nullptr;
  CLI::App* workflow_ = nullptr;
  std::vector<std::pair<CLI::App*, Build>> builds_;

  DevFlags dev_;
  EvalFlags eval_;
  GraphFlags graph_;
  ValidateFlags validate_;
  NodeAgentFlags node_agent_;
  OperatorFlags operator_;
  RunStartFlags start_;
  RunRerunFlags rerun_;
  RunListFlags run_list_;
  RunStatusFlags status_;
  RunLogsFlags run_logs_;
  RunCancelFlags cancel_;
  RunActFlags act_;
  RunSuspendFlags suspend_;
  WorkflowListFlags workflow_list_;
  WorkflowStatusFlags workflow_status_;
  WorkflowDeployFlags deploy_;
  WorkflowHistoryFlags history_;
  WorkflowDiffFlags diff_;
  WorkflowRollbackFlags rollback_;
  WorkflowResumeFlags resume_;
  WorkflowDeleteFlags delete_;
  std::string output_, timeout_, dry_run_, revision_;
  bool wait_ = false, watch_ = false, logs_ = false, prefix_ = false, no_prefix_ = false;
};

}  // namespace

ParsedCommand parse_command_line(std::span<const std::string> arguments) { return Parser().parse(arguments); }

std::string repeated_flags(const ClusterFlags& flags) {
  std::string out;
  if (!flags.ns.empty()) out += " -n " + flags.ns;
  if (!flags.context.empty()) out += " --context " + flags.context;
  if (!flags.kubeconfig.empty()) out += " --kubeconfig " + flags.kubeconfig;
  return out;
}

}  // namespace ork::cli
