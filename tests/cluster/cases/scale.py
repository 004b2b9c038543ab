"""Width and size, as far as one real node goes. bench/ does the rest on fake nodes."""

import json

from cases.schema import many_tasks
from suite import runs
from suite.case import IMAGE, case


@case("scale: a Workflow of 5,000 tasks is accepted and becomes Ready", needs_node=False, alone=True)
def large_workflow(context):
    workflow = runs.workflow("large", many_tasks(5000))
    context.kubectl.run("create", "-f", "-", stdin=json.dumps(workflow))
    context.kubectl.run("wait", "--for=condition=Ready", "workflow/large", "--timeout=60s")
    runs.expect_equal("its tasks", context.kubectl.get("workflow", "large")["status"]["tasks"], 5000)


@case("scale: a cycle hidden in 5,000 tasks is found, and the message stays short", needs_node=False, alone=True)
def large_cycle(context):
    tasks = many_tasks(5000)
    tasks[0]["dependsOn"] = ["t4999"]
    context.kubectl.run("create", "-f", "-", stdin=json.dumps(runs.workflow("large", tasks)))
    context.kubectl.run("wait", "--for=condition=Stalled", "workflow/large", "--timeout=60s")
    message = runs.condition(context.kubectl.get("workflow", "large"), "Ready")["message"]
    assert "cycle" in message and len(message) <= 1024, message


@case("scale: a run of 5,000 tasks starts with a status of them all, and can be cancelled", needs_node=False, alone=True)
def large_run(context):
    tasks = many_tasks(5000)
    # Only t0 may start, and it fits nowhere: this is about the status, not about 100 Pods.
    for i, task in enumerate(tasks[1:100], 1):
        task["dependsOn"] = ["t0"]
    tasks[0] = {"name": "t0", "podTemplate": {"spec": {"nodeSelector": {"color": "ultraviolet"},
                                                        "containers": [{"name": "main", "image": IMAGE}]}}}
    context.kubectl.run("create", "-f", "-", stdin=json.dumps(runs.run("large", workflow={"tasks": tasks})))
    run = context.run_until("large", lambda r: len(runs.status(r).get("tasks", [])) == 5000, "a status of 5,000 tasks")
    runs.expect_equal("progress", run["status"]["progress"], "0/5000")
    size = len(json.dumps(run["status"]))
    assert size < 1_000_000, f"the status is {size} bytes"
    context.patch("wfr", "large", {"spec": {"cancel": True}})
    context.finished("large", "Cancelled", "Cancelled", timeout=90)


def on_fake_nodes(task):
    """The task, to run nowhere else: its Pods end at once, and no program is started."""
    spec = {"nodeSelector": {"kwok.x-k8s.io/node": "fake"},
            "tolerations": [{"key": "kwok.x-k8s.io/node", "operator": "Exists"}],
            "containers": [{"name": "main", "image": IMAGE}]}
    return {**{k: v for k, v in task.items() if k not in ("image", "script")}, "podTemplate": {"spec": spec}}


def ends_small(context, name, timeout):
    """The run, which has to succeed with a status that fits its object."""
    run = context.finished(name, timeout=timeout)
    size = len(json.dumps(run["status"]))
    assert size < 1 << 20, f"the status is {size} bytes"
    return run


@case("scale: a run whose own tasks leave no room for their status is refused at once", needs_node=False)
def too_large(context):
    context.create(runs.run("large", workflow={"tasks": [on_fake_nodes(task) for task in many_tasks(5000)]}))
    run = context.finished("large", "Failed", "RunTooLarge")
    assert "spec.workflowRef" in run["status"]["message"], run["status"]["message"]
    runs.expect_equal("its Jobs", context.kubectl.list("jobs"), [])


@case("scale: a run of 5,000 tasks succeeds on fake nodes", needs_node=False, needs_fake_nodes=True, alone=True,
      real_only="it needs nodes that run nothing")
def five_thousand_tasks(context):
    context.create(runs.workflow("large", [on_fake_nodes(task) for task in many_tasks(5000)]))
    context.create(runs.run("large", workflowRef={"name": "large"}))
    run = ends_small(context, "large", timeout=900)
    runs.expect_equal("progress", run["status"]["progress"], "5000/5000")


@case("scale: a run of 100,000 indexes succeeds on fake nodes", needs_node=False, needs_fake_nodes=True, alone=True,
      real_only="it needs nodes that run nothing")
def hundred_thousand_indexes(context):
    wide = on_fake_nodes({"name": "wide", "count": 100_000, "parallelism": 1000})
    context.create(runs.run("wide", workflow={"tasks": [wide]}))
    run = ends_small(context, "wide", timeout=3600)
    runs.expect_equal("its indexes", runs.task(run, "wide")["succeededIndexes"], "0-99999")


def most_at_once(context, run, timeout=150):
    """The most Pods of the run that were there and not ended, of any moment that the API server showed."""
    alive, most = set(), 0
    with context.kubectl.watch("pods") as pods, context.kubectl.watch("workflowruns", run) as watch:
        watch.until(runs.is_final, f"run {run} to end", timeout)
        for kind, pod in pods.seen():
            if kind != "DELETED" and pod["status"].get("phase") in ("Pending", "Running"):
                alive.add(pod["metadata"]["uid"])
            else:
                alive.discard(pod["metadata"]["uid"])
            most = max(most, len(alive))
    return most


@case("scale: a task's parallelism and a run's parallelism hold at every moment")
def parallelism(context):
    context.start("task", [{"name": "a", "count": 6, "parallelism": 2, "script": "sleep 1; echo $ORK_INDEX"}])
    most = most_at_once(context, "task")
    assert 1 <= most <= 2, f"{most} Pods at once of a task with parallelism 2"
    context.start("run", [{"name": f"t{i}", "script": "sleep 1"} for i in range(6)], workflow={"parallelism": 2})
    most = most_at_once(context, "run")
    assert 1 <= most <= 2, f"{most} Pods at once of a run with parallelism 2"
    for name in ("task", "run"):
        context.finished(name)


@case("scale: a fan-out wider than the run's parallelism goes through in portions")
def narrow(context):
    context.start("r", [{"name": "a", "count": 5, "script": "sleep 1; echo $ORK_INDEX > $ORK_OUTPUT"}], workflow={"parallelism": 2})
    most = most_at_once(context, "r")
    assert 1 <= most <= 2, f"{most} Pods at once of a run with parallelism 2"
    runs.expect_equal("its output", runs.task(context.finished("r"), "a")["output"], [0, 1, 2, 3, 4])
