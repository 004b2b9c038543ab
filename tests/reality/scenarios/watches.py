"""Each kind's watch late, frozen, ended, broken, too old, by itself: kinds get out of step."""

import time

from proxy import watch_of
from world.scene import scenario, struck

KINDS = ("workflowruns", "jobs", "pods")
# Less than the ten seconds that ork waits for the Pod of a Job that has ended: docs/reliability.md says why.
FROZEN_S = 6


def one_watch(scene, kind, action, shapes=("chain", "partial"), **kwargs):
    actor = scene.actor()
    rule = actor.proxy.add(action, watch_of(kind), **kwargs)
    actor.start().wait_synced()
    for shape in shapes:
        scene.start(shape, shape)
    for shape in shapes:
        scene.ended_right(shape, shape)
    struck(rule)


def register(kind):
    @scenario(f"the watch of {kind} is half a second late with each event")
    def late(scene):
        one_watch(scene, kind, "delay", seconds=0.5)

    @scenario(f"the watch of {kind} shows nothing for {FROZEN_S} s after its first event")
    def frozen(scene):
        one_watch(scene, kind, "freeze", seconds=FROZEN_S, events=1)

    # Each break doubles the wait before the next try, whatever the stream had shown: more would take minutes.
    @scenario(f"the watch of {kind} breaks after two events, four times")
    def broken(scene):
        one_watch(scene, kind, "cut", times=4, events=2)

    @scenario(f"the watch of {kind} is too old (410) after three events, three times")
    def gone(scene):
        one_watch(scene, kind, "gone", times=3, events=3)


for each in KINDS:
    register(each)


@scenario("all watches end in good order after every fourth event")
def ended(scene):
    actor = scene.actor()
    rule = actor.proxy.add("end", watch_of(), times=200, events=4)
    actor.start().wait_synced()
    scene.start("fan-out")
    scene.start("retry", "s")
    scene.ended_right("fan-out")
    scene.ended_right("retry", "s")
    struck(rule)


@scenario("the watch of jobs is frozen throughout, and the operator killed in mid-run")
def frozen_and_killed(scene):
    actor = scene.actor()
    rule = actor.proxy.add("freeze", watch_of("jobs"), times=100, seconds=600)
    actor.start().wait_synced()
    scene.start("slow")
    scene.until_running("b")
    actor.kill()
    time.sleep(1)
    actor.proxy.heal()
    scene.ended_right("slow")
    struck(rule)
