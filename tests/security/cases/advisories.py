"""S15: what others had to warn of, tried on ork, each by its id."""

import json

from security import STARTS, case, run_of
from suite import runs
from suite.kubectl import KubectlError


def jobs_of(context, name):
    run = context.finished(name)
    return run, context.owned("jobs", run)


@case("S15: CVE-2026-31892, GHSA-3775-99mw-8rp4, CVE-2026-54526: a run by reference overrides nothing of its Workflow")
def overrides(world):
    namespace = world.guarded("advisories")
    context = world.context("advisories")
    context.workflow("strict", [{"name": "a", "script": "true", "serviceAccountName": "default"}])
    starter = world.person(namespace, "starter", STARTS)
    privileged = {"containers": [{"name": "main", "securityContext": {"privileged": True}}], "hostPID": True}
    tries = {
        "podSpecPatch": json.dumps(privileged), "podTemplate": {"spec": privileged}, "podMetadata": {"labels": {"a": "b"}},
        "serviceAccountName": "root", "executor": {"serviceAccountName": "root"}, "tasks": [{"name": "a", "script": "id"}],
        "templates": [], "volumes": [{"name": "h", "hostPath": {"path": "/"}}], "securityContext": {"runAsUser": 0},
        "hooks": {"onExit": [{"name": "h", "script": "id"}]}, "defaults": {"serviceAccountName": "root", "image": "evil"},
        "env": [{"name": "LD_PRELOAD", "value": "x"}], "image": "evil", "hostNetwork": True,
        "tolerations": [{"operator": "Exists"}],
    }
    for field, value in tries.items():
        for at in (lambda f, v: {f: v}, lambda f, v: {"workflowRef": {"name": "strict", f: v}}):
            run = run_of("strict", "overrides")
            run["spec"].update(at(field, value))
            said = starter.refusal("create", "--validate=strict", "-f", "-", stdin=json.dumps(run))
            assert "unknown field" in said, f"{field}: {said}"
    # Who tells the server to take it all the same: it is dropped.
    starter.create(run_of("strict", "honest"))
    run = run_of("strict", "overrides", **tries)
    starter.run("create", "--validate=ignore", "-f", "-", stdin=json.dumps(run))
    _, honest = jobs_of(context, "honest")
    made, jobs = jobs_of(context, "overrides")
    assert set(made["spec"]) == {"workflowRef", "cancel", "suspend"}, made["spec"]
    assert skeleton(jobs) == skeleton(honest), f"{skeleton(jobs)}\n{skeleton(honest)}"
    run["spec"]["workflow"] = {"tasks": [{"name": "a", "image": "evil", "script": "id"}]}
    said = starter.refusal("create", "--validate=ignore", "-f", "-", stdin=json.dumps(run))
    assert "exactly one of" in said or "describes Pods" in said, said


def skeleton(jobs):
    (job,) = jobs
    spec = job["spec"]["template"]["spec"]
    container = dict(spec["containers"][0])
    container.pop("env")
    return {**spec, "containers": [container]}


@case("S15: CVE-2026-40886: an annotation of a Pod that can't be read crashes nobody, and its run ends")
def annotations(world):
    context = world.context("advisories")
    context.start("annotated", [{"name": "a", "count": 4, "script": "sleep 5"}])
    pods = context.kubectl.until("pods", None, lambda p: p and p["metadata"]["labels"].get("ork.dev/run") == "annotated",
                                 "its Pod")
    assert pods
    run = context.kubectl.get("wfr", "annotated")
    spoiled = 0
    for pod in context.owned("pods", run):
        for value in ("", "x", "99999999999999999999999", "\u202e", "{"):
            notes = [f"{key}={value}" for key in ("batch.kubernetes.io/job-completion-index", "ork.dev/attempt", "ork.dev/unseeded")]
            try:
                context.kubectl.run("annotate", "--overwrite", "pod", pod["metadata"]["name"], *notes)
                spoiled += 1
            except KubectlError as error:
                assert "NotFound" in str(error), error  # the Job controller removes a Pod whose index it can't read
                break
    assert spoiled > 0, "no Pod was there long enough"
    context.run_until("annotated", runs.is_final, "the run to end")
    world.operator_lives()
    context.start("after-annotated", [{"name": "a", "script": "true"}])
    context.finished("after-annotated")


@case("S15: CVE-2025-62157, GHSA-7vf8-2cr6-54mf: a Secret that can't be used says which it is, and nothing of what it holds")
def secret_errors(world):
    context = world.context("advisories")
    canary = f"canary-{world.id}-{'c' * 40}"
    context.kubectl.run("create", "secret", "generic", "store", f"--from-literal=accessKey={canary}",
                        f"--from-literal=bad-key={canary}")
    ref = [{"name": "KEY", "valueFrom": {"secretKeyRef": {"name": "store", "key": "secretKey"}}}]
    context.start("wrong-key", [{"name": "a", "env": ref, "envFrom": [{"secretRef": {"name": "store"}}], "script": "true",
                                 "pendingTimeout": "2s"},
                                {"name": "b", "envFrom": [{"secretRef": {"name": "store"}}], "script": "exit 7"}])
    run = context.finished("wrong-key", "Failed")
    said = json.dumps(run) + world.operator.log.read_text() + context.kubectl.run("get", "events", "-o", "json")
    said += context.kubectl.run("get", "jobs,pods", "-o", "json")
    assert canary not in said, "the value of the Secret is told"
    assert "secretKey" in json.dumps(context.kubectl.list("events")), "nobody says what is missing"


@case("S15: GHSA-cv4x-93xx-wgfj: names as long as they may be, of Workflow, run, task, hook and child: all of it runs")
def long_names(world):
    context = world.context("advisories")
    long = {kind: (f"{kind}-" + "x" * 63)[:63] for kind in ("called", "flow", "run", "task", "many", "call", "hook")}
    context.workflow(long["called"], [{"name": long["task"], "script": "true"}])
    context.workflow(long["flow"], [{"name": long["task"], "script": "true"},
                                    {"name": long["many"], "count": 2, "script": "true"},
                                    {"name": long["call"], "workflow": {"name": long["called"]}}],
                     hooks={"onExit": [{"name": long["hook"], "script": "true"}]})
    context.create(run_of(long["flow"], long["run"]))
    context.finished(long["run"])
    generated = {**run_of(long["flow"], ""), "metadata": {"generateName": "g" * 70}}
    name = context.create(generated)["metadata"]["name"]
    context.finished(name)
    for bad in ("x" * 64, "x" * 253, "x" * 254, "A", "a.b"):
        said = context.refusal(run_of(long["flow"], bad))
        assert "Invalid value" in said or "must be" in said, said


@case("S15: CVE-2026-40938: what begins like a flag is a value wherever a program is called, and no name")
def flags(world):
    context = world.context("advisories")
    context.workflow("flags", [{"name": "a", "inputs": {"revision": "params.revision"},
                                "script": 'printf \'"%s"\' "$ORK_INPUT_REVISION" > $ORK_OUTPUT'}],
                     params=[{"name": "revision"}], output="tasks.a.output")
    for number, value in enumerate(("--upload-pack=touch /tmp/pwned", "-c core.sshCommand=id", "--")):
        where = ("--kubeconfig", world.plain.kubeconfig, "--namespace", context.namespace)
        world.ork("run", "start", "flags", "--name", f"flags-{number}", "-p", f"revision={value}", *where)
        assert context.finished(f"flags-{number}")["status"]["output"] == value
    for field in ("name", "revision"):
        run = run_of("flags", "bad", params={"revision": "x"})
        run["spec"]["workflowRef"][field] = "--upload-pack=id"
        said = context.refusal(run)
        assert f"workflowRef.{field}" in said, said


@case("S15: argo-workflows#9224: a Workflow that calls itself, at once or over another, ends with a reason and few runs")
def nesting(world):
    context = world.context("advisories")
    again = {"name": "again", "workflow": {"name": "selfish"}}
    context.apply(runs.workflow("selfish", [again, {**again, "name": "twice"}]))
    context.apply(runs.workflow("ping", [{"name": "call", "workflow": {"name": "pong"}}]))
    context.apply(runs.workflow("pong", [{"name": "call", "count": 3, "workflow": {"name": "ping"}}]))
    for name, most in (("selfish", 1), ("ping", 2)):
        context.start(f"nests-{name}", workflowRef={"name": name})
        said = context.finished(f"nests-{name}", "Failed")["status"]["message"]
        assert "would call itself" in said, said
        made = [run for run in context.kubectl.list("wfr") if run["metadata"]["name"].startswith(f"nests-{name}")]
        assert len(made) <= most, f"{len(made)} runs were made"
    world.refused("call", *[{**runs.workflow("selfish", [again])}])


@case("S15: argo-workflows#12534, #5114, #6441: words of other template languages in params, outputs and scripts stay words")
def templates(world):
    context = world.context("advisories")
    words = ["{{inputs.parameters.a}}", "{{=1+1}}", "$(params.a)", "{{`{{x}}`}}", "\"}}, \"spec\": {\"x\": 1}",
             "{{workflow.parameters}}\n- x"]
    script = "cat > $ORK_OUTPUT <<'EOF'\n{\"said\": \"{{tasks.a.outputs.result}}\"}\nEOF\n"
    context.workflow("words", [{"name": "a", "script": script},
                               {"name": "b", "inputs": {"w": "params.words"},
                                "script": 'printf %s "$ORK_INPUT_W" > $ORK_OUTPUT'}],
                     params=[{"name": "words", "type": "array"}], output="[tasks.a.output.said, tasks.b.output]")
    context.create(run_of("words", "words", params={"words": words}))
    assert context.finished("words")["status"]["output"] == ["{{tasks.a.outputs.result}}", words]


@case("S15: tektoncd/pipeline#5723: a part that admission refuses leaves no parent running (see S14)")
def admission(world):
    context = world.context("advisories")
    context.kubectl.run("create", "quota", "none", "--hard=count/workflowruns.ork.dev=1")
    context.workflow("leaf", [{"name": "a", "script": "true"}])
    try:
        context.kubectl.run("delete", "wfr", "--all")
        context.start("over-quota", [{"name": "call", "workflow": {"name": "leaf"}, "timeout": "20s"}])
        run = context.run_until("over-quota", lambda r: "quota" in json.dumps(runs.status(r)), "the run to say what it waits for")
        assert "exceeded quota" in json.dumps(run["status"]), run["status"]
    finally:
        try:
            context.kubectl.run("delete", "quota", "none")
        except KubectlError:
            pass
    context.run_until("over-quota", runs.is_final, "the run to end")
