"""A script as one server sees it: requests go out with its own versions and uids, answers come back as symbols."""

import dataclasses
import json
import re
import time
import urllib.parse

from suite.kinds import KINDS, kind_of
from suite.steps import resolved
from suite.symbols import Symbols, causes_in_order, table_without_ages
from suite.watch import WatchReader

NO_UID = "00000000-0000-4000-8000-000000000000"
PATIENCE_SECONDS = 20.0
# The namespace controller of a real cluster takes its time where many end at once.
NAMESPACE_PATIENCE_SECONDS = 120.0
COLLECTED = {"foregroundDeletion", "orphan"}
MARKER_LABEL = "conformance-marker"
HISTORY = 8
# Of names that a server makes from generateName.
LONGEST_BASE = 58
CHANCE_LETTERS = "bcdfghjklmnpqrstvwxz2456789"


@dataclasses.dataclass
class Outcome:
    """What a server answered, in symbols: what is compared."""

    status: int
    kind: str  # of the content: its media type
    warnings: str
    body: object  # JSON, or a text

    def as_json(self):
        return {"status": self.status, "content-type": self.kind, "warning": self.warnings, "body": self.body}


class Session:
    def __init__(self, server, namespace):
        self.server = server
        self.namespace = namespace
        self.symbols = Symbols(namespace)
        self.objects = {}  # (kind, name) to what was seen of it, newest first, at most HISTORY
        self.living = set()  # (kind, name) of those that were there when last heard of
        self.continues, self.lists = {}, {}
        self.generated = {}  # "$G3$" to the name
        self.watches = []
        self.requests = 0

    # --- what steps refer to; names are in the words of the script ---

    def in_words_of_the_server(self, text):
        if "$" not in text:
            return text
        for symbol, name in self.generated.items():
            text = text.replace(symbol, name)
        return text.replace("$NS", self.namespace)

    def _seen(self, kind, name):
        return self.objects.get((kind, self.in_words_of_the_server(name)), [])

    def version(self, kind, name, age=0):
        seen = self._seen(kind, name)
        return seen[min(age, len(seen) - 1)]["metadata"]["resourceVersion"] if seen else "1"

    def uid(self, kind, name):
        seen = self._seen(kind, name)
        return seen[0]["metadata"]["uid"] if seen else NO_UID

    def object(self, kind, name):
        seen = self._seen(kind, name)
        if seen:
            return seen[0]
        return {
            "apiVersion": KINDS[kind].api_version,
            "kind": KINDS[kind].kind,
            "metadata": {"name": self.in_words_of_the_server(name)},
        }

    def continue_of(self, kind):
        return self.continues.get(kind, "none")

    def list_version(self, kind):
        return self.lists.get(kind, "1")

    # --- steps ---

    def run(self, number, step):
        """The Outcome; None of a step that only waits."""
        for watch in self.watches:
            watch.pump()
        if step.get("wait") == "gone":
            return self._wait_until_gone(step)
        if step.get("wait") == "settled":
            return self._wait_until_settled(step)
        if step.get("wait") == "watch":
            return self._open_watch(step)
        if step.get("before") == "fresh":
            self._wait_until_fresh(step)
        answer = self._send(step)
        return self._taken_in(number, step, answer)

    def target(self, step):
        path = urllib.parse.quote(self.in_words_of_the_server(step["path"]), safe="/%:$-._~")
        query = [(name, str(resolved(value, self))) for name, value in step.get("query", [])]
        return path + ("?" + urllib.parse.urlencode(query, quote_via=urllib.parse.quote) if query else "")

    def _send(self, step):
        headers = {}
        if "type" in step:
            headers["Content-Type"] = step["type"]
        if "accept" in step:
            headers["Accept"] = step["accept"]
        body = None
        if "text" in step:
            body = self.in_words_of_the_server(step["text"]).encode("utf-8", "surrogateescape")
        elif "body" in step:
            # As clients write it, without spaces: of a field of any JSON a server compares the bytes.
            # An object that was answered has its fields in an order of the server's.
            answered = isinstance(step["body"], dict) and "$object" in step["body"]
            body = json.dumps(resolved(step["body"], self), separators=(",", ":"), sort_keys=answered).encode()
            headers.setdefault("Content-Type", "application/json")
        self.requests += 1
        return self.server.request(step["method"], self.target(step), headers, body)

    def _taken_in(self, number, step, answer):
        text = answer.body.decode("utf-8", "replace")
        media_type = answer.header("content-type").split(";")[0]
        if media_type != "application/json" and not text.startswith("{"):
            return Outcome(answer.status, media_type, answer.header("warning"), self._in_symbols(text))
        try:
            value = json.loads(text)
        except ValueError:
            return Outcome(answer.status, media_type, answer.header("warning"), "not JSON: " + self._in_symbols(text))
        self._learn_generated_name(number, step, text)
        self._learn(step, answer.status, value)
        return Outcome(answer.status, media_type, self._in_symbols(answer.header("warning")), self.in_symbols(value))

    def _in_symbols(self, text):
        return self.symbols.in_text(self.symbols.in_names(text))

    def in_symbols(self, value):
        named = json.loads(self.symbols.in_names(json.dumps(value)))
        if isinstance(named, dict) and named.get("kind") == "Table":
            named = table_without_ages(named)
        if isinstance(named, dict) and named.get("kind") == "Status":
            named = causes_in_order(named)
        return self.symbols.in_value(named)

    # --- learning ---

    def _learn_generated_name(self, number, step, text):
        """A name by chance gets a symbol: of an object, or in words that refuse it."""
        body = step.get("body")
        metadata = body.get("metadata") if isinstance(body, dict) else None
        if not isinstance(metadata, dict) or not metadata.get("generateName") or metadata.get("name"):
            return
        base = metadata["generateName"]
        match = re.search(re.escape(base[:LONGEST_BASE]) + f"[{CHANCE_LETTERS}]{{5}}(?![a-z0-9])", text)
        if match:
            numbered = re.match(r"g(\d+)-", base)
            symbol = f"$G{numbered.group(1) if numbered else number}$"
            self.generated[symbol] = match.group()
            self.symbols.names[match.group()] = symbol

    def _learn(self, step, status, value):
        if not isinstance(value, dict):
            return
        kind = step.get("kind")
        metadata = value.get("metadata") if isinstance(value.get("metadata"), dict) else {}
        if isinstance(value.get("items"), list) and kind:
            self.lists[kind] = metadata.get("resourceVersion", "1")
            if metadata.get("continue"):
                self.continues[kind] = metadata["continue"]
            for item in value["items"]:
                self._learn_object(kind, {**item, "kind": KINDS[kind].kind, "apiVersion": KINDS[kind].api_version})
        elif kind_of(value) and "uid" in metadata:
            if not is_dry(step):
                self._learn_object(kind_of(value).key, value)
        name = step.get("name")
        if (
            kind
            and name
            and (status == 404 or status == 200 and step["method"] == "DELETE" and value.get("kind") == "Status")
        ):
            self.living.discard((kind, self.in_words_of_the_server(name)))

    def _learn_object(self, kind, obj):
        metadata = obj.get("metadata", {})
        if "resourceVersion" not in metadata or "uid" not in metadata:
            return
        if KINDS[kind].namespaced and metadata.get("namespace") != self.namespace:
            return
        seen = self.objects.setdefault((kind, metadata["name"]), [])
        if not seen or seen[0]["metadata"]["resourceVersion"] != metadata["resourceVersion"]:
            seen.insert(0, obj)
            del seen[HISTORY:]
        self.living.add((kind, metadata["name"]))

    # --- waiting ---

    def _wait_until_gone(self, step):
        def gone():
            return self._send({"method": "GET", "path": step["path"]}).status == 404

        self.living.discard((step["kind"], self.in_words_of_the_server(step["name"])))
        return None if eventually(gone, NAMESPACE_PATIENCE_SECONDS) else Outcome(0, "", "", "it is still there")

    def _wait_until_settled(self, step):
        def settled():
            listed = json.loads(self._send({"method": "GET", "path": step["path"]}).body)
            return not any(waits_for_the_collector(item) for item in listed.get("items") or [])

        return None if eventually(settled) else Outcome(0, "", "", "its finalizers are still there")

    def _wait_until_fresh(self, step):
        """A list without a resourceVersion makes a server that reads from a cache wait for it to catch up."""
        kind = KINDS[step["kind"]]
        self.server.request("GET", self.in_words_of_the_server(kind.collection()) + "?labelSelector=matches%3Dnothing")

    # --- watches ---

    def _open_watch(self, step):
        if step.get("fresh", True):
            self._wait_until_fresh(step)
        headers = {"Accept": step["accept"]} if "accept" in step else None
        watch = WatchReader(self.server, self.target(step), headers)
        watch.opened()
        if watch.refusal is not None:
            return self._taken_in(0, {"method": "GET"}, watch.refusal)
        watch.step = step
        self.watches.append(watch)
        return None

    def finish_watches(self, mark):
        """Writes a marker of each watched kind with mark(session, kind, name), and gives each watch's events up to it."""
        for key in sorted({watch.step["kind"] for watch in self.watches}):
            self._wait_until_settled({"path": KINDS[key].collection()})
        for kind, name in sorted({(watch.step["kind"], watch.step.get("name", "zz-marker")) for watch in self.watches}):
            mark(self, kind, name)
        found = []
        for watch in self.watches:
            reached = watch.until(is_marker, PATIENCE_SECONDS)
            events = self.in_an_order(without_chance(watch.events))
            watch.close()
            if not reached:
                events.append({"type": "(no marker arrived)", "object": {}})
            found.append(self.events_in_symbols(events))
        return found

    def in_an_order(self, events):
        """The garbage collector ends objects when it gets to them, several at a time. In a row of events about
        objects that are being deleted, those of one object come after those of another; each object's keep theirs."""
        ordered, row = [], []
        for event in [*events, None]:
            ending = name_of_ending(event)
            if ending:
                row.append((self.symbols.in_names(ending), event))
                continue
            ordered += [one for _, one in sorted(row, key=lambda pair: pair[0])]
            row = []
            if event is not None:
                ordered.append(event)
        return ordered

    def events_in_symbols(self, events):
        """The columns of Tables stand in the first event only."""
        tables = [
            event["object"]
            for event in events
            if isinstance(event.get("object"), dict) and event["object"].get("kind") == "Table"
        ]
        for table in tables[1:]:
            if not table.get("columnDefinitions"):
                table_without_ages(table, tables[0].get("columnDefinitions"))
        return [{"type": event.get("type"), "object": self.in_symbols(event.get("object"))} for event in events]

    def close(self):
        for watch in self.watches:
            watch.close()


def is_dry(step):
    """Whether a request that was taken has changed nothing. A DELETE has its options in its body, if it has one."""
    body = step.get("body")
    if step["method"] == "DELETE" and isinstance(body, dict):
        return bool(body.get("dryRun"))
    return any(name == "dryRun" for name, _ in step.get("query", []))


def eventually(condition, patience=PATIENCE_SECONDS):
    deadline = time.monotonic() + patience
    pause = 0.01
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(pause)
        pause = min(0.3, pause * 1.5)
    return True


def waits_for_the_collector(obj):
    metadata = obj["metadata"]
    return "deletionTimestamp" in metadata and bool(COLLECTED & set(metadata.get("finalizers") or []))


def is_table(event):
    obj = event.get("object")
    return isinstance(obj, dict) and obj.get("kind") == "Table"


def metadata_in(event):
    """Of the objects that an event of a watch is about: one, or a Table's rows."""
    obj = event.get("object")
    if not isinstance(obj, dict):
        return []
    objects = [row.get("object") or {} for row in obj.get("rows") or []] if is_table(event) else [obj]
    return [one.get("metadata") or {} for one in objects]


def is_marker(event):
    return any(MARKER_LABEL in (metadata.get("labels") or {}) for metadata in metadata_in(event))


def name_of_ending(event):
    """The name of an object that is being deleted; None: of no such one."""
    names = [metadata.get("name") for metadata in metadata_in(event or {}) if "deletionTimestamp" in metadata]
    return names[0] if names else None


def is_periodic_bookmark(event):
    if event.get("type") != "BOOKMARK":
        return False
    return not any("k8s.io/initial-events-end" in (one.get("annotations") or {}) for one in metadata_in(event))


def without_chance(events):
    """Bookmarks come when they come. A real server tells the columns of Tables in a watch's first event, which may be
    a bookmark, and now and then again: what it has encoded for one watch it sends to others too."""
    tables = [event["object"] for event in events if is_table(event)]
    columns = next((table["columnDefinitions"] for table in tables if table.get("columnDefinitions")), None)
    kept = [event for event in events if not is_periodic_bookmark(event)]
    for event in kept:
        if is_table(event):
            event["object"]["columnDefinitions"], columns = columns, None
    return kept
