"""Random scripts from a seed. What comes next depends on what the reference server has answered."""

import random

from generator import mistakes, reads, writes
from suite.kinds import KINDS
from suite.deliberate import ROOT_CA
from suite.session import waits_for_the_collector

NAMES = ["a", "b", "c", "d"]
NAMESPACES = ["x", "y"]
# How often a script is about a kind, and an action is chosen.
KIND_WEIGHTS = {
    "configmap": 5,
    "secret": 3,
    "job": 4,
    "pod": 4,
    "lease": 3,
    "event": 2,
    "newevent": 2,
    "revision": 2,
    "namespace": 1,
    "workflow": 5,
    "run": 5,
}
ACTIONS = {
    "create": 20,
    "get": 6,
    "list": 13,
    "update": 13,
    "patch": 11,
    "apply": 10,
    "status": 9,
    "delete": 9,
    "deletecollection": 2,
    "watch": 4,
    "mistake": 6,
}
KINDS_A_SCRIPT = 3


def settle(kind):
    return {"do": "wait for the garbage collector", "wait": "settled", "kind": kind.key, "path": kind.collection()}


class Generator:
    """One script: steps(session) gives the next ones. `session` is that of the reference server."""

    def __init__(self, seed, only=()):
        """only: keys of the kinds that scripts are about; none: all."""
        self.rng = random.Random(seed)
        weights = {key: weight for key, weight in KIND_WEIGHTS.items() if not only or key in only}
        self.kinds = []
        self.unsettled = []  # kinds of which a collection was deleted
        while len(self.kinds) < min(KINDS_A_SCRIPT, len(weights)):
            kind = KINDS[self.rng.choices(list(weights), list(weights.values()))[0]]
            if kind not in self.kinds:
                self.kinds.append(kind)

    def opening(self):
        """The watches that follow the whole script."""
        steps = []
        for kind in self.kinds:
            if kind.namespaced:
                steps.append(reads.watch_from_the_start(self.rng, kind, False))
        selective = self.rng.choice([kind for kind in self.kinds if kind.namespaced])
        steps.append(reads.watch_from_the_start(self.rng, selective, True))
        return steps

    def next(self, session, number):
        """The next step, given what has been answered so far. `number` is its place in the script."""
        waiting = self._wait_for_the_collector(session)
        if waiting:
            return waiting
        kind = self.rng.choice(self.kinds)
        action = self.rng.choices(list(ACTIONS), list(ACTIONS.values()))[0]
        return self._step(action, kind, session, number)

    def _wait_for_the_collector(self, session):
        """The garbage collector takes its finalizers away at a moment of its own: wait, so that both servers are as far."""
        for key, name in sorted(session.living):
            obj = session.objects[key, name][0]
            shown = session.symbols.in_names(name)
            if key == "namespace" and "deletionTimestamp" in obj["metadata"]:
                return {
                    "do": "wait until it is gone",
                    "wait": "gone",
                    "kind": key,
                    "name": shown,
                    "path": KINDS[key].path(shown),
                }
            if key != "namespace" and waits_for_the_collector(obj):
                session.living.discard((key, name))
                return settle(KINDS[key])
        if self.unsettled:
            return settle(self.unsettled.pop())
        return None

    def _name(self, kind, session, living):
        """Of an object that is there, if `living` and there is one; else by chance."""
        pool = NAMESPACES if kind.key == "namespace" else NAMES
        if living and self.rng.random() < 0.85:
            there = sorted(session.symbols.in_names(name) for key, name in session.living if key == kind.key)
            there = [name for name in there if name not in ("$NS", ROOT_CA)]
            if there:
                name = self.rng.choice(there)
                return name.removeprefix("$NS-") if kind.key == "namespace" else name
        return self.rng.choice(pool)

    def _step(self, action, kind, session, number):
        rng = self.rng
        if action == "create":
            return writes.create(rng, kind, self._name(kind, session, False), number)
        if action == "list":
            return self._list(kind, session)
        name = self._name(kind, session, True)
        if action == "get":
            return reads.get(rng, kind, writes.named(kind, name))
        if action == "watch" and kind.namespaced:
            return self._watch(kind, session)
        if action == "status" and kind.has_status:
            return writes.update_status(rng, kind, name)
        if action == "deletecollection" and kind.namespaced:
            self.unsettled.append(kind)
            return writes.delete_collection(rng, kind)
        if action == "mistake":
            return mistakes.mistake(rng, kind, name)
        simple = {"update": writes.update, "patch": writes.patch, "apply": writes.apply, "delete": writes.delete}
        return simple.get(action, writes.update)(rng, kind, name)

    def _watch(self, kind, session):
        step = reads.watch(self.rng, kind, NAMES)
        return (
            step if self._versions_known(step, session) else reads.get(self.rng, kind, self._name(kind, session, True))
        )

    def _list(self, kind, session):
        step = reads.list_objects(self.rng, kind, NAMES)
        if not self._versions_known(step, session):
            step["query"] = [
                [name, value]
                for name, value in step["query"]
                if name not in ("resourceVersion", "resourceVersionMatch")
            ]
        return step

    @staticmethod
    def _versions_known(step, session):
        """Only versions that there were: older ones are too old for each server at another moment."""
        for _, value in step["query"]:
            if isinstance(value, dict) and "$version" in value:
                kind, name, _ = value["$version"]
                if (kind, name) not in session.objects:
                    return False
            if isinstance(value, dict) and "$list" in value and value["$list"] not in session.lists:
                return False
        return True
