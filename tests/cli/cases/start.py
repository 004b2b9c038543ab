"""ork run start."""

from suite import runs
from suite.case import LONG
from verbs import case, equal, holds, run_on_terminal


@case("start: a run of a Workflow, with params as it declares them")
def named(context):
    workflow = context.workflow("w", [{"name": "a", "script": "echo a"}], params=[
        {"name": "day"}, {"name": "copies", "type": "integer", "default": 1}, {"name": "tags", "type": "array", "default": []}])
    context.verb(0, "workflow", "deploy", context.file("w.json", workflow))
    name = workflow["metadata"]["name"]
    started = context.verb(0, "run", "start", name, "-p", "day=2026-01-01", "-p", "copies=3", "-p", 'tags=["x"]', "-o", "name")
    kind, run = started.out.strip().split("/")
    equal("the kind", kind, "workflowrun.ork.dev")
    assert run.startswith(name + "-"), run
    equal("its params", context.kubectl.get("wfr", run)["spec"]["params"], {"day": "2026-01-01", "copies": 3, "tags": ["x"]})
    values = context.file("values.yaml", "day: from the file\ncopies: 2\n")
    mine = context.name("mine")
    context.verb(0, "run", "start", name, "--params-file", values, "-p", "copies=4", "--name", mine)
    equal("its params", context.kubectl.get("wfr", mine)["spec"]["params"], {"day": "from the file", "copies": 4})
    again = context.verb(6, "run", "start", name, "-p", "day=x", "--name", mine)
    holds(again.err, "error: ", "already exists")
    wrong = context.verb(3, "run", "start", name, "-p", "copies=three", "-p", "dya=x")
    holds(wrong.err, 'params.copies: is "three", but must be an integer', 'no param "dya"; did you mean "day"?',
          'the param "day" is missing')
    missing = context.verb(5, "run", "start", name + "x")
    holds(missing.err, f"did you mean {name}?")


@case("start: values are held against the schemas of the params before anything is made")
def schemas(context):
    workflow = context.workflow("w", [{"name": "a", "script": "echo a"}], types={"File": {"properties": {"size": {"minimum": 1}}}},
                                params=[{"name": "day", "format": "date"}, {"name": "files", "type": "array", "items": {"type": "File"}}])
    context.verb(0, "workflow", "deploy", context.file("w.json", workflow))
    name = workflow["metadata"]["name"]
    wrong = context.verb(3, "run", "start", name, "-p", "day=2026-02-30", "-p", 'files=[{"size": 0}]')
    holds(wrong.err, 'params.day: is "2026-02-30", but must be a date', "params.files[0].size: is 0, but must be at least 1")
    context.verb(0, "run", "start", name, "-p", "day=2026-02-28", "-p", 'files=[{"size": 1}]')


@case("start --wait: the exit code says how the run ended")
def endings(context):
    good, name = context.run_file("good", [{"name": "a", "script": "echo a"}])
    done = context.verb(0, "run", "start", "-f", good, "--wait")
    equal("stdout", done.out, f"workflowrun.ork.dev/{name} created\n")
    holds(done.err, f"run {name} Succeeded after", "all 1 tasks succeeded")
    bad, name = context.run_file("bad", [{"name": "a", "script": "echo out of paper >&2; exit 7"}])
    failed = context.verb(10, "run", "start", "-f", bad, "--wait")
    holds(failed.err, f"run {name} Failed after", "task a failed", "cause: Program, exit code 7", "the last lines of a, attempt 1:",
          "  out of paper\n", f"  ork run logs {name} a -n {context.ork.namespace}\n")
    late, _ = context.run_file("late", [{"name": "a", "script": LONG}], workflow={"timeout": "2s"})
    context.verb(12, "run", "start", "-f", late, "--wait")
    stopped, name = context.run_file("stopped", [{"name": "a", "script": LONG}])
    waiting = context.ork.begin("run", "start", "-f", stopped, "--wait")
    waiting.line("created")
    context.verb(0, "run", "cancel", name)
    ended = waiting.end()
    equal("the exit code of a cancelled run", ended.code, 11)


@case("start --wait: a timeout and an interrupt leave the run alone, and say how to go on")
def left_alone(context):
    path, name = context.run_file("long", [{"name": "a", "script": LONG}])
    late = context.verb(13, "run", "start", "-f", path, "--wait", "--timeout", "2s")
    again = f"ork run status {name} --watch -n {context.ork.namespace}"
    holds(late.err, "not ended after 2s", again)
    following = context.ork.begin("run", "status", name, "--watch")
    following.line("a  Running")
    interrupted = following.interrupt()
    equal("the exit code", interrupted.code, 130)
    holds(interrupted.err, "interrupted: run " + name + " goes on", again)
    assert context.kubectl.get("wfr", name)["spec"].get("cancel") is not True, "the run was cancelled"
    context.verb(0, "run", "cancel", name)


@case("start -f: deploys what stands beside the run in its file")
def beside(context):
    example = context.root / "examples" / "env.yaml"
    done = context.verb(0, "run", "start", "-f", example, "--name", context.name("env"), "--wait", "-o", "json")
    equal("the output of its task", runs.task(done.json(), "show")["output"], ["debug", "eu", "hunter2", "busybox"])
    holds(done.err, "configmap/settings created", "secret/db created")
    again = context.verb(0, "run", "start", "-f", example, "--name", context.name("env2"))
    holds(again.err, "configmap/settings unchanged")


@case("start -f: sends nothing of a file that is wrong, and shows where")
def wrong_file(context):
    path = context.file("bad.yaml", "apiVersion: ork.dev/v1alpha1\nkind: WorkflowRun\nmetadata: {name: never}\nspec:\n  workflow:\n"
                        "    defaults: {image: busybox}\n    tasks:\n    - {name: list}\n    - {name: load, dependsOn: [lst]}\n")
    wrong = context.verb(3, "run", "start", "-f", path)
    equal("what it says", wrong.err,
          f'{path}:9:32: spec.workflow.tasks[1].dependsOn[0]: there is no task "lst"\n'
          "   9 |     - {name: load, dependsOn: [lst]}\n"
          "     |                                ^\n"
          '       did you mean "list"?\n'
          "error: 1 problem; nothing was sent\n")
    context.verb(5, "run", "status", "never")
    context.verb(1, "run", "start", "-f", context.folder / "nope.yaml")


@case("start --watch: a line for each change where nothing can be painted")
def lines(context):
    path, name = context.run_file("flaky", [
        {"name": "flaky", "retry": {"limit": 1, "backoff": {"initial": "500ms"}}, "script": "[ $ORK_ATTEMPT = 2 ]"},
        {"name": "after", "dependsOn": ["flaky"], "script": "echo done"}])
    done = context.verb(0, "run", "start", "-f", path, "--watch")
    said = done.err.splitlines()
    starts = [line.split()[:2] for line in said]
    for wanted in (["flaky", "Running"], ["flaky", "Retrying"], ["flaky", "Succeeded"], ["after", "Succeeded"], ["run", name]):
        assert wanted in starts, f"no line begins with {wanted}:\n{done.err}"
    assert starts.index(["flaky", "Retrying"]) < starts.index(["flaky", "Succeeded"]) < starts.index(["after", "Succeeded"]), done.err
    assert "\x1b" not in done.err + done.out, "a pipe got terminal sequences"


@case("start --watch: a tree is painted on a terminal and fits it")
def painted(context):
    path, _ = context.run_file("wide", [{"name": f"t{i}", "script": "echo x"} for i in range(6)])
    code, text = run_on_terminal(context.ork.command(["run", "start", "-f", str(path), "--watch"]),
                                 context.ork.environment(TERM="xterm", LANG="C.UTF-8"), rows=6, columns=60)
    equal("the exit code", code, 0)
    holds(text, "\x1b[J", "├─ \x1b[0mt", "└─ \x1b[0m\x1b[2m… and ", "\x1b[32mSucceeded\x1b[0m")
    for frame in text.split("\x1b[J")[:-1]:
        assert frame.count("\n") <= 6, f"a frame of {frame.count(chr(10))} lines:\n{frame}"
    code, text = run_on_terminal(context.ork.command(["run", "status", context.name("wide"), "--watch"]),
                                 context.ork.environment(TERM="xterm", NO_COLOR="1"))
    equal("the exit code", code, 0)
    assert "\x1b[32m" not in text, "NO_COLOR is not honoured"
    code, text = run_on_terminal(context.ork.command(["run", "status", context.name("wide"), "--watch"]),
                                 context.ork.environment(TERM="xterm", CI="true"))
    assert "\x1b" not in text, "a build machine was painted on"


@case("start --logs: what the programs write goes to stdout, the rest to stderr")
def logs(context):
    path, name = context.run_file("talk", [{"name": "a", "script": "echo from a"},
                                           {"name": "b", "dependsOn": ["a"], "count": 2, "script": "echo from b $ORK_INDEX"}])
    done = context.verb(0, "run", "start", "-f", path, "--logs")
    equal("stdout, sorted", sorted(done.out.splitlines()),
          sorted([f"workflowrun.ork.dev/{name} created", "a | from a", "b[0] | from b 0", "b[1] | from b 1"]))
    holds(done.err, "a  Succeeded", f"run {name} Succeeded")
