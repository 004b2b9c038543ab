"""What is different on purpose, with the reason: the one list of it. docs/ork-dev.md tells users the same.

Each entry takes something out of the answers of both servers before they are compared. What is not
in here must agree.
"""

import dataclasses
import re


@dataclasses.dataclass(frozen=True)
class Deliberate:
    title: str
    reason: str
    kind: str = ""  # of the object; empty: any
    drop: str = ""  # a path of fields in such an object; * is every element or value
    message: str = ""  # a regular expression in messages of a Status
    becomes: str = ""  # what it is compared as


DELIBERATE = [
    Deliberate("kube-root-ca.crt", "controllers of a cluster put it into every namespace; the suite creates one where they don't",
               kind="ConfigMap", drop="(kube-root-ca.crt)"),
]


def _walk(value, function):
    if isinstance(value, dict):
        function(value)
        for item in value.values():
            _walk(item, function)
    elif isinstance(value, list):
        for item in value:
            _walk(item, function)


def _drop(obj, parts):
    first, *rest = parts
    if first == "*":
        for item in list(obj.values()) if isinstance(obj, dict) else obj if isinstance(obj, list) else []:
            _drop(item, rest)
    elif isinstance(obj, dict) and first in obj:
        if rest:
            _drop(obj[first], rest)
        else:
            del obj[first]


def _without_root_ca(value):
    """Its data are the cluster's own."""
    def forget(obj):
        metadata = obj.get("metadata")
        if isinstance(metadata, dict) and metadata.get("name") == "kube-root-ca.crt":
            for field in ("data", "apiVersion", "kind"):
                obj.pop(field, None)
            obj["metadata"] = {"name": "kube-root-ca.crt"}

    _walk(value, forget)


def agreed(value):
    """The value without what differs on purpose. Changes it."""
    _without_root_ca(value)
    for entry in DELIBERATE:
        if entry.drop and not entry.drop.startswith("("):
            _walk(value, lambda obj, entry=entry: _drop(obj, entry.drop.split("."))
                  if not entry.kind or obj.get("kind") == entry.kind and "apiVersion" in obj else None)
        if entry.message:
            _walk(value, lambda obj, entry=entry: obj.update(message=re.sub(entry.message, entry.becomes, obj["message"]))
                  if isinstance(obj.get("message"), str) else None)
    return value
