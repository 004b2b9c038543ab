"""S2: what else a run's author might reach through ork: Secrets, old revisions, other runs' tasks, approvals."""

import json

from cases.deputy import echo
from security import KEEPS, MAKES_JOBS, STARTS, case, run_of
from suite import runs
from suite.process import wait_for


def with_secret(name="with-secret"):
    task = {"name": "a", "inputs": {"password": "params.password"}, "script": "test -n \"$ORK_INPUT_PASSWORD\""}
    return runs.workflow(name, [task], params=[{"name": "password", "secret": True}, {"name": "note", "default": ""}])


def reads(*names):
    return {"apiGroups": [""], "resources": ["secrets"], "resourceNames": list(names), "verbs": ["get"]}


def names_secret(run, secret):
    return run_of("with-secret", run, params={"password": {"secretKeyRef": {"name": secret, "key": "password"}}})


@case("S2: a run names those Secrets only that its author may get, or could mount")
def secret_of_a_run(world):
    namespace = world.guarded("deputy")
    context = world.context("deputy")
    for secret in ("mine", "theirs"):
        context.kubectl.run("create", "secret", "generic", secret, "--from-literal=password=x")
    context.apply(with_secret())
    starter = world.person(namespace, "starter", STARTS)
    owner = world.person(namespace, "owner", STARTS, reads("mine"))
    maker = world.person(namespace, "maker", STARTS, MAKES_JOBS)
    theirs = json.dumps(names_secret("theirs", "theirs"))
    for person in (starter, owner):
        person.refused_by_policy("spec.params names a Secret", "create", "-f", "-", stdin=theirs)
    starter.refused_by_policy("spec.params names a Secret", "create", "-f", "-", stdin=json.dumps(names_secret("mine", "mine")))
    # However it is written: what is no string names no Secret, and is refused, too.
    for odd in ({"secretKeyRef": None}, {"secretKeyRef": "mine"}, {"secretKeyRef": {"name": ["mine"]}}, {"secretKeyRef": {}},
                {"secretKeyRef": {"name": "mine/../theirs"}}, {"value": 1, "secretKeyRef": {"name": "theirs"}}):
        said = owner.refusal("create", "-f", "-", stdin=json.dumps(run_of("with-secret", "odd", params={"password": odd})))
        assert "denied request" in said, f"{odd}: {said}"
    owner.create(names_secret("mine", "mine"))
    maker.create(names_secret("theirs", "theirs"))
    starter.create(run_of("with-secret", "text", params={"note": "secretKeyRef: {name: theirs}", "password": "plain"}))
    for run in ("mine", "theirs"):
        context.finished(run)
    context.finished("text", "Failed", "InvalidParams")


@case("S2: an old revision is run by who may create Jobs: what an author took back is not on offer")
def old_revision(world):
    namespace = world.guarded("deputy")
    context = world.context("deputy")
    context.workflow("revised", echo()["spec"]["tasks"], params=[{"name": "text", "default": "1"}])
    first = context.kubectl.get("workflow", "revised")["status"]["revision"]
    context.patch("workflow", "revised", {"spec": {"timeout": "5m"}})
    context.kubectl.until("workflows", "revised", lambda w: runs.status(w).get("revision") not in (None, first),
                          "the next revision")
    starter = world.person(namespace, "starter", STARTS)
    maker = world.person(namespace, "maker", STARTS, MAKES_JOBS)
    run = run_of("revised", "old")
    run["spec"]["workflowRef"]["revision"] = first
    starter.refused_by_policy("spec.workflowRef.revision", "create", "-f", "-", stdin=json.dumps(run))
    maker.create(run)
    starter.create(run_of("revised", "new"))
    assert context.finished("old")["status"]["revision"] == first
    assert context.finished("new")["status"]["revision"] != first


@case("S2: a rerun is by reference, too: of an inline run it needs the right to Jobs that the first one needed")
def rerun(world):
    namespace = world.guarded("deputy")
    context = world.context("deputy")
    context.apply(echo())
    starter = world.person(namespace, "starter", STARTS)
    starter.create(run_of("echo", "first", params={"text": "[1]"}))
    context.finished("first")
    starter.create(run_of("echo", "again", params={"text": "[1]"}, rerunOf={"name": "first", "from": "Failed"}))
    assert runs.task(context.finished("again"), "a")["reason"] == "Inherited"
    context.start("first-inline", [{"name": "a", "script": "true"}])
    ended = context.finished("first-inline")
    body = {**run_of("echo", "again-inline"), "spec": {"workflow": ended["spec"]["workflow"],
                                                       "rerunOf": {"name": "first-inline"}}}
    starter.refused_by_policy("describes Pods", "create", "-f", "-", stdin=json.dumps(body))
    # What another run was made of is not run by naming it.
    starter.create(run_of("echo", "of-another", params={"text": "[2]"}, rerunOf={"name": "first-inline", "from": "Failed"}))
    ended = runs.task(context.run_until("of-another", lambda r: runs.is_final(r), "the run to end"), "a")
    assert not ended or ended.get("reason") != "Inherited", ended


@case("S2: nobody but ork says that a run is another's child; the operator's own children and scheduled runs pass")
def children(world):
    namespace = world.guarded("deputy")
    context = world.context("deputy")
    context.apply(echo())
    call = {"name": "call", "workflow": {"name": "echo", "params": {"text": '"[1]"'}}}
    context.apply(runs.workflow("parent", [call], output="tasks.call.output"))
    starter = world.person(namespace, "starter", STARTS)
    editor = world.person(namespace, "editor", cluster_role="edit")
    forged = run_of("echo", "forged", params={"text": "[666]"}, childOf={"task": "call", "attempt": 1})
    for person in (starter, editor):
        person.refused_by_policy("spec.childOf is written by ork", "create", "-f", "-", stdin=json.dumps(forged))
    starter.create(run_of("parent", "with-child"))
    assert context.finished("with-child")["status"]["output"] == [1]
    scheduled = run_of("echo", "echo-29920380", scheduledTime="2026-11-22T01:00:00Z")
    ork = world.as_operator(namespace)
    ork.run("create", "--dry-run=server", "-f", "-", stdin=json.dumps(scheduled))
    ork.run("create", "--dry-run=server", "-f", "-", stdin=json.dumps(forged))


@case("S2: who may only create runs approves nothing: a run is made with actions by those only who may add them")
def approvals(world):
    namespace = world.guarded("deputy")
    context = world.context("deputy")
    context.apply(runs.workflow("gated", [{"name": "gate", "approve": {"message": "Go?"}},
                                          {"name": "deploy", "dependsOn": ["gate"], "script": "true"}]))
    starter = world.person(namespace, "starter", STARTS)
    for do in ("Approve", "MarkSucceeded", "Clear"):
        run = run_of("gated", "sly", actions=[{"id": "sly", "task": "gate", "do": do}])
        starter.refused_by_policy("spec.actions approves", "create", "-f", "-", stdin=json.dumps(run))
    starter.create(run_of("gated", "honest", actions=[]))
    context.run_until("honest", lambda r: bool(runs.task(r, "gate")), "the gate to wait")
    said = starter.refusal("patch", "wfr", "honest", "--type=merge", "-p", '{"spec":{"actions":[]}}')
    assert "cannot patch resource" in said, said
    both = world.person(namespace, "both", {**STARTS, "verbs": [*STARTS["verbs"], *KEEPS["verbs"]]})
    both.create(run_of("gated", "open", actions=[{"id": "go", "task": "gate", "do": "MarkSucceeded"}]))
    context.finished("open")
    context.kubectl.run("delete", "wfr", "honest")


@case("S2: whatever a run's params say, its Jobs differ in the values of inputs alone")
def skeleton(world):
    namespace = world.guarded("deputy")
    context = world.context("deputy")
    template = {"spec": {"serviceAccountName": "runner",
                         "containers": [{"name": "main", "image": "busybox:1.36", "command": ["true"]}]}}
    tasks = [{"name": "plain", "inputs": {"text": "params.text"}, "script": "true", "serviceAccountName": "runner"},
             {"name": "pod", "inputs": {"text": "params.text"}, "podTemplate": template},
             {"name": "many", "count": 2, "inputs": {"text": "params.text"}, "script": "true",
              "env": [{"name": "LEVEL", "value": "params.text"}]}]
    context.kubectl.run("create", "serviceaccount", "runner")
    context.apply(runs.workflow("fixed", tasks, params=[{"name": "text"}]))
    starter = world.person(namespace, "starter", STARTS)
    hostile = ('", "serviceAccountName": "default", "x": "', '{"spec":{"hostNetwork":true,"serviceAccountName":"default"}}',
               "params.text", "$(ORK_INPUT_TEXT)", "{{workflow.serviceAccountName}}", "$(params.text)")
    bare = [without_inputs(context, starter, "fixed-0", "calm")]
    bare += [without_inputs(context, starter, f"fixed-{number}", text) for number, text in enumerate(hostile, 1)]
    for text, jobs in zip(hostile, bare[1:]):
        assert jobs == bare[0], f"with the param {text} the Jobs are others: {jobs}\n{bare[0]}"
    accounts = [spec["template"]["spec"].get("serviceAccountName") for spec in bare[0]]
    assert sorted(map(str, accounts)) == ["None", "runner", "runner"], accounts


def without_inputs(context, person, name, text):
    """The specs of the run's Jobs, without what is each run's own and without the values of inputs."""
    person.create(run_of("fixed", name, params={"text": text}))
    run = context.finished(name)
    specs = []
    for job in sorted(context.owned("jobs", run), key=lambda job: job["metadata"]["labels"]["ork.dev/task"]):
        spec = job["spec"]
        spec.pop("selector"), spec["template"].pop("metadata")
        for container in spec["template"]["spec"]["containers"]:
            own = ("ORK_INPUT_TEXT", "ORK_INPUTS", "ORK_RUN", "TRACEPARENT")
            values = {one["name"]: one.get("value", "") for one in container["env"]}
            assert values["ORK_INPUT_TEXT"].replace("$$", "$") == text.replace("$$", "$"), values
            container["env"] = [one for one in container["env"] if one["name"] not in own]
        specs.append(spec)
    return specs


@case("S2: a task that asks for a ServiceAccount by an expression gets none: the field is a name, to the letter")
def account_by_expression(world):
    context = world.context("deputy")
    task = {"name": "a", "script": "true", "serviceAccountName": "params.text", "pendingTimeout": "2s"}
    context.kubectl.run("create", "serviceaccount", "chosen")
    context.apply(runs.workflow("chooses", [task], params=[{"name": "text"}]))
    context.create(run_of("chooses", "chooses", params={"text": "chosen"}))
    wait_for(lambda: context.kubectl.list("jobs", "-l", "ork.dev/run=chooses"), "the Job", 60)
    job = context.kubectl.list("jobs", "-l", "ork.dev/run=chooses")[0]
    assert job["spec"]["template"]["spec"]["serviceAccountName"] == "params.text", job["spec"]
    context.patch("wfr", "chooses", {"spec": {"cancel": True}})
    context.kubectl.until("workflowruns", "chooses", lambda r: runs.is_final(r), "the run to end")
    assert not [pod for pod in context.kubectl.list("pods", "-l", "ork.dev/run=chooses")]
