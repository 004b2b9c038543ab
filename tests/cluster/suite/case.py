"""What a case is, and what it is given."""

import dataclasses
import json
import pathlib
from typing import Callable

from suite import runs
from suite.kubectl import Kubectl
from suite.process import Operator, wait_for

CASES = {}
IMAGE = "busybox:1.36"
# sh as process 1 ignores SIGTERM unless told otherwise; this ends at once when it is stopped.
# The code is said: what a bare exit gives here differs from shell to shell.
LONG = "trap 'exit 143' TERM; sleep 600 & wait"


@dataclasses.dataclass(frozen=True)
class Case:
    name: str
    run: Callable
    needs_operator: bool = True
    needs_node: bool = True
    needs_fake_nodes: bool = False
    alone: bool = False  # runs after all others: it stops the operator, or fills the node
    real_only: str = ""  # why `ork dev` can't run it


def case(name, **kwargs):
    """Registers a function of one Context as a case. Names are sentences."""

    def register(function):
        assert name not in CASES, f"two cases are called {name}"
        CASES[name] = Case(name, function, **kwargs)
        return function

    return register


@dataclasses.dataclass
class Context:
    kubectl: Kubectl  # in the case's own namespace
    operator: Operator
    root: pathlib.Path  # of the checkout

    @property
    def namespace(self):
        return self.kubectl.namespace

    def create(self, obj, *args):
        return self.kubectl.json("create", "-f", "-", *args, stdin=json.dumps(obj))

    def refusal(self, obj, *args):
        return self.kubectl.refusal("create", "-f", "-", *args, stdin=json.dumps(obj))

    def apply(self, obj, *args):
        return self.kubectl.run("apply", "-f", "-", *args, stdin=json.dumps(obj))

    def patch(self, kind, name, patch, *args):
        return self.kubectl.run("patch", kind, name, "--type=merge", "-p", json.dumps(patch), *args)

    def workflow(self, name, tasks, ready=True, **spec):
        self.create(runs.workflow(name, tasks, **spec))
        if ready:
            self.kubectl.run("wait", "--for=condition=Ready", f"workflow/{name}", "--timeout=60s")

    def start(self, name, tasks=None, **spec):
        """Creates a run: of inline tasks, or of what spec says."""
        if tasks is not None:
            spec["workflow"] = {"defaults": {"image": IMAGE}, "tasks": tasks, **spec.pop("workflow", {})}
        return self.create(runs.run(name, **spec))

    def run_until(self, name, predicate, what, timeout=120):
        return self.kubectl.until("workflowruns", name, predicate, what, timeout)

    def finished(self, name, phase="Succeeded", reason=None, timeout=150):
        """The run once it has ended, as it must: in that phase, for that reason, with a status that holds together."""
        run = self.run_until(name, lambda r: r is None or runs.is_final(r), f"run {name} to end", timeout)
        assert run is not None, f"run {name} was deleted before it ended"
        runs.check_finished(run, phase, reason)
        return run

    def task_until(self, name, task, phase, reason=None, timeout=90):
        """The run once the task is in that phase."""

        def reached(run):
            status = runs.task(run, task) if run else None
            return bool(status) and status["phase"] == phase and reason in (None, status.get("reason"))

        return self.run_until(name, reached, f"task {task} to be {phase} {reason or ''}", timeout)

    def owned(self, kind, run):
        return self.kubectl.list(kind, "-l", f"ork.dev/run-uid={run['metadata']['uid']}")

    def nothing_left_of(self, run, timeout=90):
        wait_for(lambda: not any(self.owned(kind, run) for kind in ("jobs", "pods", "configmaps")),
                 f"what belongs to run {run['metadata']['name']} to be gone", timeout, every=1)
