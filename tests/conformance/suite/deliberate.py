"""What is different on purpose, with the reason: the one list of it. docs/ork-dev.md tells users the same.

An entry takes something out of the answers of both servers before they are compared, or makes two
texts one. What no entry names must agree. `tests/conformance/run --differences` prints the table for docs/.
"""

import dataclasses
import re
from typing import Callable

TOKEN_VOLUME = "kube-api-access-"
ADMITTED_KEYS = ("node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable")


def _without_admission(pod):
    """The API server's plugins ServiceAccount, Priority and DefaultTolerationSeconds."""
    spec = pod.get("spec")
    if not isinstance(spec, dict):
        return
    for field, default in (
        ("priority", 0),
        ("preemptionPolicy", "PreemptLowerPriority"),
        ("serviceAccount", "default"),
        ("serviceAccountName", "default"),
    ):
        if str(spec.get(field)) == str(default):  # of YAML every scalar is a text
            del spec[field]
    _filter(spec, "tolerations", lambda item: item.get("key") in ADMITTED_KEYS and str(item.get("tolerationSeconds")) == "300")
    _filter(spec, "volumes", lambda item: item.get("name", "").startswith(TOKEN_VOLUME))
    for container in (spec.get("containers") or []) + (spec.get("initContainers") or []):
        _filter(container, "volumeMounts", lambda item: item.get("name", "").startswith(TOKEN_VOLUME))


def _without_kinds_of_items(obj):
    if str(obj.get("kind")).endswith("List") and not str(obj.get("apiVersion")).startswith("ork.dev/"):
        for item in obj.get("items") or []:
            item.pop("kind", None)
            item.pop("apiVersion", None)


def _filter(obj, field, dropped):
    if isinstance(obj.get(field), list):
        obj[field] = [item for item in obj[field] if not (isinstance(item, dict) and dropped(item))]
        if not obj[field]:
            del obj[field]


@dataclasses.dataclass(frozen=True)
class Deliberate:
    title: str
    reason: str
    kind: str = ""  # of the objects concerned; empty: any
    drop: tuple = ()  # paths of fields in such an object; * is every element or value
    message: str = ""  # a regular expression in messages of a Status
    becomes: str = ""  # what it is compared as
    edit: Callable | None = None  # changes such an object


DELIBERATE = [
    Deliberate(
        "descriptions of columns",
        "nothing shows them; here they are ork's own words",
        kind="Table",
        drop=("columnDefinitions.*.description",),
    ),
    Deliberate(
        "the words for syntax errors",
        "that the body is no JSON or YAML is told alike; where it breaks, in the parser's own words",
        message=r"(json parse error: |error converting YAML to JSON: |error decoding (?:YAML|patch): |yaml: "
        r"|continue key is not valid: ?|invalid character ).*",
        becomes=r"\1<words of a parser>",
    ),
    Deliberate(
        "a patch that is no JSON",
        "as above",
        message=r"^(?:invalid character .*|unexpected end of JSON input|the body is not JSON)$",
        becomes="<not JSON>",
    ),
    Deliberate(
        "a field that is there twice in YAML",
        "is refused, as in a manifest, where it is a mistake; of JSON the last one counts, with a warning but in apply",
    ),
    Deliberate(
        "what was refused, shown in a refusal",
        "Kubernetes prints the value in the form of its own program, with the names of its fields",
        message=r"(^|(?:spec\.template|spec\.podFailurePolicy|spec\.successPolicy|spec\.selector"
        r"|involvedObject|source|related): )Invalid value: \{.*?\}: "
        r"(field is immutable|requires indexed completion mode)",
        becomes=r"\1Invalid value: <value>: \2",
    ),
    Deliberate(
        "what came out of a patch, shown in a refusal",
        "as above; and why a strategic merge patch fits no field, in words of Kubernetes' converter",
        message=r"(patch: Invalid value: |^Invalid value: )\"(?:(?:\{.*\}|null)\"(: .*)|map\[.*\]\": (?!strict).*)",
        becomes=r"\1<patched>\2",
    ),
    Deliberate(
        "why an applied object can't be one",
        "it has a value of a wrong type: in the words of one of Kubernetes' two converters",
        message=r"(to proper version: unable to convert unstructured object to [^:]*: ).*",
        becomes=r"\1<why>",
    ),
    Deliberate(
        "the differences of a Pod, shown in a refusal",
        "as above: a text of Kubernetes' own program, in its names",
        message=r"(pod updates may not change fields other than [^\n]*?)(?:\n.*|\]?$)",
        becomes=r"\1",
    ),
    Deliberate(
        "ServiceAccounts",
        "a Pod gets no token, no volume for one, no tolerations and no priority: a node of processes has no use for "
        "them; nor is an account or a class looked for that a Pod names, and a PUT without them takes nothing away",
        kind="Pod",
        edit=_without_admission,
    ),
    Deliberate(
        "the media types a refusal offers",
        "answers are JSON; bodies may be JSON, YAML or protobuf",
        message=r"(accepted media types include: |Available representations: |following media types are accepted: ).*",
        becomes=r"\1<types>",
    ),
    Deliberate("CustomResourceDefinitions can only be read", "ork's own two are served, and no others"),
    Deliberate("OpenAPI v2", "is empty: kubectl reads v3 since 1.27"),
    Deliberate("the order of fields in JSON", "by name, not as Kubernetes' program declares them"),
    Deliberate(
        "descriptions in OpenAPI of what is not ork's",
        "kubectl explain says what ork's own fields mean; of the others it shows names and types",
    ),
    Deliberate(
        "list items of built-in kinds",
        "each has its apiVersion and kind: texts are stored as they are answered",
        edit=_without_kinds_of_items,
    ),
]
ROOT_CA = "kube-root-ca.crt"


def _walk(value, function):
    if isinstance(value, dict):
        function(value)
        for item in value.values():
            _walk(item, function)
    elif isinstance(value, list):
        for item in value:
            _walk(item, function)


def _drop(value, parts):
    first, *rest = parts
    if first == "*":
        for item in list(value.values()) if isinstance(value, dict) else value if isinstance(value, list) else []:
            _drop(item, rest)
    elif isinstance(value, dict) and first in value:
        if rest:
            _drop(value[first], rest)
        else:
            del value[first]


def _without_root_ca(obj):
    """Controllers of a cluster put it into every namespace, with data of the cluster; the suite creates it where none do."""
    metadata = obj.get("metadata")
    if isinstance(metadata, dict) and metadata.get("name") == ROOT_CA:
        for field in ("data", "apiVersion", "kind"):
            obj.pop(field, None)
        obj["metadata"] = {"name": ROOT_CA}


def _agree(obj, entry):
    if entry.drop and (not entry.kind or obj.get("kind") == entry.kind):
        for path in entry.drop:
            _drop(obj, path.split("."))
    if entry.edit and entry.kind in ("", obj.get("kind")):
        entry.edit(obj)
    if entry.message and isinstance(obj.get("message"), str):
        obj["message"] = in_words(obj["message"], [entry])


def in_words(text, entries=()):
    """A message without what differs on purpose."""
    for entry in entries or DELIBERATE:
        if entry.message:
            text = re.sub(entry.message, entry.becomes, text, flags=re.S)
    return text


def agreed(value):
    """The value without what differs on purpose. Changes it."""
    _walk(value, _without_root_ca)
    _walk(value, _name_items)
    for entry in DELIBERATE:
        _walk(value, lambda obj, entry=entry: _agree(obj, entry))
    return value


def _name_items(obj):
    """Items of lists have a kind while entries are looked for; the last entry takes it away again."""
    kind = obj.get("kind")
    if isinstance(kind, str) and kind.endswith("List") and isinstance(obj.get("items"), list):
        for item in obj["items"]:
            if isinstance(item, dict) and item.get("metadata") != {"name": ROOT_CA}:
                item.setdefault("kind", kind.removesuffix("List"))


def missing_in(text):
    """The titles that a page of docs/ does not name."""
    return [entry.title for entry in DELIBERATE if entry.title.lower() not in text.lower()]


def as_markdown():
    rows = [f"| {entry.title} | {entry.reason} |" for entry in DELIBERATE]
    return "\n".join(["| what | why |", "|---|---|", *rows])
