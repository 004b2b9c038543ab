"""What the API server does with the CRDs, before ork sees anything."""

import json

from suite import runs
from suite.case import IMAGE, case

TASK = {"name": "a", "image": IMAGE, "script": "echo a"}


def schema_case(name, **kwargs):
    return case(f"schema: {name}", needs_operator=False, needs_node=False, **kwargs)


def inline(tasks, **spec):
    return runs.run("r", workflow={"tasks": tasks, **spec})


# What is refused at once, and with which words. examples/bad has the ones worth showing.
REFUSED = [
    ({"name": "a"}, "no image"),
    ({**TASK, "name": "-a"}, "spec.workflow.tasks[0].name"),
    ({**TASK, "name": "a" * 64}, "spec.workflow.tasks[0].name"),
    ({**TASK, "name": "a b"}, "spec.workflow.tasks[0].name"),
    ({**TASK, "count": 0}, "spec.workflow.tasks[0].count"),
    ({**TASK, "count": 100001}, "spec.workflow.tasks[0].count"),
    ({**TASK, "count": 2, "parallelism": 0}, "spec.workflow.tasks[0].parallelism"),
    ({**TASK, "args": ["x"]}, "either a script"),
    ({"name": "a", "podTemplate": {"spec": {"containers": [{"name": "m"}]}}, "script": "x"}, "into the template's container"),
    ({"name": "a", "podTemplate": {"spec": {"containers": []}}}, "podTemplate.spec.containers"),
    ({"name": "a", "podTemplate": {}}, "podTemplate.spec: Required value"),
    ({**TASK, "timeout": "1d"}, "spec.workflow.tasks[0].timeout"),
    ({**TASK, "timeout": "-5s"}, "spec.workflow.tasks[0].timeout"),
    ({**TASK, "timeout": "0s"}, "must be longer than 0s"),
    ({**TASK, "timeout": "87601h"}, "at most ten years"),
    ({**TASK, "timeout": 30}, "spec.workflow.tasks[0].timeout"),
    ({**TASK, "retry": {}}, "retry.limit: Required value"),
    ({**TASK, "retry": {"limit": 101}}, "retry.limit"),
    ({**TASK, "retry": {"limit": 1, "backoff": {"factor": 0.5}}}, "retry.backoff.factor"),
    ({**TASK, "retry": {"limit": 1, "backoff": {"jitter": 2}}}, "retry.backoff.jitter"),
    ({**TASK, "retry": {"limit": 1, "backoff": {"max": "soon"}}}, "retry.backoff.max"),
    ({**TASK, "onFailure": "ignore"}, 'supported values: "skip", "run"'),
    ({**TASK, "dependsOn": ["b", "b"]}, "Duplicate value"),
    ({**TASK, "inputs": {"x": 3}}, "spec.workflow.tasks[0].inputs.x"),
    ({**TASK, "inputs": {"x": ""}}, "spec.workflow.tasks[0].inputs.x"),
    ({**TASK, "inputs": {"the-x": "params.x"}}, "an input's name must be made of"),
    ({**TASK, "inputs": {"x" * 64: "params.x"}}, "an input's name must be made of"),
    ({**TASK, "env": [{"name": "A", "value": "1", "valueFrom": {}}]}, "either a value or a valueFrom"),
    ({**TASK, "env": [{"name": "A"}, {"name": "A"}]}, "Duplicate value"),
    ({**TASK, "env": [{"name": "A=B"}]}, "env[0].name"),
    ({**TASK, "resources": {"limits": {"memory": "lots"}}}, "resources.limits.memory"),
    ({**TASK, "podTemplate": 3}, "podTemplate"),
]

REFUSED_SPECS = [
    ({"params": [{"name": "a-b"}]}, "params[0].name"),
    ({"params": [{"name": "a", "type": "a text"}]}, "params[0].type"),
    ({"params": [{"name": "a"}, {"name": "a"}]}, "Duplicate value"),
    ({"params": [{"name": "a", "enum": []}]}, "params[0].enum"),
    ({"params": [{"name": f"p{i}"} for i in range(65)]}, "spec.workflow.params: Too many"),
    ({"parallelism": 0}, "spec.workflow.parallelism"),
    ({"timeout": "0m"}, "must be longer than 0s"),
    ({"ttlSecondsAfterFinished": -1}, "ttlSecondsAfterFinished"),
    ({"failedRunsHistoryLimit": -1}, "failedRunsHistoryLimit"),
    ({"tasks": []}, "should have at least 1 items"),
]


@schema_case("what one object alone can break is refused at once, with its field")
def refused(context):
    tables = [({"tasks": [task]}, words) for task, words in REFUSED]
    tables += [({"tasks": [TASK], **spec}, words) for spec, words in REFUSED_SPECS]
    for spec, words in tables:
        said = context.refusal(runs.run("r", workflow=spec), "--dry-run=server")
        assert words in said, f"{spec}: the refusal is {said!r}, but must hold {words!r}"
    for name in ("Upper", "a.b", "a" * 64):
        for obj in (runs.run(name, workflow={"tasks": [TASK]}), runs.workflow(name, [TASK])):
            said = context.refusal(obj, "--dry-run=server")
            assert "must be a DNS label" in said or "RFC 1123" in said, said


@schema_case("the CRDs are established, structural and small")
def established(context):
    for plural in ("workflows", "workflowruns"):
        crd = context.kubectl.get("crd", f"{plural}.ork.dev")
        conditions = {c["type"]: c["status"] for c in crd["status"]["conditions"]}
        assert conditions.get("Established") == "True" and conditions.get("NonStructuralSchema", "False") == "False", conditions
        assert len(json.dumps(crd["spec"])) < 200_000


@schema_case("kubectl explain says what each field is for")
def explain(context):
    text = context.kubectl.run("explain", "workflow.spec")
    for word in ("The tasks and the policies they share", "defaults", "-required-", "DeadlineExceeded"):
        assert word in text, f"{word!r} is not in:\n{text}"
    for field, words in (("workflow.spec.tasks.retry.backoff", "factor"), ("wfr.spec.workflow.tasks.inputs", "tasks.list.output"),
                         ("wfr.status.tasks.cause", "OutOfMemory"), ("owf.spec.tasks.podTemplate", "main")):
        text = context.kubectl.run("explain", field)
        assert words in text and "<no description>" not in text, f"{field}:\n{text}"
    tree = context.kubectl.run("explain", "workflow", "--recursive")
    for field in ("dependsOn", "podTemplate", "ttlSecondsAfterFinished", "observedGeneration"):
        assert field in tree, f"{field} is not in kubectl explain workflow --recursive"


@schema_case("an object is born with its defaults and a status that is behind")
def defaults(context):
    run = context.create(inline([{**TASK, "retry": {"limit": 1, "backoff": {}}}], params=[{"name": "day"}]), "--dry-run=server")
    runs.expect_equal("status", run["status"], {"observedGeneration": -1})
    runs.expect_equal("kstatus", runs.kstatus(run), "InProgress")
    runs.expect_equal("cancel and suspend", (run["spec"]["cancel"], run["spec"]["suspend"]), (False, False))
    spec = run["spec"]["workflow"]
    runs.expect_equal("a parameter's type", spec["params"][0]["type"], "string")
    runs.expect_equal("backoff", spec["tasks"][0]["retry"]["backoff"],
                      {"initial": "10s", "factor": 2, "max": "5m", "jitter": 0.1})
    workflow = context.create(runs.workflow("w", [TASK]), "--dry-run=server")
    runs.expect_equal("status", workflow["status"], {"observedGeneration": -1})


@schema_case("values of any JSON type come back as they were given")
def any_values(context):
    given = {"s": "", "i": 3, "f": 1.5, "b": False, "l": [1, [None, {}]], "o": {"a": {"b": None}}, "n": None}
    run = context.create(runs.run("r", suspend=True, params=given, workflow={
        "tasks": [TASK], "params": [{"name": k, "default": v} for k, v in given.items() if v is not None]}), "--dry-run=server")
    runs.expect_equal("params", run["spec"]["params"], given)
    for param in run["spec"]["workflow"]["params"]:
        runs.expect_equal(f"the default of {param['name']}", param["default"], given[param["name"]])


@schema_case("only cancel, suspend and ttl of a run can change, and cancel not back")
def immutable(context):
    inline_run = runs.run("inline", suspend=True, params={"day": "1", "o": {"x": [1]}},
                          workflow={"tasks": [TASK], "params": [{"name": "day"}, {"name": "o", "type": "object"}]})
    context.create(inline_run)
    context.create(runs.run("by-name", suspend=True, workflowRef={"name": "nowhere"}))
    refused = [
        ("inline", {"params": {"day": "2"}}, "params can't change"),
        ("inline", {"params": {"o": {"x": [2]}}}, "params can't change"),
        ("inline", {"params": None}, "params can't change"),
        ("inline", {"workflow": {"tasks": [{**TASK, "script": "echo b"}]}}, "workflow can't change"),
        ("inline", {"workflow": {"tasks": [TASK, {**TASK, "name": "b"}]}}, "workflow can't change"),
        ("inline", {"workflow": {"timeout": "3s"}}, "workflow can't change"),
        ("inline", {"workflow": None, "workflowRef": {"name": "w"}}, "workflow can't change"),
        ("inline", {"workflowRef": {"name": "w"}}, "set exactly one of"),
        ("by-name", {"workflowRef": {"name": "w"}}, "workflowRef can't change"),
        ("by-name", {"params": {"day": "2"}}, "params can't change"),
        ("by-name", {"workflowRef": None}, "set exactly one of"),
    ]
    for name, spec, words in refused:
        said = context.kubectl.refusal("patch", "wfr", name, "--type=merge", "-p", json.dumps({"spec": spec}))
        assert words in said, f"{name} {spec}: the refusal is {said!r}, but must hold {words!r}"
    for name in ("inline", "by-name"):
        context.patch("wfr", name, {"spec": {"ttlSecondsAfterFinished": 1000}})
        context.patch("wfr", name, {"spec": {"ttlSecondsAfterFinished": None}})
        context.patch("wfr", name, {"spec": {"cancel": True}})
        said = context.kubectl.refusal("patch", "wfr", name, "--type=merge", "-p", '{"spec":{"cancel":false}}')
        assert "cancel can't be undone" in said, said
        said = context.kubectl.refusal("patch", "wfr", name, "--type=merge", "-p", '{"spec":{"cancel":null}}')
        assert "cancel can't be undone" in said, said


@schema_case("an inline workflow of 5,000 tasks can be stored, cancelled, and not changed", alone=True)
def large_inline(context):
    context.create(runs.run("large", suspend=True, workflow={"tasks": many_tasks(5000)}))
    said = context.kubectl.refusal("patch", "wfr", "large", "--type=json", "-p",
                                   '[{"op": "replace", "path": "/spec/workflow/tasks/4999/script", "value": "x"}]')
    assert "workflow can't change" in said, said
    context.patch("wfr", "large", {"spec": {"cancel": True}})


def many_tasks(count):
    """Layers of 100; each task depends on two of the layer before."""
    tasks = []
    for i in range(count):
        task = {"name": f"t{i}", "image": IMAGE, "script": f"echo {i}"}
        if i >= 100:
            task["dependsOn"] = [f"t{i - 100}", f"t{i - 99}"]
        tasks.append(task)
    return tasks


@schema_case("two field managers own different tasks of one Workflow")
def two_managers(context):
    def apply(manager, *tasks, expect_conflict=False):
        spec = {"tasks": list(tasks)} if manager == "two" else {"defaults": {"image": IMAGE}, "tasks": list(tasks)}
        obj = {**runs.workflow("shared", []), "spec": spec}
        args = ("apply", "--server-side", f"--field-manager={manager}", "-f", "-")
        if expect_conflict:
            return context.kubectl.refusal(*args, stdin=json.dumps(obj))
        return context.kubectl.json(*args, stdin=json.dumps(obj))

    names = lambda obj: sorted(t["name"] for t in obj["spec"]["tasks"])
    one, two = {"name": "one", "script": "echo 1"}, {"name": "two", "script": "echo 2"}
    apply("one", one)
    runs.expect_equal("tasks", names(apply("two", two)), ["one", "two"])
    runs.expect_equal("tasks", names(apply("one", {**one, "script": "echo one"})), ["one", "two"])
    said = apply("two", two, {"name": "one", "script": "echo mine"}, expect_conflict=True)
    assert 'conflict with "one"' in said, said
    owned = context.kubectl.json("get", "workflow", "shared", "--show-managed-fields")["metadata"]["managedFields"]
    tasks = {m["manager"]: list(m["fieldsV1"]["f:spec"]["f:tasks"].values()) for m in owned if "f:spec" in m["fieldsV1"]}
    runs.expect_equal("who owns what inside a task", tasks, {"one": [{}], "two": [{}]})
    runs.expect_equal("tasks", names(apply("two", {"name": "three", "script": "echo 3"})), ["one", "three"])


@schema_case("kubectl apply is repeatable, and refuses a generated name")
def apply_again(context):
    obj = json.dumps(runs.workflow("w", [TASK]))
    context.kubectl.run("apply", "-f", "-", stdin=obj)
    assert "unchanged" in context.kubectl.run("apply", "-f", "-", stdin=obj)
    said = context.kubectl.refusal("apply", "-f", context.root / "examples" / "etl-run.yaml")
    assert "generate name" in said, said
