"""kubectl edit, patch, label, annotate, set, scale, delete: what changes objects."""

from cases.manifests import ALL, CONFIGMAP, EACH, JOB, POD, WORKFLOW
from suite.case import case


def everything(side):
    side.terminal.run(["create", "-f", "-"], stdin=ALL)


@case("kubectl edit: a change, none, a wrong one")
def edit(side):
    everything(side)

    def edited(script, *args):
        side.kubectl("edit", *args, environment={"KUBE_EDITOR": f"sed -i {script}"})

    edited("s/two/three/", "configmap", "settings")
    edited("s/nothing/here/", "configmap", "settings")
    edited("'s/echo load/echo edited/'", "workflow", "etl")
    edited("'s/suspend:.true/suspend: false/'", "workflowrun", "etl-1")
    edited("s/busybox:1.36/busybox:1.37/", "pod", "idle")
    edited("s/name:.settings/name: other/", "configmap", "settings")
    edited("s/two/three/", "configmap", "none")
    for key, name in (("configmap", "settings"), ("workflow", "etl"), ("run", "etl-1"), ("pod", "idle")):
        side.looks(key, name)


@case("kubectl patch: each type on each kind")
def patch(side):
    everything(side)
    for kind, key, name, _ in EACH:
        side.kubectl("patch", kind, name, "--type=merge", "-p", '{"metadata":{"labels":{"merged":"yes"}}}')
        side.kubectl(
            "patch", kind, name, "--type=json", "-p", '[{"op":"add","path":"/metadata/labels/listed","value":"yes"}]'
        )
        side.kubectl("patch", kind, name, "--type=strategic", "-p", '{"metadata":{"labels":{"strategic":"yes"}}}')
        side.kubectl(
            "patch",
            kind,
            name,
            "-p",
            '{"metadata":{"annotations":{"n":"1"}}}',
            "-o",
            "jsonpath={.metadata.annotations.n}",
        )
        side.looks(key, name)


@case("kubectl patch: lists by key, and what is wrong")
def patch_lists(side):
    everything(side)
    for args in (
        ("pod", "idle", "-p", '{"spec":{"containers":[{"name":"main","image":"busybox:9"}]}}'),
        ("pod", "idle", "-p", '{"spec":{"containers":[{"image":"no-name"}]}}'),
        (
            "job",
            "work",
            "-p",
            '{"spec":{"template":{"spec":{"containers":[{"name":"main","env":[{"name":"X","value":"1"}]}]}}}}',
        ),
        ("workflow", "etl", "--type=merge", "-p", '{"spec":{"tasks":[{"name":"only","image":"i"}]}}'),
        ("workflow", "etl", "--type=json", "-p", '[{"op":"replace","path":"/spec/tasks/0/script","value":"x"}]'),
        ("workflow", "etl", "--type=json", "-p", '[{"op":"replace","path":"/spec/tasks/9/script","value":"x"}]'),
        ("workflow", "etl", "--type=json", "-p", '[{"op":"test","path":"/spec/tasks/0/name","value":"other"}]'),
        ("workflow", "etl", "--type=merge", "-p", '{"spec":{"parallelism":0}}'),
        ("configmap", "settings", "--type=merge", "-p", "not json"),
        ("configmap", "settings", "--type=merge", "-p", '{"data":5}'),
        ("configmap", "none", "--type=merge", "-p", "{}"),
        ("configmap", "settings", "--type=merge", "-p", "{}"),
        ("workflowrun", "etl-1", "--subresource=status", "--type=merge", "-p", '{"status":{"phase":"Running"}}'),
        ("workflowrun", "etl-1", "--subresource=status", "--type=merge", "-p", '{"status":{"phase":"Nonsense"}}'),
        ("workflowrun", "etl-1", "--type=merge", "-p", '{"spec":{"workflowRef":{"name":"changed"}}}'),
        ("workflowrun", "etl-1", "--type=merge", "-p", '{"spec":{"cancel":true}}'),
        ("workflowrun", "etl-1", "--type=merge", "-p", '{"spec":{"cancel":false}}'),
    ):
        side.kubectl("patch", *args)
    for key, name in (("pod", "idle"), ("job", "work"), ("workflow", "etl"), ("run", "etl-1")):
        side.looks(key, name)


@case("kubectl label and annotate: add, change, remove, by selector")
def label(side):
    everything(side)
    for verb in ("label", "annotate"):
        for args in (
            ("configmap", "settings", "k=v"),
            ("configmap", "settings", "k=w"),
            ("configmap", "settings", "k=w", "--overwrite"),
            ("configmap", "settings", "k-"),
            ("configmap", "settings", "none-"),
            ("configmap", "none", "k=v"),
            ("configmap", "settings", "bad key!=v"),
            ("workflows", "--all", "k=v"),
            ("configmap", "settings", "k=v", "--resource-version=1"),
        ):
            side.kubectl(verb, *args)
    side.kubectl("label", "workflows,jobs", "-l", "app=x", "chosen=yes")
    side.kubectl("label", "configmap", "settings", "--list")
    for key, name in (("configmap", "settings"), ("workflow", "etl"), ("job", "work")):
        side.looks(key, name)


@case("kubectl set env and set image: on Jobs")
def set_fields(side):
    everything(side)
    side.kubectl("set", "env", "job/work", "A=1")
    side.kubectl("set", "image", "job/work", "main=other")
    side.kubectl("set", "image", "pod/idle", "main=busybox:1.37")
    side.kubectl("set", "env", "pod/idle", "A=2", "--dry-run=server")
    side.kubectl("set", "env", "--list", "pod/idle")
    side.looks("job", "work")
    side.looks("pod", "idle")


@case("kubectl delete: one, several, by label, all of a kind, what is not there")
def delete(side):
    everything(side)
    side.kubectl("delete", "configmap", "settings")
    side.kubectl("delete", "configmap", "settings")
    side.kubectl("delete", "configmap", "settings", "--ignore-not-found")
    side.kubectl("delete", "secret/keys", "lease/lead")
    side.kubectl("delete", "jobs,pods", "-l", "app=x")
    side.kubectl("delete", "workflows", "--all")
    side.kubectl("delete", "workflowruns", "--all", "--wait=false")
    side.kubectl("delete", "event", "happened", "-o", "name")
    side.kubectl("delete", "nonsense", "x")
    side.kubectl("get", "secrets,leases,jobs,pods,workflows,workflowruns,events", "-o", "name")


@case("kubectl delete: from a file, dry, at once")
def delete_files(side):
    everything(side)
    side.kubectl("delete", "-f", "-", "--dry-run=client", stdin=ALL)
    side.kubectl("delete", "-f", "-", "--dry-run=server", stdin=ALL)
    side.kubectl("delete", "pod", "idle", "--force", "--grace-period=0")
    side.kubectl("delete", "pod", "idle", "--now")
    side.kubectl("delete", "-f", "-", stdin=ALL)
    side.kubectl("delete", "-f", "-", "--ignore-not-found", stdin=ALL)


@case("kubectl delete --cascade: background, foreground, orphan")
def cascade(side):
    owned = CONFIGMAP.replace(
        "name: settings",
        "name: owned-NAME\n  ownerReferences:\n" "  - {apiVersion: batch/v1, kind: Job, name: NAME, uid: UID}",
    )
    for how in ("background", "foreground", "orphan"):
        side.terminal.run(["create", "-f", "-"], stdin=JOB.replace("name: work", f"name: {how}"))
        uid = side.terminal.run(["get", "job", how, "-o", "jsonpath={.metadata.uid}"]).stdout
        side.terminal.run(["create", "-f", "-"], stdin=owned.replace("NAME", how).replace("UID", uid))
        side.kubectl("delete", "job", how, f"--cascade={how}")
        side.gone("job", how)
        if how != "orphan":
            side.gone("configmap", f"owned-{how}")
    side.kubectl("get", "configmap", "owned-orphan", "-o", "jsonpath={.metadata.ownerReferences}")


@case("kubectl delete: what a finalizer holds")
def finalizer(side):
    side.terminal.run(
        ["create", "-f", "-"],
        stdin=CONFIGMAP.replace("name: settings", "name: settings\n  finalizers: [example.com/f]"),
    )
    side.kubectl("delete", "configmap", "settings", "--wait=false")
    side.kubectl(
        "get", "configmap", "settings", "-o", "jsonpath={.metadata.finalizers} {.metadata.deletionGracePeriodSeconds}"
    )
    # Of a watch that was open for less than a second kubectl may say that it was short, or not.
    side.kubectl("delete", "configmap", "settings", "--timeout=2s")
    side.kubectl("patch", "configmap", "settings", "--type=merge", "-p", '{"metadata":{"finalizers":null}}')
    side.kubectl("get", "configmap", "settings")


@case("kubectl delete: a namespace and all that is in it")
def namespace(side):
    side.kubectl("create", "namespace", "$NS-x", anywhere=True)
    side.terminal.run(
        ["create", "-f", "-", "--namespace", "$NS-x"],
        stdin=CONFIGMAP + "---\n" + WORKFLOW + "---\n" + JOB,
        anywhere=True,
    )
    side.kubectl("delete", "namespace", "$NS-x", "--timeout=90s", anywhere=True, seconds=100)
    side.kubectl("get", "namespace", "$NS-x", anywhere=True)
    side.kubectl("get", "workflows", "--namespace", "$NS-x", anywhere=True)


@case("kubectl create, get, delete: names that are taken or odd")
def names(side):
    for name in ("a.b", "a" * 63, "a" * 64, "A", "a_b", "-a", "1", ""):
        side.kubectl("create", "-f", "-", stdin=CONFIGMAP.replace("name: settings", f"name: {name!r}"))
        side.kubectl("create", "-f", "-", stdin=WORKFLOW.replace("name: etl", f"name: {name!r}"))
        side.kubectl("create", "-f", "-", stdin=JOB.replace("name: work", f"name: {name!r}"))
        side.kubectl("create", "-f", "-", stdin=POD.replace("name: idle", f"name: {name!r}"))
