"""ork run status."""

from verbs import case, equal, holds


@case("status: the tree with attempts, causes and outputs")
def tree(context):
    name = context.start("r", [
        {"name": "list", "script": """echo '{"files": ["a.csv"]}' > $ORK_OUTPUT"""},
        {"name": "load", "dependsOn": ["list"], "retry": {"limit": 1, "backoff": {"initial": "500ms"}},
         "script": "echo no such file >&2; exit 3"},
        {"name": "report", "dependsOn": ["load"], "script": "echo never"}])
    followed = context.verb(10, "run", "status", name, "--watch")
    holds(followed.out, "load    Retrying", f"run {name} Failed after", "  no such file\n")
    shown = context.verb(0, "run", "status", name)
    holds(shown.out, f"Namespace  {context.ork.namespace}\n", "Reason     TaskFailed\n",
          "3 tasks: 1 failed, 1 succeeded, 1 upstream failed\n",
          "├─ list    Succeeded", '│  output {"files":["a.csv"]}\n', "├─ load    Failed", "│  attempt 1  ", "│  attempt 2  ",
          "exit code 3  on ", "└─ report  UpstreamFailed", "cause: Program, exit code 3\n",
          f"  ork run logs {name} load -n {context.ork.namespace}\n")
    obj = context.verb(0, "run", "status", name, "-o", "json").json()
    equal("the object", (obj["kind"], obj["metadata"]["name"], obj["status"]["phase"]), ("WorkflowRun", name, "Failed"))
    assert "managedFields" not in obj["metadata"], obj["metadata"]
    equal("the YAML", context.verb(0, "run", "status", name, "-o", "yaml").out, context.kubectl.run("get", "wfr", name, "-o", "yaml"))


@case("status: what the run gives out")
def output(context):
    path, name = context.run_file("r", [{"name": "a", "script": "echo 3 > $ORK_OUTPUT"}], workflow={"output": "tasks.a.output + 1"})
    context.verb(0, "run", "start", "-f", path, "--wait")
    holds(context.verb(0, "run", "status", name).out, "Output     4\n")


@case("status: says what a task waits for")
def waits(context):
    workflow = context.workflow("w", [{"name": "first", "script": "trap exit TERM; sleep 600 & wait"},
                                      {"name": "second", "dependsOn": ["first"], "script": "echo"}])
    context.verb(0, "workflow", "deploy", context.file("w.json", workflow))
    name = context.name("r")
    context.verb(0, "run", "start", workflow["metadata"]["name"], "--name", name)
    context.task_until(name, "first", "Running")
    holds(context.verb(0, "run", "status", name).out, "second  Pending", "waits for first\n")
    context.verb(0, "run", "cancel", name)


@case("status: of what is not there names what was probably meant")
def missing(context):
    name = context.start("present", [{"name": "a", "script": "echo a"}])
    holds(context.verb(5, "run", "status", name[:-1]).err, "not found in namespace", f"did you mean {name}?")
    holds(context.verb(5, "workflow", "status", "nowhere").err, "not found")
