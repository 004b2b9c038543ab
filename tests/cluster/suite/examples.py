"""Every file of examples/ as a case. What to expect stands in the comments on top of the file:

    # needs: FILE             apply that one first
    # then: COMMAND           run this once the file is applied; several run in order
    # expect-phase: PHASE     how the run ends (Succeeded where nothing is said; Deleted: it vanishes)
    # expect-reason: REASON   the reason of condition Succeeded
    # expect-task: TASK PHASE [REASON]
    # expect-message: TEXT    what the run's message must hold
    # expect-output: TASK JSON
    # expect-run-output: JSON
    # cluster-only: WHY       not under `ork dev`
    # expect: TEXT            of examples/bad: the refusal, or the condition, must hold it
"""

import json
import re
import subprocess

from suite import runs
from suite.case import CASES, Case

HEADER = re.compile(r"^# (needs|then|cluster-only|expect|expect-(?:phase|reason|message|task|output|run-output)): (.*)$")


class Example:
    def __init__(self, path):
        self.path = path
        self.text = path.read_text()
        self.headers = [HEADER.match(line).groups() for line in self.text.splitlines() if HEADER.match(line)]

    def all(self, key):
        return [value for name, value in self.headers if name == key]

    def one(self, key, default=None):
        return next(iter(self.all(key)), default)


def kubeconfig_in(context):
    """A kubeconfig whose namespace is the case's, so that commands read as a user types them."""
    path = context.operator.log.parent / f"{context.namespace}.kubeconfig"
    path.write_text(open(context.kubectl.kubeconfig, encoding="utf-8").read())
    path.chmod(0o600)
    subprocess.run([context.kubectl.binary, "--kubeconfig", path, "config", "set-context", "--current",
                    f"--namespace={context.namespace}"], check=True, capture_output=True)
    return path


def run_commands(context, commands):
    if not commands:
        return
    environment = {**context.kubectl.environment(), "KUBECONFIG": str(kubeconfig_in(context))}
    for command in commands:
        done = subprocess.run(["bash", "-c", command], env=environment, capture_output=True, text=True,
                              timeout=120, check=False)
        assert done.returncode == 0, f"{command}: {done.stderr.strip() or done.stdout.strip()}"


def apply_workflows(context, path):
    context.kubectl.run("apply", "-f", path)
    context.kubectl.run("wait", "--for=condition=Ready", "workflow", "--all", "--timeout=60s")


def created_runs(context, path):
    return [obj for obj in context.kubectl.jsons("create", "-f", path) if obj["kind"] == "WorkflowRun"]


def check_example(context, example):
    for needed in example.all("needs"):
        apply_workflows(context, example.path.parent / needed)
    started = created_runs(context, example.path)
    if not started:
        context.kubectl.run("wait", "--for=condition=Ready", "workflow", "--all", "--timeout=60s")
        return
    run_commands(context, example.all("then"))
    phase = example.one("expect-phase", "Succeeded")
    for run in started:
        name = run["metadata"]["name"]
        if phase == "Deleted":
            context.run_until(name, lambda r: r is None, f"run {name} to be deleted")
            context.nothing_left_of(run)
            continue
        run = context.finished(name, phase, example.one("expect-reason"))
        check_tasks(run, example)


def check_tasks(run, example):
    for wanted in example.all("expect-task"):
        name, phase, *reason = wanted.split()
        status = runs.task(run, name)
        runs.expect_equal(f"the phase of task {name}", status["phase"], phase)
        if reason:
            runs.expect_equal(f"the reason of task {name}", status.get("reason"), reason[0])
    for wanted in example.all("expect-output"):
        name, value = wanted.split(maxsplit=1)
        runs.expect_equal(f"the output of task {name}", runs.task(run, name).get("output"), json.loads(value))
    for wanted in example.all("expect-run-output"):
        runs.expect_equal("the run's output", run["status"].get("output"), json.loads(wanted))
    for wanted in example.all("expect-message"):
        said = run["status"]["message"]
        assert wanted in said, f"the run's message is {said!r}, but must hold {wanted!r}"


def check_bad(context, example):
    wanted = example.all("expect")
    assert wanted, f"{example.path.name} does not say what to expect"
    said = refusal_of(context, example)
    for text in wanted:
        assert text in said, f"the refusal is {said!r}, but must hold {text!r}"


def refusal_of(context, example):
    """What the API server says, or else what ork's condition says."""
    done = subprocess.run(context.kubectl.command(["create", "-o", "json", "-f", example.path]), capture_output=True,
                          text=True, env=context.kubectl.environment(), check=False)
    if done.returncode != 0:
        return done.stderr
    obj = json.loads(done.stdout)
    name = obj["metadata"]["name"]
    if obj["kind"] == "WorkflowRun":
        run = context.finished(name, "Failed", example.one("expect-reason"), timeout=60)
        assert not context.owned("jobs", run), "a Job of a refused run exists"
        return runs.condition(run, "Succeeded")["message"]
    refused = lambda w: w and runs.condition(w, "Stalled").get("status") == "True"
    workflow = context.kubectl.until("workflows", name, refused, f"Workflow {name} to be refused", 60)
    runs.expect_equal("condition Ready", runs.condition(workflow, "Ready").get("status"), "False")
    runs.expect_equal("kstatus", runs.kstatus(workflow), "Failed")
    return runs.condition(workflow, "Ready")["message"]


def register(root):
    for path in sorted((root / "examples").glob("*.yaml")):
        add(f"examples/{path.name}", path, check_example)
    for path in sorted((root / "examples" / "bad").glob("*.yaml")):
        add(f"examples/bad/{path.name}", path, check_bad, needs_node=False)


def add(name, path, check, **kwargs):
    example = Example(path)
    why = example.one("cluster-only", "")
    CASES[name] = Case(name, lambda context: check(context, example), real_only=why, **kwargs)
