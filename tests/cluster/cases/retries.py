"""Failures, their causes, and what is tried again."""

from suite import runs
from suite.case import LONG, case


@case("retry: each attempt is a Job of its own, waits for its backoff, and leaves a record")
def attempts(context):
    context.start("r", [{"name": "a", "retry": {"limit": 2, "backoff": {"initial": "2s", "factor": 2, "jitter": 0}},
                         "script": 'echo "attempt $ORK_ATTEMPT says no" >&2; exit $((ORK_ATTEMPT + 10))'}])
    with context.kubectl.watch("jobs") as watch:
        run = context.finished("r", "Failed", "TaskFailed")
        jobs = {job["metadata"]["uid"]: job["metadata"]["name"] for _, job in watch.seen()}
    task = runs.task(run, "a")
    runs.expect_equal("attempts", task["attempt"], 3)
    runs.expect_equal("Jobs", len(jobs), 3)
    runs.expect_equal("exit codes", [a["exitCode"] for a in task["attempts"]], [11, 12, 13])
    runs.expect_equal("causes", {a["cause"] for a in task["attempts"]}, {"Program"})
    assert all(a["node"] and a["startTime"] and a["completionTime"] for a in task["attempts"]), task["attempts"]
    assert "attempt 3 says no" in task["message"], task["message"]
    assert {a["job"] for a in task["attempts"]} == set(jobs.values()), (task["attempts"], jobs)


@case("retry: of a fan-out only the failed indexes run again, and keep their numbers")
def failed_indexes(context):
    script = 'case $ORK_ATTEMPT:$ORK_INDEX in 1:1|1:4|2:4) exit 1;; esac; echo $ORK_ATTEMPT > $ORK_OUTPUT'
    context.start("r", [{"name": "a", "count": 6, "retry": {"limit": 2, "backoff": {"initial": "500ms"}}, "script": script}])
    with context.kubectl.watch("pods") as watch:
        run = context.finished("r")
        pods = {p["metadata"]["uid"]: (int(p["metadata"]["labels"]["ork.dev/attempt"]),
                                       int(p["metadata"]["annotations"]["batch.kubernetes.io/job-completion-index"]))
                for _, p in watch.seen()}
    runs.expect_equal("what ran", sorted(pods.values()), [(1, i) for i in range(6)] + [(2, 1), (2, 4), (3, 4)])
    task = runs.task(run, "a")
    runs.expect_equal("its output", task["output"], [1, 2, 1, 1, 3, 1])
    runs.expect_equal("its record", [(a["attempt"], a["failedIndexes"]) for a in task["attempts"]], [(1, "1,4"), (2, "4")])


@case("retry: a fan-out that runs out of retries fails and says which indexes")
def exhausted_indexes(context):
    context.start("r", [{"name": "a", "count": 4, "script": "[ $ORK_INDEX != 2 ]"}])
    task = runs.task(context.finished("r", "Failed", "TaskFailed"), "a")
    runs.expect_equal("its indexes", (task["succeededIndexes"], task["failedIndexes"], task["succeeded"], task["failed"]),
                      ("0,1,3", "2", 3, 1))


@case("retry: a timeout is a cause, counts as the user's failure, and the next attempt gets its own time")
def timeout(context):
    context.start("r", [{"name": "a", "timeout": "12s", "retry": {"limit": 1, "backoff": {"initial": "500ms"}},
                         "script": "if [ $ORK_ATTEMPT = 1 ]; then " + LONG + "; fi; echo in time"}])
    task = runs.task(context.finished("r"), "a")
    runs.expect_equal("its first attempt", (task["attempts"][0]["cause"], task["attempts"][0]["reason"]),
                      ("Deadline", "DeadlineExceeded"))
    runs.expect_equal("retries used", task["programRetries"], 1)


@case("retry: suspending a run holds its retry back, cancelling one that waits ends it")
def held_back(context):
    context.start("r", [{"name": "a", "retry": {"limit": 5, "backoff": {"initial": "60s"}}, "script": "exit 1"}])
    run = context.task_until("r", "a", "Retrying")
    task = runs.task(run, "a")
    assert task["retryTime"] > run["status"]["startTime"], task
    context.patch("wfr", "r", {"spec": {"cancel": True}})
    run = context.finished("r", "Cancelled", "Cancelled", timeout=30)
    runs.expect_equal("attempts", runs.task(run, "a")["attempt"], 1)
