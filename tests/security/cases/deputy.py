"""S2 and S14: whoever describes Pods may make them."""

import json

from security import KEEPS, MAKES_JOBS, STARTS, WRITES, can, case, inline_run, is_refused, run_of
from suite import runs
from suite.kubectl import KubectlError
from suite.process import wait_for

POD_WORDS = "describes Pods"


def echo(name="echo", **spec):
    """A Workflow whose param goes to a container and back."""
    task = {"name": "a", "inputs": {"text": "params.text"}, "script": 'printf %s "$ORK_INPUT_TEXT" > $ORK_OUTPUT'}
    return runs.workflow(name, [task], params=[{"name": "text", "default": "1"}], output="tasks.a.output", **spec)


@case("S2: who may only create runs starts a Workflow by reference, and its params stay data")
def by_reference(world):
    namespace = world.guarded("deputy")
    context = world.context("deputy")
    context.apply(echo())
    person = world.person(namespace, "starter", STARTS)
    for kind in ("workflows.ork.dev", "jobs.batch", "pods", "secrets"):
        assert not can(person, "create", kind), f"this user must not be able to create {kind}"
    text = json.dumps({"serviceAccountName": "x", "podTemplate": {"spec": {"hostPID": True}}, "command": "$(id)"})
    person.create(run_of("echo", "by-reference", params={"text": text}))
    output = context.finished("by-reference")["status"]["output"]
    assert output == json.loads(text), f"the output is {output}"


@case("S2: an inline workflow is refused to who may not create Jobs, however it is sent, and says what to do")
def inline_refused(world):
    namespace = world.guarded("deputy")
    person = world.person(namespace, "starter", {**STARTS, "verbs": [*STARTS["verbs"], "patch", "update"]})
    body = json.dumps(inline_run())
    generated = json.dumps({**inline_run(), "metadata": {"generateName": "inline-"}})
    # A name that a run by reference has, and a kind that the client does not know beforehand.
    path = f"/apis/ork.dev/v1alpha1/namespaces/{namespace}/workflowruns"
    for args, stdin in ((("create", "-f", "-"), body), (("create", "-f", "-"), generated),
                        (("create", "--dry-run=server", "-f", "-"), body), (("create", "--validate=false", "-f", "-"), body),
                        (("apply", "-f", "-"), body), (("apply", "--server-side", "-f", "-"), body),
                        (("apply", "--server-side", "--force-conflicts", "--field-manager=ork", "-f", "-"), body),
                        (("create", "--raw", path, "-f", "-"), body),
                        (("create", "--raw", f"{path}?fieldValidation=Ignore&fieldManager=ork", "-f", "-"), generated)):
        said = person.refused_by_policy(POD_WORDS, *args, stdin=stdin)
        for word in ("spec.workflow", "jobs.batch", "spec.workflowRef"):
            assert word in said, f"the refusal must hold {word!r}: {said}"
    left = [run["metadata"]["name"] for run in world.at(namespace).list("wfr") if "inline" in run["metadata"]["name"]]
    assert not left, f"all the same there are {left}"


@case("S2: who may create Jobs writes Workflows and inline runs: by a Role, and by the cluster's own edit")
def may_describe(world):
    namespace = world.guarded("deputy")
    context = world.context("deputy")
    for number, person in enumerate((world.person(namespace, "author", WRITES, MAKES_JOBS),
                                     world.person(namespace, "editor", cluster_role="edit"),
                                     world.person(namespace, "admin", cluster_role="admin"))):
        name = f"written-{number}"
        person.create(echo(name))
        person.run("patch", "workflow", name, "--type=merge", "-p", '{"spec":{"timeout":"5m"}}')
        person.create(inline_run(f"inline-{number}"))
        context.finished(f"inline-{number}")


@case("S2: a Workflow's spec is written by nobody who may not create Jobs; its labels may be")
def workflows(world):
    namespace = world.guarded("deputy")
    context = world.context("deputy")
    context.apply(echo("kept"))
    person = world.person(namespace, "writer", WRITES)
    changed = echo("kept", timeout="1m")
    image = json.dumps([{"op": "replace", "path": "/spec/tasks/0/image", "value": "elsewhere"}])
    account = json.dumps({"spec": {"defaults": {"serviceAccountName": "root"}}})
    for args, stdin in ((("create", "-f", "-"), json.dumps(echo("new"))), (("apply", "-f", "-"), json.dumps(changed)),
                        (("apply", "--server-side", "--force-conflicts", "-f", "-"), json.dumps(changed)),
                        (("replace", "-f", "-"), json.dumps(changed)),
                        (("replace", "--force", "-f", "-"), json.dumps(echo("fresh"))),
                        (("patch", "workflow", "kept", "--type=merge", "-p", account), None),
                        (("patch", "workflow", "kept", "--type=json", "-p", image.replace("replace", "add")), None),
                        (("patch", "workflow", "kept", "--type=merge", "-p", account, "--dry-run=server"), None)):
        person.refused_by_policy(POD_WORDS, *args, stdin=stdin)
    before = context.kubectl.get("workflow", "kept")
    person.run("label", "workflow", "kept", "team=data")
    person.run("annotate", "workflow", "kept", "ork.dev/resumed-at=now")
    after = context.kubectl.get("workflow", "kept")
    assert after["spec"] == before["spec"] and after["metadata"]["labels"] == {"team": "data"}, after
    person.run("delete", "workflow", "kept")


@case("S2: five thousand tasks are compared, too: metadata changes, the spec does not")
def large(world):
    namespace = world.guarded("deputy")
    context = world.context("deputy")
    tasks = [{"name": f"t{number}", "script": "true"} for number in range(5000)]
    context.apply(runs.workflow("large", tasks), "--server-side")
    person = world.person(namespace, "writer", WRITES)
    person.run("label", "workflow", "large", "team=data")
    last = json.dumps([{"op": "add", "path": "/spec/tasks/4999/image", "value": "elsewhere"}])
    person.refused_by_policy(POD_WORDS, "patch", "workflow", "large", "--type=json", "-p", last)
    context.kubectl.run("delete", "workflow", "large")


@case("S2: who may change runs holds, cancels, acts on and labels them without any right to Jobs")
def keepers(world):
    namespace = world.guarded("deputy")
    context = world.context("deputy")
    context.apply(echo())
    person = world.person(namespace, "keeper", KEEPS)
    for run in (inline_run("kept-inline", suspend=True), run_of("echo", "kept-by-reference", suspend=True)):
        name = run["metadata"]["name"]
        context.create(run)
        context.kubectl.until("workflowruns", name, lambda r: r and runs.status(r).get("phase"), "the run to be seen")
        for spec in ({"ttlSecondsAfterFinished": 600}, {"suspend": False}, {"suspend": True},
                     {"actions": [{"id": "skip", "task": "a", "do": "MarkSucceeded"}]}, {"cancel": True}):
            person.run("patch", "wfr", name, "--type=merge", "-p", json.dumps({"spec": spec}))
        person.run("label", "wfr", name, "team=data")
        said = person.refusal("patch", "wfr", name, "--subresource=status", "--type=merge", "-p",
                              '{"status":{"phase":"Succeeded"}}')
        assert 'resource "workflowruns/status"' in said, said
        context.kubectl.until("workflowruns", name, lambda r: runs.is_final(r), "the run to end")


@case("S2: a run by reference is turned into an inline one by nobody")
def turned(world):
    namespace = world.guarded("deputy")
    context = world.context("deputy")
    context.apply(echo())
    context.create(run_of("echo", "turned", suspend=True))
    workflow = inline_run()["spec"]["workflow"]
    patches = ({"workflowRef": None, "workflow": workflow}, {"workflow": workflow})
    for person in (world.person(namespace, "keeper", KEEPS), world.person(namespace, "maker", KEEPS, MAKES_JOBS)):
        for patch in patches:
            said = person.refusal("patch", "wfr", "turned", "--type=merge", "-p", json.dumps({"spec": patch}))
            assert "can't change once a run exists" in said or POD_WORDS in said or "exactly one of" in said, said
    context.kubectl.run("delete", "wfr", "turned")


@case("S14: it is the policy that refuses: without its binding the same is accepted")
def without_binding(world):
    namespace = world.guarded("deputy")
    person = world.person(namespace, "starter", STARTS)
    binding = f"validatingadmissionpolicybinding/ork-security-{world.id}-runs"
    world.plain.run("delete", binding)
    try:
        wait_for(lambda: not is_refused(person), "the refusals to end with the policy", 60)
        person.create(inline_run(), "--dry-run=server")
    finally:
        world.plain.run("apply", "--server-side", "-f", "-", stdin=world.policy)
        wait_for(lambda: is_refused(person), "the policy to be in force again", 60)


@case("S14: the policies fail closed, refuse rather than warn, and hold for every namespace and way to write")
def closed(world):
    world.guarded("deputy")
    for what in ("workflows", "runs"):
        name = f"ork-security-{world.id}-{what}"
        policy = world.plain.get("validatingadmissionpolicy", name)
        binding = world.plain.get("validatingadmissionpolicybinding", name)
        assert policy["spec"]["failurePolicy"] == "Fail", policy
        matches = policy["spec"]["matchConstraints"]
        assert set(matches["resourceRules"][0]["operations"]) == {"CREATE", "UPDATE"}, matches
        assert not matches["namespaceSelector"] and not matches["objectSelector"], matches
        assert binding["spec"]["validationActions"] == ["Deny"], binding
        assert not binding["spec"].get("matchResources", {}).get("objectSelector"), binding
        wait_for(lambda name=name: "typeChecking" in world.plain.get("validatingadmissionpolicy", name).get("status", {}),
                 "the expressions to be type-checked", 60)
        warnings = world.plain.get("validatingadmissionpolicy", name)["status"]["typeChecking"].get("expressionWarnings")
        assert not warnings, f"the API server warns of the expressions of {name}: {warnings}"


@case("S14: what admission refuses of a run's parts fails that task with the reason, and nothing waits for ever")
def denied_child(world):
    context = world.context("deputy")
    name = f"ork-security-{world.id}-denies"
    rule = {"apiGroups": ["ork.dev"], "apiVersions": ["*"], "resources": ["workflowruns"], "operations": ["CREATE"]}
    jobs = {"apiGroups": ["batch"], "apiVersions": ["*"], "resources": ["jobs"], "operations": ["CREATE"]}
    here = {"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": context.namespace}}}
    policy = {"apiVersion": "admissionregistration.k8s.io/v1", "kind": "ValidatingAdmissionPolicy", "metadata": {"name": name},
              "spec": {"matchConstraints": {"resourceRules": [rule, jobs]}, "validations": [
                  {"expression": "!object.metadata.name.startsWith('denied-')", "message": "not in this house"}]}}
    binding = {"apiVersion": "admissionregistration.k8s.io/v1", "kind": "ValidatingAdmissionPolicyBinding",
               "metadata": {"name": name},
               "spec": {"policyName": name, "validationActions": ["Deny"], "matchResources": here}}
    # The parents come first: their own names would be refused, too.
    context.apply(echo())
    parent = {"workflow": {"defaults": {"image": "busybox:1.36"}, "tasks": [{"name": "call", "workflow": {"name": "echo"}}]}}
    context.create(runs.run("denied-parent", **parent, suspend=True))
    job = {"workflow": {"defaults": {"image": "busybox:1.36"}, "tasks": [{"name": "a", "script": "true"}]}}
    context.create(runs.run("denied-job", **job, suspend=True))
    try:
        for obj in (policy, binding):
            world.plain.run("create", "-f", "-", stdin=json.dumps(obj))
        wait_for(lambda: is_denied(context), "the refusals to begin", 60)
        for run, reason, task in (("denied-parent", "RunRejected", "call"), ("denied-job", "JobRejected", "a")):
            context.patch("wfr", run, {"spec": {"suspend": False}})
            ended = runs.task(context.finished(run, "Failed"), task)
            assert ended["reason"] == reason and "not in this house" in ended["message"], ended
    finally:
        world.plain.run("delete", f"validatingadmissionpolicybinding/{name}", f"validatingadmissionpolicy/{name}",
                        "--ignore-not-found")


def is_denied(context):
    try:
        context.create(run_of("echo", "denied-probe"), "--dry-run=server")
    except KubectlError as error:
        return "not in this house" in str(error)
    return False
