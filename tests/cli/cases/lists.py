"""ork run list, ork workflow list."""

import json
import subprocess

from suite import runs
from suite.case import LONG
from verbs import case, equal, holds


@case("list: the columns and the objects are kubectl's")
def like_kubectl(context):
    workflow = context.workflow("w", [{"name": "a", "script": "echo a"}])
    context.verb(0, "workflow", "deploy", context.file("w.json", workflow))
    context.verb(0, "run", "start", workflow["metadata"]["name"], "--name", context.name("one"), "--wait")
    selector = f"metadata.name={context.name('one')}"
    for args in ([], ["-o", "wide"], ["-A"], ["--no-headers"]):
        ours = context.verb(0, "run", "list", "--field-selector", selector, *args).out
        # Ages pass while both are asked: only the words of the other columns are compared.
        theirs = context.kubectl.run("get", "wfr", "--field-selector", selector, *args)
        equal(f"run list {args}", [line.split()[:6] for line in ours.splitlines()], [line.split()[:6] for line in theirs.splitlines()])
    equal("the YAML", context.verb(0, "run", "list", "--field-selector", selector, "-o", "yaml").out,
          context.kubectl.run("get", "wfr", "--field-selector", selector, "-o", "yaml"))
    equal("the JSON", context.verb(0, "run", "list", "--field-selector", selector, "-o", "json").json(),
          json.loads(context.kubectl.run("get", "wfr", "--field-selector", selector, "-o", "json")))
    equal("the names", context.verb(0, "run", "list", "--field-selector", selector, "-o", "name").out,
          f"workflowrun.ork.dev/{context.name('one')}\n")
    listed = context.verb(0, "workflow", "list", "-o", "name").out.split()
    assert f"workflow.ork.dev/{workflow['metadata']['name']}" in listed, listed


@case("list: labels and fields select, and a selector that can't be read is a wrong usage")
def selectors(context):
    obj = runs.run(context.name("labelled"), workflow={"tasks": [{"name": "a", "image": "busybox:1.36", "script": LONG}]}, suspend=True)
    obj["metadata"]["labels"] = {"case": context.slug}
    context.verb(0, "run", "start", "-f", context.file("r.json", obj))
    equal("by label", context.verb(0, "run", "list", "-l", f"case={context.slug}", "-o", "name").out,
          f"workflowrun.ork.dev/{obj['metadata']['name']}\n")
    equal("by label and field", context.verb(0, "run", "list", "-l", f"case={context.slug}", "--field-selector",
                                             "status.phase=Failed", "-o", "name").out, "")
    holds(context.verb(2, "run", "list", "-l", "a in").err, "error: ")
    holds(context.verb(2, "run", "list", "--field-selector", "nope=1").err, "error: ")
    context.verb(0, "run", "cancel", "-l", f"case={context.slug}")


@case("list: of nothing it is an empty list for programs and a word for people")
def nothing(context):
    for noun in ("run", "workflow"):
        args = (noun, "list", "-n", context.empty)
        for output in ("json", "yaml"):
            shown = context.verb(0, *args, "-o", output)
            equal("stderr", shown.err, "")
        equal("the items", context.verb(0, *args, "-o", "json").json()["items"], [])
        equal("the names", context.verb(0, *args, "-o", "name").out, "")
        table = context.verb(0, *args)
        equal("stdout and stderr", (table.out, table.err), ("", f"No resources found in {context.empty} namespace.\n"))


@case("list --watch: every change is a row")
def watch(context):
    path, name = context.run_file("seen", [{"name": "a", "script": "echo a"}])
    watching = context.ork.begin("run", "list", "--watch", "--field-selector", f"metadata.name={name}")
    objects = context.ork.begin("run", "list", "--watch", "-o", "name", "--field-selector", f"metadata.name={name}")
    context.verb(0, "run", "start", "-f", path)
    watching.line("NAME")
    watching.line("Running")
    watching.line("Succeeded")
    objects.line(f"workflowrun.ork.dev/{name}")
    for process in (watching, objects):
        equal("the exit code", process.interrupt().code, 130)


@case("list: a reader that has seen enough ends it quietly")
def pipe(context):
    command = " ".join(context.ork.command(["workflow", "list", "-A", "-o", "json"])) + " | head -c 1"
    done = subprocess.run(["bash", "-c", command], env=context.ork.environment(), capture_output=True, text=True, timeout=60, check=False)
    equal("what came through", (done.stdout, done.stderr), ("{", ""))
