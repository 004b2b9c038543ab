"""kubectl get, describe, explain, api-resources, wait, events: what only reads."""

import threading
import time

from cases.manifests import ALL, CONFIGMAP, EACH, RUN, WORKFLOW
from suite.case import case

KINDS = [kind for kind, _, _, _ in EACH]
OURS = {
    "configmaps",
    "secrets",
    "pods",
    "events",
    "namespaces",
    "jobs",
    "controllerrevisions",
    "leases",
    "workflows",
    "workflowruns",
    "customresourcedefinitions",
}
# Of what describe and get show: which are times of now.
STATUS = (
    '{"status":{"phase":"Running","observedGeneration":1,"progress":"1/2","startTime":"2001-01-01T00:00:00Z","duration":"1m12s",'
    '"conditions":[{"type":"Succeeded","status":"Unknown","reason":"Running","message":"m","lastTransitionTime":"2001-01-01T00:00:00Z"}],'
    '"tasks":[{"name":"list","phase":"Succeeded","attempt":1}]}}'
)


def everything(side):
    side.terminal.run(["create", "-f", "-"], stdin=ALL)
    side.terminal.run(["patch", "workflowrun", "etl-1", "--subresource=status", "--type=merge", "-p", STATUS])


@case("kubectl get: the columns of each kind, narrow and wide")
def columns(side):
    everything(side)
    for kind in KINDS:
        side.kubectl("get", kind)
        side.kubectl("get", kind, "-o", "wide")
        side.kubectl("get", kind, "--show-labels")
    side.kubectl("get", "namespace", "$NS", anywhere=True)


@case("kubectl get -o: yaml, json, name, paths, columns")
def outputs(side):
    everything(side)
    for kind, _, name, _ in EACH:
        for output in (
            "yaml",
            "json",
            "name",
            "jsonpath={.metadata.name} {.kind}",
            "go-template={{.metadata.name}}",
            "custom-columns=NAME:.metadata.name,KIND:.kind,LABEL:.metadata.labels.app",
        ):
            side.kubectl("get", kind, name, "-o", output)
    side.kubectl("get", "configmap", "settings", "-o", "yaml", "--show-managed-fields")
    side.kubectl("get", "workflowruns", "-o", "jsonpath={range .items[*]}{.metadata.name}={.status.phase}{end}")
    side.kubectl("get", "configmaps,jobs", "-o", "name")


@case("kubectl get: by label, field, name, and all kinds of a category")
def choosing(side):
    everything(side)
    side.terminal.run(["label", "configmap", "settings", "tier=a"])
    for args in (
        ("configmaps", "-l", "app=x"),
        ("configmaps", "-l", "app=x,tier in (a,b)"),
        ("configmaps", "-l", "app!=x"),
        ("pods", "--field-selector", "status.phase=Pending"),
        ("pods", "--field-selector", "status.phase!=Pending"),
        ("configmaps", "--field-selector", "metadata.name=settings"),
        ("configmaps", "--field-selector", "data.a=1"),
        ("configmap", "settings", "none"),
        ("configmap", "none"),
        ("configmap/settings", "secret/keys"),
        ("cm", "settings"),
        ("ork",),
        ("owf",),
        ("wfr",),
        ("workflows.ork.dev",),
        ("workflowruns.v1alpha1.ork.dev", "etl-1"),
        ("nonsense",),
        ("jobs.batch",),
        ("all",),
        ("ev",),
        ("configmaps", "-l", "bad selector!"),
        ("configmaps", "--sort-by=.metadata.name"),
        ("secrets", "-l", "none=here"),
        ("configmap", "none", "--ignore-not-found"),
        ("configmaps", "--chunk-size=1"),
    ):
        side.kubectl("get", *args)
    side.kubectl("get", "configmaps", "-A", "--field-selector", "metadata.namespace=$NS", anywhere=True)
    side.kubectl("get", "workflows", "-A", "--field-selector", "metadata.namespace=$NS", anywhere=True)


@case("kubectl get --raw")
def raw(side):
    everything(side)
    side.kubectl("get", "--raw", "/api/v1/namespaces/$NS/configmaps/settings", anywhere=True)
    side.kubectl("get", "--raw", "/nonsense", anywhere=True)
    side.kubectl("get", "--raw", "/readyz", anywhere=True)


@case("kubectl get --watch: what is there, changes, ends")
def watch(side):
    side.terminal.run(["create", "-f", "-"], stdin=CONFIGMAP + "---\n" + WORKFLOW)

    def changes():
        time.sleep(1.0)
        side.terminal.run(["label", "configmap", "settings", "changed=yes"])
        side.terminal.run(["label", "workflow", "etl", "changed=yes"])
        side.terminal.run(["delete", "configmap/settings", "workflow/etl", "--wait=false"])

    for args in (
        ("configmaps", "-l", "app=x", "--output-watch-events"),
        ("workflows", "-o", "wide"),
        ("workflows", "--watch-only", "-o", "name"),
    ):
        side.terminal.run(["apply", "-f", "-"], stdin=CONFIGMAP + "---\n" + WORKFLOW)
        thread = threading.Thread(target=changes)
        thread.start()
        side.kubectl("get", *args, "--watch", seconds=4)
        thread.join()


@case("kubectl describe: each kind")
def describe(side):
    everything(side)
    for kind, _, name, _ in EACH:
        # kubectl walks over the data of a ConfigMap in an order of chance.
        side.kubectl(
            "describe", kind, name, keep=not_of_admission if kind == "pod" else None, sort=kind.startswith("configmap")
        )
    side.kubectl("describe", "configmap", "none")
    side.kubectl("describe", "workflows", "-l", "app=x")


def not_of_admission(line):
    """What the plugins of a cluster's API server add to a Pod."""
    names = ("Priority:", "Service Account:", "Tolerations:", "node.kubernetes.io/")
    return not line.strip().startswith(names)


@case("kubectl explain: ours")
def explain(side):
    side.kubectl("explain", "workflow", anywhere=True, keep=fields)
    side.kubectl("explain", "owf", anywhere=True, keep=fields)
    for args in (
        ("workflow.spec",),
        ("workflow.spec.tasks",),
        ("workflowrun.spec",),
        ("workflowrun.status.tasks.attempts",),
        ("workflow", "--recursive"),
        ("workflowrun", "--recursive"),
        ("workflow.spec.nonsense",),
        ("nonsense",),
        ("workflow.spec.tasks.retry.backoff", "--api-version=ork.dev/v1alpha1"),
    ):
        side.kubectl("explain", *args, anywhere=True)


def fields(line):
    """The words about what all objects have are not ork's."""
    if line.strip() in ("<no description>", "<empty>") or "\t" not in line and not line.startswith(("KIND", "VERSION", "GROUP", "FIELD")):
        return False
    return "<" in line or line.startswith(("KIND", "VERSION", "GROUP", "FIELD"))


@case("kubectl explain: fields of what Kubernetes brings")
def explain_builtin(side):
    for name in ("configmap", "job.spec", "pod.spec.containers", "lease.spec", "event", "controllerrevision"):
        side.kubectl("explain", name, anywhere=True, keep=fields)


@case("kubectl api-resources and api-versions: what both have")
def resources(side):
    def shared(line):
        return (
            line.split(" ")[0] in OURS
            and not line.startswith("events")
            and "golden" not in line
            or line.startswith("NAME")
        )

    side.kubectl("api-resources", anywhere=True, keep=shared, sort=True)
    side.kubectl(
        "api-resources",
        "-o",
        "wide",
        anywhere=True,
        keep=lambda line: shared(line) and not line.startswith("customresource"),
        sort=True,
    )
    side.kubectl("api-resources", "--api-group=ork.dev", anywhere=True)
    side.kubectl(
        "api-resources",
        "--namespaced=true",
        "-o",
        "name",
        anywhere=True,
        keep=lambda line: line.split(".")[0] in OURS and "samples" not in line,
        sort=True,
    )
    side.kubectl("api-resources", "--categories=ork", anywhere=True)
    side.kubectl(
        "api-versions",
        anywhere=True,
        keep=lambda line: line
        in {
            "v1",
            "apps/v1",
            "batch/v1",
            "coordination.k8s.io/v1",
            "events.k8s.io/v1",
            "ork.dev/v1alpha1",
            "apiextensions.k8s.io/v1",
        },
        sort=True,
    )


@case("kubectl events")
def events(side):
    everything(side)
    side.kubectl("events")
    side.kubectl("events", "--for=pod/idle")
    side.kubectl("events", "--types=Warning")
    side.kubectl("get", "events", "--field-selector", "involvedObject.name=idle")
    side.kubectl("get", "events.events.k8s.io")
    side.kubectl("events", "-o", "name")


@case("kubectl wait: for conditions, values, creation, deletion")
def wait(side):
    everything(side)

    def later(*args, stdin=None):
        def run():
            time.sleep(1.0)
            side.terminal.run(args, stdin=stdin)

        thread = threading.Thread(target=run)
        thread.start()
        return thread

    threads = [
        later(
            "patch",
            "workflowrun",
            "etl-1",
            "--subresource=status",
            "--type=merge",
            "-p",
            STATUS.replace("Unknown", "True"),
        )
    ]
    side.kubectl("wait", "--for=condition=Succeeded", "workflowrun/etl-1", "--timeout=10s")
    side.kubectl("wait", "--for=condition=Succeeded=True", "workflowrun/etl-1", "--timeout=10s")
    side.kubectl("wait", "--for=jsonpath={.status.phase}=Running", "workflowrun/etl-1", "--timeout=10s")
    threads.append(later("patch", "configmap", "settings", "--type=merge", "-p", '{"data":{"a":"done"}}'))
    side.kubectl("wait", "--for=jsonpath={.data.a}=done", "configmap/settings", "--timeout=10s")
    threads.append(later("delete", "configmap", "settings"))
    side.kubectl("wait", "--for=delete", "configmap/settings", "--timeout=10s")
    threads.append(later("create", "-f", "-", stdin=CONFIGMAP))
    side.kubectl("wait", "--for=create", "configmap/settings", "--timeout=10s")
    side.kubectl("wait", "--for=condition=Ready", "workflow/etl", "--timeout=2s")
    side.kubectl("wait", "--for=condition=Ready", "workflow/none", "--timeout=1s")
    side.kubectl("wait", "--for=delete", "configmap/none", "--timeout=1s")
    side.kubectl("wait", "--for=jsonpath={.metadata.name}=settings", "configmaps", "-l", "app=x", "--timeout=5s")
    for thread in threads:
        thread.join()


@case("kubectl auth can-i")
def can_i(side):
    for args in (
        ("create", "workflows.ork.dev"),
        ("get", "pods"),
        ("delete", "jobs", "-A"),
        ("get", "/version"),
        ("*", "*"),
    ):
        side.kubectl("auth", "can-i", *args)


@case("kubectl version")
def version(side):
    side.kubectl("version", anywhere=True, keep=lambda line: not line.startswith("Server Version"))


@case("kubectl logs: of a Pod that does not run")
def logs(side):
    everything(side)
    side.kubectl("logs", "idle")
    side.kubectl("logs", "none")
    side.kubectl("logs", "job/work")
    side.kubectl("logs", "idle", "-c", "none")
    side.kubectl("logs", "-l", "app=x")
    side.kubectl("logs", "-l", "nothing=here")


@case("kubectl get: what a run shows before and after it ends")
def run_columns(side):
    side.terminal.run(["create", "-f", "-"], stdin=RUN)
    side.kubectl("get", "workflowruns")
    side.terminal.run(["patch", "workflowrun", "etl-1", "--subresource=status", "--type=merge", "-p", STATUS])
    side.kubectl("get", "workflowruns", "-o", "wide")
    side.kubectl("get", "workflowrun", "etl-1", "--subresource=status", "-o", "yaml")
