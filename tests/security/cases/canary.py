"""S6: a Secret's value, used in every way that there is, and then looked for everywhere."""

import base64
import json
import pathlib
import secrets
import subprocess
import urllib.request

from security import METRICS, case, run_of
from suite import runs

# Where a program of its own may write it, and nobody else.
KINDS = ("workflows.ork.dev", "workflowruns.ork.dev", "jobs.batch", "pods", "configmaps", "controllerrevisions.apps",
         "events.events.k8s.io", "leases.coordination.k8s.io", "replicasets.apps", "endpointslices.discovery.k8s.io")


def forms_of(text):
    """As it is, and as base64 has it wherever it begins."""
    shifted = (base64.b64encode(("x" * shift + text).encode()).decode()[4 if shift else 0:] for shift in range(3))
    return [text, text[::-1], *(form.rstrip("=")[:-2] for form in shifted)]


def used(context):
    """A Workflow that hands the secret on in every way, and one that it calls."""
    check = 'test ${#ORK_INPUT_PASSWORD} -ge 40 && test "$ORK_INPUT_PASSWORD" = "$FROM_ENV"'
    env = [{"name": "FROM_ENV", "valueFrom": {"secretKeyRef": {"name": "canary", "key": "password"}}}]
    secret = {"inputs": {"password": "params.password"}, "env": env}
    params = [{"name": "password", "secret": True}]
    context.workflow("called", [{"name": "a", **secret, "script": check}], params=params)
    fails = f"{check} || echo wrong; exit 3"
    context.workflow("canary", [
        {"name": "plain", **secret, "envFrom": [{"secretRef": {"name": "canary"}}],
         "script": check + ' && echo "{}" > $ORK_OUTPUT'},
        {"name": "each", "forEach": ["x", "y"], **secret, "script": check},
        {"name": "call", "workflow": {"name": "called", "params": {"password": "params.password"}}},
        {"name": "all", "inputs": {"all": "params"}, "script": 'printf %s "$ORK_INPUT_ALL" > $ORK_OUTPUT'},
        {"name": "fails", **secret, "retry": {"limit": 1, "backoff": {"initial": "1s"}}, "onFailure": "run", "script": fails},
    ], params=params, hooks={"onExit": [{"name": "bye", **secret, "script": check}]})


@case("S6: a secret stands nowhere but in its Secret: no status, event, debug log, metric, Job, Pod or output of the CLI")
def nowhere(world):
    canary = f"canary-{secrets.token_hex(24)}"
    context = world.context("canary")
    context.kubectl.run("create", "secret", "generic", "canary", f"--from-literal=password={canary}")
    used(context)
    context.create(run_of("canary", "canary", params={"password": {"secretKeyRef": {"name": "canary", "key": "password"}}}))
    run = context.run_until("canary", runs.is_final, "the run to end")
    phases = {task["name"]: task["phase"] for task in run["status"]["tasks"]}
    assert phases == {"plain": "Succeeded", "each": "Succeeded", "call": "Succeeded", "all": "Succeeded", "fails": "Failed",
                      "bye": "Succeeded"}, phases
    said = {kind: context.kubectl.run("get", kind, "-o", "json", "--show-managed-fields") for kind in KINDS}
    said["the operator's log"] = world.operator.log.read_text()
    assert "debug" in said["the operator's log"], "the operator does not log at debug level"
    with urllib.request.urlopen(f"http://{METRICS}/metrics", timeout=30) as answer:
        said["metrics"] = answer.read().decode()
    where = ("--kubeconfig", world.plain.kubeconfig, "--namespace", context.namespace)
    for args in (("run", "status", "canary", "-o", "json"), ("run", "status", "canary"), ("run", "list", "-o", "json"),
                 ("run", "list"),
                 ("workflow", "list", "-o", "json"), ("run", "logs", "canary")):
        said[f"ork {' '.join(args)}"] = world.ork(*args, *where, codes=(0, 10))
    said["kubectl describe"] = context.kubectl.run("describe", "wfr,owf,jobs,pods")
    found = [place for place, text in said.items() for form in forms_of(canary) if form in text]
    assert not found, f"the secret stands in {', '.join(sorted(set(found)))}"
    # That it would be found: it is where it belongs, and where a program of its own writes it.
    assert any(form in context.kubectl.run("get", "secret", "canary", "-o", "json") for form in forms_of(canary))
    empty = [place for place, text in said.items() if len(text) < 20 and "logs" not in place]
    assert not empty, f"there is nothing to look at in {empty}"


@case("S6: the API server was asked for no Secret by the operator, and its audit log holds no secret")
def audit_log(world):
    logs = sorted((pathlib.Path(world.plain.kubeconfig).parent / "logs").glob("audit*.log"))
    assert logs, "no audit log: hack/cluster up --audit"
    context = world.context("canary")
    assert context.kubectl.list("wfr"), "nothing has run: this case looks at what the one before has done"
    value = json.loads(context.kubectl.run("get", "secret", "canary", "-o", "json"))["data"]["password"]
    canary = base64.b64decode(value).decode()
    asked = 0
    for path in logs:
        hits = subprocess.run(["grep", "-c", "-F", *(f"-e{form}" for form in forms_of(canary)), path], capture_output=True,
                              text=True, check=False)
        assert hits.stdout.strip() == "0", f"{path} holds the secret"
        lines = subprocess.run(["grep", "-F", '"username":"system:serviceaccount:ork-system:ork-operator"', path],
                               capture_output=True, text=True, check=False).stdout.splitlines()
        asked += len(lines)
        # kubectl with the operator's token is another case's; the last line may be half written.
        secret = [line for line in lines if '"resource":"secrets"' in line and '"userAgent":"kubectl' not in line]
        assert not secret, secret[:2]
    assert asked, "the audit log shows nothing of the operator"


@case("S6: an expression that would read a secret, or show it, is refused before anything runs", needs_cluster=False)
def expressions(world):
    params = [{"name": "password", "secret": True}]
    task = {"name": "a", "script": "true"}
    for field, expression in (("inputs", '"x" + params.password'), ("inputs", "size(params.password)"),
                              ("inputs", "[params.password]"),
                              ("inputs", "has(params.password)"), ("when", 'params.password == "x"'),
                              ("count", "size(params.password)"),
                              ("inputs", "string(params.password)")):
        value = {"x": expression} if field == "inputs" else expression
        world.refused("secret", runs.workflow("w", [{**task, field: value}], params=params))
    world.refused("secret", runs.workflow("w", [task], params=params, output="params.password"))
    world.refused("secret", runs.workflow("w", [{**task, "cache": {"key": "params.password", "ttl": "1h"}}], params=params))
    plain = run_of("w", "r", params={"password": "in the open"})
    said = world.validate(runs.workflow("w", [task], params=params), plain, codes=(3,))
    assert "must be a reference to a Secret" in said, said
