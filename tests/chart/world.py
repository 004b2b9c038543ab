"""What a case is given: the cluster, helm, the image, the release."""

import dataclasses
import functools
import json
import os
import pathlib
import secrets
import subprocess
import sys
from typing import Callable

from suite import setup
from suite.case import Context
from suite.installed import InstalledOperator
from suite.kubectl import Kubectl

CASES = {}
OPERATOR = "app.kubernetes.io/component=operator"
# Long enough for a machine that does ten other things: what is measured is printed, not judged.
PATIENCE = 180


@dataclasses.dataclass(frozen=True)
class Case:
    name: str
    run: Callable


def case(name):
    """Registers a function of one World as a case. Names are sentences."""

    def register(function):
        assert name not in CASES, f"two cases are called {name}"
        CASES[name] = Case(name, function)
        return function

    return register


class Refused(AssertionError):
    """A command ended with another code than 0; the text is what it said."""


def size(ranges):
    """Of "3-7" or "9"."""
    first, _, last = ranges.partition("-")
    return int(last or first) - int(first) + 1


class World:
    def __init__(self, root, cluster, folder):
        self.root, self.cluster, self.folder = root, cluster, folder
        kubeconfig = root / ".cluster" / cluster / "admin.kubeconfig"
        if not kubeconfig.is_file():
            sys.exit(f"no cluster: {kubeconfig} is not there. Start one with hack/cluster --name {cluster} up --audit.")
        self.kubectl = Kubectl(setup.find_kubectl(root), kubeconfig)
        self.id = secrets.token_hex(2)
        # The system's namespace asks of Pods what Pod Security's strictest level does.
        self.system = self.namespace("system", "restricted")
        self.namespaces = [self.system]
        self.tags = {"first": f"ork:first-{self.id}", "next": f"ork:next-{self.id}"}
        self.accounts = {}  # of each release that there was: what its operator may do, see rights.py

    # Commands

    def command(self, *args, stdin=None, timeout=PATIENCE + 60, environment=None):
        done = subprocess.run([str(arg) for arg in args], cwd=self.root, input=stdin, capture_output=True, text=True, timeout=timeout,
                              env={**self.kubectl.environment(), **(environment or {})}, check=False)
        if done.returncode != 0:
            raise Refused(f"{' '.join(map(str, args))}: exit code {done.returncode}\n{done.stderr.strip()}\n{done.stdout.strip()[-4000:]}")
        return done.stdout

    def helm(self, *args, **kwargs):
        return self.command("hack/cluster", "--name", self.cluster, "helm", *args, **kwargs)

    def refusal(self, *args):
        """What helm says when this is refused, as it must be."""
        try:
            self.helm(*args)
        except Refused as error:
            return str(error)
        raise AssertionError(f"helm {' '.join(map(str, args))} was accepted, but must be refused")

    @property
    def chart(self):
        return self.root / "charts" / "ork"

    # The cluster

    def namespace(self, name, level="privileged"):
        full = f"ork-chart-{self.id}-{name}"
        self.kubectl.run("create", "namespace", full)
        self.kubectl.run("label", "namespace", full, f"pod-security.kubernetes.io/enforce={level}")
        self.kubectl.run("wait", "--for=create", "serviceaccount/default", "-n", full, "--timeout=60s")
        if hasattr(self, "namespaces"):
            self.namespaces.append(full)
        return full

    def at(self, namespace):
        return Kubectl(self.kubectl.binary, self.kubectl.kubeconfig, namespace)

    def context(self, namespace):
        """The same as a case of tests/cluster has it."""
        operator = InstalledOperator(self.kubectl, f"{self.system}/{OPERATOR}", self.folder)
        return Context(self.at(namespace), operator, self.root)

    def audit_logs(self):
        return sorted((self.root / ".cluster" / self.cluster / "logs").glob("audit*.log"))

    def make_image(self, name):
        """An archive of the image of build/ork, under two names: an upgrade goes from one to the other."""
        archive = self.folder / name
        binary = os.environ.get("ORK_BINARY", self.root / "build" / "ork")
        self.command("hack/image", "-o", archive, "--binary", binary, *(f"--tag={tag}" for tag in self.tags.values()))
        return archive

    @functools.cached_property
    def image(self):
        return self.make_image("ork.tar")

    @functools.cached_property
    def loaded_image(self):
        self.command("hack/cluster", "--name", self.cluster, "load", self.image)
        return self.image

    # Releases

    def install(self, *args, namespace=None, tag="first"):
        """helm install of the release ork, with what this cluster needs: an image, and CRDs that an earlier suite left behind."""
        assert self.loaded_image
        repository, name = self.tags[tag].split(":")
        self.helm("install", "ork", self.chart, "--namespace", namespace or self.system, "--wait", f"--timeout={PATIENCE}s",
                  *(["--take-ownership"] if self.has_crds() else []),
                  "--set", f"image.repository={repository},image.tag={name}", *args)

    def has_crds(self):
        return bool(self.kubectl.run("get", "crd", "workflows.ork.dev", "--ignore-not-found", "-o", "name").strip())

    def is_installed(self, namespace=None):
        return "ork" in json.loads(self.helm("list", "--namespace", namespace or self.system, "--short", "-o", "json"))

    def installed(self):
        """The release that most cases need: of all namespaces, and with the right that examples/wait-for-object.yaml needs."""
        if not self.is_installed():
            self.install("--values", pathlib.Path(__file__).parent / "values" / "wait-for-config-maps.yaml")
        return self.system

    def uninstalled(self):
        if self.is_installed():
            self.helm("uninstall", "ork", "--namespace", self.system, "--wait", f"--timeout={PATIENCE}s")

    def operators(self, namespace=None):
        return [pod for pod in self.at(namespace or self.system).list("pods", "-l", OPERATOR) if "deletionTimestamp" not in pod["metadata"]]

    def shares(self, namespace=None):
        """How much of the work each Pod holds, of 64, by its name. Those that are gone may still hold some."""
        lease = self.at(namespace or self.system).jsons("get", "lease", "ork", "--ignore-not-found")
        told = lease[0]["metadata"].get("annotations", {}).get("ork.dev/buckets", "{}") if lease else "{}"
        return {holder.rpartition("-")[0]: sum(size(ranges) for ranges in held.split(","))
                for holder, held in json.loads(told).items()}

    def shared(self, namespace=None):
        """The names of the operators' Pods, once they have shared all of the work among them."""
        shares = self.shares(namespace)
        names = sorted(pod["metadata"]["name"] for pod in self.operators(namespace))
        return names if sorted(shares) == names and len(names) == 2 and set(shares.values()) == {32} else None

    def works(self, namespace=None):
        """Waits for an operator that carries something out: it says of a Workflow whether it is valid."""
        kubectl = self.at(namespace or self.system)
        kubectl.run("apply", "-f", "-", stdin=json.dumps({
            "apiVersion": "ork.dev/v1alpha1", "kind": "Workflow", "metadata": {"name": f"works-{secrets.token_hex(2)}"},
            "spec": {"tasks": [{"name": "a", "image": "busybox:1.36", "script": "true"}]}}))
        kubectl.run("wait", "--for=condition=Ready", "workflow", "--all", f"--timeout={PATIENCE}s", timeout=PATIENCE + 10)

    def diagnostics(self):
        parts = []
        for args in (("get", "pods,deployments,leases", "-n", self.system),
                     ("get", "workflowruns,jobs", "--all-namespaces"),
                     ("logs", "-n", self.system, "-l", OPERATOR, "--prefix", "--tail=20")):
            try:
                parts.append(self.kubectl.run(*args, timeout=30).strip())
            except AssertionError as error:
                parts.append(str(error))
        return "\n---\n".join(parts)

    def clean_up(self):
        for namespace in self.namespaces:
            try:
                if self.is_installed(namespace):
                    self.helm("uninstall", "ork", "--namespace", namespace)
            except AssertionError as error:
                print(error)
            self.kubectl.run("delete", "namespace", namespace, "--wait=false", "--ignore-not-found")


