"""What a case is, and the Go tools as it is given them."""

import dataclasses
import json
import os
import pathlib
import subprocess
from typing import Callable

from suite.case import Context
from suite.kubectl import Kubectl
from suite.process import Operator, wait_for

from queueing import Kueue

CASES = {}


@dataclasses.dataclass(frozen=True)
class Case:
    name: str
    run: Callable
    needs_cluster: bool
    tools: tuple  # beside `reads`


def case(name, needs_cluster=True, tools=()):
    """Registers a function of one Citizen as a case. Names are sentences."""

    def register(function):
        assert name not in CASES, f"two cases are called {name}"
        CASES[name] = Case(name, function, needs_cluster, tools)
        return function

    return register


@dataclasses.dataclass
class Tool:
    """The Go tools: `reads` says what kstatus and Argo CD's Lua make of objects, `waits` waits for some."""

    binaries: pathlib.Path
    folder: pathlib.Path

    def ask(self, tool, *args, kubeconfig="", codes=(0,)):
        """Its answers, in order."""
        done = subprocess.run([self.binaries / tool, *map(str, args)], env={**os.environ, "KUBECONFIG": str(kubeconfig)},
                              capture_output=True, text=True, timeout=180, check=False)
        assert done.returncode in codes, f"{tool} ends with {done.returncode}: {done.stderr}\n{done.stdout}"
        return [json.loads(line) for line in done.stdout.splitlines()]

    def kstatus(self, text):
        """Of one object, as YAML."""
        path = self.folder / "object.yaml"
        path.write_text(text)
        return self.ask("reads", "status", path)[0]["status"]


@dataclasses.dataclass
class Citizen:
    tool: Tool
    root: pathlib.Path
    kubectl: Kubectl
    operator: Operator
    record: bool
    queueing: Kueue | None = None

    def kueue(self):
        """At work, from the first case that asks for it on."""
        if not self.queueing.is_started:
            self.queueing.start()
        return self.queueing

    @property
    def context(self):
        """As the cases of tests/cluster have it, in this suite's namespace."""
        return Context(self.kubectl, self.operator, self.root)

    def yaml_of(self, kind, name):
        return self.kubectl.run("get", kind, name, "-o", "yaml")

    def kstatus_of(self, kind, name):
        return self.tool.kstatus(self.yaml_of(kind, name))

    def stop_operator(self):
        code = self.operator.stop()
        assert code == 0, f"the operator ends with {code}"

    def start_operator(self):
        said = len(self.operator.log.read_text())
        self.operator.start()
        wait_for(lambda: "works on its share" in self.operator.log.read_text()[said:], "the operator to be ready", 60)
