"""ork run cancel."""

from suite import runs
from suite.case import LONG
from verbs import case, equal, holds


@case("cancel: waits until the run has stopped")
def stops(context):
    name = context.start("r", [{"name": "a", "script": LONG}, {"name": "b", "dependsOn": ["a"], "script": "echo never"}])
    context.task_until(name, "a", "Running")
    equal("stdout", context.verb(0, "run", "cancel", name).out, f"workflowrun.ork.dev/{name} cancelled\n")
    run = context.kubectl.get("wfr", name)
    equal("its phase", (run["status"]["phase"], runs.task(run, "b")["phase"]), ("Cancelled", "Cancelled"))
    equal("once more", context.verb(0, "run", "cancel", name).out, f"workflowrun.ork.dev/{name} has ended already (Cancelled)\n")
    context.verb(11, "run", "status", name, "--watch")


@case("cancel: does not wait where it need not, and takes the others where one is missing")
def several(context):
    one = context.start("one", [{"name": "a", "script": LONG}])
    two = context.start("two", [{"name": "a", "script": LONG}])
    done = context.verb(5, "run", "cancel", one, context.name("nope"), two, "--no-wait")
    equal("stdout", done.out, f"workflowrun.ork.dev/{one} is being cancelled\nworkflowrun.ork.dev/{two} is being cancelled\n")
    holds(done.err, "not found")
    context.verb(11, "run", "status", one, "--watch")
    context.verb(11, "run", "status", two, "--watch")
