"""Cases written by hand: a function of one Side, run against both servers; what the sides note must agree."""

import concurrent.futures
import copy
import dataclasses
import json
import time
from typing import Callable

from suite.compare import Disagreement, differences
from suite.deliberate import agreed
from suite.kinds import KINDS
from suite.scripts import opened
from suite.session import Outcome, eventually
from suite.terminal import Terminal
from suite.watch import WatchReader

CASES = {}


@dataclasses.dataclass(frozen=True)
class Case:
    name: str
    run: Callable
    needs_node: bool = False  # only where programs run


def case(name, **kwargs):
    """Registers a function of one Side. Names are sentences."""

    def register(function):
        assert name not in CASES, f"two cases are called {name}"
        CASES[name] = Case(name, function, **kwargs)
        return function

    return register


class Side:
    """One server and a namespace of its own. Everything noted here is compared with the other side."""

    def __init__(self, session, kubectl):
        self.session = session
        self.server = session.server
        self.namespace = session.namespace
        self.terminal = Terminal(kubectl, session)
        self.notes = []  # (label, value)

    def note(self, label, value):
        self.notes.append((label, value))
        return value

    # --- requests ---

    def request(self, method, path, body=None, *, query=(), only=None, label="", **step):
        """Sends it and notes the answer, or what only(answer's JSON) leaves of it. Gives the answer's JSON.
        label: where the query holds what differs from server to server."""
        step = {"do": "request", "method": method, "path": path, "query": [list(pair) for pair in query], **step}
        if body is not None:
            step["body"] = body
        outcome = self.session.run(len(self.notes), step)
        value = outcome.as_json()
        if only:
            value["body"] = only(value["body"])
        self.note(f"{method} {path} {label or dict(query) or ''}".strip(), agreed(copy.deepcopy(value)))
        return outcome.body

    def create(self, key, name, body=None, metadata=None, **step):
        kind = KINDS[key]
        obj = {
            "apiVersion": kind.api_version,
            "kind": kind.kind,
            "metadata": {"name": name, **(metadata or {})},
            **(body or {}),
        }
        return self.request("POST", kind.collection(), obj, kind=key, **step)

    def get(self, key, name, **step):
        return self.request("GET", KINDS[key].path(name), kind=key, name=name, **step)

    def delete(self, key, name, body=None, **step):
        return self.request("DELETE", KINDS[key].path(name), body, kind=key, name=name, **step)

    def gone(self, key, name):
        """Waits until it is, and notes whether."""
        path = self.session.in_words_of_the_server(KINDS[key].path(name))
        self.note(f"{key}/{name} is gone", eventually(lambda: self.server.request("GET", path).status == 404))

    def until(self, label, condition):
        """Waits for condition(), of this side alone, and notes whether it came."""
        self.note(label, eventually(condition))

    def raw(self, path):
        """JSON of a GET that is not compared as it is."""
        return json.loads(self.server.request("GET", self.session.in_words_of_the_server(path)).body)

    # --- watches ---

    def watch(self, path, query, count=None, seconds=5.0):
        """Notes its events: `count` of them, or all until it ends."""
        step = {"path": path, "query": [["watch", "1"], *[list(pair) for pair in query]]}
        reader = WatchReader(self.server, self.session.target(step)).opened()
        deadline = time.monotonic() + seconds
        while not reader.ended and (count is None or len(reader.events) < count) and time.monotonic() < deadline:
            reader.pump(0.2)
        ended = reader.ended
        reader.close()
        events = [self.session.in_symbols(event) for event in reader.events[:count]]
        label = f"watch {path} {dict(query)}"
        if reader.refusal is not None:
            return self.note(
                label,
                {"status": reader.refusal.status, "body": self.session.in_symbols(json.loads(reader.refusal.body))},
            )
        return self.note(label, {"events": agreed(events), "ended": ended if count is None else None})

    # --- kubectl ---

    def kubectl(self, *args, **options):
        """Runs it and notes what it says. See Terminal.run. Gives its stdout as it is."""
        said = self.terminal.run(args, **options)
        shown = " ".join(str(arg) for arg in args)
        self.note("kubectl " + (shown if len(shown) < 300 else shown[:300] + "..."), said.as_noted())
        return said.stdout

    def looks(self, key, name):
        """Notes the whole object, with its managedFields."""
        answer = self.server.request("GET", self.session.in_words_of_the_server(KINDS[key].path(name)))
        self.note(
            f"{key}/{name} afterwards",
            agreed(Outcome(answer.status, "", "", self.session.in_symbols(json.loads(answer.body))).as_json()),
        )


class Runner:
    """Runs cases on both sides at once."""

    def __init__(self, pair, kubectl):
        self.pair = pair
        self.kubectl = kubectl

    def disagreements(self, one):
        names = self.pair.namespaces.names(("a", "b"))
        sessions = [opened(self.pair.namespaces, server, name) for server, name in zip(self.pair.servers, names)]
        sides = [Side(session, self.kubectl) for session in sessions]
        try:
            with concurrent.futures.ThreadPoolExecutor(2) as pool:
                for future in [pool.submit(one.run, side) for side in sides]:
                    future.result()
        finally:
            for side in sides:
                side.terminal.close()
                self.pair.namespaces.delete(side.server, side.namespace, KINDS)
        return compared(*(side.notes for side in sides))


def compared(left, right):
    found = []
    for place, (mine, yours) in enumerate(zip(left, right)):
        different = differences(mine[1], yours[1])
        if mine[0] != yours[0]:
            different = [(("label",), mine[0], yours[0])]
        if different:
            found.append(Disagreement(place, mine[0], "", mine[1], yours[1], different))
    if not found and len(left) != len(right):
        found.append(
            Disagreement(min(len(left), len(right)), "number of notes", "", left, right, [((), len(left), len(right))])
        )
    return found
