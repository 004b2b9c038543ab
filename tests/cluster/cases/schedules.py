"""Workflows that make runs of themselves, at times that have come already: nobody waits here for a minute."""

import datetime
import json

from suite import runs
from suite.process import wait_for

from suite.case import case

SHOW = [{"name": "a", "script": "echo \"\\\"$ORK_SCHEDULED_TIME\\\"\" > $ORK_OUTPUT"}]


def minutes_ago(number):
    now = datetime.datetime.now(datetime.timezone.utc)
    return (now - datetime.timedelta(minutes=number)).strftime("%Y-%m-%dT%H:%M:00Z")


def scheduled(context, name="w"):
    return [run for run in context.kubectl.list("wfr") if run["spec"].get("workflowRef", {}).get("name") == name]


def let_times_pass(context, since):
    """As if the operator had not been there since then."""
    wait_for(lambda: context.kubectl.get("workflow", "w")["status"].get("schedule", {}).get("nextTime"), "its next time")
    context.kubectl.run("patch", "workflow", "w", "--subresource=status", "--type=merge", "-p",
                        json.dumps({"status": {"schedule": {"nextTime": since}}}))


@case("schedules: the run of the last time that has passed is made, once, and knows its time")
def made_up_for(context):
    context.workflow("w", SHOW, schedule={"cron": "* * * * *"})
    let_times_pass(context, minutes_ago(3))
    wait_for(lambda: scheduled(context), "a run")
    run = context.finished(scheduled(context)[0]["metadata"]["name"])
    time = run["spec"]["scheduledTime"]
    runs.expect_equal("what its task sees", runs.task(run, "a")["output"], time)
    minute = datetime.datetime.fromisoformat(time.replace("Z", "+00:00")).timestamp() // 60
    runs.expect_equal("its name", run["metadata"]["name"], f"w-{int(minute)}")
    status = context.kubectl.get("workflow", "w")["status"]["schedule"]
    assert status["nextTime"] > time, status
    assert len({r["spec"]["scheduledTime"] for r in scheduled(context)}) == len(scheduled(context)), "one time has two runs"
    context.kubectl.run("delete", "workflow", "w", "--timeout=60s")
    wait_for(lambda: not scheduled(context), "its runs to go with it")


@case("schedules: under Forbid a run waits for the end of an earlier one, and says so")
def forbidden(context):
    context.workflow("w", [{"name": "a", "wait": {"for": "1h"}}], schedule={"cron": "* * * * *", "concurrencyPolicy": "Forbid"})
    let_times_pass(context, minutes_ago(3))
    wait_for(lambda: scheduled(context), "a run")
    first = scheduled(context)[0]["metadata"]["name"]
    let_times_pass(context, minutes_ago(0))
    wait_for(lambda: f"waits for the end of {first}" in
             context.kubectl.get("workflow", "w")["status"]["schedule"].get("message", ""), "the reason", timeout=90)
    runs.expect_equal("runs", len(scheduled(context)), 1)
    context.patch("workflow", "w", {"spec": {"schedule": {"suspend": True}}})
    context.patch("wfr", first, {"spec": {"cancel": True}})
    context.finished(first, "Cancelled")
    runs.expect_equal("runs of a suspended schedule", len(scheduled(context)), 1)


@case("schedules: under Replace a run that is due cancels an earlier one, and starts")
def replaced(context):
    context.workflow("w", [{"name": "a", "wait": {"for": "1h"}}], schedule={"cron": "* * * * *", "concurrencyPolicy": "Replace"})
    let_times_pass(context, minutes_ago(3))
    first = wait_for(lambda: scheduled(context), "a run")[0]["metadata"]["name"]
    # No earlier than its own minute is over, or the time that is due would be the same.
    context.finished(first, "Cancelled", timeout=120)
    wait_for(lambda: len(scheduled(context)) > 1, "the run that replaces it")
    context.patch("workflow", "w", {"spec": {"schedule": {"suspend": True}}})
