"""Runs a script against both servers, step by step, and says where they disagree."""

import dataclasses
import json

from generator.generator import Generator
from samples import SAMPLES
from suite.compare import Disagreement, differences
from suite.deliberate import agreed
from suite.kinds import KINDS
from suite.session import MARKER_LABEL, Session

JSON = {"Content-Type": "application/json"}
MERGE = {"Content-Type": "application/merge-patch+json"}
# So that each selector that scripts watch with takes a marker.
MARKER_LABELS = {MARKER_LABEL: "1", "app": "x", "tier": "a"}


@dataclasses.dataclass
class Result:
    seed: object
    steps: list
    disagreements: list
    requests: int


class Pair:
    """The reference and the server that is held to it."""

    def __init__(self, reference, other, namespaces):
        self.servers = (reference, other)
        self.namespaces = namespaces

    @property
    def titles(self):
        return [server.title for server in self.servers]

    def generated(self, seed, length, only=()):
        generator = Generator(seed, only)
        opening = generator.opening()
        return self._run(seed, opening, length, generator)

    def replayed(self, steps, seed=None):
        return self._run(seed, steps, 0, None)

    def _run(self, seed, steps, length, generator):
        names = self.namespaces.names(("a", "b"))
        sessions = []
        course = Course()
        try:
            for server, name in zip(self.servers, names):
                sessions.append(opened(self.namespaces, server, name))
            for step in steps:
                course.step(sessions, step)
            while generator and not course.parted and len(course.steps) < len(steps) + length:
                course.step(sessions, generator.next(sessions[0], len(course.steps)))
            if not course.parted:
                course.watches(sessions)
                course.order(sessions)
        finally:
            kinds = {step["kind"] for step in course.steps if "kind" in step}
            for session in sessions:
                session.close()
                self.namespaces.delete(session.server, session.namespace, kinds)
        return Result(seed, course.steps, course.disagreements, sessions[0].requests)


def opened(namespaces, server, name):
    session = Session(server, name)
    namespace = namespaces.create(server, name)
    namespace["apiVersion"], namespace["kind"] = "v1", "Namespace"
    session.objects["namespace", name] = [namespace]
    session.in_symbols(namespace)
    return session


class Course:
    """What has happened so far."""

    def __init__(self):
        self.steps = []
        self.disagreements = []
        self.parted = False  # the servers are no longer in the same state: nothing after it says anything

    def step(self, sessions, step):
        place = len(self.steps)
        self.steps.append(step)
        left, right = (session.run(place, step) for session in sessions)
        if (left is None) != (right is None):
            self.parted = True
        values = [agreed(outcome.as_json()) if outcome else {"status": 0} for outcome in (left, right)]
        found = differences(*values)
        if found:
            self.disagreements.append(Disagreement(place, step["do"], step.get("kind", ""), *values, found))
            self.parted = self.parted or parts_ways(values, found)

    def watches(self, sessions):
        if self.disagreements:
            return
        streams = [session.finish_watches(write_marker) for session in sessions]
        for index, (left, right) in enumerate(zip(*streams)):
            step = sessions[0].watches[index].step
            agreed(left), agreed(right)
            found = differences(left, right)
            if found:
                self.disagreements.append(Disagreement(len(self.steps), "watch", step["kind"], left, right, found))

    def order(self, sessions):
        if self.disagreements:
            return
        left, right = (session.symbols.ranks() for session in sessions)
        if left != right:
            self.disagreements.append(
                Disagreement(len(self.steps), "order of versions", "", left, right, differences(left, right))
            )


def parts_ways(values, found):
    """After this the servers are in different states, and what follows says nothing."""
    return values[0]["status"] != values[1]["status"] or any("resourceVersion" in path for path, _, _ in found)


def write_marker(session, key, name):
    """An object with the marker's label: a new one, or the one of that name with one label more."""
    kind, server = KINDS[key], session.server
    path = kind.path(name, session.namespace)
    label = json.dumps({"metadata": {"labels": MARKER_LABELS}})
    answer = server.request("PATCH", path, MERGE, label)
    if answer.status == 404:
        text = json.dumps(
            {
                "apiVersion": kind.api_version,
                "kind": kind.kind,
                "metadata": {"name": name, "labels": MARKER_LABELS},
                **SAMPLES[key].minimal,
            }
        )
        answer = server.request(
            "POST", kind.collection(session.namespace), JSON, text.replace("$NS", session.namespace)
        )
    if answer.status not in (200, 201):
        raise AssertionError(
            f"{server.title}: the marker {kind.plural}/{name} was refused: {answer.status} {answer.body[:500]!r}"
        )
