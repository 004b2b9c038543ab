"""Whose is what: fields that two managers share, and a Job that is somebody else's."""

import json

from citizen import case
from suite import runs
from suite.case import IMAGE, LONG


def apply(citizen, manager, obj, *more):
    args = ("apply", "--server-side", f"--field-manager={manager}", "-f", "-", *more)
    return citizen.kubectl.json(*args, stdin=json.dumps(obj))


def refused(citizen, manager, obj):
    return citizen.kubectl.refusal("apply", "--server-side", f"--field-manager={manager}", "-f", "-", stdin=json.dumps(obj))


def owners(citizen, kind, name):
    """Of each manager, and of each part of the object that it writes to, the fields."""
    entries = citizen.kubectl.json("get", kind, name, "--show-managed-fields")["metadata"]["managedFields"]
    return {(entry["manager"], entry.get("subresource", "")): entry["fieldsV1"] for entry in entries}


def expect_status_alone(of_managers, people):
    """That whoever is not one of the people has written a status, and by that owns no other field."""
    others = {who: fields for who, fields in of_managers.items() if who[0] not in people}
    assert others, f"nobody but {people} owns a field: {sorted(of_managers)}"
    for (manager, subresource), fields in others.items():
        runs.expect_equal(f"what {manager} writes to", subresource, "status")
        runs.expect_equal(f"what {manager} owns", list(fields), ["f:status"])


@case("server-side apply: two managers share a Workflow, and the operator's status takes no field of theirs")
def workflow(citizen):
    base = {"apiVersion": "ork.dev/v1alpha1", "kind": "Workflow", "metadata": {"name": "shared"}}
    platform = {**base, "spec": {"defaults": {"image": IMAGE, "timeout": "5m"}}}
    team = {**base, "spec": {"tasks": [{"name": "a", "script": "echo a"}]}}
    apply(citizen, "team", {**team, "spec": {**team["spec"], "defaults": {"image": IMAGE}}})
    apply(citizen, "platform", platform)
    citizen.kubectl.run("wait", "--for=condition=Ready", "workflow/shared", "--timeout=60s")
    said = refused(citizen, "team", {**base, "spec": {**team["spec"], "defaults": {"image": IMAGE, "timeout": "1h"}}})
    assert 'conflict with "platform"' in said and ".spec.defaults.timeout" in said, said
    of_managers = owners(citizen, "workflow", "shared")
    assert "f:tasks" in of_managers["team", ""]["f:spec"], of_managers
    assert "f:tasks" not in of_managers["platform", ""]["f:spec"], of_managers
    expect_status_alone(of_managers, ("team", "platform"))
    # What one no longer says goes; what the other says stays.
    apply(citizen, "platform", {**base, "spec": {"defaults": {"image": IMAGE}}})
    spec = citizen.kubectl.get("workflow", "shared")["spec"]
    assert "timeout" not in spec["defaults"] and spec["tasks"][0]["name"] == "a", spec


@case("server-side apply: one manager starts a run and another holds it; the operator's writes leave both what is theirs")
def run(citizen):
    base = {"apiVersion": "ork.dev/v1alpha1", "kind": "WorkflowRun", "metadata": {"name": "shared"}}
    tasks = [{"name": "a", "script": "echo a"}, {"name": "b", "dependsOn": ["a"], "script": "echo b"}]
    starter = {**base, "spec": {"workflow": {"defaults": {"image": IMAGE}, "tasks": tasks}}}
    gate = {**base, "metadata": {"name": "shared", "labels": {"team": "gate"}}, "spec": {"suspend": True}}
    # Together with its cause: a run that is not held starts at once.
    apply(citizen, "starter", {**starter, "spec": {**starter["spec"], "suspend": True}})
    apply(citizen, "gate", gate)
    said = refused(citizen, "starter", {**starter, "spec": {**starter["spec"], "suspend": False}})
    assert 'conflict with "gate"' in said and ".spec.suspend" in said, said
    apply(citizen, "starter", starter)
    citizen.context.run_until("shared", lambda r: runs.reason(r) == "Suspended", "run shared to be held")
    apply(citizen, "gate", {**gate, "spec": {"suspend": False}})
    finished = citizen.context.finished("shared")
    of_managers = owners(citizen, "workflowrun", "shared")
    assert "f:workflow" in of_managers["starter", ""]["f:spec"], of_managers
    runs.expect_equal("what gate owns", sorted(of_managers["gate", ""]), ["f:metadata", "f:spec"])
    runs.expect_equal("of the spec", list(of_managers["gate", ""]["f:spec"]), ["f:suspend"])
    expect_status_alone(of_managers, ("starter", "gate"))
    # To apply the same again changes nothing, also after the end.
    again = apply(citizen, "starter", starter)
    runs.expect_equal("the version", again["metadata"]["resourceVersion"], finished["metadata"]["resourceVersion"])


@case("a Job of somebody else that has the name of an attempt is left alone, and the run says so")
def foreign_job(citizen):
    context = citizen.context
    context.start("meets", [{"name": "a", "script": LONG, "retry": {"limit": 1, "backoff": {"initial": "1s"}}}])
    first = runs.task(context.task_until("meets", "a", "Running"), "a")["job"]
    # Attempts of a task differ by their number alone.
    name = first.replace("meets-a-1-", "meets-a-2-")
    assert name != first, first
    pod = {"restartPolicy": "Never", "containers": [{"name": "main", "image": IMAGE, "command": ["true"]}]}
    foreign = {"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": name, "labels": {"whose": "mine"}},
               "spec": {"suspend": True, "template": {"spec": pod}}}
    made = context.create(foreign)
    context.patch("wfr", "meets", {"spec": {"actions": [{"id": "1", "task": "a", "do": "Kill"}]}})
    failed = context.finished("meets", "Failed", "TaskFailed")
    task = runs.task(failed, "a")
    runs.expect_equal("the task's reason", task["reason"], "JobRejected")
    for words in (name, "does not belong to this run", "delete it"):
        assert words in task["message"], task["message"]
    # And when the run goes, it stays.
    citizen.kubectl.run("delete", "wfr", "meets", "--timeout=60s")
    left = citizen.kubectl.get("job", name)
    for field in ("uid", "labels", "generation"):
        runs.expect_equal(f"metadata.{field} of the foreign Job", left["metadata"][field], made["metadata"][field])
    runs.expect_equal("its owners", left["metadata"].get("ownerReferences", []), [])
