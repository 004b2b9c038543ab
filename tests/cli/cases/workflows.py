"""ork workflow deploy, status, delete."""

from verbs import case, equal, holds

TASKS = [{"name": "a", "script": "echo a"}]


@case("deploy: says created, configured or unchanged, as kubectl does")
def deploy(context):
    workflow = context.workflow("w", TASKS)
    name = workflow["metadata"]["name"]
    path = context.file("w.json", workflow)
    equal("first", context.verb(0, "workflow", "deploy", path).out, f"workflow.ork.dev/{name} created\n")
    equal("again", context.verb(0, "workflow", "deploy", path).out, f"workflow.ork.dev/{name} unchanged\n")
    workflow["spec"]["tasks"][0]["timeout"] = "5m"
    context.file("w.json", workflow)
    equal("changed", context.verb(0, "workflow", "deploy", path).out, f"workflow.ork.dev/{name} configured\n")
    fields = context.kubectl.json("get", "workflow", name, "--show-managed-fields")["metadata"]["managedFields"]
    equal("the field manager", [(f["manager"], f["operation"]) for f in fields if "subresource" not in f], [("ork", "Apply")])
    equal("as an object", context.verb(0, "workflow", "deploy", path, "-o", "json").json()["metadata"]["name"], name)
    equal("its name", context.verb(0, "workflow", "deploy", path, "-o", "name").out, f"workflow.ork.dev/{name}\n")


@case("deploy --dry-run: client asks no cluster, server changes nothing")
def dry_run(context):
    workflow = context.workflow("w", TASKS)
    name = workflow["metadata"]["name"]
    path = context.file("w.json", workflow)
    checked = context.verb(0, "workflow", "deploy", path, "--dry-run=client", KUBECONFIG="/nowhere")
    equal("client", checked.out, f"workflow.ork.dev/{name} valid (dry run)\n")
    equal("server", context.verb(0, "workflow", "deploy", path, "--dry-run=server").out,
          f"workflow.ork.dev/{name} created (server dry run)\n")
    context.verb(5, "workflow", "status", name)
    # What only the API server knows is wrong.
    quota = context.workflow("q", [{"name": "a", "script": "echo", "resources": {"limits": {"memory": "much"}}}])
    holds(context.verb(3, "workflow", "deploy", context.file("q.json", quota), "--dry-run=server").err, "memory")


@case("deploy: folders, several documents, standard input; runs are left out")
def sources(context):
    one, two, three = (context.workflow(what, TASKS) for what in ("one", "two", "three"))
    run = {"apiVersion": "ork.dev/v1alpha1", "kind": "WorkflowRun", "metadata": {"generateName": "never-"},
           "spec": {"workflowRef": {"name": one["metadata"]["name"]}}}
    folder = context.folder / "flows"
    (folder / "inner").mkdir(parents=True, exist_ok=True)
    context.file("flows/a.yaml", one, two, run)
    context.file("flows/inner/b.yml", three)
    done = context.verb(0, "workflow", "deploy", folder, "-R")
    equal("stdout", done.out, "".join(f"workflow.ork.dev/{w['metadata']['name']} created\n" for w in (one, two, three)))
    holds(done.err, "workflowrun.ork.dev/ is a run and is left out")
    text = context.kubectl.run("get", "owf", one["metadata"]["name"], two["metadata"]["name"], "-o", "yaml")
    again = context.verb(0, "workflow", "deploy", "-", stdin=text)
    equal("what kubectl printed, deployed", [line.split()[1] for line in again.out.splitlines()], ["unchanged", "unchanged"])


@case("deploy: another manager's field is a conflict, until it is taken over")
def conflict(context):
    workflow = context.workflow("w", TASKS)
    path = context.file("w.json", workflow)
    context.kubectl.run("apply", "--server-side", "--field-manager=somebody", "-f", path)
    workflow["spec"]["tasks"][0]["script"] = "echo mine"
    context.file("w.json", workflow)
    refused = context.verb(6, "workflow", "deploy", path)
    holds(refused.err, 'conflict with "somebody"', "--force-conflicts")
    context.verb(0, "workflow", "deploy", path, "--force-conflicts")
    script = context.kubectl.get("owf", workflow["metadata"]["name"])["spec"]["tasks"][0]["script"]
    equal("the script", script, "echo mine")


@case("deploy: every example is valid offline, and every bad one is not")
def examples(context):
    for path in sorted((context.root / "examples").glob("*.yaml")):
        context.verb(0, "workflow", "deploy", path, "--dry-run=client")
    for path in sorted((context.root / "examples" / "bad").glob("*.yaml")):
        wrong = context.verb(3, "workflow", "deploy", path, "--dry-run=client")
        holds(wrong.err, f"{path}:", "^\n", "nothing was sent")


@case("status: a Workflow with its params, tasks and newest runs")
def status(context):
    workflow = context.workflow("w", [*TASKS, {"name": "b", "dependsOn": ["a"], "count": 2, "script": "echo b"}],
                                params=[{"name": "day", "default": "2026-01-01", "description": "Day to load"}])
    name = workflow["metadata"]["name"]
    context.verb(0, "workflow", "deploy", context.file("w.json", workflow))
    context.verb(0, "run", "start", name, "--name", context.name("r"), "--wait")
    shown = context.verb(0, "workflow", "status", name).out
    holds(shown, f"Name        {name}\n", "Ready       yes\n", 'day     string   "2026-01-01"   Day to load\n', "b      a            2\n",
          f"{context.name('r')}   Succeeded   2/2")
    shown = context.verb(0, "workflow", "status", name, "-o", "yaml").out
    equal("the object", shown, context.kubectl.run("get", "owf", name, "-o", "yaml"))


@case("delete: by name and by label; a missing one is told, unless it need not be")
def delete(context):
    one, two = context.workflow("one", TASKS), context.workflow("two", TASKS)
    two["metadata"]["labels"] = {"case": context.slug}
    context.verb(0, "workflow", "deploy", context.file("both.json", one, two))
    name = one["metadata"]["name"]
    equal("stdout", context.verb(0, "workflow", "delete", name).out, f'workflow.ork.dev "{name}" deleted\n')
    holds(context.verb(5, "workflow", "delete", name).err, "not found")
    context.verb(0, "workflow", "delete", name, "--ignore-not-found")
    equal("by label", context.verb(0, "workflow", "delete", "-l", f"case={context.slug}", "-o", "name").out,
          f"workflow.ork.dev/{two['metadata']['name']}\n")
    equal("what is left", context.verb(0, "workflow", "list", "-l", f"case={context.slug}", "-o", "json").json()["items"], [])
