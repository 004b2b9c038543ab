"""Who waits for ork's objects: kubectl, and what Flux waits by."""

import json
import subprocess

from citizen import case
from suite import runs
from suite.case import LONG

ECHO = [{"name": "a", "script": "echo a"}]
FAILS = [{"name": "a", "script": "exit 7"}]


def waiting(citizen, *args):
    """kubectl wait, under way."""
    return subprocess.Popen(citizen.kubectl.command(["wait", *args]), env=citizen.kubectl.environment(), text=True,
                            stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


@case("kubectl wait: for the success of a run, before it has begun and when it is over; and for its failure")
def by_condition(citizen):
    context = citizen.context
    context.start("waited", ECHO, suspend=True)
    wait = waiting(citizen, "--for=condition=Succeeded", "workflowrun/waited", "--timeout=60s")
    context.patch("wfr", "waited", {"spec": {"suspend": False}})
    said, _ = wait.communicate(timeout=90)
    runs.expect_equal("the end of kubectl wait", (wait.returncode, said.strip()),
                      (0, "workflowrun.ork.dev/waited condition met"))
    for condition in ("Succeeded", "Ready"):
        citizen.kubectl.run("wait", f"--for=condition={condition}", "workflowrun/waited", "--timeout=1s")
    context.start("waited-in-vain", FAILS)
    for condition in ("Succeeded=False", "Ready=False", "Stalled"):
        citizen.kubectl.run("wait", f"--for=condition={condition}", "wfr/waited-in-vain", "--timeout=60s")
    said = citizen.kubectl.refusal("wait", "--for=condition=Succeeded", "wfr/waited-in-vain", "--timeout=1s")
    assert "timed out" in said, said


@case("kubectl wait: for a run to be deleted, with its Jobs and Pods")
def for_delete(citizen):
    context = citizen.context
    context.start("goes", [{"name": "a", "script": LONG}])
    run = context.task_until("goes", "a", "Running")
    wait = waiting(citizen, "--for=delete", "workflowrun/goes", "--timeout=60s")
    citizen.kubectl.run("delete", "wfr", "goes", "--wait=false")
    said, _ = wait.communicate(timeout=90)
    runs.expect_equal("exit code", wait.returncode, 0)
    # It says nothing of a run that is gone before it first looks.
    assert said.strip() in ("workflowrun.ork.dev/goes condition met", ""), said
    context.nothing_left_of(run)


def flux(citizen, by, *objects, codes=(0,)):
    return citizen.tool.ask("waits", "--by", by, "--namespace", citizen.kubectl.namespace, "--timeout", "90s", *objects,
                            kubeconfig=citizen.kubectl.kubeconfig, codes=codes)


def flux_succeeds(citizen, by):
    """One object is there already, one is being made while it waits."""
    context = citizen.context
    names = [f"{by}-{part}" for part in ("one", "two")]
    context.workflow(f"{by}-base", ECHO)
    for name in names:
        context.start(name, [{"name": "a", "script": "sleep 1"}, {"name": "b", "dependsOn": ["a"], "script": "echo b"}])
    said = flux(citizen, by, f"Workflow/{by}-base", *(f"WorkflowRun/{name}" for name in names))
    runs.expect_equal("the last answer", (said[-1]["object"], said[-1]["status"]), ("all", "Current"))
    for name in names:
        of_run = [a["status"] for a in said if a["object"] == f"WorkflowRun/{name}"]
        runs.expect_equal(f"what it saw of {name}", of_run[-2:], ["InProgress", "Current"])
        runs.expect_equal("the phase by then", citizen.kubectl.get("wfr", name)["status"]["phase"], "Succeeded")


def flux_fails_fast(citizen, by):
    """It does not wait for the others, nor for its timeout."""
    context = citizen.context
    context.start(f"{by}-long", [{"name": "a", "script": LONG}])
    context.start(f"{by}-bad", FAILS)
    said = flux(citizen, by, f"WorkflowRun/{by}-long", f"WorkflowRun/{by}-bad", codes=(1,))
    last = said[-1]
    runs.expect_equal("the last answer", (last["object"], last["status"]), (f"WorkflowRun/{by}-bad", "Failed"))
    assert "task a failed" in last["message"], json.dumps(last)
    context.patch("wfr", f"{by}-long", {"spec": {"cancel": True}})


for way, words in (("poll", "kstatus' poller"), ("watch", "kstatus' watcher")):
    case(f"Flux's wait: {words} ends when a Workflow and two runs are Current", tools=("waits",))(
        lambda citizen, way=way: flux_succeeds(citizen, way))
    case(f"Flux's wait: {words} ends as soon as one run has failed", tools=("waits",))(
        lambda citizen, way=way: flux_fails_fast(citizen, way))
