#pragma once

// What each verb can be told. Filled by command_line.hpp; a verb never sees argv.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "controllers/api/workflow_run.hpp"
#include "operator/cli/print/format.hpp"
#include "operator/runtime/loop.hpp"

namespace ork::cli {

using print::Format;
using print::GraphFormat;
using print::ReportFormat;

struct ClusterFlags {
  std::string kubeconfig;  // empty: $KUBECONFIG, the Pod's account, ~/.kube/config
  std::string context;     // empty: the current one
  std::string ns;          // empty: the context's
};

// Of run list and workflow list.
struct ListFlags {
  ClusterFlags cluster;
  bool all_namespaces = false;
  std::string labels;
  std::string fields;
  Format output = Format::Table;
  bool no_headers = false;
  bool watch = false;
};

struct RunListFlags : ListFlags {};
struct WorkflowListFlags : ListFlags {};

// What `run start` does once the run exists.
enum class Follow { No, Wait, Watch, Logs };

struct RunStartFlags {
  ClusterFlags cluster;
  std::string workflow;  // or a file
  std::string file;
  std::vector<std::string> params;  // "day=2026-01-01"
  std::string params_file;
  std::string name;  // empty: generated
  Follow follow = Follow::No;
  std::optional<runtime::Duration> timeout;
  Format output = Format::Table;  // the table: a line as kubectl create prints
};

struct RunRerunFlags {
  ClusterFlags cluster;
  std::string run;           // the earlier one
  bool from_failed = false;  // or
  std::string from;          // a task; neither: everything
  bool same_revision = false;
  std::string name;  // empty: generated
  Follow follow = Follow::No;
  std::optional<runtime::Duration> timeout;
  Format output = Format::Table;  // the table: a line as kubectl create prints
};

struct RunStatusFlags {
  ClusterFlags cluster;
  std::string run;
  Format output = Format::Table;
  bool watch = false;
  std::optional<runtime::Duration> timeout;
};

struct RunLogsFlags {
  ClusterFlags cluster;
  std::string run;
  std::string task;  // empty: all
  bool follow = false;
  std::optional<std::int64_t> tail;
  std::optional<std::int64_t> index;
  std::optional<int> attempt;
  std::optional<bool> prefix;  // not set: where lines of several Pods can meet
};

struct RunCancelFlags {
  ClusterFlags cluster;
  std::vector<std::string> runs;
  std::string labels;
  bool no_wait = false;
  std::optional<runtime::Duration> timeout;
};

// run retry, clear, kill, mark-succeeded, mark-failed, approve and reject.
struct RunActFlags {
  ClusterFlags cluster;
  api::Act act = api::Act::Retry;
  std::string run;
  std::string task;                   // empty: the only one that waits for an answer (approve and reject)
  std::optional<std::string> output;  // of mark-succeeded, as JSON
  std::string comment;                // of approve and reject
  std::string by;                     // empty: whom the API server takes the user for
  bool no_wait = false;
  std::optional<runtime::Duration> timeout;
};

// run suspend and resume.
struct RunSuspendFlags {
  ClusterFlags cluster;
  bool suspend = true;
  std::vector<std::string> runs;
};

struct WorkflowStatusFlags {
  ClusterFlags cluster;
  std::string workflow;
  Format output = Format::Table;
};

struct WorkflowHistoryFlags {
  ClusterFlags cluster;
  std::string workflow;
  Format output = Format::Table;
};

// Revisions by number or by name.
struct WorkflowDiffFlags {
  ClusterFlags cluster;
  std::string workflow;
  std::string from;  // empty: the one before the present one
  std::string to;    // empty: the present one
};

struct WorkflowResumeFlags {
  ClusterFlags cluster;
  std::vector<std::string> workflows;
};

struct WorkflowRollbackFlags {
  ClusterFlags cluster;
  std::string workflow;
  std::string to;  // empty: the one before the present one
};

struct WorkflowDeleteFlags {
  ClusterFlags cluster;
  std::vector<std::string> workflows;
  std::string labels;
  bool ignore_not_found = false;
  Format output = Format::Table;  // the table: a line as kubectl delete prints
};

enum class DryRun { No, Client, Server };

struct WorkflowDeployFlags {
  ClusterFlags cluster;
  std::vector<std::string> paths;
  bool recursive = false;
  DryRun dry_run = DryRun::No;
  bool force_conflicts = false;
  Format output = Format::Table;  // the table: a line as kubectl apply prints
};

struct DevFlags {
  std::vector<std::string> paths;   // files and folders to apply, and to apply again when they change
  std::string run;                  // a file: run it to its end, and be done
  std::vector<std::string> params;  // of that run
  std::string folder = ".ork";
  std::uint16_t port = 0;
  std::int64_t max_pods = 0;
  std::vector<std::string> pass_env;
  std::string runtime = "process";  // or docker, podman
  bool no_operator = false;
  std::string log_level = "warning";
};

// The process that `ork dev` starts for its containers; not for users.
struct NodeAgentFlags {
  std::string dir;
  int listener = -1;
};

struct EvalFlags {
  std::string expression;
  std::string variables;  // a file; empty: there are none
  bool explain = false;
  bool functions = false;
  Format output = Format::Table;  // the table: the value and its type in a line
};

struct GraphFlags {
  ClusterFlags cluster;
  std::string file;
  std::string workflow;    // empty: the only one in it
  bool from_runs = false;  // how long tasks take, by the runs of a cluster,
  std::string runs;        // or by those in a file
  GraphFormat output = GraphFormat::Text;
};

struct ValidateFlags {
  std::vector<std::string> paths;
  bool recursive = false;
  ReportFormat output = ReportFormat::Text;
};

struct VersionFlags {
  Format output = Format::Table;
};

}  // namespace ork::cli
