"""The operator dies at its writes, or stands still, or is not alone."""

import time

from proxy import writes_of
from suite import runs
from suite.process import wait_for
from world.scene import scenario, struck

MOST_KILLS = 25  # more than the writes of any of these runs


def dies_at_its_writes(scene, shape, action, **kwargs):
    """The first process dies at its first write, the second at its second, and so on until the run has ended."""
    actor = scene.actor()
    rule = actor.proxy.add(action, lambda call: call.number == actor.kills + 1, times=MOST_KILLS, **kwargs)
    actor.start()
    scene.start(shape)
    scene.ended_right(shape)
    struck(rule)
    assert actor.kills >= 3, f"only {actor.kills} writes were reached"


def register(shape):
    @scenario(f"{shape}: process k is killed before its write k is sent")
    def before(scene):
        dies_at_its_writes(scene, shape, "kill-before")

    @scenario(f"{shape}: process k is killed when its write k is carried out and not answered")
    def unanswered(scene):
        dies_at_its_writes(scene, shape, "kill-unanswered")

    @scenario(f"{shape}: process k is killed when its write k is answered")
    def answered(scene):
        dies_at_its_writes(scene, shape, "kill-answered")


for each in ("diamond", "partial"):
    register(each)


@scenario("retry: write k of process k arrives half a second after its death, when the next one works")
def late(scene):
    dies_at_its_writes(scene, "retry", "kill-late", seconds=0.5)


@scenario("diamond: the operator is away while tasks end, and finds what has become of them")
def away(scene):
    actor = scene.actor(lives_on=False).start()
    scene.start("slow")
    scene.until_running("a")
    actor.kill()
    wait_for(lambda: all(pod["status"]["phase"] == "Succeeded" for pod in scene.pods_of(task="a")), "the task to end")
    scene.ground.forget_leases(scene.lease)
    actor.start()
    scene.ended_right("slow")


@scenario("a paused leader outlives its Lease: another takes over, the first changes nothing and ends")
def paused_leader(scene):
    first = scene.actor("first", lease_seconds=3, lives_on=False).start().wait_synced()
    scene.start("slow")
    scene.start("chain", "early")
    scene.until_running("a")
    first.pause()
    second = scene.actor("second", lease_seconds=3, lives_on=False).start()
    second.wait_synced()
    scene.start("chain", "late")
    first.resume()
    scene.ended_right("slow")
    for name in ("early", "late"):
        scene.ended_right("chain", name)
    process = first.operator.process
    wait_for(lambda: process.poll() is not None, "the first operator to end", 20)
    runs.expect_equal("its exit code", process.returncode, 1)


@scenario("two operators beside each other, each with a Lease of its own, do the work of one")
def two(scene):
    for mark in ("one", "two"):
        scene.actor(mark, lease=f"{scene.lease}-{mark}").start().wait_synced()
    shapes = ("diamond", "fan-out", "partial", "retry")
    names = {shape: [f"{shape}-{number}" for number in range(3)] for shape in shapes}
    for shape, of_shape in names.items():
        for name in of_shape:
            scene.start(shape, name)
    for shape, of_shape in names.items():
        for name in of_shape:
            scene.ended_right(shape, name)


@scenario("an orderly stop in mid-run hands over at once")
def handover(scene):
    first = scene.actor("first", lives_on=False).start().wait_synced()
    scene.start("slow")
    scene.until_running("a")
    second = scene.actor("second", lives_on=False).start()
    began = time.monotonic()
    runs.expect_equal("the exit code of the first", first.operator.stop(), 0)
    second.wait_synced(timeout=14)  # sooner than the Lease runs out
    print(f"      handed over in {time.monotonic() - began:.1f} s", flush=True)
    scene.ended_right("slow")


@scenario("a status is refused as it was when the first process died after it")
def dies_after_a_conflict(scene):
    actor = scene.actor()
    conflict = actor.proxy.add("refuse", writes_of("workflowruns", "status"), code=409)
    death = actor.proxy.add("kill-unanswered", writes_of("workflowruns", "status"))
    actor.start()
    scene.start("chain")
    scene.ended_right("chain")
    struck(conflict, death)


@scenario("what has failed keeps its Job and its Pod, for their logs, when the operator dies right after")
def keeps_logs(scene):
    actor = scene.actor()
    death = actor.proxy.add("kill-answered", lambda call: call.sub == "status" and b"TaskFailed" in call.body)
    actor.start().wait_synced()
    scene.start("broken")
    scene.ended_right("broken")
    struck(death)
