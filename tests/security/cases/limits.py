"""S11: limits of the API at n and n+1: `ork validate` takes the one and refuses the other; so does the server."""

import json

from security import case
from suite import runs
from suite.kubectl import KubectlError


def spec(**fields):
    return lambda value: {name: make(value) for name, make in fields.items()}


def of_task(**fields):
    return lambda value: {"tasks": [{"name": "a", "script": "true", **{name: make(value) for name, make in fields.items()}}]}


def pod(**fields):
    return lambda value: {"tasks": [{"name": "a", "podTemplate": {
        "spec": {"containers": [{"name": "main", "image": "x", **{name: make(value) for name, make in fields.items()}}]}}}]}


def texts(length):
    return "x" * length


def same(value):
    return value


def times(make):
    return lambda count: [make(number) for number in range(count)]


def named(make):
    return lambda count: dict(make(number) for number in range(count))


def nested_schema(levels):
    schema = {"type": "string"}
    for _ in range(levels - 1):
        schema = {"type": "array", "items": schema}
    return schema


def params(count):
    return [{"name": f"p{number}", "default": "x"} for number in range(count)]


def text_of(length):
    """An expression of that length."""
    return '"' + "x" * (length - 2) + '"'


def one_param(**fields):
    return lambda value: {"params": [{"name": "p", **{name: make(value) for name, make in fields.items()}}]}


TASK = {"name": "a", "script": "true"}
# What is bounded, the bound as controllers/*/limits.hpp and crds/ have it, and a spec that has as much.
LIMITS = [
    ("tasks", 5000, spec(tasks=times(lambda n: {"name": f"t{n}", "script": "true"}))),
    ("params", 64, spec(params=params)),
    ("inputs", 64, of_task(inputs=named(lambda n: (f"i{n}", "1")))),
    ("types", 64, spec(types=named(lambda n: (f"T{n}", {"type": "string"})))),
    ("param name", 63, one_param(name=texts, default=lambda _: "x")),
    ("param description", 1024, one_param(default=lambda _: "x", description=texts)),
    ("param pattern", 1024, one_param(default=lambda n: "x" * n, pattern=texts)),
    ("param enum", 64, one_param(default=lambda _: "v0", enum=times(lambda n: f"v{n}"))),
    ("schema depth", 32, of_task(output=nested_schema)),
    ("schema properties", 256, of_task(output=lambda n: {"properties": {f"f{at}": {"type": "string"} for at in range(n)}})),
    ("task name", 63, lambda n: {"tasks": [{"name": "a" * n, "script": "true"}]}),
    ("script", 131_071, of_task(script=texts)),
    ("command words", 1024, lambda n: {"tasks": [{"name": "a", "command": ["x"] * n}]}),
    ("args words", 1024, lambda n: {"tasks": [{"name": "a", "args": ["x"] * n}]}),
    ("env", 256, of_task(env=times(lambda n: {"name": f"E{n}", "value": "x"}))),
    ("env name", 256, of_task(env=lambda n: [{"name": "E" * n, "value": "x"}])),
    ("env value", 131_071, of_task(env=lambda n: [{"name": "E", "value": "x" * n}])),
    ("envFrom", 64, of_task(envFrom=times(lambda n: {"configMapRef": {"name": f"c{n}"}}))),
    ("resources", 32, of_task(resources=lambda n: {"limits": {f"example.com/r{at}": 1 for at in range(n)}})),
    ("image", 1024, of_task(image=texts)),
    ("serviceAccountName", 253, of_task(serviceAccountName=texts)),
    ("count", 100_000, of_task(count=same)),
    ("parallelism of a task", 100_000, of_task(count=lambda _: 2, parallelism=same)),
    ("parallelism of a run", 100_000, spec(parallelism=same)),
    ("retry limit", 100, of_task(retry=lambda n: {"limit": n})),
    ("backoff factor", 10, of_task(retry=lambda n: {"limit": 1, "backoff": {"factor": n}})),
    ("timeout in hours", 87_600, spec(timeout=lambda n: f"{n}h")),
    ("pendingTimeout in hours", 87_600, of_task(pendingTimeout=lambda n: f"{n}h")),
    ("ttlSecondsAfterFinished", 315_360_000, spec(ttlSecondsAfterFinished=same)),
    ("failedRunsHistoryLimit", 1_000_000, spec(failedRunsHistoryLimit=same)),
    ("successfulRunsHistoryLimit", 1_000_000, spec(successfulRunsHistoryLimit=same)),
    ("circuitBreaker failures", 1000, spec(circuitBreaker=lambda n: {"failures": n})),
    ("startingDeadlineSeconds", 315_360_000, spec(schedule=lambda n: {"cron": "0 2 * * *", "startingDeadlineSeconds": n})),
    ("hooks", 16, spec(hooks=lambda n: {"onExit": [{"name": f"h{at}", "script": "true"} for at in range(n)]})),
    ("hooks of a task", 16, of_task(hooks=lambda n: {"onExit": [{"name": f"h{at}", "script": "true"} for at in range(n)]})),
    ("matrix axes", 16, of_task(matrix=named(lambda n: (f"x{n}", ["v"])))),
    ("matrix exclude", 256, of_task(matrix=lambda n: {"v": list(range(300)), "exclude": [{"v": at} for at in range(n)]})),
    ("approve message", 1024, lambda n: {"tasks": [{"name": "a", "approve": {"message": "x" * n}}]}),
    ("output expression", 4096, lambda n: {"tasks": [TASK], "output": text_of(n)}),
    ("input expression", 4096, of_task(inputs=lambda n: {"x": text_of(n)})),
    ("when", 4096, of_task(when=lambda n: text_of(n - 6) + " != ''")),
    ("count expression", 4096, of_task(count=lambda n: f"size({text_of(n - 6)})")),
    ("cache key", 4096, of_task(cache=lambda n: {"key": text_of(n), "ttl": "1h"})),
    ("wait until", 4096, lambda n: {"tasks": [{"name": "a", "wait": {"until": f"timestamp({text_of(n - 11)})"}}]}),
    ("wait for a run", 4096, lambda n: {"tasks": [{"name": "a", "wait": {"run": {"name": text_of(n)}}}]}),
    ("params of a call", 4096, lambda n: {"tasks": [{"name": "a", "workflow": {"name": "b", "params": {"x": text_of(n)}}}]}),
    ("children of a fan-out", 1000, lambda n: {"tasks": [{"name": "a", "workflow": {"name": "b"}, "count": n}]}),
    ("containers of a podTemplate", 100, lambda n: {"tasks": [{"name": "a", "podTemplate": {"spec": {"containers": [
        {"name": "main", "image": "x"}] + [{"name": f"c{at}", "image": "x"} for at in range(n - 1)]}}}]}),
    ("env of a podTemplate", 256, pod(env=times(lambda n: {"name": f"E{n}", "value": "x"}))),
]
# The API server can't count these: ork alone does, and says so in the Workflow's conditions.
CHECKED_BY_ORK = {"matrix axes", "matrix exclude", "schema depth", "schema properties", "children of a fan-out",
                  "env of a podTemplate", "param enum", "containers of a podTemplate"}


def workflow(make, value):
    made = make(value)
    return {"apiVersion": "ork.dev/v1alpha1", "kind": "Workflow", "metadata": {"name": "w"},
            "spec": {"defaults": {"image": "busybox:1.36"}, "tasks": [TASK], **made}}


@case(f"S11: {len(LIMITS)} limits at n and n+1: ork validate takes the one and refuses the other", needs_cluster=False)
def validated(world):
    wrong = []
    for what, bound, make in LIMITS:
        for value, code in ((bound, 0), (bound + 1, 3)):
            try:
                said = world.validate(workflow(make, value), codes=(code,))
            except AssertionError as error:
                wrong.append(f"{what}, {value}: {str(error)[:300]}")
                continue
            if code == 3 and "spec." not in said:
                wrong.append(f"{what}, {value}: no field is named: {said[:300]}")
    assert not wrong, "\n".join(wrong)


@case(f"S11: {len(LIMITS)} limits at n and n+1: the API server takes what ork validate takes, and refuses what is one more")
def served(world):
    context = world.context("limits")
    wrong = []
    for what, bound, make in LIMITS:
        try:
            context.create(workflow(make, bound), "--dry-run=server")
        except KubectlError as error:
            wrong.append(f"{what}, {bound} is refused: {str(error)[-300:]}")
        try:
            context.create(workflow(make, bound + 1), "--dry-run=server")
            if what not in CHECKED_BY_ORK:
                wrong.append(f"{what}, {bound + 1} is taken")
        except KubectlError:
            pass
    assert not wrong, "\n".join(wrong)


@case("S11: what only ork can count makes a Workflow not Ready, with the field, and its run fails with the reason")
def checked_by_ork(world):
    context = world.context("limits")
    for what, bound, make in (limit for limit in LIMITS if limit[0] in CHECKED_BY_ORK):
        name = what.replace(" ", "-").lower()
        obj = workflow(make, bound + 1)
        obj["metadata"]["name"] = name
        try:
            context.create(obj)
        except KubectlError:
            continue  # the server counts it, too
        seen = context.kubectl.until("workflows", name, lambda w: runs.condition(w, "Ready"), f"{what} to be judged")
        ready = runs.condition(seen, "Ready")
        assert ready["status"] == "False" and "spec." in ready["message"], f"{what}: {ready}"


@case("S11: calls nest eight deep and no deeper, and a run's actions are sixty-four and no more")
def runtime(world):
    context = world.context("limits")
    leaf = {"name": "a", "when": "false", "script": "true"}
    context.apply(runs.workflow("level-8", [leaf]))
    for level in range(7, 0, -1):
        context.apply(runs.workflow(f"level-{level}", [{"name": "call", "workflow": {"name": f"level-{level + 1}"}}]))
    context.apply(runs.workflow("level-0", [{"name": "call", "workflow": {"name": "level-1"}}]))
    context.start("eight", workflowRef={"name": "level-1"})
    context.finished("eight")
    context.start("nine", workflowRef={"name": "level-0"})
    said = context.finished("nine", "Failed")["status"]["message"]
    assert "at most 8 deep" in said, said
    actions = [{"id": f"i{number}", "task": "a", "do": "Kill"} for number in range(65)]
    run = runs.run("actions", workflowRef={"name": "level-8"}, suspend=True)
    context.create({**run, "spec": {**run["spec"], "actions": actions[:64]}}, "--dry-run=server")
    said = context.refusal({**run, "spec": {**run["spec"], "actions": actions}}, "--dry-run=server")
    assert "Too many" in said and "actions" in said, said


@case("S11: an expression's length, depth and work end at their limits, each with its own words", needs_cluster=False)
def expressions(world):
    def says(expression, *codes):
        return world.ork("eval", "-o", "json", "--", expression, codes=codes)

    fits = '"' + "x" * 4094 + '"'
    assert json.loads(says(fits, 0))["value"] == "x" * 4094
    assert "4096" in says('"' + "x" * 4095 + '"', 1, 3)
    says("[" * 200 + "]" * 200, 0)
    assert "more than 200 levels" in says("[" * 201 + "]" * 201, 1, 3)
    loop = "[0,1,2,3,4,5,6,7,8,9]"
    work = f"{loop}.map(a, {loop}.map(b, {loop}.map(c, {loop}.map(d, size({loop}.map(e, {loop}.map(f, f)))))))"
    assert "more work" in says(work, 1), says(work, 1)
