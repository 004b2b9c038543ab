// The ork binary: its verbs and their flags. What each does stands in a file of its own.

#include <CLI/CLI.hpp>
#include <cstdio>

#include "operator/cli/dev_command.hpp"
#include "operator/cli/operator_command.hpp"
#include "operator/embedded/node/agent/agent.hpp"

int main(int argc, char** argv) {
  CLI::App app{"ork runs workflows on Kubernetes: Workflow and WorkflowRun resources become Jobs."};
  app.set_version_flag("--version", ORK_VERSION);
  app.require_subcommand(1);
  app.footer(
      "Examples:\n"
      "  ork operator                                 in a Pod, or with the current kubeconfig\n"
      "  ork operator --kubeconfig admin.kubeconfig   against another cluster\n"
      "  ork operator --namespace team-a              only one namespace");

  ork::cli::OperatorFlags flags;
  CLI::App* run = app.add_subcommand("operator", "Watch workflow runs and carry them out, until a signal");
  run->add_option("--kubeconfig", flags.kubeconfig,
                  "Path of the kubeconfig (default: $KUBECONFIG, the Pod's account, ~/.kube/config)");
  run->add_option("--context", flags.context, "The kubeconfig's context (default: the current one)");
  run->add_option("-n,--namespace", flags.ns, "Only this namespace (default: all)");
  run->add_option("--lease-namespace", flags.lease_namespace, "Where the leader's Lease is kept")
      ->capture_default_str();
  run->add_option("--lease-name", flags.lease_name, "Its name; operators that share it share the work by turns")
      ->capture_default_str();
  run->add_option("--lease-seconds", flags.lease_seconds, "How long a leader that has died keeps others waiting")
      ->check(CLI::Range(3, 300))
      ->capture_default_str();
  run->add_option("--log-level", flags.log_level, "debug, info, warning or error")->capture_default_str();
  run->add_option("--log-format", flags.log_format, "text or json")->capture_default_str();

  ork::cli::DevFlags dev_flags;
  CLI::App* dev = app.add_subcommand("dev", "A cluster in this process, for the manifests at hand");
  dev->add_option("paths", dev_flags.paths, "Manifests, or folders of them: applied now and when they change");
  dev->add_option("--state", dev_flags.folder, "The folder of its state")->capture_default_str();
  dev->add_option("--port", dev_flags.port, "Of the API, on loopback (default: any that is free)");
  dev->add_option("--log-level", dev_flags.log_level, "debug, info, warning or error")->capture_default_str();

  dev->add_option("--max-pods", dev_flags.max_pods,
                  "How many Pods run at a time (default: four a processor, at least 16)");
  dev->add_option("--env", dev_flags.pass_env, "A variable of this shell that every container gets, by name")
      ->type_name("NAME");

  // For tests/conformance, which compares with an API server that has no operator either.
  dev->add_flag("--no-operator", dev_flags.no_operator)->group("");

  ork::embedded::AgentOptions agent_flags;
  CLI::App* agent = app.add_subcommand("node-agent", "Runs the containers of ork dev")->group("");
  agent->add_option("--dir", agent_flags.dir)->required();
  agent->add_option("--listener", agent_flags.listener);

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    const int code = app.exit(error);
    return code == 0 ? 0 : 2;
  }
  if (agent->parsed()) return ork::embedded::run_node_agent(agent_flags);
  if (dev->parsed()) return ork::cli::run_dev(dev_flags);
  return ork::cli::run_operator(flags);
}
