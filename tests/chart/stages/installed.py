"""A release as it is installed: how long that takes, who works, what people may do."""

import json
import re
import time

from suite.process import wait_for
from world import OPERATOR, PATIENCE, case

GOAL_SECONDS = 30
FLOW = re.compile(r'apiserver_flowcontrol_dispatched_requests_total\{flow_schema="([^"]*)",priority_level="([^"]*)"\} (\S+)')
# Of the cluster's suite: all examples, and what uses the rights that no example does.
CASES = (r"^examples/|^schedules|^retry|[Dd]elet|^a run keeps the spec|^a run of a .* that is not there"
         r"|^data: an index that runs again|^finished runs beyond|ttl")


@case("installed: helm install brings operators that carry runs out")
def install(world):
    world.uninstalled()
    assert world.loaded_image
    started = time.monotonic()
    world.installed()
    ready = time.monotonic() - started
    world.works()
    works = time.monotonic() - started
    goal = "as wished" if works < GOAL_SECONDS else f"wished for: {GOAL_SECONDS} s"
    print(f"      ready after {ready:.1f} s, works after {works:.1f} s ({goal})")
    assert len(world.operators()) == 2, f"there are {len(world.operators())} operators"


@case("installed: each operator shows its metrics through the Service's port, and what it holds of the work")
def metrics(world):
    system = world.at(world.installed())
    world.works()
    ask = lambda pod, path: system.run("get", "--raw", f"/api/v1/namespaces/{world.system}/pods/{pod}:8080/proxy{path}")
    pods = wait_for(world.shared, "two operators to share the work", PATIENCE)
    shown = [ask(pod, "/metrics") for pod in pods]
    assert all("\nork_share_buckets 32\n" in text for text in shown), "\n".join(shown)
    assert {ask(pod, "/readyz").strip() for pod in pods} == {"works on 32 of 64 shares"}
    slices = system.list("endpointslices", "-l", "kubernetes.io/service-name=ork-metrics")
    behind = {point["targetRef"]["name"] for one in slices for point in one["endpoints"]}
    assert behind == set(pods), f"behind the Service are {behind}, and not {pods}"


@case("installed: helm test runs a workflow, and leaves nothing")
def tested(world):
    system = world.at(world.installed())
    world.helm("test", "ork", "--namespace", world.system, f"--timeout={PATIENCE}s")
    left = system.run("get", "pods,configmaps,roles,serviceaccounts", "-o", "name").split()
    assert not [name for name in left if name.endswith("ork-test")], f"these are left: {left}"


@case("installed: helm test fails where no operator works, and says what it waited for")
def test_fails(world):
    system = world.at(world.installed())
    system.run("scale", "deployment", "ork", "--replicas=0")
    system.run("wait", "--for=delete", "pod", "-l", OPERATOR, f"--timeout={PATIENCE}s")
    try:
        said = world.refusal("test", "ork", "--namespace", world.system, "--timeout=8s")
        assert "timed out" in said or "deadline" in said, said
    finally:
        system.run("scale", "deployment", "ork", "--replicas=2")
        system.run("rollout", "status", "deployment/ork", f"--timeout={PATIENCE}s")
        system.run("delete", "pod", "ork-test", "--ignore-not-found")
    world.works()


@case("installed: both operators work, each on a half, and when a Pod is deleted the other goes on with its runs")
def takeover(world):
    world.installed()
    world.works()
    wait_for(world.shared, "two operators to share the work", PATIENCE)
    context = world.context(world.namespace("takeover"))
    names = [f"r{number}" for number in range(6)]
    for name in names:
        context.start(name, [{"name": "a", "script": "sleep 2"}, {"name": "b", "dependsOn": ["a"], "script": "echo b"}])
    for name in names:
        context.task_until(name, "a", "Running")
    dead = world.shared()[0]
    started = time.monotonic()
    world.at(world.system).run("delete", "pod", dead, "--grace-period=0", "--force")
    wait_for(lambda: dead not in world.shares(), "another operator to take its share", PATIENCE, every=0.1)
    print(f"      its share is taken after {time.monotonic() - started:.1f} s")
    for name in names:
        context.finished(name)
    world.at(world.system).run("rollout", "status", "deployment/ork", f"--timeout={PATIENCE}s")


@case("installed: an operator that a drain takes away hands over, and the budget lets one go at a time")
def evicted(world):
    system = world.at(world.installed())
    budget = {"expectedPods": 2, "desiredHealthy": 1, "currentHealthy": 2, "disruptionsAllowed": 1}
    wait_for(lambda: budget.items() <= system.get("pdb", "ork")["status"].items(), f"the budget to be {budget}", PATIENCE)
    gone = wait_for(world.shared, "two operators to share the work", PATIENCE)[0]
    eviction = {"apiVersion": "policy/v1", "kind": "Eviction", "metadata": {"name": gone, "namespace": world.system}}
    system.run("create", "--raw", f"/api/v1/namespaces/{world.system}/pods/{gone}/eviction", "-f", "-", stdin=json.dumps(eviction))
    started = time.monotonic()
    wait_for(lambda: gone not in world.shares(), "another operator to take its share", PATIENCE, every=0.1)
    print(f"      its share is taken {time.monotonic() - started:.1f} s later")
    system.run("rollout", "status", "deployment/ork", f"--timeout={PATIENCE}s")


@case("installed: the API server counts the operator's requests, and the Lease's, to levels of their own")
def flow(world):
    world.installed()
    world.works()
    counts = {(schema, level): float(number) for schema, level, number in FLOW.findall(world.kubectl.run("get", "--raw", "/metrics"))}
    name = world.kubectl.run("get", "flowschema", "-l", "app.kubernetes.io/name=ork", "-o", "name").split()[0]
    own = name.rsplit("/", 1)[1].removesuffix("-lease")
    for pair in ((own, own), (own + "-lease", "leader-election")):
        assert counts.get(pair, 0) > 0, f"no request was counted to FlowSchema {pair[0]} and level {pair[1]}: {counts}"


@case("installed: who may view or edit a namespace may view or edit its workflows, and no more")
def people(world):
    world.installed()
    kubectl = world.at(world.namespace("people"))
    for role in ("view", "edit", "admin"):
        kubectl.run("create", "rolebinding", role, f"--clusterrole={role}", f"--user={role}er")
    may = lambda who, verb, what, part="": "yes" in world.command(
        "bash", "-c", 'kubectl auth can-i "$@" || true', "-", verb, what, f"--subresource={part}", f"--as={who}",
        "--namespace", kubectl.namespace)
    wait_for(lambda: may("viewer", "get", "workflowruns.ork.dev") and may("adminer", "create", "workflowruns.ork.dev"),
             "the roles to be aggregated", PATIENCE)
    wanted = {("viewer", "create", "workflowruns.ork.dev"): False, ("viewer", "watch", "workflows.ork.dev"): True,
              ("editer", "create", "workflowruns.ork.dev"): True, ("editer", "patch", "workflows.ork.dev"): True,
              ("editer", "patch", "workflowruns.ork.dev", "status"): False, ("nobody", "get", "workflows.ork.dev"): False}
    wrong = [f"{' '.join(asked)}: {not right}" for asked, right in wanted.items() if may(*asked) != right]
    assert not wrong, wrong


@case("installed: the cluster's suite passes with the chart's rights alone")
def suite(world):
    system = world.installed()
    try:
        said = world.command("tests/cluster/run", "--installed", f"{system}/{OPERATOR}", "--only", CASES, timeout=1800)
    except AssertionError as error:
        lines = [line for line in str(error).splitlines() if not line.startswith("ok ")]
        raise AssertionError("\n".join(lines[-300:])) from error
    print(f"      {said.splitlines()[-1]}")


@case("installed: no operator has died by itself")
def alive(world):
    world.installed()
    restarts = {pod["metadata"]["name"]: status["restartCount"] for pod in world.operators()
                for status in pod["status"].get("containerStatuses", [])}
    assert not any(restarts.values()), f"restarts: {restarts}"
