"""The operator is killed without warning: no task runs twice, none is lost."""

import collections
import time

from suite import runs
from suite.case import LONG, case
from suite.process import wait_for

# What one that vanished was working on is taken over after 5 s.
TAKEOVER = 60


WITH_IT = "its API server is killed with it, and kubectl can't watch; tests/dev/kills does this there"


def tasks():
    """a, then b x3 and c, then d to h: fan-out, join, and a chain with a stretch for each kill."""
    chain = [{"name": name, "dependsOn": [before], "script": f"echo {name}"} for before, name in zip("defg", "efgh")]
    return [{"name": "a", "script": "echo 1 > $ORK_OUTPUT"},
            {"name": "b", "count": 3, "inputs": {"one": "tasks.a.output"}, "script": "sleep 1; echo $ORK_INDEX > $ORK_OUTPUT"},
            {"name": "c", "dependsOn": ["a"], "script": "sleep 2"},
            {"name": "d", "dependsOn": ["c"], "inputs": {"b": "tasks.b.output"}, "script": 'printf %s "$ORK_INPUT_B" > $ORK_OUTPUT'},
            *chain]


PODS_OF = {"a": 1, "b": 3, "c": 1, "d": 1, "e": 1, "f": 1, "g": 1, "h": 1}


def check_once(run, jobs, pods):
    """Each task: one attempt, one Job, as many Pods as indexes. jobs and pods: all that ever were there."""
    name = run["metadata"]["name"]
    of_run = lambda objs: [o for o in objs if o["metadata"]["labels"].get("ork.dev/run-uid") == run["metadata"]["uid"]]
    count = lambda objs: dict(collections.Counter(o["metadata"]["labels"]["ork.dev/task"] for o in of_run(objs)))
    runs.expect_equal(f"attempts of {name}", {t["name"]: t["attempt"] for t in run["status"]["tasks"]}, {t: 1 for t in PODS_OF})
    runs.expect_equal(f"Jobs of {name}", count(jobs), {t: 1 for t in PODS_OF})
    runs.expect_equal(f"Pods of {name}", count(pods), PODS_OF)
    runs.expect_equal(f"output of {name}", runs.task(run, "d")["output"], [0, 1, 2])


def objects(watch):
    return list({o["metadata"]["uid"]: o for kind, o in watch if kind != "ERROR"}.values())


@case("crash: kill -9 in the middle of runs, seven times over: no task runs twice, none is lost", alone=True, real_only=WITH_IT)
def kill(context):
    context.workflow("w", tasks())
    started = []

    def start(count):
        for _ in range(count):
            context.start(f"r{len(started)}", workflowRef={"name": "w"})
            started.append(f"r{len(started)}")

    seen_jobs, seen_pods = [], []
    with context.kubectl.watch("jobs") as jobs, context.kubectl.watch("pods") as pods:
        start(6)
        for kill_number in range(7):
            # Right after a Job was created: mostly before the status says so. Later kills wait for
            # more Jobs, so that they fall into other stretches of the work.
            for _ in range(1 + kill_number % 4):
                seen_jobs.append(await_new_job(jobs, seen_jobs))
            context.operator.kill9()
            going = [r for r in context.kubectl.list("workflowruns") if not runs.is_final(r)]
            assert len(going) >= (6 if kill_number < 5 else 1), f"kill {kill_number + 1} met only {len(going)} unfinished runs"
            if kill_number in (1, 3):
                start(2)  # arrive while nobody is there
            context.operator.start()
        ended = {name: context.finished(name, timeout=240) for name in started}
        seen_jobs += jobs.seen()
        seen_pods += pods.seen()
    assert len(started) == 10
    for run in ended.values():
        check_once(run, objects(seen_jobs), objects(seen_pods))


def await_new_job(jobs, seen, timeout=TAKEOVER + 30):
    """The next event that shows a Job not seen before; the ones in between are kept too."""
    known = {o["metadata"]["uid"] for _, o in seen}
    deadline = time.monotonic() + timeout
    while (event := jobs.next(deadline)) is not None:
        if event[1]["metadata"].get("uid") not in known:
            return event
        seen.append(event)
    raise AssertionError(f"no new Job in {timeout} s")


@case("crash: what ended while nobody watched is found, and the run goes on", alone=True, real_only=WITH_IT)
def away(context):
    context.start("r", tasks_inline())
    run = context.task_until("r", "a", "Running")
    context.operator.kill9()
    uid = run["metadata"]["uid"]
    done = lambda: [p for p in context.kubectl.list("pods", "-l", f"ork.dev/run-uid={uid}") if p["status"]["phase"] == "Succeeded"]
    wait_for(done, "the task to end by itself", 60, every=0.5)
    context.operator.start()
    run = context.finished("r", timeout=120)
    runs.expect_equal("attempts", [t["attempt"] for t in run["status"]["tasks"]], [1, 1])


def tasks_inline():
    return [{"name": "a", "script": "sleep 3; echo 1 > $ORK_OUTPUT"},
            {"name": "b", "inputs": {"x": "tasks.a.output"}, "script": "test $ORK_INPUT_X = 1"}]


@case("crash: what was asked for while nobody watched is done: cancel, deletion, a deleted Job", alone=True, real_only=WITH_IT)
def asked_while_away(context):
    for name in ("cancelled", "deleted", "robbed"):
        context.start(name, [{"name": "a", "script": "if [ $ORK_RUN-$ORK_ATTEMPT = robbed-2 ]; then exit 0; fi; " + LONG}])
    found = {name: context.task_until(name, "a", "Running") for name in ("cancelled", "deleted", "robbed")}
    context.operator.kill9()
    context.patch("wfr", "cancelled", {"spec": {"cancel": True}})
    context.kubectl.run("delete", "wfr", "deleted", "--timeout=30s")
    context.kubectl.run("delete", "job", runs.task(found["robbed"], "a")["job"])
    context.nothing_left_of(found["deleted"])  # the garbage collector needs no operator
    context.operator.start()
    context.finished("cancelled", "Cancelled", "Cancelled", timeout=120)
    task = runs.task(context.finished("robbed", timeout=120), "a")
    runs.expect_equal("the robbed task", (task["attempt"], task["infrastructureRetries"]), (2, 1))


@case("crash: an orderly stop hands over at once, nothing runs twice, what is finished is not written again", alone=True, real_only=WITH_IT)
def orderly(context):
    context.workflow("idle", [{"name": "a", "script": "echo a"}])
    context.start("before", workflowRef={"name": "idle"})
    context.finished("before")
    versions = lambda: [context.kubectl.get(kind, name)["metadata"]["resourceVersion"]
                        for kind, name in (("wfr", "before"), ("workflow", "idle"))]
    stored = versions()
    context.start("r", tasks())
    context.task_until("r", "b", "Running")
    with context.kubectl.watch("jobs") as jobs:
        runs.expect_equal("the exit code", context.operator.stop(), 0)
        context.operator.start()
        run = context.finished("r", timeout=120)
        of_run = [job for job in objects(jobs.seen()) if job["metadata"]["labels"]["ork.dev/run"] == "r"]
        runs.expect_equal("Jobs", len(of_run), len(PODS_OF))
    runs.expect_equal("attempts", {t["attempt"] for t in run["status"]["tasks"]}, {1})
    runs.expect_equal("resourceVersions of a finished run and its Workflow", versions(), stored)
