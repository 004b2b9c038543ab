"""What kstatus makes of objects on the cluster, in each state that they can be in. With --record they are kept."""

import json
import pathlib
import re

from citizen import case
from suite import runs
from suite.case import LONG

HERE = pathlib.Path(__file__).resolve().parents[1]
HOLD = "ork.dev/held-by-a-test"
ECHO = [{"name": "a", "script": "echo a"}]
FAILS = [{"name": "a", "script": "echo out of paper >&2; exit 7"}]
GOES_ON = [{"name": "a", "script": LONG}]
BROKEN = [{"name": "a", "dependsOn": ["nowhere"], "script": "echo a"}]


def expect(citizen, kind, name, wanted):
    """That kstatus says so of the object as it is now, which is kept where it is asked for."""
    text = citizen.yaml_of(kind, name)
    runs.expect_equal(f"what kstatus says of {kind} {name}", citizen.tool.kstatus(text), wanted)
    if not citizen.record:
        return
    folder = HERE / "recorded" / wanted
    folder.mkdir(exist_ok=True)
    text = re.sub(rf"{citizen.kubectl.namespace}", "default", text)
    (folder / f"{kind}-{name}.yaml").write_text(text)


def until(citizen, name, wanted):
    """The run once condition Succeeded has that reason."""
    return citizen.context.run_until(name, lambda r: r and runs.reason(r) == wanted, f"run {name} to be {wanted}")


@case("kstatus: a run that waits, runs, retries or is suspended is InProgress")
def in_progress(citizen):
    context = citizen.context
    context.start("pending", workflowRef={"name": "not-there-yet"})
    context.start("running", GOES_ON)
    context.start("suspended", ECHO, suspend=True)
    context.start("retrying", [{**FAILS[0], "retry": {"limit": 1, "backoff": {"initial": "1h", "max": "1h"}}}])
    context.run_until("pending", lambda r: runs.status(r).get("phase") == "Pending", "run pending to say so")
    context.task_until("running", "a", "Running")
    until(citizen, "suspended", "Suspended")
    context.task_until("retrying", "a", "Retrying")
    for name in ("pending", "running", "suspended", "retrying"):
        expect(citizen, "workflowrun", name, "InProgress")


@case("kstatus: a run that succeeded is Current; one that failed, was refused or cancelled is Failed")
def ended(citizen):
    context = citizen.context
    context.start("succeeded", ECHO)
    context.start("failed", FAILS)
    context.start("refused", BROKEN)
    context.start("cancelled", GOES_ON)
    context.task_until("cancelled", "a", "Running")
    context.patch("wfr", "cancelled", {"spec": {"cancel": True}})
    for name, phase in (("succeeded", "Succeeded"), ("failed", "Failed"), ("refused", "Failed"), ("cancelled", "Cancelled")):
        context.finished(name, phase)
        expect(citizen, "workflowrun", name, "Current" if phase == "Succeeded" else "Failed")


@case("kstatus: a Workflow is Current when runs can start from it, Failed when not, Current when suspended")
def workflows(citizen):
    context = citizen.context
    context.workflow("ready", ECHO)
    context.workflow("suspended", ECHO, suspend=True)
    context.workflow("invalid", BROKEN, ready=False)
    citizen.kubectl.run("wait", "--for=condition=Stalled", "workflow/invalid", "--timeout=60s")
    for name, wanted in (("ready", "Current"), ("suspended", "Current"), ("invalid", "Failed")):
        expect(citizen, "workflow", name, wanted)


@case("kstatus: what is being deleted is Terminating, whatever its status says")
def deleting(citizen):
    context = citizen.context
    context.start("deleted", ECHO)
    context.workflow("deleted", ECHO)
    context.finished("deleted")
    for kind in ("workflowrun", "workflow"):
        context.patch(kind, "deleted", {"metadata": {"finalizers": [HOLD]}})
        citizen.kubectl.run("delete", kind, "deleted", "--wait=false")
        expect(citizen, kind, "deleted", "Terminating")
        context.patch(kind, "deleted", {"metadata": {"finalizers": None}})
        citizen.kubectl.run("wait", "--for=delete", f"{kind}/deleted", "--timeout=60s")


@case("kstatus: without an operator all that is new or changed is InProgress, and with one nothing stays so")
def unseen(citizen):
    context = citizen.context
    context.start("changed", ECHO)
    context.start("changed-after-a-failure", FAILS)
    context.workflow("changed", ECHO)
    context.finished("changed")
    context.finished("changed-after-a-failure", "Failed")
    citizen.stop_operator()
    try:
        context.start("unseen", ECHO)
        context.workflow("unseen", ECHO, ready=False)
        for name in ("changed", "changed-after-a-failure"):
            context.patch("wfr", name, {"spec": {"suspend": True}})
        context.patch("workflow", "changed", {"spec": {"timeout": "1h"}})
        objects = [(kind, name) for kind in ("workflowrun", "workflow") for name in ("unseen", "changed")]
        for kind, name in [*objects, ("workflowrun", "changed-after-a-failure")]:
            expect(citizen, kind, name, "InProgress")
        said = citizen.kubectl.refusal("wait", "--for=condition=Succeeded", "wfr/changed", "--timeout=1s")
        assert "timed out" in said, f"kubectl believes a status of an older generation: {said}"
    finally:
        citizen.start_operator()
    for kind, name in objects:
        wait = "Ready" if kind == "workflow" else "Succeeded"
        citizen.kubectl.run("wait", f"--for=condition={wait}", f"{kind}/{name}", "--timeout=60s")
        runs.expect_equal(f"kstatus of {kind} {name}", citizen.kstatus_of(kind, name), "Current")
    citizen.kubectl.run("wait", "--for=condition=Succeeded=False", "wfr/changed-after-a-failure", "--timeout=60s")
    runs.expect_equal("kstatus of the failed one", citizen.kstatus_of("wfr", "changed-after-a-failure"), "Failed")


@case("kstatus: nothing but InProgress comes before the end, in all that a watch shows of a run")
def on_the_way(citizen):
    context = citizen.context
    tasks = [{"name": "a", "count": 2, "script": "echo $ORK_INDEX"}, {"name": "b", "dependsOn": ["a"], "script": "exit 1"}]
    seen = []
    with citizen.kubectl.watch("workflowruns", "watched") as watch:
        context.start("watched", tasks)
        watch.until(lambda r: seen.append(r) or runs.is_final(r), "run watched to end")
    assert len(seen) > 2, f"{len(seen)} states seen"
    read = [citizen.tool.kstatus(json.dumps(run)) for run in seen]
    runs.expect_equal("before the end", set(read[:-1]), {"InProgress"})
    runs.expect_equal("at the end", read[-1], "Failed")
