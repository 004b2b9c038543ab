"""Answers that are lost, late, broken or refusals."""

import threading

from proxy import writes_of
from world.scene import scenario, struck

CREATE = writes_of("jobs", methods=("POST",))
STATUS = writes_of("workflowruns", "status")


@scenario("the answers to the first four creates are lost")
def creates_lost(scene):
    actor = scene.actor()
    rule = actor.proxy.add("lose", CREATE, times=4)
    actor.start()
    scene.start("diamond")
    scene.ended_right("diamond")
    struck(rule)
    assert actor.proxy.codes["jobs", 409] > 0, "no create was tried again"


@scenario("the answers to the first three statuses are lost")
def statuses_lost(scene):
    actor = scene.actor()
    rule = actor.proxy.add("lose", STATUS, times=3)
    actor.start()
    scene.start("chain")
    scene.ended_right("chain")
    struck(rule)


@scenario("answers break off in the middle")
def halves(scene):
    actor = scene.actor()
    rules = [actor.proxy.add("half", CREATE, times=3), actor.proxy.add("half", STATUS, times=2)]
    actor.start()
    scene.start("partial")
    scene.ended_right("partial")
    struck(*rules)


@scenario("every third write is cut off before it arrives")
def cuts(scene):
    actor = scene.actor()
    rule = actor.proxy.add("cut", lambda call: call.number % 3 == 0 and call.number > 0, times=8)
    actor.start()
    scene.start("fan-out")
    scene.start("retry", "s")
    scene.ended_right("fan-out")
    scene.ended_right("retry", "s")
    struck(rule)


@scenario("answers are two seconds late")
def late(scene):
    actor = scene.actor()
    rules = [actor.proxy.add("late", CREATE, times=3, seconds=2), actor.proxy.add("late", STATUS, times=3, seconds=2)]
    actor.start()
    scene.start("diamond")
    scene.ended_right("diamond")
    struck(*rules)


@scenario("creates and statuses are refused: 409, 429, 500, 503")
def refusals(scene):
    actor = scene.actor()
    rules = [actor.proxy.add("refuse", when, code=code) for code in (429, 500, 503) for when in (CREATE, STATUS)]
    rules.append(actor.proxy.add("refuse", STATUS, code=409))
    actor.start()
    scene.start("chain")
    scene.start("diamond", "d")
    scene.ended_right("chain")
    scene.ended_right("diamond", "d")
    struck(*rules)


@scenario("somebody edits the run all the time, so that statuses meet real conflicts")
def conflicts(scene):
    actor = scene.actor().start().wait_synced()
    scene.start("fan-out")
    stop = threading.Event()

    def edit():
        number = 0
        while not stop.is_set():
            number += 1
            scene.namespace.patch("workflowruns", "r", {"metadata": {"annotations": {"n": str(number)}}})

    editor = threading.Thread(target=edit, daemon=True)
    editor.start()
    try:
        scene.until_ended()
    finally:
        stop.set()
        editor.join()
    scene.ended_right("fan-out")
    assert actor.proxy.codes["workflowruns", 409] > 0, "no status met a conflict"
