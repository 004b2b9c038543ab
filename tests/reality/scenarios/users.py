"""Somebody deletes, cancels and edits what the operator works on."""

from proxy import writes_of
from suite import runs
from suite.process import wait_for
from world.scene import scenario, struck
from world.shapes import SHAPES


@scenario("a running Job is deleted: its attempt counts as the infrastructure's, and is made again")
def job_deleted(scene):
    scene.actor().start()
    scene.start("slow")
    scene.until_running("a")
    scene.namespace.delete("jobs", scene.jobs_of(task="a")[0]["metadata"]["name"])
    run = scene.ended_with("Succeeded", {"a": 2, "b": 1})
    runs.expect_equal("infrastructureRetries", runs.task(run, "a")["infrastructureRetries"], 1)


@scenario("a running Pod is deleted: its attempt is made again")
def pod_deleted(scene):
    scene.actor().start()
    scene.start("slow")
    pods = scene.until_running("a")
    scene.namespace.delete("pods", pods[0]["metadata"]["name"])
    run = scene.ended_with("Succeeded", {"a": 2, "b": 1})
    runs.expect_equal("infrastructureRetries", runs.task(run, "a")["infrastructureRetries"], 1)


@scenario("a run is deleted in mid-run: nothing is left of it, and its namesake begins anew")
def run_deleted(scene):
    scene.actor().start()
    first = scene.start("slow")
    scene.until_running("a")
    scene.namespace.delete("workflowruns", "r")
    second = scene.start("chain")
    assert first["metadata"]["uid"] != second["metadata"]["uid"]
    scene.ended_right("chain")
    mine = f"ork.dev/run-uid={first['metadata']['uid']}"
    wait_for(lambda: not scene.namespace.list("jobs", mine) and not scene.namespace.list("pods", mine),
             "everything of the first run to be gone", 60)


@scenario("a run is deleted while a create for it is on its way and the operator dies")
def deleted_at_a_create(scene):
    actor = scene.actor()
    rule = actor.proxy.add("kill-late", writes_of("jobs", methods=("POST",)), seconds=1)
    actor.start().wait_synced()
    scene.start("chain")
    wait_for(lambda: actor.kills, "the operator to die", 30, every=0.02)
    scene.namespace.delete("workflowruns", "r")
    struck(rule)
    scene.nothing_left_of("r")
    scene.start("chain", "next")
    scene.ended_right("chain", "next")
    scene.nothing_left_of("r")


@scenario("a run is cancelled while nobody is there")
def cancelled_while_away(scene):
    actor = scene.actor(lives_on=False).start()
    scene.start("slow")
    scene.until_running("a")
    actor.kill()
    scene.namespace.patch("workflowruns", "r", {"spec": {"cancel": True}})
    scene.ground.forget_leases(scene.lease)
    actor.start()
    run = scene.until_ended()
    runs.check_finished(run, "Cancelled", "Cancelled")
    wait_for(lambda: not [pod for pod in scene.pods_of() if pod["status"]["phase"] == "Running"], "its Pods to end", 60)


@scenario("the Workflow is edited in mid-run: what runs keeps the revision that it began with")
def workflow_edited(scene):
    scene.actor().start().wait_synced()
    scene.namespace.create("workflows", SHAPES["slow"].workflow())
    run = {"apiVersion": "ork.dev/v1alpha1", "kind": "WorkflowRun", "metadata": {"name": "r"},
           "spec": {"workflowRef": {"name": "slow"}}}
    scene.namespace.create("workflowruns", run)
    scene.until_running("a")
    scene.namespace.patch("workflows", "slow", {"spec": {"tasks": SHAPES["one"].tasks}})
    scene.namespace.create("workflowruns", {**run, "metadata": {"name": "s"}})
    scene.ended_right("slow")
    scene.ended_right("one", "s")
