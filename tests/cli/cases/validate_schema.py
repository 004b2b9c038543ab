"""ork validate knows what crds/ refuses: each constraint of the schema of spec is broken once."""

import copy
import json
import re

import yaml
from verbs import case

# Everything that a spec can hold, right.
SPEC = {
    "types": {"File": {"type": "object"}},
    "params": [
        {"name": "day", "type": "string", "description": "x", "default": "a", "enum": ["a", "b"]},
        {"name": "text", "type": "string", "pattern": "^a", "format": "uri", "minLength": 1, "maxLength": 9},
        {"name": "number", "type": "number", "minimum": 1, "maximum": 9, "exclusiveMinimum": 0, "exclusiveMaximum": 10},
        {"name": "list", "type": "array", "items": {"type": "File"}, "minItems": 0, "maxItems": 9},
        {"name": "object", "type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"],
         "additionalProperties": False},
        {"name": "password", "secret": True}],
    "output": "params.day",
    "defaults": {
        "image": "i", "timeout": "5m", "retry": {"limit": 1, "backoff": {"initial": "1s", "factor": 2, "max": "5m", "jitter": 0.1}},
        "onFailure": "skip", "env": [{"name": "A", "value": "x"}], "envFrom": [{"secretRef": {"name": "s"}}],
        "resources": {"requests": {"cpu": "1"}, "limits": {"memory": "64Mi"}, "claims": [{"name": "gpu"}]}, "serviceAccountName": "a"},
    "parallelism": 2, "timeout": "1h", "ttlSecondsAfterFinished": 1, "successfulRunsHistoryLimit": 1, "failedRunsHistoryLimit": 1,
    "tasks": [
        {"name": "first", "image": "i", "command": ["a"], "args": ["b"]},
        {"name": "second", "dependsOn": ["first"], "script": "x", "count": 2, "parallelism": 1, "inputs": {"a": "params.day"},
         "output": {"type": "File"}, "timeout": "5m",
         "retry": {"limit": 1, "backoff": {"initial": "1s", "factor": 2, "max": "5m", "jitter": 0.1}},
         "onFailure": "run", "env": [{"name": "A", "value": "x"}], "envFrom": [{"secretRef": {"name": "s"}}],
         "resources": {"requests": {"cpu": "1"}, "limits": {"memory": "64Mi"}, "claims": [{"name": "gpu"}]}, "serviceAccountName": "a"},
        {"name": "third", "podTemplate": {"metadata": {"labels": {"a": "b"}, "annotations": {"a": "b"}},
                                          "spec": {"containers": [{"name": "main", "image": "i"}]}}},
    ],
}
WRONG_TYPE = {"string": 3, "integer": "x", "number": "x", "boolean": "x", "array": "x", "object": 3}


def broken_numbers(schema):
    if "minimum" in schema:
        yield "below its minimum", schema["minimum"] - 1
    if "maximum" in schema:
        yield "above its maximum", schema["maximum"] + 1


def broken_texts(schema):
    if schema.get("minLength"):
        yield "empty", ""
    if "maxLength" in schema:
        yield "too long", ("1s" * schema["maxLength"] if "ms|s" in schema.get("pattern", "") else "a" * (schema["maxLength"] + 1))
    if "enum" in schema:
        yield "none of its enum", "nonsense"
    if "pattern" in schema:
        yield "against its pattern", next(text for text in ("=", "!", "-", "x y") if not re.search(schema["pattern"], text))


def broken_lists(schema, value):
    if schema.get("minItems"):
        yield "too short", []
    if "maxItems" in schema:
        items = [copy.deepcopy(value[0]) for _ in range(schema["maxItems"] + 1)]
        for number, item in enumerate(items):
            if isinstance(item, dict) and "name" in item:
                item["name"] = f"n{number}"
        yield "too long", items
    if schema.get("x-kubernetes-list-type") in ("set", "map"):
        yield "with one twice", [*value, value[0]]


def broken_objects(schema, value):
    for name in schema.get("required", ()):
        yield f"without {name}", {key: inner for key, inner in value.items() if key != name}
    if "properties" in schema and not schema.get("x-kubernetes-preserve-unknown-fields"):
        yield "with an unknown field", {**value, "zzz": 1}
    if "maxProperties" in schema:
        some = next(iter(value.values()))
        yield "with too many fields", {f"n{number}": some for number in range(schema["maxProperties"] + 1)}


def broken(schema, value):
    """What is wrong, and the value in place of `value` that has it."""
    if "type" in schema:
        yield "of a wrong type", WRONG_TYPE[schema["type"]]
    yield from broken_numbers(schema)
    yield from broken_texts(schema)
    if isinstance(value, list):
        yield from broken_lists(schema, value)
    if isinstance(value, dict):
        yield from broken_objects(schema, value)


def mutants(schema, value, path, rebuild):
    for what, instead in broken(schema, value):
        yield f"{path} {what}", rebuild(instead)
    if isinstance(value, dict):
        for name, inner in value.items():
            below = schema.get("properties", {}).get(name) or schema.get("additionalProperties")
            if isinstance(below, dict):
                yield from mutants(below, inner, f"{path}.{name}",
                                   lambda new, name=name: rebuild({**value, name: new}))
    if isinstance(value, list) and "items" in schema:
        for index, inner in enumerate(value):
            yield from mutants(schema["items"], inner, f"{path}[{index}]",
                               lambda new, index=index: rebuild([*value[:index], new, *value[index + 1:]]))


def by_rules():
    """What the rules in CEL refuse."""
    def changed(change):
        spec = copy.deepcopy(SPEC)
        change(spec, spec["tasks"][1])
        return spec

    yield "a timeout of nothing", changed(lambda spec, task: task.update(timeout="0s"))
    yield "a timeout of eleven years", changed(lambda spec, task: spec.update(timeout="96000h"))
    yield "a wait of eleven years", changed(lambda spec, task: task["retry"]["backoff"].update(max="96000h"))
    yield "a first wait of eleven years", changed(lambda spec, task: task["retry"]["backoff"].update(initial="96000h"))
    yield "no image", changed(lambda spec, task: spec["defaults"].pop("image"))
    yield "script and command", changed(lambda spec, task: task.update(command=["a"]))
    yield "podTemplate and image", changed(lambda spec, task: spec["tasks"][2].update(image="i"))
    yield "value and valueFrom", changed(lambda spec, task: task["env"][0].update(valueFrom={"fieldRef": {"fieldPath": "x"}}))


def refused_of(context, cases):
    """The names of those in which a problem is found."""
    files = {}
    for number, (name, spec) in enumerate(cases):
        workflow = {"apiVersion": "ork.dev/v1alpha1", "kind": "Workflow", "metadata": {"name": f"w{number}"}, "spec": spec}
        files[str(context.file(f"{number}.json", workflow))] = name
    found = set()
    # One at a time: a command tells a bounded number of problems.
    for path, name in files.items():
        result = context.ork.run("validate", "-o", "json", path, KUBECONFIG="/nowhere")
        assert result.code in (0, 3), f"{name}: {result}"
        if json.loads(result.out)["problems"]:
            found.add(name)
    return found


@case("validate: refuses whatever the schemas of crds/ refuse")
def schemas(context):
    crd = yaml.safe_load((context.root / "crds" / "workflow.yaml").read_text())
    schema = crd["spec"]["versions"][0]["schema"]["openAPIV3Schema"]["properties"]["spec"]
    assert not refused_of(context, [("right", SPEC)]), "what is right is refused"
    cases = [*mutants(schema, SPEC, "spec", lambda spec: spec), *by_rules()]
    refused = refused_of(context, cases)
    passed = [name for name, _ in cases if name not in refused]
    assert len(cases) > 200 and not passed, f"of {len(cases)}, these pass:\n" + "\n".join(passed)
