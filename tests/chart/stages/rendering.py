"""The chart as text: what values it takes, and whether the API server takes what comes out."""

import pathlib

from world import case

VALUES = pathlib.Path(__file__).resolve().parents[1] / "values"
# The kinds of Prometheus' operator, with no fields but those that the chart is to use: another is refused.
MONITORING = VALUES.parent / "monitoring-crds.yaml"
# What is set, and what helm must say of it.
MISTAKES = {
    "replica=3": "replica",
    "image.tga=x": "tga",
    "crds.instal=true": "instal",
    "networkPolicy.enable=true": "enable",
    "serviceAccount.anotations.a=b": "anotations",
    "podDisruptionBudget.minAvailable=1": "minAvailable",
    "flowSchema.share=1": "share",
    "admissionPolicy.enable=false": "enable",
    "rbac.create=false": "create",
    "resources.request.cpu=1": "request",
    "scope=everywhere": "scope",
    "replicas=two": "replicas",
    "leaseSeconds=1": "leaseSeconds",
    "metrics.ports=1": "ports",
    "metrics.port=0": "port",
    "metrics.serviceMonitor.enable=true": "enable",
    "metrics.prometheusRule.runbook=x": "runbook",
    "tracing.endpoint=collector:4318": "endpoint",
    "logLevel=loud": "logLevel",
    "image.pullPolicy=Sometimes": "pullPolicy",
    "image.digest=sha256:12": "digest",
    "extraEnv[0].nam=x": "nam",
    "extraArgs[0]=operator": "extraArgs",
    "tolerations[0].opperator=Exists": "opperator",
    "rbac.waitObjects[0].resources={secrets}": "waitObjects",
}


@case("values: a typo, a wrong type and a value out of range are refused, and named")
def mistakes(world):
    for mistake, named in MISTAKES.items():
        said = world.refusal("template", "ork", world.chart, "--set", mistake)
        assert "schema" in said and named in said, f"--set {mistake}: the refusal must name {named!r}: {said}"


@case("values: helm lint finds nothing")
def lint(world):
    for path in (None, *sorted(VALUES.glob("*.yaml"))):
        world.helm("lint", "--strict", "--quiet", world.chart, *(["--values", path] if path else []))


@case("values: of each set the API server takes every object, with no warning, Pod Security's strictest level included")
def accepted(world):
    sets = sorted(VALUES.glob("*.yaml"))
    world.kubectl.run("apply", "--server-side", "-f", MONITORING)
    world.kubectl.run("wait", "--for=condition=Established", "--timeout=60s", "-f", MONITORING)
    for path in (None, *sets):
        text = world.helm("template", "ork", world.chart, "--namespace", world.system, "--no-hooks", *(["--values", path] if path else []))
        # As a client that takes over what others own: the CRDs may be there already.
        world.kubectl.run("apply", "--server-side", "--force-conflicts", "--dry-run=server", "--validate=strict",
                          "--warnings-as-errors", "-f", "-", stdin=text)
    print(f"      {len(sets) + 1} sets of values")


@case("values: without metrics nothing listens, and nobody asks")
def unwatched(world):
    values = "crds.install=false,metrics.enabled=false,metrics.serviceMonitor.enabled=true"
    text = world.helm("template", "ork", world.chart, "--set", values)
    for word in ("kind: Service\n", "kind: ServiceMonitor", "Probe:", "containerPort"):
        assert word not in text, f"there is {word!r}"
    assert "--metrics-address=off\n" in text, "the operator is not told to keep quiet"


@case("values: with scope: namespace nothing is cluster-wide, and without CRDs there is none")
def namespaced(world):
    text = world.helm("template", "ork", world.chart, "--set", "scope=namespace,crds.install=false")
    for kind in ("ClusterRole", "ClusterRoleBinding", "FlowSchema", "PriorityLevelConfiguration", "CustomResourceDefinition",
                 "ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding"):
        assert f"\nkind: {kind}\n" not in text, f"there is a {kind}"
    assert "--namespace=" in text, "the operator is not told its namespace"
