"""What a case is given: the cluster, people with exactly the rights they are said to have, the operator, the chart's policy."""

import dataclasses
import json
import os
import secrets
import subprocess
from typing import Callable

from suite import setup
from suite.case import Context
from suite.kubectl import Kubectl, KubectlError
from suite.process import Operator, wait_for

CASES = {}
METRICS = "127.0.0.1:18091"
# As Kubernetes writes it: what refuses is the chart's policy, and not a missing right to the kind itself.
POLICY_WORDS = "is forbidden: ValidatingAdmissionPolicy"


@dataclasses.dataclass(frozen=True)
class Case:
    name: str
    run: Callable
    needs_cluster: bool


def case(name, needs_cluster=True):
    """Registers a function of one World as a case. Names are sentences, after the check of docs/security.md."""

    def register(function):
        assert name not in CASES, f"two cases are called {name}"
        CASES[name] = Case(name, function, needs_cluster)
        return function

    return register


class Person(Kubectl):
    """kubectl as somebody else, by impersonation: the API server asks of each request what that user may."""

    def __init__(self, kubectl, user):
        super().__init__(kubectl.binary, kubectl.kubeconfig, kubectl.namespace)
        self.user = user

    def command(self, args):
        return [*super().command([]), "--as", self.user, *map(str, args)]

    def create(self, obj, *args):
        return self.json("create", "-f", "-", *args, stdin=json.dumps(obj))

    def refused_by_policy(self, words, *args, stdin=None):
        """What the policy says of it; it has to hold these words and name the user."""
        said = self.refusal(*args, stdin=stdin)
        assert POLICY_WORDS in said, f"{self.user} is refused, but not by the policy: {said}"
        for word in (words, self.user):
            assert word in said, f"the refusal must hold {word!r}: {said}"
        return said


class World:
    def __init__(self, root, folder):
        self.root, self.folder = root, folder
        self.binary = setup.find_operator(root)
        self.id = secrets.token_hex(2)
        self.namespaces = {}
        self.plain = self.operator = self.operator_credentials = self.policy = None
        self.people = 0

    # Without a cluster

    def ork(self, *args, stdin=None, codes=(0,)):
        """The binary's stdout and stderr, of a call that must end with one of these codes."""
        done = subprocess.run([self.binary, *map(str, args)], input=stdin, capture_output=True, text=True, timeout=120,
                              env={**os.environ, "NO_COLOR": "1"}, check=False)
        said = f"ork {' '.join(map(str, args))[:200]} ends with {done.returncode}: {done.stderr}{done.stdout}"
        assert done.returncode in codes, said
        return done.stdout + done.stderr

    def validate(self, *objects, codes=(0,)):
        """What `ork validate` says of them."""
        return self.ork("validate", "-", stdin="\n---\n".join(json.dumps(obj) for obj in objects), codes=codes)

    def refused(self, words, *objects):
        said = self.validate(*objects, codes=(3,))
        assert words in said, f"ork validate must say {words!r}: {said[:2000]}"

    # With one

    def begin(self):
        self.plain = Kubectl(setup.find_kubectl(self.root), setup.find_kubeconfig(self.root))
        setup.install(self.plain, self.root)
        for lease in setup.others_at_work(self.plain):
            print(f"note: there is the Lease {lease}; an operator that still runs does a part of the work, and is not looked at here")
        self.operator_credentials = setup.operator_kubeconfig(self.plain, self.folder / "operator.kubeconfig")
        home = self.at(self.namespace("home"))
        # As talkative as it can be: what it must not say, it must not say then.
        self.operator = Operator(self.binary, self.operator_credentials, self.folder / "operator.log",
                                 ("--log-level", "debug", "--lease-namespace", home.namespace, "--lease-name", "ork-security",
                                  "--metrics-address", METRICS, "--metrics-per-task"))
        self.operator.start()
        wait_for(lambda: "works on its share" in self.operator.tail(), "the operator to be ready", 60)

    def end(self, failed, keep):
        if self.operator:
            self.operator.stop()
            if failed:
                print(f"--- the end of {self.operator.log}\n{self.operator.tail(30)}")
        if self.policy:
            self.plain.run("delete", "--ignore-not-found", "-f", "-", stdin=self.policy)
        for name in self.namespaces.values():
            if not keep:
                self.plain.run("delete", "namespace", name, "--wait=false", "--ignore-not-found")

    def operator_lives(self):
        code = self.operator.process.poll()
        if code is not None:
            self.operator.start()
        assert code is None, f"the operator ended by itself, with code {code}:\n{self.operator.tail(20)}"

    def namespace(self, name, level="privileged"):
        """The namespace that the suite knows by that name: made when it is first asked for."""
        if name not in self.namespaces:
            full = f"ork-security-{self.id}-{name}"
            self.plain.run("create", "namespace", full)
            self.namespaces[name] = full
            self.plain.run("label", "namespace", full, f"pod-security.kubernetes.io/enforce={level}")
            self.plain.run("wait", "--for=create", "serviceaccount/default", "-n", full, "--timeout=60s")
        return self.namespaces[name]

    def at(self, namespace):
        return Kubectl(self.plain.binary, self.plain.kubeconfig, namespace)

    def context(self, name, level="privileged"):
        """As the cases of tests/cluster have it."""
        return Context(self.at(self.namespace(name, level)), self.operator, self.root)

    def as_operator(self, namespace=None):
        return Kubectl(self.plain.binary, self.operator_credentials, namespace)

    def person(self, namespace, what, *rules, cluster_role=None, until=("watch", "workflowruns.ork.dev")):
        """Somebody new, who may do just this in that namespace: rules of a Role, and perhaps a ClusterRole; known by `until`."""
        self.people += 1
        name = f"{what}-{self.people}"
        kubectl = self.at(namespace)
        who = [{"apiGroup": "rbac.authorization.k8s.io", "kind": "User", "name": name}]
        objects = []
        if rules:
            objects.append({"kind": "Role", "rules": list(rules)})
            objects.append({"kind": "RoleBinding", "subjects": who,
                            "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": name}})
        if cluster_role:
            objects.append({"kind": "RoleBinding", "subjects": who, "metadata": {"name": f"{name}-wide"},
                            "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": cluster_role}})
        for obj in objects:
            kubectl.run("create", "-f", "-", stdin=json.dumps(
                {"apiVersion": "rbac.authorization.k8s.io/v1", "metadata": {"name": name}, **obj}))
        person = Person(kubectl, name)
        if until:
            wait_for(lambda: can(person, *until), f"{name} to have his rights", 60)
        return person

    def rendered(self, *templates, **values):
        """Of the chart, as a release of a name of its own would have it."""
        name = f"ork-security-{self.id}"
        args = [self.root / "hack" / "cluster", "helm", "template", name, self.root / "charts" / "ork", "--namespace", name,
                "--set", f"fullnameOverride={name}"]
        for key, value in values.items():
            args += ["--set", f"{key}={value}"]
        for template in templates:
            args += ["--show-only", f"templates/{template}"]
        done = subprocess.run(list(map(str, args)), capture_output=True, text=True, timeout=300, check=False)
        assert done.returncode == 0, f"helm template: {done.stderr}"
        return done.stdout

    def guarded(self, name):
        """A namespace where the chart's policy and its roles for people are in force."""
        namespace = self.namespace(name)
        if not self.policy:
            self.policy = self.rendered("admission-policy.yaml", "user-roles.yaml")
            self.plain.run("apply", "--server-side", "-f", "-", stdin=self.policy)
        nobody = self.person(namespace, "probe", STARTS)
        wait_for(lambda: is_refused(nobody), "the policy to be in force", 60)
        return namespace


RUNS = {"apiGroups": ["ork.dev"], "resources": ["workflowruns"]}
STARTS = {**RUNS, "verbs": ["create", "get", "list", "watch"]}
KEEPS = {**RUNS, "verbs": ["get", "list", "watch", "patch", "update", "delete"]}
WRITES = {"apiGroups": ["ork.dev"], "resources": ["workflows", "workflowruns"],
          "verbs": ["create", "get", "list", "watch", "patch", "update", "delete"]}
MAKES_JOBS = {"apiGroups": ["batch"], "resources": ["jobs"], "verbs": ["create"]}


def can(kubectl, verb, what, *args):
    """Whether the API server says so."""
    try:
        return kubectl.run("auth", "can-i", verb, what, *args).strip().startswith("yes")
    except KubectlError:
        return False  # exit code 1 is its way to say no


def inline_run(name="inline", **spec):
    return {"apiVersion": "ork.dev/v1alpha1", "kind": "WorkflowRun", "metadata": {"name": name},
            "spec": {"workflow": {"tasks": [{"name": "a", "image": "busybox:1.36", "script": "echo a"}]}, **spec}}


def run_of(workflow, name, **spec):
    return {"apiVersion": "ork.dev/v1alpha1", "kind": "WorkflowRun", "metadata": {"name": name},
            "spec": {"workflowRef": {"name": workflow}, **spec}}


def is_refused(person):
    try:
        person.create(inline_run(), "--dry-run=server")
    except KubectlError as error:
        return POLICY_WORDS in str(error)
    return False
