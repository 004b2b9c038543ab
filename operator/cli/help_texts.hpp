#pragma once

// What --help says below a verb's flags: examples first, then what the exit codes mean.

namespace ork::cli::help {

inline constexpr const char* root = "ork runs workflows on Kubernetes: Workflow and WorkflowRun resources become Jobs.";
inline constexpr const char* root_footer =
    "Examples:\n"
    "  ork dev --run etl.yaml                   try it here, without a cluster\n"
    "  ork validate etl.yaml                    is it right?\n"
    "  ork workflow deploy etl.yaml             store a Workflow\n"
    "  ork run start etl -p day=2026-11-21 -w   start a run of it and watch\n"
    "  ork run logs etl-x7k2p                   what its programs wrote\n"
    "  ork operator                             carry runs out: in a Pod, or with the current kubeconfig\n"
    "\n"
    "The cluster is the one that the kubeconfig names, as for kubectl. Data goes to stdout, progress and errors to\n"
    "stderr; NO_COLOR and CI are honoured.\n";

inline constexpr const char* exit_codes =
    "\n"
    "Exit codes:\n"
    "  0 done; of a run that was followed to its end: Succeeded    10 the run Failed\n"
    "  1 error             4 not logged in, or not allowed         11 the run was Cancelled\n"
    "  2 wrong usage       5 not found                             12 the run timed out\n"
    "  3 invalid manifest  6 conflict: exists, or owned by others  13 --timeout has passed, the run goes on\n"
    "  130 interrupted, the run goes on";

inline constexpr const char* dev =
    "Examples:\n"
    "  ork dev workflows/                             apply the folder, run what is started, until Ctrl-C\n"
    "  ork dev --run etl.yaml -p day=2026-11-21       one run to its end; the exit code is the run's\n"
    "  export KUBECONFIG=$PWD/.ork/kubeconfig         in another terminal: kubectl and ork speak to it\n"
    "\n"
    "Containers run as processes of this machine: what a task's command needs must be installed here, and its image "
    "is\n"
    "not used, unless --runtime docker or podman runs it. What was done is kept in .ork; the next ork dev goes on\n"
    "there.\n";

inline constexpr const char* eval =
    "Examples:\n"
    "  ork eval -- '1 + 2 == 3'\n"
    "  ork eval --vars run.json -- 'size(tasks.list.output.files) > params.least'\n"
    "  ork eval --vars run.json --explain -- 'params.files.filter(f, f.endsWith(\".csv\"))'\n"
    "  ork eval -o json -- 'timestamp(\"2026-01-31T12:00:00Z\").getHours(\"Europe/Berlin\")'\n"
    "  ork eval --functions\n"
    "\n"
    "Expressions are CEL. The variables of a run are params, tasks, run, item and index: a file that gives them has\n"
    "these names at its top.\n";

inline constexpr const char* validate =
    "Examples:\n"
    "  ork validate etl.yaml                          schema and meaning, as the operator sees them\n"
    "  ork validate -R workflows/                     all manifests of a folder and those in it\n"
    "  ork validate -o sarif workflows/ > ork.sarif   for code scanning and editors; github: annotations\n"
    "  kubectl get owf etl -o yaml | ork validate -\n"
    "\n"
    "Params of a run are held to its Workflow where that is among the files. Objects of other kinds are passed over.\n";

inline constexpr const char* graph =
    "Examples:\n"
    "  ork graph etl.yaml                             lines lead from a task to those that wait for it\n"
    "  ork graph flows.yaml etl                       one of several\n"
    "  ork graph -o dot etl.yaml | dot -Tsvg > etl.svg\n"
    "  ork graph -o mermaid etl.yaml                  for Markdown\n"
    "  ork graph etl.yaml --from-runs                 how long tasks take, and which of them decide it\n"
    "\n"
    "Asks no cluster without --from-runs. A task takes what is the median of the runs in which it has succeeded.\n"
    "Dependencies that follow from expressions are shown as well. x3 behind a task: it fans out to three Pods.\n";

inline constexpr const char* run = "Start, watch and stop runs";
inline constexpr const char* run_footer =
    "Examples:\n"
    "  ork run start etl --watch       start a run of the Workflow etl and watch it\n"
    "  ork run list                    the runs of this namespace\n"
    "  ork run status etl-x7k2p        one run with its tasks\n"
    "  ork run logs etl-x7k2p -f       what its programs write\n"
    "  ork run retry etl-x7k2p load    a new attempt of one task\n"
    "  ork run rerun etl-x7k2p --from-failed   again, but for what has succeeded\n"
    "  ork run cancel etl-x7k2p        stop it";

inline constexpr const char* workflow = "Deploy, look at, roll back and delete Workflows";
inline constexpr const char* workflow_footer =
    "Examples:\n"
    "  ork workflow deploy etl.yaml    create it, or change what is there\n"
    "  ork workflow list               the Workflows of this namespace\n"
    "  ork workflow status etl         its params, tasks and newest runs\n"
    "  ork workflow diff etl           what was changed last\n"
    "  ork workflow rollback etl       undo that\n"
    "  ork workflow resume etl         let runs start again after too many have failed\n"
    "  ork workflow delete etl         delete it; its runs stay";

inline constexpr const char* run_start =
    "Examples:\n"
    "  ork run start etl                                     start it and be done\n"
    "  ork run start etl -p day=2026-11-21 --watch           watch its tasks until it has ended\n"
    "  ork run start etl --params-file values.yaml --wait    wait for its end; the exit code is the run's\n"
    "  ork run start -f examples/env.yaml --logs             deploy what the file holds, start its run, show its logs\n"
    "  ork run start etl -o name                             print only its name\n";

inline constexpr const char* run_rerun =
    "A new run with the same params. With --from-failed or --from it inherits the outputs of all other tasks that "
    "have\n"
    "succeeded in the earlier run and have the same definition and the same inputs now.\n\n"
    "Examples:\n"
    "  ork run rerun etl-x7k2p                               everything again\n"
    "  ork run rerun etl-x7k2p --from-failed --watch         only what has not succeeded\n"
    "  ork run rerun etl-x7k2p --from load                   load and all that follow it\n"
    "  ork run rerun etl-x7k2p --revision same               although the Workflow was edited since\n"
    "  ork run rerun etl-x7k2p --from-failed -o name         print only its name\n";

inline constexpr const char* run_list =
    "Examples:\n"
    "  ork run list -A                                       of all namespaces\n"
    "  ork run list --field-selector status.workflow=etl     of one Workflow\n"
    "  ork run list --field-selector status.phase=Failed -o name\n"
    "  ork run list -w                                       and every change from now on\n";

inline constexpr const char* run_status =
    "Examples:\n"
    "  ork run status etl-x7k2p                      its tasks, attempts, outputs and how it ended\n"
    "  ork run status etl-x7k2p --watch              live; follows a run that was started elsewhere\n"
    "  ork run status etl-x7k2p -o json              the object itself\n";

inline constexpr const char* run_logs =
    "Examples:\n"
    "  ork run logs etl-x7k2p                        of all Pods, in the order in which they started\n"
    "  ork run logs etl-x7k2p -f                     as they are written, until the run has ended\n"
    "  ork run logs etl-x7k2p load --index 3         of one Pod of a fan-out, all its attempts\n"
    "  ork run logs etl-x7k2p load --attempt 2 --tail 20\n";

inline constexpr const char* run_cancel =
    "Examples:\n"
    "  ork run cancel etl-x7k2p                      and wait until it has stopped\n"
    "  ork run cancel -l team=data --no-wait         all of these, and do not wait\n";

inline constexpr const char* run_retry =
    "What waits for its backoff does not wait, what failed is tried again with all its retries before it, and what "
    "runs\n"
    "is stopped first. Of a fan-out the failed indexes run again.\n\n"
    "Examples:\n"
    "  ork run retry etl-x7k2p load\n"
    "  ork run retry etl-x7k2p load --no-wait        ask for it, and do not wait until it is done\n";

inline constexpr const char* run_clear =
    "Examples:\n"
    "  ork run clear etl-x7k2p load                  load runs again, then everything that depends on it\n";

inline constexpr const char* run_kill =
    "Examples:\n"
    "  ork run kill etl-x7k2p load                   what retry.limit allows follows; else the task has failed\n";

inline constexpr const char* run_mark_failed =
    "Examples:\n"
    "  ork run mark-failed etl-x7k2p load            it is stopped, is not tried again, and what follows goes by "
    "that\n";

inline constexpr const char* run_mark_succeeded =
    "Examples:\n"
    "  ork run mark-succeeded etl-x7k2p load         it is stopped, and what follows starts\n"
    "  ork run mark-succeeded etl-x7k2p list --output '{\"files\": [\"a.csv\"]}'\n";

inline constexpr const char* run_approve =
    "Examples:\n"
    "  ork run approve etl-x7k2p                     the task that asks; what follows it starts\n"
    "  ork run approve etl-x7k2p --task publish --comment \"figures checked\"\n";

inline constexpr const char* run_reject =
    "Examples:\n"
    "  ork run reject etl-x7k2p                      the task that asks has failed\n"
    "  ork run reject etl-x7k2p --comment \"not on a Friday\"\n";

inline constexpr const char* run_suspend =
    "Examples:\n"
    "  ork run suspend etl-x7k2p                     what runs goes on; nothing new starts\n";

inline constexpr const char* run_resume =
    "Examples:\n"
    "  ork run resume etl-x7k2p                      goes on where it was suspended\n";

inline constexpr const char* workflow_list =
    "Examples:\n"
    "  ork workflow list -o wide                     with revisions and messages\n"
    "  ork workflow list -A -l team=data -o json\n";

inline constexpr const char* workflow_status =
    "Examples:\n"
    "  ork workflow status etl                       is it valid, what does it take, how did its runs end\n"
    "  ork workflow status etl -o yaml               the object itself\n";

inline constexpr const char* workflow_deploy =
    "Server-side apply with the field manager \"ork\". Runs in the files are left out: start them with ork run start "
    "-f.\n"
    "\n"
    "Examples:\n"
    "  ork workflow deploy etl.yaml                  create it, or change what is there\n"
    "  ork workflow deploy workflows/ -R             all manifests of a folder and those in it\n"
    "  ork workflow deploy etl.yaml --dry-run=client check the file; asks no cluster\n"
    "  kubectl get owf etl -o yaml | ork workflow deploy - -n staging\n";

inline constexpr const char* workflow_history =
    "Examples:\n"
    "  ork workflow history etl                      its revisions, and how many runs started from each\n"
    "  ork workflow history etl -o yaml              the ControllerRevisions themselves\n";

inline constexpr const char* workflow_diff =
    "As diff -u prints it. A revision's number and name stand in ork workflow history.\n"
    "\n"
    "Examples:\n"
    "  ork workflow diff etl                         what the last change was\n"
    "  ork workflow diff etl 3                       since revision 3\n"
    "  ork workflow diff etl 3 5                     between two of them\n";

inline constexpr const char* workflow_rollback =
    "Runs that have started go on with the revision that they began with. A Workflow that a repository is applied\n"
    "from (GitOps) is changed there: what is applied next counts.\n"
    "\n"
    "Examples:\n"
    "  ork workflow rollback etl                     to the one before the present one\n"
    "  ork workflow rollback etl --to 3\n";

inline constexpr const char* workflow_resume =
    "A Workflow with a circuitBreaker that has opened lets no run start until it is edited or resumed. Where "
    "spec.suspend\n"
    "holds them back it is edited: that field belongs to whoever writes the Workflow.\n"
    "\n"
    "Examples:\n"
    "  ork workflow resume etl\n";

inline constexpr const char* workflow_delete =
    "Examples:\n"
    "  ork workflow delete etl\n"
    "  ork workflow delete -l team=data --ignore-not-found\n";

inline constexpr const char* run_operator =
    "Examples:\n"
    "  ork operator                                 in a Pod, or with the current kubeconfig\n"
    "  ork operator --kubeconfig admin.kubeconfig   against another cluster\n"
    "  ork operator --namespace team-a              only one namespace";

inline constexpr const char* version =
    "Examples:\n"
    "  ork version -o json\n";

}  // namespace ork::cli::help
