"""ork run retry, clear, kill, mark-succeeded, mark-failed, suspend and resume."""

from suite import runs
from suite.case import LONG
from verbs import case, equal, holds


@case("retry, mark-succeeded: what has failed is tried again while the run goes on, and what waited for it has its turn")
def again(context):
    name = context.start("r", [
        {"name": "bad", "script": "exit 3"},
        {"name": "after", "dependsOn": ["bad"], "script": "true"},
        {"name": "slow", "script": LONG},
    ])
    context.task_until(name, "bad", "Failed")
    told = f"workflowrun.ork.dev/{name}: "
    equal("stdout", context.verb(0, "run", "retry", name, "bad").out, told + "attempt 2 of bad was asked for\n")
    context.task_until(name, "bad", "Failed")
    equal("stdout", context.verb(0, "run", "mark-succeeded", name, "bad", "--output", '{"rows": 3}').out,
          told + "bad counts as succeeded\n")
    context.task_until(name, "after", "Succeeded")
    context.verb(0, "run", "mark-succeeded", name, "slow", "--by", "alice")
    context.verb(0, "run", "status", name, "--watch")
    run = context.kubectl.get("wfr", name)
    bad = runs.task(run, "bad")
    equal("bad", (bad["attempt"], bad["reason"], bad["output"]), (2, "MarkedSucceeded", {"rows": 3}))
    actions = run["status"]["actions"]
    equal("what was done", [(a["do"], a["task"], a["result"]) for a in actions],
          [("Retry", "bad", "Done"), ("MarkSucceeded", "bad", "Done"), ("MarkSucceeded", "slow", "Done")])
    equal("who asked", actions[2]["by"], "alice")
    holds(actions[0].get("by", ""), context.user())
    holds(context.verb(0, "run", "status", name).out, "MarkSucceeded of slow by alice: slow counts as succeeded")
    holds(context.verb(1, "run", "retry", name, "bad").err, "has ended already (Succeeded)")


@case("clear, kill: what runs is stopped, and its next attempt starts when its Pods are gone")
def stopped(context):
    name = context.start("r", [
        {"name": "list", "script": "true"},
        {"name": "load", "dependsOn": ["list"], "script": LONG, "retry": {"limit": 1, "backoff": {"initial": "1s"}}},
    ])
    context.task_until(name, "load", "Running")
    told = f"workflowrun.ork.dev/{name}: "
    equal("stdout", context.verb(0, "run", "clear", name, "list").out, told + "list and 1 task that follow it run again\n")
    context.attempt_until(name, "load", 2)
    equal("stdout", context.verb(0, "run", "kill", name, "load").out, told + "attempt 2 of load is ended\n")
    context.attempt_until(name, "load", 3)
    equal("stdout", context.verb(0, "run", "mark-failed", name, "load").out, told + "load counts as failed\n")
    context.verb(10, "run", "status", name, "--watch")
    load = runs.task(context.kubectl.get("wfr", name), "load")
    equal("its attempts", [attempt["reason"] for attempt in load["attempts"]], ["Cleared", "Killed"])


@case("retry: what can't be done is refused, and says why")
def refused(context):
    name = context.start("r", [{"name": "load", "script": LONG}])
    context.task_until(name, "load", "Running")
    equal("stderr", context.verb(1, "run", "retry", name, "lod").err,
          'error: refused: there is no task "lod"; did you mean "load"?\n')
    holds(context.verb(5, "run", "retry", context.name("nope"), "load").err, "not found")
    context.verb(3, "run", "mark-succeeded", name, "load", "--output", "{rows: 3}")
    context.verb(0, "run", "cancel", name)


@case("approve, reject: the task that asks is answered, and the status tells by whom")
def answered(context):
    name = context.start("r", [
        {"name": "gate", "approve": {"message": "Go on?"}},
        {"name": "door", "dependsOn": ["gate"], "approve": {}},
        {"name": "load", "dependsOn": ["door"], "script": "true"},
    ])
    told = f"workflowrun.ork.dev/{name}: "
    context.task_until(name, "gate", "Running")
    holds(context.verb(0, "run", "status", name).out, f"ork run approve {name} --task gate, or reject")
    equal("stdout", context.verb(0, "run", "approve", name, "--comment", "looks right", "--by", "alice").out,
          told + "gate is approved\n")
    context.task_until(name, "door", "Running")
    equal("stderr", context.verb(1, "run", "approve", name, "--task", "load").err,
          "error: refused: task load does not wait for an answer: only a task with approve does\n")
    equal("stdout", context.verb(0, "run", "reject", name, "--task", "door").out, told + "door is rejected\n")
    context.verb(10, "run", "status", name, "--watch")
    run = context.kubectl.get("wfr", name)
    holds(runs.task(run, "gate")["message"], "approved by alice at ", ": looks right")
    equal("the no", (runs.task(run, "door")["phase"], runs.task(run, "door")["reason"]), ("Failed", "Rejected"))


@case("suspend, resume: nothing new starts in between")
def suspended(context):
    name = context.start("r", [{"name": "a", "script": "sleep 1"}, {"name": "b", "dependsOn": ["a"], "script": "true"}])
    equal("stdout", context.verb(0, "run", "suspend", name).out, f"workflowrun.ork.dev/{name} suspended\n")
    context.task_until(name, "b", "Queued")
    equal("once more", context.verb(0, "run", "suspend", name).out, f"workflowrun.ork.dev/{name} is suspended already\n")
    equal("stdout", context.verb(0, "run", "resume", name).out, f"workflowrun.ork.dev/{name} resumed\n")
    context.verb(0, "run", "status", name, "--watch")
