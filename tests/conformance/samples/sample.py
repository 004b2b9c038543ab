"""What scripts write: for each kind, objects that are valid, ways to change them, and ways to get them wrong."""

import dataclasses

from suite.steps import REMOVE


@dataclasses.dataclass(frozen=True)
class Sample:
    """Objects are given without apiVersion, kind and metadata.

    An edit is (path, value), the value REMOVE for a field that goes; a fault is a list of edits. Both
    are made to a variant or to what is stored; where an object has no such path, they do nothing.
    """

    minimal: dict
    variants: list = dataclasses.field(default_factory=list)
    edits: list = dataclasses.field(default_factory=list)  # allowed at any time
    faults: list = dataclasses.field(default_factory=list)  # refused, on creation or as a change
    statuses: list = dataclasses.field(default_factory=list)  # of /status, good and bad
    merges: list = dataclasses.field(default_factory=list)  # merge and strategic patches
    operations: list = dataclasses.field(default_factory=list)  # JSON patches: lists of operations
    applied: list = dataclasses.field(default_factory=list)  # server-side apply: what managers say


def edit(path, value=REMOVE):
    """path: "spec.tasks.0.name"; a number is an index, + appends. Keys with a dot in them: give a list."""
    parts = path if isinstance(path, list) else path.split(".")
    return [[int(part) if isinstance(part, str) and part.isdigit() else part for part in parts], value]


def fault(*pairs):
    return [edit(path, value) for path, value in pairs]
