"""ork validate: no cluster is asked."""

import json
import re
import subprocess

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


@case("validate, graph: docs/language/validate.md shows what they print")
def page(context):
    text = (context.root / "docs" / "language" / "validate.md").read_text()
    shown = re.findall(r"^    \$ ork (.*)\n((?:    .*\n)+)", text, re.M)
    equal("the verbs shown", [command.split()[0] for command, _ in shown], ["validate", "graph"])
    for command, output in shown:
        done = subprocess.run([str(context.ork.binary), *command.split()], cwd=context.root, capture_output=True, text=True,
                              env=context.ork.environment(LC_ALL="C.UTF-8", **NOWHERE), check=False)
        equal(command, "".join(f"    {line}\n" for line in done.stdout.splitlines()), output)


@case("graph: a Workflow that is wrong is told, not drawn; formats for other programs")
def graph(context):
    diamond = context.root / "examples" / "diamond.yaml"
    holds(context.verb(0, "graph", "-o", "dot", diamond, **NOWHERE).out, "digraph", " -> ")
    holds(context.verb(0, "graph", "-o", "mermaid", diamond, **NOWHERE).out, "flowchart LR\n", " --> ")
    tasks = context.verb(0, "graph", "-o", "json", diamond, **NOWHERE).json()["tasks"]
    equal("layers", [task["layer"] for task in tasks], [0, 1, 1, 2])
    wrong = context.verb(3, "graph", context.root / "examples" / "bad" / "cycle.yaml", **NOWHERE)
    holds(wrong.err, "is part of a cycle", "error: ")
    equal("stdout", wrong.out, "")
    holds(context.verb(2, "graph", diamond, "-o", "svg").err, "must be one of text, dot, mermaid, json")


@case("graph: how long tasks take, and which of them decide it, by the runs in the cluster or in a file")
def timed(context):
    workflow = context.workflow("w", [{"name": "a", "script": "true"}, {"name": "b", "dependsOn": ["a"], "script": "sleep 3"},
                                      {"name": "c", "dependsOn": ["a"], "script": "true"}])
    name, path = workflow["metadata"]["name"], context.file("w.json", workflow)
    context.verb(0, "workflow", "deploy", path)
    holds(context.verb(0, "graph", path, "--from-runs", "-n", context.kubectl.namespace).err, f"no run of {name} tells")
    context.verb(0, "run", "start", name, "--name", context.name("one"), "--wait")
    said = context.verb(0, "graph", path, "--from-runs", "-n", context.kubectl.namespace, "-o", "json").json()
    equal("the critical path", said["criticalPath"]["tasks"], ["a", "b"])
    equal("the runs", said["criticalPath"]["runs"], 1)
    assert said["tasks"][1]["typicalSeconds"] >= 1, said
    held = context.file("runs.json", context.kubectl.get("wfr", context.name("one")))
    equal("by a file", context.verb(0, "graph", path, "--runs", held, "-o", "json", **NOWHERE).json(), said)
    holds(context.verb(2, "graph", path, "--runs", held, "--from-runs", **NOWHERE).err, "--from-runs")
