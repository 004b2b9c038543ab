"""ork run rerun."""

from suite import runs
from verbs import case, equal, holds

TASKS = [
    {"name": "list", "script": 'echo \'["a","b"]\' > $ORK_OUTPUT'},
    {"name": "load", "forEach": "tasks.list.output", "script": 'echo "\\"$ORK_ITEM\\"" > $ORK_OUTPUT'},
    {"name": "check", "inputs": {"loaded": "tasks.load.output"}, "script": "test $ORK_RUN = MENDED"},
    {"name": "report", "dependsOn": ["check"], "script": "true"},
]


@case("rerun --from-failed: what has succeeded is inherited, and what was mended runs")
def from_failed(context):
    name = context.start("r", TASKS)
    context.verb(10, "run", "status", name, "--watch")
    again = context.name("again")
    out = context.verb(10, "run", "rerun", name, "--from-failed", "--name", again, "--wait").out
    equal("stdout", out, f"workflowrun.ork.dev/{again} created\n")
    run = context.kubectl.get("wfr", again)
    equal("how many", run["status"]["rerunOf"]["inherited"], 2)
    first = context.kubectl.get("wfr", name)
    for task in ("list", "load"):
        there = runs.task(run, task)
        equal(f"output of {task}", there["output"], runs.task(first, task)["output"])
        equal(f"source of {task}", there["inheritedFrom"], {"run": name})
        equal(f"attempts of {task}", there.get("attempt", 0), 0)
    equal("attempt of check", runs.task(run, "check")["attempt"], 1)
    holds(context.verb(0, "run", "status", again).out, "inherited from " + name)


@case("rerun: what can't be repeated is told of, and nothing is made")
def refused(context):
    name = context.start("r", TASKS)
    context.verb(10, "run", "status", name, "--watch")
    holds(context.verb(5, "run", "rerun", name, "--from", "chek").err, 'there is no task "chek"; did you mean "check"?')
    holds(context.verb(5, "run", "rerun", context.name("nope")).err, "not found")
    holds(context.verb(2, "run", "rerun", name, "--from", "check", "--from-failed").err, "choose one of")
    made = context.verb(0, "run", "rerun", name, "--from", "report", "-o", "name").out
    equal("its kind", made.split("/")[0], "workflowrun.ork.dev")
