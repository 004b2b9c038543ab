"""S1, S3, S10: who may do what, by the API server's own word."""

import re

import yaml

from security import can, case

# What an operator must never be able to do, wherever it is asked: each would let it, or who has its token, do more than its work.
NEVER = [
    ("get", "secrets"), ("list", "secrets"), ("watch", "secrets"), ("create", "secrets"), ("create", "pods"), ("delete", "pods"),
    ("patch", "pods"), ("update", "pods"), ("create", "pods/exec"), ("create", "pods/attach"), ("create", "pods/portforward"),
    ("get", "pods/log"), ("get", "pods/proxy"), ("create", "pods/eviction"), ("create", "pods/ephemeralcontainers"),
    ("create", "serviceaccounts"), ("create", "serviceaccounts/token"), ("impersonate", "serviceaccounts"),
    ("impersonate", "users"),
    ("impersonate", "groups"), ("get", "nodes"), ("list", "nodes"), ("get", "nodes/proxy"), ("create", "namespaces"),
    ("list", "namespaces"), ("create", "roles.rbac.authorization.k8s.io"), ("bind", "clusterroles.rbac.authorization.k8s.io"),
    ("escalate", "clusterroles.rbac.authorization.k8s.io"), ("create", "clusterrolebindings.rbac.authorization.k8s.io"),
    ("create", "rolebindings.rbac.authorization.k8s.io"), ("update", "configmaps"), ("patch", "configmaps"),
    ("delete", "configmaps"),
    ("create", "deployments.apps"), ("create", "daemonsets.apps"), ("create", "statefulsets.apps"), ("create", "cronjobs.batch"),
    ("update", "jobs.batch"), ("deletecollection", "jobs.batch"), ("create", "workflows.ork.dev"),
    ("update", "workflows.ork.dev"),
    ("patch", "workflows.ork.dev"), ("delete", "workflows.ork.dev"), ("update", "workflowruns.ork.dev"),
    ("deletecollection", "workflowruns.ork.dev"), ("patch", "customresourcedefinitions.apiextensions.k8s.io"),
    ("update", "controllerrevisions.apps"), ("patch", "controllerrevisions.apps"),
    ("create", "validatingadmissionpolicies.admissionregistration.k8s.io"),
    ("delete", "validatingadmissionpolicybindings.admissionregistration.k8s.io"),
    ("create", "validatingwebhookconfigurations.admissionregistration.k8s.io"), ("create", "tokenreviews.authentication.k8s.io"),
    ("create", "subjectaccessreviews.authorization.k8s.io"), ("approve", "certificatesigningrequests.certificates.k8s.io"),
    ("create", "persistentvolumeclaims"), ("create", "services"), ("create", "endpoints"), ("*", "*"),
]
# That the matrix can say yes.
SOMETIMES = [("create", "jobs.batch"), ("list", "pods"), ("create", "workflowruns.ork.dev"),
             ("patch", "workflowruns.ork.dev/status")]

# Where the suite's operator may do more than the chart's by default, and why.
# wait.object of ConfigMaps, which the chart gives by rbac.waitObjects.
FOR_THE_SUITE = {("", "configmaps", "list"), ("", "configmaps", "watch")}


def rights_of(rules):
    return {(group, resource, verb) for rule in rules for group in rule["apiGroups"] for resource in rule["resources"]
            for verb in rule["verbs"]}


def chart_rules(root):
    """Of the operator's Role and that for its Leases: plain YAML up to what a value adds."""
    text = (root / "charts" / "ork" / "templates" / "rbac.yaml").read_text()
    found = [yaml.safe_load(re.split(r"^(?:---|\{\{-)", part, maxsplit=1, flags=re.M)[0])
             for part in re.split(r"^rules:\n", text, flags=re.M)[1:]]
    assert len(found) == 2, f"the chart's rbac.yaml has {len(found)} roles, and not the operator's and that for Leases"
    return [rule for rules in found for rule in rules]


@case("S3: the operator's rights in the suites are those of the chart, right for right", needs_cluster=False)
def same_rights(world):
    objects = list(yaml.safe_load_all((world.root / "tests" / "cluster" / "rbac.yaml").read_text()))
    suite = rights_of(next(obj for obj in objects if obj["kind"] == "ClusterRole")["rules"])
    chart = rights_of(chart_rules(world.root))
    assert suite - chart == FOR_THE_SUITE, f"only tests/cluster/rbac.yaml gives {sorted(suite - chart - FOR_THE_SUITE)}"
    assert chart <= suite, f"only the chart gives {sorted(chart - suite)}"


@case("S3: no rule of the chart holds a wildcard, a Secret, a Pod to be made or a right over rights", needs_cluster=False)
def no_wildcards(world):
    for right in rights_of(chart_rules(world.root)):
        group, resource, verb = right
        assert "*" not in right, f"a wildcard: {right}"
        assert resource not in ("secrets", "pods/exec", "nodes", "serviceaccounts"), right
        assert group != "rbac.authorization.k8s.io", right
        assert resource != "pods" or verb in ("list", "watch"), right
        assert verb not in ("impersonate", "bind", "escalate", "deletecollection"), right


@case("S10: the operator's token can do nothing beside its work, by the API server's word on each of many rights")
def token(world):
    operator = world.as_operator(world.namespace("rights"))
    given = [f"{verb} {what}" for verb, what in NEVER if can(operator, verb, what, "--all-namespaces")]
    assert not given, f"the operator may {', '.join(given)}"
    for verb, what in SOMETIMES:
        group, _, sub = what.partition("/")
        assert can(operator, verb, group, *([f"--subresource={sub}"] if sub else [])), f"the operator may not {verb} {what}"


@case("S10: with the operator's token a Secret, a Pod and a command in a Pod are refused, not only said to be")
def token_used(world):
    namespace = world.namespace("rights")
    operator = world.as_operator(namespace)
    world.at(namespace).run("create", "secret", "generic", "locked", "--from-literal=x=y")
    for args in (("get", "secret", "locked"), ("get", "secrets"), ("run", "p", "--image=busybox:1.36"),
                 ("create", "token", "default"),
                 ("create", "rolebinding", "x", "--clusterrole=admin", "--serviceaccount=ork-system:ork-operator"),
                 ("get", "secret", "locked", "--as=system:admin"), ("delete", "pod", "none"), ("get", "nodes")):
        said = operator.refusal(*args)
        assert "orbidden" in said, f"kubectl {' '.join(args)}: {said}"


@case("S1: the chart's roles for people add to view, edit and admin what they say, and no right to statuses or revisions")
def people(world):
    namespace = world.guarded("rights")
    kinds = ("workflows.ork.dev", "workflowruns.ork.dev")
    look, write = ("get", "list", "watch"), ("create", "update", "patch", "delete", "deletecollection")
    for role in ("view", "edit", "admin"):
        person = world.person(namespace, role, cluster_role=role, until=("list", "workflows.ork.dev"))
        may = {(verb, kind) for kind in kinds for verb in (*look, *write) if can(person, verb, kind)}
        wanted = {(verb, kind) for kind in kinds for verb in (look if role == "view" else look + write)}
        assert may == wanted, f"{role}: beside what it says {sorted(may ^ wanted)}"
        for kind in kinds:
            assert not can(person, "patch", kind, "--subresource=status"), f"{role} may write statuses of {kind}"
        assert not can(person, "create", "controllerrevisions.apps"), f"{role} may make revisions"
    stranger = world.person(namespace, "stranger", until=None)
    assert not any(can(stranger, verb, kind) for kind in kinds for verb in (*look, "create")), "somebody without a role may look"


@case("S1: without credentials the operator's port answers health and metrics, and nothing else")
def anonymous(world):
    import urllib.error  # pylint: disable=import-outside-toplevel
    import urllib.request  # pylint: disable=import-outside-toplevel

    from security import METRICS  # pylint: disable=import-outside-toplevel

    def ask(path, method="GET"):
        try:
            with urllib.request.urlopen(urllib.request.Request(f"http://{METRICS}{path}", method=method), timeout=30) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    assert ask("/healthz")[0] == 200 and ask("/readyz")[0] == 200 and ask("/metrics")[0] == 200
    for path in ("/", "/api", "/apis/ork.dev/v1alpha1/workflowruns", "/debug/pprof", "/metrics/../etc/passwd",
                 "/%2e%2e/%2e%2e/etc/passwd",
                 "/version", "/metrics%00", "/healthz/x"):
        code, text = ask(path)
        assert code >= 400 and len(text) < 200, f"{path} is answered with {code}: {text[:300]}"
    for method in ("POST", "PUT", "DELETE", "TRACE"):
        assert ask("/metrics", method)[0] >= 400, f"{method} /metrics is answered"
