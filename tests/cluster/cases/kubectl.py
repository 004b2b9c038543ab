"""What a user sees through kubectl."""

import json
import time

from suite import runs
from suite.case import LONG, case


@case("kubectl: get shows the columns, wide shows more, and a field selector finds runs by phase")
def columns(context):
    context.workflow("pipe", [{"name": "a", "script": "echo a"}, {"name": "b", "dependsOn": ["a"], "script": "echo b"}])
    context.start("pipe-1", workflowRef={"name": "pipe"})
    context.start("bad-1", [{"name": "a", "script": "exit 7"}])
    context.finished("pipe-1")
    context.finished("bad-1", "Failed", "TaskFailed")
    table = rows(context.kubectl.run("get", "wfr"))
    runs.expect_equal("the columns", table[0], ["NAME", "WORKFLOW", "STATUS", "REASON", "TASKS", "DURATION", "AGE"])
    by_name = {row[0]: row for row in table[1:]}
    runs.expect_equal("the row of pipe-1", by_name["pipe-1"][1:5], ["pipe", "Succeeded", "Succeeded", "2/2"])
    assert by_name["pipe-1"][5].endswith("s"), by_name["pipe-1"]
    assert by_name["bad-1"][1:4] == ["Failed", "TaskFailed", "1/1"], by_name["bad-1"]
    table = rows(context.kubectl.run("get", "owf"))
    runs.expect_equal("the columns of a Workflow", table[0], "NAME READY REASON SUSPENDED TASKS SCHEDULE LAST RUN AGE".split())
    runs.expect_equal("its row", (table[1][0], table[1][1], table[1][3]), ("pipe", "True", "2"))
    wide = context.kubectl.run("get", "wfr", "-o", "wide")
    assert "MESSAGE" in wide and "REVISION" in wide and "pipe-" in wide and "task a failed" in wide, wide
    names = context.kubectl.run("get", "wfr", "--field-selector=status.phase=Failed", "-o", "name").split()
    runs.expect_equal("runs by phase", names, ["workflowrun.ork.dev/bad-1"])
    both = context.kubectl.run("get", "ork", "-o", "name").split()
    runs.expect_equal("the category ork", len(both), 3)


def rows(text):
    return [line.split() for line in text.splitlines()]


@case("kubectl: describe shows conditions and a handful of events")
def describe(context):
    context.start("bad", [{"name": "a", "script": "echo out of paper >&2; exit 7"},
                          {"name": "b", "dependsOn": ["a"], "script": "echo b"}])
    run = context.finished("bad", "Failed", "TaskFailed")
    events = lambda: context.kubectl.list("events", f"--field-selector=involvedObject.uid={run['metadata']['uid']}")
    deadline = time.monotonic() + 10
    while len(events()) < 2 and time.monotonic() < deadline:
        time.sleep(0.3)  # events follow the status
    found = {event["reason"]: event for event in events()}
    assert {"TaskFailed", "Failed"} <= set(found), f"events: {sorted(found)}"
    assert found["TaskFailed"]["type"] == "Warning" and "task a" in found["TaskFailed"]["message"], found["TaskFailed"]
    assert len(events()) <= 10, f"{len(events())} events of a run of two tasks"
    text = context.kubectl.run("describe", "wfr", "bad")
    for words in ("TaskFailed", "Conditions:", "Events:", "Exit Code:", "out of paper"):
        assert words in text, f"{words!r} is not in:\n{text}"


@case("kubectl: wait returns for condition Succeeded, for a phase, and for a Workflow to be Ready")
def wait(context):
    context.start("good", [{"name": "a", "script": "echo a"}])
    context.start("bad", [{"name": "a", "script": "exit 1"}])
    context.kubectl.run("wait", "--for=condition=Succeeded", "wfr/good", "--timeout=60s")
    context.kubectl.run("wait", "--for=jsonpath={.status.phase}=Failed", "wfr/bad", "--timeout=60s")
    context.kubectl.run("wait", "--for=condition=Stalled", "wfr/bad", "--timeout=5s")
    context.kubectl.run("wait", "--for=condition=Succeeded=False", "wfr/bad", "--timeout=5s")


@case("kubectl: logs of a task come from the Job its status names, and from the labels")
def logs(context):
    context.start("talk", [{"name": "a", "script": "echo one line; echo another"}])
    run = context.finished("talk")
    job = runs.task(run, "a")["job"]
    runs.expect_equal("the log", context.kubectl.run("logs", f"job/{job}"), "one line\nanother\n")
    by_label = context.kubectl.run("logs", "-l", "ork.dev/run=talk,ork.dev/task=a")
    runs.expect_equal("the log by labels", by_label, "one line\nanother\n")


@case("kubectl: a Pod holds just the user's container, and Job and Pod name their run")
def plain_pod(context):
    context.workflow("w", [{"name": "a", "script": "echo a"}])
    context.start("r", workflowRef={"name": "w"})
    run = context.finished("r")
    [job], [pod] = context.owned("jobs", run), context.owned("pods", run)
    runs.expect_equal("containers", [c["name"] for c in pod["spec"]["containers"]], ["main"])
    assert "initContainers" not in pod["spec"], "the Pod has init containers"
    owner = {k: v for k, v in job["metadata"]["ownerReferences"][0].items() if k in ("kind", "name", "uid", "controller")}
    runs.expect_equal("the Job's owner", owner,
                      {"kind": "WorkflowRun", "name": "r", "uid": run["metadata"]["uid"], "controller": True})
    assert not [f for f in job["metadata"].get("finalizers", []) if "ork" in f], job["metadata"]
    labels = {"app.kubernetes.io/managed-by": "ork", "ork.dev/workflow": "w", "ork.dev/run": "r", "ork.dev/task": "a",
              "ork.dev/attempt": "1", "ork.dev/run-uid": run["metadata"]["uid"]}
    for obj in (job, pod):
        wrong = {k: obj["metadata"]["labels"].get(k) for k, v in labels.items() if obj["metadata"]["labels"].get(k) != v}
        assert not wrong, f"labels of {obj['kind']}: {wrong}"
    runs.expect_equal("restartPolicy and backoffLimit", (pod["spec"]["restartPolicy"], job["spec"]["backoffLimit"]), ("Never", 0))


@case("kstatus: a run and a Workflow read InProgress until they are done, and right after that")
def kstatus(context):
    """Every state that the API server ever shows, in order."""
    for name, script, end in (("good", "sleep 1", "Current"), ("bad", "sleep 1; exit 1", "Failed")):
        with context.kubectl.watch("workflowruns", name) as watch:
            context.start(name, [{"name": "a", "script": script}, {"name": "b", "dependsOn": ["a"], "script": "echo b"}])
            read = []
            watch.until(lambda r: read.append(runs.kstatus(r)) or runs.is_final(r), f"run {name} to end")
        runs.expect_equal(f"what kstatus read of {name} before the end", set(read[:-1]), {"InProgress"})
        runs.expect_equal(f"what kstatus read of {name} at the end", read[-1], end)
    for name, depends, end in (("w", [], "Current"), ("w-bad", ["nowhere"], "Failed")):
        with context.kubectl.watch("workflows", name) as watch:
            context.workflow(name, [{"name": "a", "dependsOn": depends, "script": "echo a"}], ready=False)
            read = []
            watch.until(lambda w: read.append(runs.kstatus(w)) or read[-1] != "InProgress", f"Workflow {name} to be judged")
        runs.expect_equal(f"what kstatus read of {name}", read[-1], end)
    # A change makes it in progress again, until it has been looked at.
    context.patch("workflow", "w", {"spec": {"timeout": "1h"}})
    context.kubectl.run("wait", "--for=condition=Ready", "workflow/w", "--timeout=30s")
    workflow = context.kubectl.get("workflow", "w")
    runs.expect_equal("observedGeneration", workflow["status"]["observedGeneration"], 2)


@case("kubectl: a Workflow that was mended becomes Ready, and a Ready one that broke does not stay so")
def mended(context):
    context.workflow("w", [{"name": "a", "dependsOn": ["b"], "script": "echo a"}], ready=False)
    context.kubectl.run("wait", "--for=condition=Stalled", "workflow/w", "--timeout=30s")
    context.patch("workflow", "w", {"spec": {"tasks": [{"name": "a", "script": "echo a"}]}})
    context.kubectl.run("wait", "--for=condition=Ready", "workflow/w", "--timeout=30s")
    good = context.kubectl.get("workflow", "w")
    assert not runs.condition(good, "Stalled") or runs.condition(good, "Stalled")["status"] == "False", good["status"]
    context.patch("workflow", "w", {"spec": {"tasks": [{"name": "a", "dependsOn": ["a"], "script": "echo a"}]}})
    context.kubectl.run("wait", "--for=condition=Ready=False", "workflow/w", "--timeout=30s")
    bad = context.kubectl.get("workflow", "w")
    runs.expect_equal("the revision, which stays the last good one", bad["status"]["revision"], good["status"]["revision"])


@case("kubectl: the status of a run changes only through its subresource, and spec not through that")
def subresource(context):
    context.start("r", [{"name": "a", "script": LONG}])
    context.task_until("r", "a", "Running")
    context.patch("wfr", "r", {"status": {"phase": "Succeeded", "message": "forged"}})
    run = context.kubectl.get("wfr", "r")
    assert run["status"]["phase"] == "Running", json.dumps(run["status"])
