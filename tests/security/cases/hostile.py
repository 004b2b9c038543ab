"""S11: objects made to crash or to mislead: the operator stays up, they end or are refused with a reason, others don't notice."""

import concurrent.futures
import json

from security import case, run_of
from suite import runs
from suite.kubectl import KubectlError

# A healthy run may take this much longer than the same one did before anything hostile was there.
RATIO = 4
CHAIN = [{"name": "a", "script": "true"}, {"name": "b", "dependsOn": ["a"], "script": "true"}]
ODD = ["", "-1", "0", "00", "1e9", "999999999", "18446744073709551616", "a" * 63, "x.y_z", "NaN"]
WORKFLOW = "apiVersion: ork.dev/v1alpha1\nkind: Workflow\nmetadata: {name: w}\nspec: {tasks: "
NOISE = "\u202e\U0001f600" + "\x1b[2J" + "\u2028" * 8


def deep(levels, leaf=1):
    value = leaf
    for _ in range(levels):
        value = {"a": value}
    return value


def took(context, prefix, times=3):
    """Milliseconds of the quickest of some healthy runs, by their own status."""
    best = None
    for number in range(times):
        name = f"{prefix}-{number}"
        context.start(name, CHAIN)
        status = context.finished(name)["status"]
        ms = milliseconds(status["completionTime"]) - milliseconds(status["startTime"])
        best = ms if best is None else min(best, ms)
    return max(best, 1)


def milliseconds(text):
    day, clock = text.rstrip("Z").split("T")
    hours, minutes, seconds = clock.split(":")
    return round(((int(day.split("-")[2]) * 24 + int(hours)) * 60 + int(minutes)) * 60_000 + float(seconds) * 1000)


def labels(run, **more):
    meta = run["metadata"]
    return {"app.kubernetes.io/managed-by": "ork", "ork.dev/run": meta["name"], "ork.dev/run-uid": meta["uid"],
            "ork.dev/task": "a", "ork.dev/attempt": "1", **{f"ork.dev/{key}": value for key, value in more.items()}}


def owner(run, **more):
    return {"apiVersion": "ork.dev/v1alpha1", "kind": "WorkflowRun", "name": run["metadata"]["name"],
            "uid": run["metadata"]["uid"],
            "controller": True, **more}


def pod_of(metadata):
    return {"metadata": metadata, "spec": {"restartPolicy": "Never", "nodeSelector": {"no": "such"},
                                           "containers": [{"name": "x", "image": "busybox:1.36"}]}}


def poisoned(run):
    """Jobs, Pods, ConfigMaps and revisions that look like this run's, each wrong in another way."""
    for number, odd in enumerate(ODD):
        strange = labels(run, attempt=odd, task=odd or "a")
        notes = {"batch.kubernetes.io/job-completion-index": odd, "ork.dev/unseeded": odd, "ork.dev/traceparent": NOISE,
                 "x/y": "z" * 100_000}
        for owned in (owner(run), owner(run, uid="00000000-0000-0000-0000-000000000000"), owner(run, controller=False)):
            meta = {"generateName": f"poison-{number}-", "labels": strange, "annotations": notes, "ownerReferences": [owned]}
            yield {"apiVersion": "v1", "kind": "Pod", **pod_of({**meta, "labels": {
                **strange, "job-name": run["metadata"]["name"], "batch.kubernetes.io/job-completion-index": odd}})}
            yield {"apiVersion": "batch/v1", "kind": "Job", "metadata": meta, "spec": {
                "suspend": True, "completions": 3, "completionMode": "Indexed", "template": pod_of({"labels": strange})}}
            yield {"apiVersion": "v1", "kind": "ConfigMap", "metadata": meta, "data": {odd or "x": NOISE}}
    for number, data in enumerate(({}, {"spec": None}, {"spec": deep(60)}, {"spec": {"tasks": [{"name": 5}]}}, {"tasks": "x"})):
        yield {"apiVersion": "apps/v1", "kind": "ControllerRevision", "revision": number, "data": data, "metadata": {
            "generateName": "poison-", "labels": {"app.kubernetes.io/managed-by": "ork", "ork.dev/workflow": "etl"}}}


def hostile_runs():
    """Runs that the API server may take, and whose end has to have a reason."""
    task = {"name": "a", "image": "busybox:1.36", "script": "true"}
    brackets = "(" * 150 + "1" + ")" * 150
    yield runs.run("deep-params", workflow={"tasks": [task], "params": [{"name": "p", "type": "object"}]},
                   params={"p": deep(900)})
    yield runs.run("deep-template", workflow={"tasks": [{"name": "a", "podTemplate": {"spec": {
        "containers": [{"name": "x", "image": "x"}], "affinity": deep(900)}}}]})
    yield runs.run("deep-schema", workflow={"tasks": [{**task, "output": {"properties": deep(300)}}]})
    yield runs.run("long-when", workflow={"tasks": [{**task, "when": f"{brackets} == 2 && {' && '.join(['true'] * 80)}"}]})
    yield runs.run("endless-when", workflow={"tasks": [{**task, "when": nested_map(6) + " == []"}]})
    yield runs.run("cycle", workflow={"tasks": [{**task, "dependsOn": ["b"]}, {**task, "name": "b", "dependsOn": ["a"]}]})
    yield runs.run("x" * 63, workflow={"tasks": [{**task, "name": "y" * 63, "when": "false"}]})
    yield runs.run("no-such-actions", workflow={"tasks": [{**task, "when": "false"}]},
                   actions=[{"id": f"i{n}", "task": "none", "do": "Clear", "by": NOISE} for n in range(64)])
    yield runs.run("bad-pattern", workflow={"tasks": [task], "params": [{"name": "p", "pattern": "(" * 500, "default": "x"}]})
    yield runs.run("child-of-nobody", workflowRef={"name": "etl"},
                   childOf={"task": "a", "attempt": 2147483647, "index": 2147483647})
    yield runs.run("noise", workflow={"tasks": [{**task, "env": [{"name": NOISE, "value": NOISE}], "script": NOISE,
                                                 "pendingTimeout": "5s"}]})
    yield runs.run("bad-output", workflow={"tasks": [{**task, "script": "head -c 4000 /dev/zero | tr '\\0' '[' > $ORK_OUTPUT"}]})


def nested_map(levels):
    return "[1]" if levels == 0 else f"[1,2,3,4,5,6,7,8,9,0].map(x{levels}, {nested_map(levels - 1)})"


def create_all(context, objects):
    """How many the API server takes; it may refuse any."""
    def create(obj):
        try:
            context.create(obj)
            return 1
        except KubectlError:
            return 0

    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        return sum(pool.map(create, objects))


@case("S11: poisoned Jobs, Pods, ConfigMaps and revisions with ork's labels change no run's end and hold up nobody")
def poison(world):
    context, beside = world.context("poison"), world.context("beside")
    floor = took(beside, "floor")
    context.start("target", [{"name": "a", "script": "sleep 8; echo 1 > $ORK_OUTPUT"},
                             {"name": "b", "dependsOn": ["a"], "script": "true"}],
                  workflow={"output": "tasks.a.output"})
    run = context.kubectl.until("workflowruns", "target", lambda r: bool(runs.task(r, "a")), "the run to begin")
    taken = create_all(context, poisoned(run))
    assert taken > 40, f"the API server took only {taken} of the objects"
    with_poison = took(beside, "with-poison")
    assert context.finished("target")["status"]["output"] == 1, "the run's output is another's"
    world.operator_lives()
    print(f"      {taken} poisoned objects; a run takes {with_poison} ms beside them, {floor} ms before")
    assert with_poison <= RATIO * floor, f"{with_poison} ms beside {taken} poisoned objects, {floor} ms before"


@case("S11: a restarted operator reads what is poisoned, and starts")
def restarted(world):
    context = world.context("poison")
    assert len(context.kubectl.list("pods")) > 10, "nothing is poisoned: this case stands on the one before"
    assert world.operator.stop() == 0
    world.operator.start()
    context.start("after-restart", CHAIN)
    context.finished("after-restart")


@case("S11: hostile runs end or are refused with a reason, and hold up nobody")
def hostile(world):
    context, beside = world.context("hostile"), world.context("beside")
    floor = took(beside, "before")
    taken = []
    for run in hostile_runs():
        try:
            taken.append(context.create(run)["metadata"]["name"])
        except KubectlError as error:
            assert any(word in str(error) for word in ("is invalid", "forbidden", "too deep", "Invalid value")), error
    meanwhile = took(beside, "meanwhile")
    assert len(taken) >= 8, f"the API server took only {taken}"
    for name in taken:
        if name == "child-of-nobody":  # its Workflow may come for five minutes
            context.kubectl.run("delete", "wfr", name)
            continue
        run = context.run_until(name, runs.is_final, f"run {name} to end")
        assert run["status"]["message"] and runs.reason(run), run["status"]
        assert len(json.dumps(run["status"])) < 1_000_000
    print(f"      {len(taken)} hostile runs; a run takes {meanwhile} ms beside them, {floor} ms before")
    assert meanwhile <= RATIO * floor, f"{meanwhile} ms beside hostile runs, {floor} ms before"


@case("S11: labels and owners taken off or put on a run's own objects don't change another run")
def relabelled(world):
    context = world.context("relabelled")
    slow = [{"name": "a", "script": "sleep 5; echo 7 > $ORK_OUTPUT"}]
    for name in ("mine", "theirs"):
        context.start(name, slow, workflow={"output": "tasks.a.output"})
    mine, theirs = [context.kubectl.until("workflowruns", name,
                                          lambda r: bool(runs.task(r, "a")) and runs.task(r, "a").get("job"),
                                          "its Job") for name in ("mine", "theirs")]
    job = runs.task(mine, "a")["job"]
    stolen = {"metadata": {"labels": labels(theirs), "ownerReferences": [owner(theirs,
                                                                               uid="00000000-0000-0000-0000-000000000000")]}}
    context.patch("job", job, stolen)
    assert context.finished("theirs")["status"]["output"] == 7
    context.run_until("mine", runs.is_final, "the run to end")


@case("S11: a Workflow's time zone is a name, and no path", needs_cluster=False)
def time_zone(world):
    for zone in ("../../etc/passwd", "/etc/localtime", "Europe/../../../etc/passwd", "Europe/..", "a" * 65):
        workflow = runs.workflow("w", CHAIN, schedule={"cron": "0 2 * * *", "timeZone": zone})
        world.refused("timeZone", workflow)


@case("S11: hostile expressions are refused or end by their budget, with a message and without a crash", needs_cluster=False)
def expressions(world):
    for expression in ("(" * 5000, "[" * 5000, "!" * 4000 + "true", "-" * 4000 + "1", "a." * 2000 + "b", nested_map(7), '"x" * 9',
                       "1 / 0",
                       "9223372036854775807 + 1", '"' + "a" * 5000 + '"', "[1].map(x, [1].map(x, x))[5]", '"a".matches("(a*)*$")',
                       "{1: 1}[2]",
                       'int("9" + "9999999999999999999")', "\u202e1", "1\0", '"\\ud800"', "`x`", "{{x}}", "$(x)"):
        if "\0" in expression:
            continue  # no argument of a program can hold it
        said = world.ork("eval", "--", expression, codes=(0, 1, 2, 3))
        assert said.strip() and len(said) < 20_000, f"{expression[:40]}: {said[:200]}"


@case("S11: manifests that are no manifests are refused by ork validate, with a message and without a crash", needs_cluster=False)
def manifests(world):
    for text in ("[" * 100_000, "{" * 100_000, "a: " * 5_000, "&a [*a, *a]", "a: &a [x]\nb: &b [*a, *a]\nc: &c [*b, *b]", "\t",
                 "%YAML 9", "!!binary x",
                 '{"apiVersion": "ork.dev/v1alpha1", "kind": "Workflow", "spec": ' + "[" * 9000, "---\n" * 10_000, "\ufeff{",
                 "? [a]\n: b",
                 WORKFLOW + '[{name: a, image: b, count: 1e400}]}',
                 WORKFLOW + "x" * 2_000_000 + "}"):
        world.ork("validate", "-", stdin=text, codes=(1, 2, 3))


@case("S11: a run of a Workflow with a huge list of params is refused or runs, and the next one runs")
def huge(world):
    context = world.context("hostile")
    context.workflow("huge", [{"name": "a", "inputs": {"n": "size(params.all)"}, "script": "true"}],
                     params=[{"name": "all", "type": "array"}])
    for size in (100_000, 700_000, 2_000_000):
        try:
            context.create(run_of("huge", f"huge-{size}", params={"all": ["x" * 100] * (size // 100)}))
        except KubectlError as error:
            assert "too large" in str(error) or "limit" in str(error), str(error)[-300:]
            continue
        run = context.run_until(f"huge-{size}", runs.is_final, "the run to end")
        assert run["status"]["message"], run["status"]
    context.start("after-huge", CHAIN)
    context.finished("after-huge")
