"""kubectl apply, create, replace, diff: what writes whole manifests."""

from cases.manifests import ALL, CONFIGMAP, EACH, JOB, POD, RUN, WORKFLOW
from suite.case import case


def applied(side, manifest, *args):
    return side.kubectl("apply", "-f", "-", *args, stdin=manifest)


@case("kubectl apply: every kind, twice, and edited")
def every_kind(side):
    applied(side, ALL)
    applied(side, ALL)
    applied(side, ALL.replace("app: x", "app: y"))
    for _, key, name, _ in EACH:
        side.looks(key, name)


@case("kubectl apply: fields that went from the manifest go from the object")
def pruned_fields(side):
    applied(side, CONFIGMAP)
    side.kubectl("patch", "configmap", "settings", "--type=merge", "-p", '{"data":{"mine":"kept"}}')
    applied(side, CONFIGMAP.replace("  b: two\n", "  c: three\n"))
    side.looks("configmap", "settings")


@case("kubectl apply: a Workflow edited")
def workflow(side):
    applied(side, WORKFLOW)
    applied(side, WORKFLOW.replace("echo load", "echo changed").replace("count: 3", "count: 4"))
    applied(side, WORKFLOW.replace("count: 3", "count: 0"))
    applied(side, WORKFLOW.replace("dependsOn", "dependOn"))
    applied(side, WORKFLOW.replace("name: etl", "name: ETL"))
    applied(side, RUN)
    applied(side, RUN.replace("name: etl}", "name: other}"))
    applied(side, RUN.replace("suspend: true", "suspend: false"))
    side.looks("workflow", "etl")
    side.looks("run", "etl-1")


@case("kubectl apply: an object that was created without it")
def adopted(side):
    side.kubectl("create", "configmap", "settings", "--from-literal=a=0")
    applied(side, CONFIGMAP)
    side.looks("configmap", "settings")


@case("kubectl apply: what can't change is refused")
def immutable(side):
    applied(side, JOB)
    applied(side, JOB.replace("image: busybox", "image: other"))
    applied(side, POD)
    applied(side, POD.replace("restartPolicy: Never", "restartPolicy: Always"))
    applied(side, POD.replace("busybox:1.36", "busybox:1.37"))
    side.looks("job", "work")
    side.looks("pod", "idle")


@case("kubectl apply: manifests with mistakes")
def mistakes(side):
    applied(side, CONFIGMAP.replace("data:", "date:"))
    applied(side, CONFIGMAP.replace("kind: ConfigMap", "kind: Nonsense"))
    applied(side, CONFIGMAP.replace('a: "1"', "a: 1"))
    applied(side, CONFIGMAP.replace("name: settings", "name: Not_Valid"))
    applied(side, CONFIGMAP.replace("  name: settings\n", ""))
    applied(side, JOB.replace("restartPolicy: Never", "restartPolicy: Sometimes"))
    applied(side, JOB.replace("containers:", "container:"))
    applied(side, "not: [a, manifest")
    applied(side, "")
    applied(side, CONFIGMAP + "  namespace: elsewhere\n")
    applied(side, CONFIGMAP.replace("  name: settings", "  name: settings\n  namespace: elsewhere"))


@case("kubectl apply --validate: by the server, by nobody")
def validate(side):
    for how in ("strict", "warn", "ignore"):
        applied(side, CONFIGMAP.replace("data:", "date: x\ndata:"), f"--validate={how}")
        applied(side, WORKFLOW.replace("dependsOn", "dependOn"), f"--validate={how}")


@case("kubectl apply --server-side: twice, edited, with conflicts, forced")
def server_side(side):
    for manifest, edited in (
        (CONFIGMAP, CONFIGMAP.replace("two", "three")),
        (WORKFLOW, WORKFLOW.replace("echo load", "echo more")),
        (JOB, JOB.replace("managedBy", "parallelism: 2\n  managedBy")),
    ):
        applied(side, manifest, "--server-side")
        applied(side, manifest, "--server-side")
        applied(side, edited, "--server-side", "--field-manager=other")
        applied(side, edited, "--server-side", "--field-manager=other", "--force-conflicts")
        applied(side, manifest, "--server-side")
        applied(side, edited, "--server-side", "--dry-run=server", "--force-conflicts")
    for key, name in (("configmap", "settings"), ("workflow", "etl"), ("job", "work")):
        side.looks(key, name)


@case("kubectl apply --server-side: what one manager leaves out and another keeps")
def shared_fields(side):
    applied(side, CONFIGMAP, "--server-side", "--field-manager=first")
    applied(side, CONFIGMAP, "--server-side", "--field-manager=second")
    applied(side, CONFIGMAP.replace("  b: two\n", ""), "--server-side", "--field-manager=first")
    side.looks("configmap", "settings")
    applied(side, CONFIGMAP.replace("  b: two\n", ""), "--server-side", "--field-manager=second")
    side.looks("configmap", "settings")


@case("kubectl apply --server-side: after apply on the client")
def migrated(side):
    applied(side, CONFIGMAP)
    applied(side, CONFIGMAP.replace("  b: two\n", ""), "--server-side")
    side.looks("configmap", "settings")
    applied(side, WORKFLOW)
    applied(side, WORKFLOW.replace("echo list", "echo other"), "--server-side")
    side.looks("workflow", "etl")


@case("kubectl apply --dry-run: nothing is stored")
def dry_run(side):
    for how in ("client", "server"):
        applied(side, ALL, f"--dry-run={how}")
        applied(side, CONFIGMAP, f"--dry-run={how}", "-o", "yaml")
    side.kubectl("get", "configmaps,secrets,jobs,workflows", "-o", "name")


@case("kubectl apply view-last-applied and set-last-applied")
def last_applied(side):
    applied(side, CONFIGMAP)
    side.kubectl("apply", "view-last-applied", "configmap/settings")
    side.kubectl("apply", "view-last-applied", "configmap/settings", "-o", "json")
    side.terminal.write("new.yaml", CONFIGMAP.replace("two", "three"))
    side.kubectl("apply", "set-last-applied", "-f", "new.yaml")
    side.kubectl("create", "configmap", "plain")
    side.kubectl("apply", "view-last-applied", "configmap/plain")
    side.looks("configmap", "settings")


@case("kubectl apply --prune: what has the label and is not in the manifest goes")
def prune(side):
    applied(side, CONFIGMAP)
    applied(side, CONFIGMAP.replace("name: settings", "name: extra"))
    applied(side, CONFIGMAP, "--prune", "-l", "app=x", "--prune-allowlist=core/v1/ConfigMap")
    side.kubectl("get", "configmaps", "-l", "app=x", "-o", "name")


@case("kubectl create: from files, and what is there already")
def create(side):
    side.kubectl("create", "-f", "-", stdin=ALL)
    side.kubectl("create", "-f", "-", stdin=ALL)
    side.kubectl("create", "-f", "-", "--save-config", stdin=CONFIGMAP.replace("name: settings", "name: saved"))
    side.kubectl("create", "-f", "-", "-o", "name", stdin=CONFIGMAP.replace("name: settings", "name: named"))
    side.kubectl("create", "-f", "-", "-o", "yaml", stdin=RUN.replace("name: etl-1", "name: etl-2"))
    side.looks("configmap", "saved")


@case("kubectl create: by its own generators")
def generators(side):
    side.kubectl("create", "configmap", "made", "--from-literal=a=1", "--from-literal=b=2")
    side.kubectl("create", "secret", "generic", "made", "--from-literal=password=x")
    side.kubectl(
        "create",
        "secret",
        "docker-registry",
        "pull",
        "--docker-username=u",
        "--docker-password=p",
        "--docker-server=example.com",
    )
    side.kubectl("create", "job", "made", "--image=busybox", "--dry-run=client", "-o", "yaml", "--", "echo", "x")
    side.kubectl("create", "job", "made", "--image=busybox", "--dry-run=server", "--", "echo", "x")
    side.kubectl("create", "namespace", "$NS-x", anywhere=True)
    side.kubectl("create", "namespace", "Not Valid", anywhere=True)
    side.kubectl(
        "run", "made", "--image=busybox", "--dry-run=server", "--overrides", '{"spec":{"schedulerName":"none"}}'
    )
    side.kubectl("run", "made", "--image=busybox", "--dry-run=client", "-o", "yaml")
    for key in ("configmap", "secret"):
        side.looks(key, "made")


@case("kubectl create --dry-run")
def create_dry(side):
    for how in ("client", "server"):
        side.kubectl("create", "-f", "-", f"--dry-run={how}", stdin=ALL)
        side.kubectl("create", "-f", "-", f"--dry-run={how}", "-o", "name", stdin=ALL)
    side.kubectl("get", "configmaps,workflows", "-o", "name")


@case("kubectl replace: of what is there, of what is not, by force")
def replace(side):
    side.kubectl("replace", "-f", "-", stdin=CONFIGMAP)
    side.kubectl("create", "-f", "-", stdin=CONFIGMAP)
    side.kubectl("replace", "-f", "-", stdin=CONFIGMAP.replace("two", "three"))
    side.looks("configmap", "settings")
    side.kubectl("create", "-f", "-", stdin=JOB)
    side.kubectl("replace", "-f", "-", stdin=JOB.replace("image: busybox", "image: other"))
    side.kubectl("replace", "--force", "-f", "-", stdin=JOB.replace("image: busybox", "image: other"))
    side.looks("job", "work")
    side.kubectl("create", "-f", "-", stdin=WORKFLOW)
    side.kubectl("replace", "-f", "-", stdin=WORKFLOW.replace("echo list", "echo replaced"))
    side.looks("workflow", "etl")


@case("kubectl replace: with a version that is stale, and with a status")
def replace_versions(side):
    side.kubectl("create", "-f", "-", stdin=RUN)
    stale = side.terminal.run(["get", "workflowrun", "etl-1", "-o", "yaml"]).stdout
    side.kubectl("patch", "workflowrun", "etl-1", "--type=merge", "-p", '{"metadata":{"labels":{"new":"x"}}}')
    side.kubectl("replace", "-f", "-", stdin=stale)
    side.kubectl("replace", "--subresource=status", "-f", "-", stdin=RUN + "status: {phase: Running, progress: 1/2}\n")
    side.looks("run", "etl-1")


@case("kubectl diff: nothing, a change, a new object")
def diff(side):
    side.kubectl("diff", "-f", "-", stdin=CONFIGMAP, keep=not_a_header)
    side.kubectl("apply", "-f", "-", stdin=ALL)
    side.kubectl("diff", "-f", "-", stdin=ALL, keep=not_a_header)
    side.kubectl("diff", "-f", "-", stdin=CONFIGMAP.replace("two", "three"), keep=not_a_header)
    side.kubectl("diff", "-f", "-", stdin=WORKFLOW.replace("echo load", "echo more"), keep=not_a_header)
    side.kubectl("diff", "--server-side", "-f", "-", stdin=CONFIGMAP.replace("two", "three"), keep=not_a_header)
    side.kubectl("diff", "-f", "-", stdin=WORKFLOW.replace("count: 3", "count: 0"), keep=not_a_header)


def not_a_header(line):
    """The names and times of the files it compares."""
    return not line.startswith(("---", "+++", "diff "))
