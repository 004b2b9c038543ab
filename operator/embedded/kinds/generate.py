#!/usr/bin/env python3
"""Writes builtin.json: what the API server knows of the shape of the built-in kinds.

    operator/embedded/kinds/generate.py            asks the cluster of $KUBECONFIG, with kubectl and go
    operator/embedded/kinds/generate.py --check    exits with 1 where that would change anything

Facts only: types, formats, required fields, defaults, enums, list types, patch strategies and
references, as a real API server's OpenAPI documents give them; no texts. What OpenAPI does not tell
(which fields Go leaves out when empty, what it calls their types, their numbers in protobuf) comes from
go_types/, as `x-go` and `x-proto`.
"""

import json
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
TARGET = HERE / "builtin.json"
DOCUMENTS = [
    "api/v1",
    "apis/apps/v1",
    "apis/authorization.k8s.io/v1",
    "apis/batch/v1",
    "apis/coordination.k8s.io/v1",
    "apis/events.k8s.io/v1",
    "apis/policy/v1",
    "apis/apiextensions.k8s.io/v1",
]
GROUPS = {
    "",
    "apps",
    "authorization.k8s.io",
    "batch",
    "coordination.k8s.io",
    "events.k8s.io",
    "policy",
    "apiextensions.k8s.io",
}
CORE, META = "io.k8s.api.core.v1.", "io.k8s.apimachinery.pkg.apis.meta.v1."
# What is served, and what every API server speaks of besides; the rest follows by reference.
ROOTS = [
    *(CORE + kind + part for kind in ["Namespace", "Pod", "ConfigMap", "Secret", "Event"] for part in ["", "List"]),
    *("io.k8s.api." + kind + part
      for kind in ["apps.v1.ControllerRevision", "batch.v1.Job", "coordination.v1.Lease", "events.v1.Event"]
      for part in ["", "List"]),
    *("io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinition" + part for part in ["", "List"]),
    *("io.k8s.api." + kind
      for kind in ["core.v1.Binding", "authorization.v1.SelfSubjectAccessReview",
                   "authorization.v1.SelfSubjectRulesReview", "policy.v1.Eviction"]),
    *(META + kind for kind in ["ObjectMeta", "DeleteOptions", "Status", "Patch", "WatchEvent"]),
]
PREFIX = "#/components/schemas/"


def asked(path):
    out = subprocess.run(["kubectl", "get", "--raw", path], capture_output=True, text=True, check=True).stdout
    return json.loads(out)


def references(schema, found):
    if isinstance(schema, dict):
        if isinstance(schema.get("$ref"), str):
            found.add(schema["$ref"].removeprefix(PREFIX))
        for value in schema.values():
            references(value, found)
    elif isinstance(schema, list):
        for value in schema:
            references(value, found)


def reachable(schemas):
    names, rest = set(), list(ROOTS)
    while rest:
        name = rest.pop()
        if name not in names:
            names.add(name)
            found = set()
            references(schemas[name], found)
            rest += found
    return names


def bare(schema):
    """A schema without its texts. Properties may be called `description` too: they are not a text."""
    out = {}
    for word, value in schema.items():
        if word == "description":
            continue
        if word == "properties":
            value = {name: bare(inner) for name, inner in value.items()}
        elif word in ("items", "not") or (word == "additionalProperties" and isinstance(value, dict)):
            value = bare(value)
        elif word in ("allOf", "anyOf", "oneOf"):
            value = [bare(inner) for inner in value]
        elif word == "x-kubernetes-group-version-kind":
            value = [kind for kind in value if kind["group"] in GROUPS and kind["version"] == "v1"]
        out[word] = value
    return out


def with_go_types(definitions):
    out = subprocess.run(["go", "run", "."], cwd=HERE / "go_types", capture_output=True, text=True, check=True).stdout
    for name, fields in json.loads(out).items():
        # Some types of a list or a map have no definition of their own name; they are never asked for.
        if name not in definitions:
            continue
        for field, facts in fields.items():
            definitions[name]["properties"][field] |= facts
    return definitions


# Types that hold any object: their documents say no more than "object", which would mean an empty one.
ANY_OBJECT = ("io.k8s.apimachinery.pkg.apis.meta.v1.FieldsV1", "io.k8s.apimachinery.pkg.runtime.RawExtension")


def generated():
    schemas = {}
    for document in DOCUMENTS:
        schemas |= asked("/openapi/v3/" + document)["components"]["schemas"]
    definitions = with_go_types({name: bare(schemas[name]) for name in reachable(schemas)})
    for name in ANY_OBJECT:
        definitions[name]["x-kubernetes-preserve-unknown-fields"] = True
    lines = ",\n".join(
        f"{json.dumps(name)}: {json.dumps(definitions[name], sort_keys=True, separators=(',', ':'))}"
        for name in sorted(definitions)
    )
    return "{\n" + lines + "\n}\n"


def main():
    text = generated()
    if "--check" not in sys.argv[1:]:
        TARGET.write_text(text)
    elif text != TARGET.read_text():
        sys.exit("operator/embedded/kinds/builtin.json is not what this API server says: run generate.py")


if __name__ == "__main__":
    main()
