"""Runs that are stopped, held, deleted, and that meet things deleted under them."""

import json

from suite import runs
from suite.case import LONG, case
from suite.process import wait_for


@case("deleting a run removes its Jobs and Pods, at any time")
def delete_run(context):
    context.start("early", [{"name": "a", "script": LONG}, {"name": "b", "count": 3, "script": LONG}])
    context.start("late", [{"name": "a", "script": "echo a"}])
    early = context.task_until("early", "a", "Running")
    late = context.finished("late")
    assert context.owned("jobs", late), "a finished run's Jobs are gone, and its logs with them"
    for run in (early, late):
        context.kubectl.run("delete", "wfr", run["metadata"]["name"], "--timeout=60s")
    for run in (early, late):
        context.nothing_left_of(run)


@case("deleting a run in the foreground ends too")
def delete_foreground(context):
    context.start("r", [{"name": "a", "script": LONG}])
    run = context.task_until("r", "a", "Running")
    context.kubectl.run("delete", "wfr", "r", "--cascade=foreground", "--timeout=90s")
    context.nothing_left_of(run)


@case("deleting a namespace with runs at work ends: nothing holds on to it")
def delete_namespace(context):
    context.workflow("w", [{"name": "a", "script": LONG}])
    context.start("r", workflowRef={"name": "w"})
    context.task_until("r", "a", "Running")
    context.kubectl.run("delete", "namespace", context.namespace, "--timeout=120s")


@case("a run keeps the spec it started with when its Workflow is edited")
def edited(context):
    context.workflow("w", [{"name": "a", "script": "sleep 3"}, {"name": "b", "dependsOn": ["a"], "script": 'echo \'"old"\' > $ORK_OUTPUT'}])
    context.start("old", workflowRef={"name": "w"})
    context.task_until("old", "a", "Running")
    context.patch("workflow", "w", {"spec": {"tasks": [{"name": "z", "script": 'echo \'"new"\' > $ORK_OUTPUT'}]}})
    wait_for(lambda: context.kubectl.get("workflow", "w")["status"]["observedGeneration"] == 2, "the edit to be seen")
    context.start("new", workflowRef={"name": "w"})
    old, new = context.finished("old"), context.finished("new")
    runs.expect_equal("the old run's tasks", [t["name"] for t in old["status"]["tasks"]], ["a", "b"])
    runs.expect_equal("the old run's output", runs.task(old, "b")["output"], "old")
    runs.expect_equal("the new run's tasks", [t["name"] for t in new["status"]["tasks"]], ["z"])
    assert old["status"]["revision"] != new["status"]["revision"], "both runs name one revision"


@case("a run finishes by its revision when its Workflow is deleted, and then the revision goes")
def workflow_deleted(context):
    context.workflow("w", [{"name": "a", "script": "sleep 3"}, {"name": "b", "dependsOn": ["a"], "script": "echo b"}])
    context.start("r", workflowRef={"name": "w"})
    context.task_until("r", "a", "Running")
    assert context.kubectl.list("controllerrevisions", "-l", "ork.dev/workflow=w"), "there is no revision"
    context.kubectl.run("delete", "workflow", "w")
    context.finished("r")
    wait_for(lambda: not context.kubectl.list("controllerrevisions", "-l", "ork.dev/workflow=w"),
             "the revision to be deleted", 60, every=1)


@case("a run of a Workflow that is not there says so, and starts when it appears")
def missing_workflow(context):
    context.start("r", workflowRef={"name": "later"})
    run = context.run_until("r", lambda r: runs.reason(r) == "WorkflowNotFound", "reason WorkflowNotFound", 30)
    runs.expect_equal("its phase", run["status"]["phase"], "Pending")
    assert "later" in runs.condition(run, "Succeeded")["message"], run["status"]["conditions"]
    context.workflow("later", [{"name": "a", "script": "echo a"}])
    context.finished("r")


@case("a run of a revision that is not there fails, and names it")
def missing_revision(context):
    context.workflow("w", [{"name": "a", "script": "echo a"}])
    context.start("r", workflowRef={"name": "w", "revision": "w-nowhere"})
    run = context.finished("r", "Failed")
    assert "ControllerRevision w-nowhere" in run["status"]["message"], run["status"]["message"]


@case("a run of an invalid Workflow fails with what is wrong, and disturbs no other")
def invalid_workflow(context):
    context.workflow("bad", [{"name": "a", "dependsOn": ["nowhere"], "script": "echo a"}], ready=False)
    context.start("r", workflowRef={"name": "bad"})
    context.start("other", [{"name": "a", "script": "echo a"}])
    run = context.finished("r", "Failed", "WorkflowInvalid")
    assert "nowhere" in run["status"]["message"], run["status"]["message"]
    context.finished("other")


@case("a Job deleted by a user is one infrastructure failure, and the task is tried again")
def job_deleted(context):
    context.start("r", [{"name": "a", "script": 'if [ $ORK_ATTEMPT = 1 ]; then ' + LONG + '; fi; echo $ORK_ATTEMPT > $ORK_OUTPUT'}])
    run = context.task_until("r", "a", "Running")
    context.kubectl.run("delete", "job", runs.task(run, "a")["job"])
    task = runs.task(context.finished("r"), "a")
    runs.expect_equal("its output", task["output"], 2)
    runs.expect_equal("its retries", (task.get("infrastructureRetries"), task.get("programRetries", 0)), (1, 0))
    runs.expect_equal("its first attempt", task["attempts"][0]["cause"], "Infrastructure")


@case("a Pod deleted by a user is one infrastructure failure, and the task is tried again")
def pod_deleted(context):
    context.start("r", [{"name": "a", "script": 'if [ $ORK_ATTEMPT = 1 ]; then ' + LONG + '; fi; echo $ORK_ATTEMPT > $ORK_OUTPUT'}])
    run = context.task_until("r", "a", "Running")
    running = lambda pod: pod and pod["status"].get("phase") == "Running"
    with context.kubectl.watch("pods") as watch:
        pod = watch.until(running, "the Pod to run")
    context.kubectl.run("delete", "pod", pod["metadata"]["name"])
    task = runs.task(context.finished("r"), "a")
    runs.expect_equal("its output", task["output"], 2)
    runs.expect_equal("its first attempt", task["attempts"][0]["cause"], "Infrastructure")
    assert run["status"]["tasks"][0]["job"] != task["job"], "the second attempt has the first one's Job"


@case("cancelling a run ends its Pods and starts nothing more")
def cancel(context):
    context.start("r", [{"name": "done", "script": "echo 1 > $ORK_OUTPUT"}, {"name": "a", "dependsOn": ["done"], "script": LONG},
                        {"name": "b", "dependsOn": ["a"], "script": "echo never"}])
    context.task_until("r", "a", "Running")
    context.patch("wfr", "r", {"spec": {"cancel": True}})
    run = context.finished("r", "Cancelled", "Cancelled", timeout=60)
    phases = {t["name"]: t["phase"] for t in run["status"]["tasks"]}
    runs.expect_equal("the tasks", phases, {"done": "Succeeded", "a": "Cancelled", "b": "Cancelled"})
    alive = lambda: [p for p in context.owned("pods", run) if p["status"]["phase"] in ("Pending", "Running")]
    wait_for(lambda: not alive(), "its Pods to end", 60, every=1)
    runs.expect_equal("Jobs of what never started", context.kubectl.list("jobs", "-l", "ork.dev/task=b"), [])


@case("a run cancelled before it starts ends at once, without a Job")
def cancel_first(context):
    context.start("r", [{"name": "a", "script": "echo a"}], cancel=True)
    run = context.finished("r", "Cancelled", "Cancelled", timeout=30)
    runs.expect_equal("its Jobs", context.owned("jobs", run), [])


@case("a suspended run starts nothing new, and what runs goes on")
def suspend(context):
    context.start("r", [{"name": "a", "script": "sleep 4"}, {"name": "b", "dependsOn": ["a"], "script": "echo b"}])
    context.task_until("r", "a", "Running")
    context.patch("wfr", "r", {"spec": {"suspend": True}})
    run = context.run_until("r", lambda r: runs.reason(r) == "Suspended", "reason Suspended")
    runs.expect_equal("the tasks", [t["phase"] for t in run["status"]["tasks"]], ["Succeeded", "Queued"])
    runs.expect_equal("why b waits", runs.task(run, "b")["reason"], "Suspended")
    context.patch("wfr", "r", {"spec": {"suspend": False}})
    context.finished("r")


@case("finished runs beyond the history limits are deleted, the oldest first")
def history(context):
    context.workflow("w", [{"name": "a", "script": '[ "$ORK_INPUT_OK" = true ]', "inputs": {"ok": "params.ok"}}],
                     params=[{"name": "ok", "type": "boolean", "default": True}],
                     successfulRunsHistoryLimit=2, failedRunsHistoryLimit=1)
    for i, ok in enumerate((True, False, True, False, True)):
        context.start(f"r{i}", workflowRef={"name": "w"}, params={"ok": ok})
        context.run_until(f"r{i}", lambda r: r is None or runs.is_final(r), "it to end")
    left = lambda: sorted(r["metadata"]["name"] for r in context.kubectl.list("workflowruns"))
    wait_for(lambda: left() == ["r2", "r3", "r4"], "r0 and r1 to be deleted", 30, every=0.5)
    owners = lambda: {job["metadata"]["labels"]["ork.dev/run"] for job in context.kubectl.list("jobs")}
    wait_for(lambda: owners() == {"r2", "r3", "r4"}, "the Jobs of r0 and r1 to go with them", 30, every=0.5)


@case("a Workflow's ttl deletes its finished runs, and a run's own ttl wins")
def ttl(context):
    # Long enough for the watch to begin before the run is gone, on a slow machine too.
    context.workflow("w", [{"name": "a", "script": "echo a"}], ttlSecondsAfterFinished=10)
    context.start("short", workflowRef={"name": "w"})
    context.start("long", workflowRef={"name": "w"}, ttlSecondsAfterFinished=3600)
    with context.kubectl.watch("workflowruns", "short") as watch:
        run = watch.until(lambda r: r and runs.is_final(r), "it to end")
        watch.until(lambda r: r is None, "it to be deleted", 60)
    context.nothing_left_of(run)
    context.finished("long")


@case("an image that is not there is a reason, not a silence, and the run can be cancelled",
      real_only="a process needs no image")
def image_missing(context):
    context.start("r", [{"name": "a", "image": "nowhere.invalid/none:1", "script": "echo a"}])
    run = context.run_until("r", lambda r: (runs.task(r, "a") or {}).get("reason") == "ImagePull", "reason ImagePull")
    assert "nowhere.invalid/none:1" in runs.task(run, "a")["message"], runs.task(run, "a")
    context.patch("wfr", "r", {"spec": {"cancel": True}})
    context.finished("r", "Cancelled", "Cancelled", timeout=60)


@case("a Pod that fits no node is a reason, not a silence")
def unschedulable(context):
    context.start("r", [{"name": "a", "podTemplate": {"spec": {
        "nodeSelector": {"color": "ultraviolet"}, "containers": [{"name": "main", "image": "busybox:1.36", "command": ["date"]}]}}}])
    run = context.run_until("r", lambda r: (runs.task(r, "a") or {}).get("reason") == "Unschedulable", "reason Unschedulable")
    assert runs.task(run, "a")["message"], runs.task(run, "a")


@case("a missing ConfigMap is a reason, and the task starts when it appears")
def config_missing(context):
    context.start("r", [{"name": "a", "envFrom": [{"configMapRef": {"name": "late"}}], "script": 'echo "\\"$WORD\\"" > $ORK_OUTPUT'}])
    context.run_until("r", lambda r: (runs.task(r, "a") or {}).get("reason") == "ContainerConfig", "reason ContainerConfig")
    context.kubectl.run("create", "configmap", "late", "--from-literal=WORD=here")
    runs.expect_equal("its output", runs.task(context.finished("r"), "a")["output"], "here")


@case("a task's Job that the API server refuses fails the task with the server's words")
def job_refused(context):
    context.start("r", [{"name": "a", "script": "echo a", "resources": {"requests": {"cpu": 2}, "limits": {"cpu": 1}}}])
    run = context.finished("r", "Failed", "TaskFailed", timeout=60)
    task = runs.task(run, "a")
    runs.expect_equal("its reason", task["reason"], "JobRejected")
    assert "must be less than or equal to cpu limit" in task["message"], task["message"]
    runs.expect_equal("Jobs", json.dumps(context.owned("jobs", run)), "[]")
