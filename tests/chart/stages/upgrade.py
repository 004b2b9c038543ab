"""Upgrade and rollback while runs are under way: they go on, and nothing is done twice."""

import json
import time

from suite import runs
from suite.case import IMAGE
from suite.process import wait_for
from world import PATIENCE, case

LINKS = 14  # about two seconds each on a real node: longer than two rollouts


def chain(length):
    return [{"name": f"t{n}", "script": "sleep 0.5", **({"dependsOn": [f"t{n - 1}"]} if n else {})} for n in range(length)]


# Of each run: its tasks, and how many Jobs it comes to.
RUNS = {
    "chain": (chain(LINKS), LINKS),
    "retried": ([{"name": "a", "count": 4, "parallelism": 2, "retry": {"limit": 1, "backoff": {"initial": "5s"}},
                  "script": "sleep 2; test $ORK_INDEX-$ORK_ATTEMPT != 2-1"}, *chain(6)], 8),
    "items": ([{"name": "a", "forEach": [1, 2, 3], "script": "sleep 6; echo $ORK_ITEM > $ORK_OUTPUT"},
               {"name": "b", "inputs": {"all": "tasks.a.output"}, "script": "sleep 6; test $ORK_INPUT_ALL = [1,2,3]"}], 2),
    "long": ([{"name": "a", "script": "sleep 25"}, {"name": "b", "dependsOn": ["a"], "script": "echo b"}], 2),
    "waits": ([{"name": "a", "wait": {"for": "15s"}}, {"name": "b", "dependsOn": ["a"], "script": "echo b"}], 1),
}


def start_all(context):
    for name, (tasks, _) in RUNS.items():
        context.start(name, tasks, workflow={"defaults": {"image": IMAGE}})
    context.workflow("child", chain(8))
    context.start("parent", [{"name": "a", "workflow": {"name": "child"}}])
    for name in ("chain", "long", "retried", "items"):
        context.run_until(name, lambda run: run and run["status"].get("phase") == "Running", f"run {name} to begin", PATIENCE)


def under_way(context):
    return [run["metadata"]["name"] for run in context.kubectl.list("wfr") if not runs.is_final(run)]


def judge(world, context):
    for name, (_, jobs) in RUNS.items():
        run = context.finished(name, timeout=PATIENCE)
        runs.expect_equal(f"the number of Jobs of run {name}", len(context.owned("jobs", run)), jobs)
        attempts = {task["name"]: task.get("attempt", 0) for task in run["status"]["tasks"] if task["name"] != "a"}
        assert set(attempts.values()) <= {0, 1}, f"run {name} has repeated something: {attempts}"
    context.finished("parent", timeout=PATIENCE)
    runs.expect_equal("the number of child runs", len([run for run in context.kubectl.list("wfr")
                                                       if run["metadata"]["name"].startswith("parent-")]), 1)
    audited(world, context.namespace)


def audited(world, namespace):
    """The API server's own account: no attempt twice, none before what it waits for, no result lost."""
    said = world.command("tests/reality/check-audit", "--ended", "--namespace", namespace,
                         "--user", f"system:serviceaccount:{world.system}:ork", *world.audit_logs(), timeout=600)
    print(f"      by the audit log: {said.splitlines()[0]}; {said.splitlines()[-1]}")


def image_of(world):
    return {container["image"] for pod in world.operators() for container in pod["spec"]["containers"]}


@case("upgrade: with runs under way, and a rollback after it: all runs succeed, nothing is done twice")
def upgrade(world):
    world.installed()
    world.works()
    context = world.context(world.namespace("upgrade"))
    start_all(context)
    before = {pod["metadata"]["name"] for pod in world.operators()}
    started = time.monotonic()
    world.helm("upgrade", "ork", world.chart, "--namespace", world.system, "--reuse-values", "--set",
               f"image.tag={world.tags['next'].split(':')[1]},logLevel=debug", "--wait", f"--timeout={PATIENCE}s")
    upgraded = time.monotonic() - started
    wait_for(lambda: len(world.operators()) == 2 and not before & {pod["metadata"]["name"] for pod in world.operators()},
             "only new operators", PATIENCE)
    runs.expect_equal("the operators' image", image_of(world), {world.tags["next"]})
    alive = under_way(context)
    assert alive, "all runs ended before the upgrade did, so it tried nothing: raise LINKS"
    world.helm("rollback", "ork", "--namespace", world.system, "--wait", f"--timeout={PATIENCE}s")
    wait_for(lambda: image_of(world) == {world.tags["first"]}, "only operators of before", PATIENCE)
    print(f"      upgraded in {upgraded:.1f} s, rolled back in {time.monotonic() - started - upgraded:.1f} s; under way"
          f" between the two: {', '.join(alive)}; after both: {', '.join(under_way(context)) or 'none'}")
    judge(world, context)


@case("upgrade: to an image that does not start, the operators of before go on")
def broken(world):
    world.installed()
    before = {pod["metadata"]["name"] for pod in world.operators()}
    said = world.refusal("upgrade", "ork", world.chart, "--namespace", world.system, "--reuse-values",
                         "--set-json", 'extraArgs=["--context=nowhere"]', "--wait", "--timeout=20s")
    assert "deadline" in said or "timed out" in said or "not ready" in said.lower(), said
    left = {pod["metadata"]["name"] for pod in world.operators()} & before
    assert left == before, f"of {before} only {left} are left"
    world.works()
    world.helm("rollback", "ork", "--namespace", world.system, "--wait", f"--timeout={PATIENCE}s")


@case("upgrade: the CRDs are upgraded with the release")
def crds(world):
    world.installed()
    patch = {"metadata": {"labels": {"app.kubernetes.io/version": "0.0.0"}},
             "spec": {"names": {"categories": ["ork", "of-an-older-version"]}}}
    world.kubectl.run("patch", "crd", "workflows.ork.dev", "--type=merge", "-p", json.dumps(patch))
    world.helm("upgrade", "ork", world.chart, "--namespace", world.system, "--reuse-values", "--wait", f"--timeout={PATIENCE}s")
    crd = world.kubectl.get("crd", "workflows.ork.dev")
    runs.expect_equal("the CRD's categories", crd["spec"]["names"]["categories"], ["ork"])
    runs.expect_equal("what happens to it with the release", crd["metadata"]["annotations"]["helm.sh/resource-policy"], "keep")
