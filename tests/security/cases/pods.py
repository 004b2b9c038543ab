"""S4: what Pods ork makes, its own and those of tasks, where Pod Security is enforced."""

import json

import yaml

from security import can, case, inline_run
from suite import runs
from suite.kubectl import Kubectl

RESTRICTED = {"automountServiceAccountToken": False,
              "securityContext": {"runAsNonRoot": True, "runAsUser": 65532, "seccompProfile": {"type": "RuntimeDefault"}}}
CONTAINER = {"name": "main", "image": "busybox:1.36",
             "securityContext": {"allowPrivilegeEscalation": False, "readOnlyRootFilesystem": True,
                                 "capabilities": {"drop": ["ALL"]}}}
SEES_TOKEN = '{ [ -e /var/run/secrets/kubernetes.io ] && echo true || echo false; } > $ORK_OUTPUT'


def restricted_task(name, script):
    return {"name": name, "podTemplate": {"spec": {**RESTRICTED, "containers": [{**CONTAINER, "command": ["sh", "-c", script]}]}}}


@case("S4: the operator's Pod and that of the release's test are admitted under restricted, with a read-only root")
def own_pods(world):
    namespace = world.namespace("restricted", "restricted")
    kubectl = world.at(namespace)
    texts = [world.rendered(template) for template in ("deployment.yaml", "tests/hello.yaml")]
    found = [obj for text in texts for obj in yaml.safe_load_all(text) if obj]
    specs = [obj["spec"]["template"]["spec"] if obj["kind"] == "Deployment" else obj["spec"]
             for obj in found if obj["kind"] in ("Deployment", "Pod")]
    run = next(yaml.safe_load(obj["data"]["hello.yaml"]) for obj in found if obj["kind"] == "ConfigMap")
    specs.append(run["spec"]["workflow"]["tasks"][0]["podTemplate"]["spec"] | {"restartPolicy": "Never"})
    assert len(specs) == 3, f"the chart has {len(specs)} Pods, and not three"
    for spec in specs:
        for container in spec["containers"]:
            assert container["securityContext"]["readOnlyRootFilesystem"], container
        spec["serviceAccountName"] = "default"  # the release's own is not here
        kubectl.run("create", "--dry-run=server", "-f", "-", stdin=json.dumps(
            {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "admitted"}, "spec": spec}))


@case("S4: a task that says how it is confined runs under restricted, without a token")
def confined(world):
    context = world.context("restricted", "restricted")
    context.start("confined", [restricted_task("a", SEES_TOKEN)], workflow={"output": "tasks.a.output"})
    assert context.finished("confined")["status"]["output"] is False, "the task's Pod has a token"


@case("S4: plain tasks run under restricted where their defaults say how they are confined")
def confined_by_default(world):
    context = world.context("restricted", "restricted")
    confined = {**RESTRICTED["securityContext"], **CONTAINER["securityContext"]}
    context.start("plain-confined", [{"name": "a", "script": "id -u > $ORK_OUTPUT"},
                                     {"name": "b", "forEach": [1, 2], "script": "id -u > $ORK_OUTPUT"}],
                  workflow={"defaults": {"image": "busybox:1.36", "securityContext": confined},
                            "output": "[tasks.a.output] + tasks.b.output"})
    runs.expect_equal("the users they ran as", context.finished("plain-confined")["status"]["output"], [65532] * 3)


@case("S4: a task that restricted refuses ends by its pendingTimeout, its Job says why, and a run beside it goes on")
def refused(world):
    context = world.context("restricted", "restricted")
    context.start("refused", [{"name": "a", "script": "true", "pendingTimeout": "2s"}])
    context.start("beside", [restricted_task("a", "true"), {**restricted_task("b", "true"), "dependsOn": ["a"]}])
    context.finished("beside")
    run = context.finished("refused", "Failed", "TaskFailed")
    assert "could not start" in runs.task(run, "a")["message"], runs.task(run, "a")
    said = [event["message"] for event in context.kubectl.list("events", "--field-selector=reason=FailedCreate")]
    assert any("violates PodSecurity" in text and "runAsNonRoot" in text for text in said), said
    # Without a pendingTimeout it waits, says for what, and can be cancelled; nothing of it stays.
    context.start("waits", [{"name": "a", "script": "true"}])
    said = runs.task(context.task_until("waits", "a", "Queued", "PodNotCreated"), "a")["message"]
    assert "kubectl describe job" in said, said
    context.patch("wfr", "waits", {"spec": {"cancel": True}})
    context.nothing_left_of(context.finished("waits", "Cancelled"))


@case("S4: a default task is admitted under baseline: it asks for nothing beyond its container")
def baseline(world):
    context = world.context("baseline", "baseline")
    context.start("plain", [{"name": "a", "script": "true"}, {"name": "b", "forEach": ["x", "y"], "script": "true"}])
    run = context.finished("plain")
    for job in context.owned("jobs", run):
        spec = job["spec"]["template"]["spec"]
        for field in ("hostNetwork", "hostPID", "hostIPC", "initContainers"):
            assert field not in spec, f"{job['metadata']['name']} has {field}"
        assert len(spec["containers"]) == 1 and "securityContext" not in spec["containers"][0], spec
        assert all("hostPath" not in volume for volume in spec.get("volumes", [])), spec


@case("S4: a default task has no token, and one that names its account has")
def no_token(world):
    context = world.context("baseline", "baseline")
    context.start("tokens", [{"name": "without", "script": SEES_TOKEN},
                             {"name": "with", "script": SEES_TOKEN, "serviceAccountName": "default"}],
                  workflow={"output": "[tasks.without.output, tasks.with.output]"})
    output = context.finished("tokens")["status"]["output"]
    runs.expect_equal("whether there is a token, without an account and with one", output, [False, True])


@case("S10: a task's token is that of its namespace's account, which ork gives no right to")
def task_token(world):
    context = world.context("baseline", "baseline")
    context.start("with-token", [{"name": "a", "script": "true"}])
    context.finished("with-token")
    account = Kubectl(world.plain.binary, world.plain.kubeconfig, context.namespace)
    who = f"--as=system:serviceaccount:{context.namespace}:default"
    for verb, kind in (("get", "pods"), ("patch", "pods"), ("get", "secrets"), ("create", "jobs.batch"),
                       ("get", "workflowruns.ork.dev"),
                       ("create", "workflowruns.ork.dev"), ("patch", "workflowruns.ork.dev"), ("create", "pods"),
                       ("get", "configmaps")):
        assert not can(account, verb, kind, who), f"a task may {verb} {kind}"
    said = account.refusal("create", who, "-f", "-", stdin=json.dumps(inline_run()))
    assert "cannot create resource" in said, said
