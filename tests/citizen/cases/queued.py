"""Kueue: its queues take the Jobs of a run one by one, and start, stop and start them again."""

from citizen import case
from suite import runs
from suite.case import IMAGE
from suite.process import wait_for

QUEUE = "kueue.x-k8s.io/queue-name"
PRIORITY = "kueue.x-k8s.io/priority-class"
ROOM = {"resources": {"requests": {"cpu": "100m"}}}  # the queue has room for one such Pod


def of_kueue(kind, name, **content):
    return {"apiVersion": "kueue.x-k8s.io/v1beta1", "kind": kind, "metadata": {"name": name}, **content}


def queue(citizen, name="team-a"):
    """A queue that has room for one Pod of ROOM at a time, and gives it to who is more urgent."""
    citizen.kueue()
    context = citizen.context
    for of_cluster in (
            of_kueue("ResourceFlavor", "any"),
            of_kueue("WorkloadPriorityClass", "urgent", value=1000, description="before others"),
            of_kueue("ClusterQueue", name, spec={
                "namespaceSelector": {}, "preemption": {"withinClusterQueue": "LowerPriority"},
                "resourceGroups": [{"coveredResources": ["cpu"], "flavors": [
                    {"name": "any", "resources": [{"name": "cpu", "nominalQuota": "100m"}]}]}]}),
            of_kueue("LocalQueue", name, spec={"clusterQueue": name})):
        context.apply(of_cluster)
    return name


def start(citizen, name, labels, tasks, **spec):
    flow = {"defaults": {"image": IMAGE, **ROOM}, "tasks": tasks}
    citizen.context.create({**runs.run(name, workflow=flow, **spec), "metadata": {"name": name, "labels": labels}})


def phase_of(run, task):
    status = runs.task(run, task) if run else None
    return (status or {}).get("phase"), (status or {}).get("reason")


@case("Kueue: each task waits for its queue to have room, and says which queue it waits for", tools=("kueue",))
def one_after_the_other(citizen):
    name = queue(citizen)
    start(citizen, "queued", {QUEUE: name}, [{"name": "a", "script": "sleep 2"}, {"name": "b", "script": "sleep 2"}])

    def one_waits(run):
        return run is not None and sorted(phase_of(run, task)[0] or "" for task in "ab") == ["Queued", "Running"]

    seen = citizen.context.run_until("queued", one_waits, "one task to run while the other waits")
    waits = next(task for task in "ab" if phase_of(seen, task) == ("Queued", "JobSuspended"))
    said = runs.task(seen, waits)["message"]
    assert f"queue {name}" in said, said
    finished = citizen.context.finished("queued")
    jobs = citizen.context.owned("jobs", finished)
    runs.expect_equal("whose queue it is", {job["metadata"]["labels"].get(QUEUE) for job in jobs}, {name})
    for pod in citizen.context.owned("pods", finished):
        assert QUEUE not in pod["metadata"]["labels"], "the Pod stands in the queue once more"


@case("Kueue: a task that makes room for a more urgent one goes on later, as the same attempt", tools=("kueue",))
def makes_room(citizen):
    context = citizen.context
    name = queue(citizen)
    start(citizen, "patient", {QUEUE: name}, [{"name": "a", "script": "trap 'exit 3' TERM; sleep 8 & wait $!"}])
    context.task_until("patient", "a", "Running")
    start(citizen, "pressing", {QUEUE: name, PRIORITY: "urgent"}, [{"name": "a", "script": "sleep 3"}])
    held = context.task_until("patient", "a", "Queued", "JobSuspended")
    runs.expect_equal("the attempt", runs.task(held, "a")["attempt"], 1)
    context.finished("pressing")
    finished = context.finished("patient")
    status = runs.task(finished, "a")
    runs.expect_equal("the attempt that came through", status["attempt"], 1)
    assert "attempts" not in status, f"being stopped by its queue counts as a failure: {status['attempts']}"


@case("Kueue: of a fan-out that is tried again the queue gets only what is left of it", tools=("kueue",))
def retried_fan_out(citizen):
    name = queue(citizen)
    script = '[ "$ORK_INDEX" != 1 ] || [ "$ORK_ATTEMPT" != 1 ]'
    start(citizen, "again", {QUEUE: name}, [
        {"name": "a", "count": 3, "parallelism": 1, "script": script, "retry": {"limit": 1, "backoff": {"initial": "1s"}}}])
    finished = citizen.context.finished("again")
    runs.expect_equal("the attempt", runs.task(finished, "a")["attempt"], 2)
    jobs = {job["metadata"]["labels"]["ork.dev/attempt"]: job for job in citizen.context.owned("jobs", finished)}
    runs.expect_equal("the queue of the second", jobs["2"]["metadata"]["labels"].get(QUEUE), name)
    second = [pod for pod in citizen.context.owned("pods", finished) if pod["metadata"]["labels"]["ork.dev/attempt"] == "2"]
    runs.expect_equal("the Pods of the second", len(second), 1)


@case("Kueue: a Workflow's queue takes the Jobs of its runs, and of the runs that they call; a run's own goes before it",
      tools=("kueue",))
def by_workflow(citizen):
    context = citizen.context
    name = queue(citizen)
    context.workflow("by-queue", [{"name": "a", "script": "true"}], defaults={"image": IMAGE, **ROOM})
    context.workflow("by-caller", [{"name": "call", "workflow": {"name": "by-queue"}}])
    citizen.kubectl.run("label", "workflow", "by-caller", f"{QUEUE}={name}")
    context.create(runs.run("called", workflowRef={"name": "by-caller"}))
    finished = context.finished("called")
    (child,) = context.owned("workflowruns", finished)
    runs.expect_equal("the child's queue", child["metadata"]["labels"].get(QUEUE), name)
    runs.expect_equal("its Job's", [job["metadata"]["labels"].get(QUEUE) for job in context.owned("jobs", child)], [name])
    # Nobody has made this one: its Job waits for it.
    context.create({**runs.run("elsewhere", workflowRef={"name": "by-caller"}),
                    "metadata": {"name": "elsewhere", "labels": {QUEUE: "nobodys"}}})
    seen = context.run_until("elsewhere", lambda run: phase_of(run, "call")[0] is not None, "the task to begin")
    wait_for(lambda: context.owned("workflowruns", seen), "the child", 60)
    (child,) = context.owned("workflowruns", seen)
    said = runs.task(context.task_until(child["metadata"]["name"], "a", "Queued", "JobSuspended"), "a")["message"]
    assert "queue nobodys" in said, said
    context.patch("workflowrun", "elsewhere", {"spec": {"cancel": True}})
    context.finished("elsewhere", "Cancelled", "Cancelled")
