"""The API server's audit log, reduced to what tells the history of runs."""

import dataclasses
import json
import pathlib

WRITES = ("create", "update", "patch", "delete", "deletecollection")
POD_ENDED = ("Succeeded", "Failed")  # its phase, once its containers run no more
KINDS = ("jobs", "pods", "workflows", "workflowruns", "controllerrevisions", "leases")
# Of a Pod and a Job nothing else is asked; a long log would not fit the memory otherwise.
POD_SPEC = ("nodeName",)
JOB_SPEC = ("suspend", "completions", "parallelism", "completionMode")


@dataclasses.dataclass(slots=True)
class Entry:
    audit_id: str
    asked: str  # RFC 3339 with microseconds, always of the same length: compares as text
    at: str  # when it was answered
    user: str
    agent: str
    verb: str
    plural: str
    sub: str
    ns: str
    name: str
    code: int
    request: object
    response: object
    has_bodies: bool
    place: float = 0.0  # in the order of all writes; see History

    @property
    def ok(self):
        return 200 <= self.code < 300

    @property
    def unsure(self):
        """Given up by its sender, or by the server: it may have been carried out all the same."""
        return self.code >= 500 or self.code == 0

    @property
    def version(self):
        """The resourceVersion that the answer tells; None where it tells none."""
        found = metadata(self.response).get("resourceVersion") if self.ok and self.code != 202 else None
        return int(found) if found else None

    def says(self):
        sub = f"/{self.sub}" if self.sub else ""
        return f"{self.verb} {self.plural}{sub} {self.ns}/{self.name} by {self.user} at {self.asked}"


def metadata(obj):
    found = obj.get("metadata") if isinstance(obj, dict) else None
    return found if isinstance(found, dict) else {}


def status(state):
    found = state.get("status")
    return found if isinstance(found, dict) else {}


def phase(state):
    return status(state).get("phase", "")


@dataclasses.dataclass
class Log:
    entries: list = dataclasses.field(default_factory=list)
    lines: int = 0
    broken: int = 0  # lines that are no JSON: a server that was killed leaves one
    # (plural, namespace, name) -> when somebody asked for it last, in vain. A server that is killed may carry a deletion
    # out and never tell of it.
    not_found: dict = dataclasses.field(default_factory=dict)


@dataclasses.dataclass(frozen=True)
class Part:
    """What is read of the log: writes of what a run is made of, and whatever `user` wrote."""

    user: str
    namespaces: frozenset = frozenset()  # empty: all
    leases: frozenset = frozenset()  # of these groups of operators, wherever they are; empty: all

    def holds(self, plural, ns, name, ours):
        if plural == "leases":
            name = name or ""
            return not self.leases or any(name == group or name.startswith(f"{group}-") for group in self.leases)
        return (plural in KINDS or ours) and (not self.namespaces or ns in self.namespaces)


def read(files, part):
    """files: paths, or (path, offset) for what stands behind that byte."""
    log = Log()
    # Cheap on text, for most lines are heartbeats and watches.
    marks = [b'"RequestResponse"', b'"code":404', json.dumps(part.user).encode()]
    for file in files:
        path, offset = file if isinstance(file, tuple) else (file, 0)
        with open(pathlib.Path(path), "rb") as lines:
            lines.seek(offset)
            for line in lines:
                if not line.endswith(b"\n"):
                    break  # the last one, which is being written just now
                log.lines += 1
                if any(mark in line for mark in marks):
                    take(log, line, part)
    log.entries.sort(key=lambda entry: entry.at)
    return log


def take(log, line, part):
    try:
        event = json.loads(line)
    except json.JSONDecodeError:
        log.broken += 1
        return
    about = event.get("objectRef", {})
    plural, ns = about.get("resource", ""), about.get("namespace", "")
    if event.get("verb") == "get" and event.get("responseStatus", {}).get("code") == 404:
        log.not_found[plural, ns, about.get("name", "")] = event["requestReceivedTimestamp"]
    if event.get("stage") != "ResponseComplete" or event.get("verb") not in WRITES:
        return
    if not part.holds(plural, ns, about.get("name"), event["user"].get("username") == part.user):
        return
    request, response = event.get("requestObject"), event.get("responseObject")
    log.entries.append(Entry(
        audit_id=event["auditID"], asked=event["requestReceivedTimestamp"], at=event["stageTimestamp"],
        user=event["user"].get("username", ""), agent=event.get("userAgent", ""), verb=event["verb"], plural=plural,
        sub=about.get("subresource", ""), ns=ns, name=about.get("name") or metadata(response).get("name", ""),
        code=event.get("responseStatus", {}).get("code", 0), request=reduced(plural, request),
        response=reduced(plural, response), has_bodies=event["level"] == "RequestResponse"))


def reduced(plural, obj):
    if not isinstance(obj, dict) or plural not in ("pods", "jobs"):
        return obj
    out = {key: obj[key] for key in ("kind", "metadata", "status", "details", "preconditions") if key in obj}
    keep = POD_SPEC if plural == "pods" else JOB_SPEC
    out["spec"] = {key: value for key, value in obj.get("spec", {}).items() if key in keep}
    return out
