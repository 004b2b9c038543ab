"""ork validate: no cluster is asked."""

import json

from verbs import case, equal, holds

NOWHERE = {"KUBECONFIG": "/nowhere"}


@case("validate: the examples are right, and each of examples/bad is not")
def examples(context):
    holds(context.verb(0, "validate", "-R", context.root / "examples" / "etl.yaml", **NOWHERE).out, ": valid\n")
    holds(context.verb(0, "validate", context.root / "examples", **NOWHERE).out, ": valid")
    for path in sorted((context.root / "examples" / "bad").glob("*.yaml")):
        said = context.verb(3, "validate", path, **NOWHERE)
        holds(said.out, f"{path}:", "1 file, ", " error")
        equal(f"stderr of {path.name}", said.err, "")


@case("validate: what a cluster refuses is refused without one, JSON as well as YAML, and standard input")
def sources(context):
    workflow = context.workflow("w", [{"name": "a", "script": "echo", "dependsOn": ["b"]}])
    path = context.file("w.json", workflow)
    holds(context.verb(3, "validate", path, **NOWHERE).out, 'spec.tasks[0].dependsOn[0]: there is no task "b"')
    holds(context.verb(3, "validate", "-", stdin=json.dumps(workflow, indent=2), **NOWHERE).out, '"b"\n', "^\n")
    run = {"apiVersion": "ork.dev/v1alpha1", "kind": "WorkflowRun", "metadata": {"name": "r"},
           "spec": {"workflowRef": {"name": workflow["metadata"]["name"]}, "params": {"dya": 1}}}
    del workflow["spec"]["tasks"][0]["dependsOn"]
    context.file("w.json", workflow)
    holds(context.verb(3, "validate", path, context.file("r.json", run), **NOWHERE).out, 'has no param "dya"')


@case("validate: machines get JSON, SARIF and annotations")
def machines(context):
    bad = context.root / "examples" / "bad" / "unknown-field.yaml"
    said = context.verb(3, "validate", "-o", "json", bad, **NOWHERE).json()
    equal("the places", [(p["line"], p["column"]) for p in said["problems"]], [(11, 18)])
    sarif = context.verb(3, "validate", "-o", "sarif", bad, **NOWHERE).json()
    equal("the version of SARIF", sarif["version"], "2.1.0")
    equal("the results", len(sarif["runs"][0]["results"]), 1)
    holds(context.verb(3, "validate", "-o", "github", bad, **NOWHERE).out, f"::error file={bad},line=11,col=18,title=ork validate::")
    equal("of what is right", context.verb(0, "validate", "-o", "json", context.root / "examples" / "hello.yaml").json()["problems"], [])


@case("validate: wrong usage is 2, a file that is not there 1")
def usage(context):
    holds(context.verb(2, "validate", **NOWHERE).err, "FILE")
    holds(context.verb(2, "validate", "-o", "yaml", "x.yaml").err, "must be one of text, json, sarif, github")
    equal("stderr", context.verb(1, "validate", context.folder / "none.yaml").err,
          f"error: there is no file or folder {context.folder / 'none.yaml'}\n")
