"""Making and reading Workflows and WorkflowRuns."""

FINAL = ("Succeeded", "Failed", "Cancelled")
FINAL_TASK = ("Succeeded", "Failed", "Skipped", "UpstreamFailed", "Cancelled")
COUNTS = {"pending": "Pending", "queued": "Queued", "retrying": "Retrying", "succeeded": "Succeeded",
          "failed": "Failed", "skipped": "Skipped", "upstreamFailed": "UpstreamFailed", "cancelled": "Cancelled"}


def workflow(name, tasks, **spec):
    return {"apiVersion": "ork.dev/v1alpha1", "kind": "Workflow", "metadata": {"name": name},
            "spec": {"defaults": {"image": "busybox:1.36"}, "tasks": tasks, **spec}}


def run(name, **spec):
    return {"apiVersion": "ork.dev/v1alpha1", "kind": "WorkflowRun", "metadata": {"name": name}, "spec": spec}


def status(obj):
    return obj.get("status", {})


def is_final(obj):
    return status(obj).get("phase") in FINAL


def condition(obj, kind):
    """The condition, or {} where there is none."""
    return next((c for c in status(obj).get("conditions", []) if c["type"] == kind), {})


def task(obj, name):
    return next((t for t in status(obj).get("tasks", []) if t["name"] == name), None)


def reason(obj):
    return condition(obj, "Succeeded").get("reason")


def kstatus(obj):
    """What kstatus (so Flux, Helm, Argo CD's defaults) makes of an object; after cli-utils' generic.go."""
    meta, stat = obj["metadata"], status(obj)
    if meta.get("deletionTimestamp"):
        return "Terminating"
    if stat.get("observedGeneration", meta["generation"]) != meta["generation"]:
        return "InProgress"
    if condition(obj, "Reconciling").get("status") == "True":
        return "InProgress"
    if condition(obj, "Stalled").get("status") == "True":
        return "Failed"
    ready = condition(obj, "Ready")
    return "Current" if not ready or ready["status"] == "True" else "InProgress"


def expect_equal(what, got, wanted):
    assert got == wanted, f"{what} is {got!r}, but must be {wanted!r}"


def check_finished(obj, phase, wanted_reason=None):
    """That the status of a run that has ended says one thing, in all its places."""
    stat = status(obj)
    said = f"{stat.get('phase')} ({reason(obj)}): {stat.get('message')}"
    assert stat["phase"] == phase, f"the run is {said}, but must be {phase}"
    if wanted_reason or phase == "Succeeded":
        expect_equal("the reason of condition Succeeded", reason(obj), wanted_reason or "Succeeded")
    good = phase == "Succeeded"
    for kind in ("Succeeded", "Ready"):
        expect_equal(f"condition {kind}", condition(obj, kind).get("status"), str(good))
    expect_equal("condition Reconciling", condition(obj, "Reconciling").get("status", "False"), "False")
    expect_equal("kstatus", kstatus(obj), "Current" if good else "Failed")
    assert stat.get("message"), "the status has no message"
    assert "completionTime" in stat, "the status has no completionTime"
    for cond in stat["conditions"]:
        expect_equal(f"observedGeneration of {cond['type']}", cond["observedGeneration"], obj["metadata"]["generation"])
    check_counts(stat)


def check_counts(stat):
    """Hooks are no part of what a run has to do: they are shown, and not counted."""
    tasks = [task for task in stat.get("tasks", []) if "hook" not in task]
    counts = stat.get("counts", {})
    if not tasks:
        return
    expect_equal("counts.total", counts["total"], len(tasks))
    for field, phase in COUNTS.items():
        expect_equal(f"counts.{field}", counts.get(field, 0), sum(t["phase"] == phase for t in tasks))
    ended = sum(t["phase"] in FINAL_TASK for t in tasks)
    expect_equal("progress", stat["progress"], f"{ended}/{len(tasks)}")
