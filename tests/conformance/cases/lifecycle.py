"""What takes longer than a request: owners, namespaces that end, Pods on nodes."""

from suite.case import case
from suite.kinds import KINDS

CONFIGMAP = KINDS["configmap"]
MERGE = "application/merge-patch+json"
POD = {
    "spec": {
        "schedulerName": "none",
        "automountServiceAccountToken": False,
        "containers": [{"name": "main", "image": "busybox"}],
    }
}


def owned(side, name, owner, block=False):
    reference = {"apiVersion": "v1", "kind": "ConfigMap", "name": owner, "uid": {"$uid": ["configmap", owner]}}
    if block:
        reference["blockOwnerDeletion"] = True
    side.create("secret", name, metadata={"ownerReferences": [reference]})


@case("owners: deleted in the background, what is owned goes too")
def background(side):
    side.create("configmap", "owner")
    for name in ("one", "two"):
        owned(side, name, "owner")
    side.delete("configmap", "owner", {"propagationPolicy": "Background"})
    for name in ("one", "two"):
        side.gone("secret", name)


@case("owners: by default as well")
def by_default(side):
    side.create("configmap", "owner")
    owned(side, "one", "owner")
    side.delete("configmap", "owner")
    side.gone("secret", "one")


@case("owners: in the foreground, the owner goes last")
def foreground(side):
    side.create("configmap", "owner")
    owned(side, "one", "owner", block=True)
    side.request("PATCH", KINDS["secret"].path("one"), {"metadata": {"finalizers": ["example.com/f"]}}, type=MERGE)
    side.delete("configmap", "owner", {"propagationPolicy": "Foreground"})
    side.until(
        "the secret is being deleted", lambda: "deletionTimestamp" in side.raw(KINDS["secret"].path("one"))["metadata"]
    )
    side.get("configmap", "owner")
    side.get("secret", "one")
    side.request("PATCH", KINDS["secret"].path("one"), {"metadata": {"finalizers": None}}, type=MERGE)
    side.gone("secret", "one")
    side.gone("configmap", "owner")


@case("owners: orphaned, what is owned stays without an owner")
def orphan(side):
    side.create("configmap", "owner")
    owned(side, "one", "owner")
    side.delete("configmap", "owner", {"propagationPolicy": "Orphan"})
    side.gone("configmap", "owner")
    side.get("secret", "one", only=without_managers)


def without_managers(body):
    """The collector's manager is its own matter."""
    body["metadata"].pop("managedFields", None)
    return body


@case("owners: an owner that is not there any more")
def absent(side):
    side.create("configmap", "owner")
    side.delete("configmap", "owner")
    owned(side, "late", "owner")
    side.gone("secret", "late")


@case("owners: a chain of three goes from its head")
def chain(side):
    side.create("configmap", "owner")
    owned(side, "middle", "owner")
    reference = {"apiVersion": "v1", "kind": "Secret", "name": "middle", "uid": {"$uid": ["secret", "middle"]}}
    side.create("lease", "tail", metadata={"ownerReferences": [reference]})
    side.delete("configmap", "owner")
    side.gone("secret", "middle")
    side.gone("lease", "tail")


@case("owners: one of two owners goes")
def one_of_two(side):
    side.create("configmap", "first")
    side.create("configmap", "second")
    references = [
        {"apiVersion": "v1", "kind": "ConfigMap", "name": name, "uid": {"$uid": ["configmap", name]}}
        for name in ("first", "second")
    ]
    side.create("secret", "one", metadata={"ownerReferences": references})
    side.delete("configmap", "first")
    side.until(
        "one owner is left",
        lambda: len(side.raw(KINDS["secret"].path("one"))["metadata"].get("ownerReferences", [])) == 1,
    )
    side.get("secret", "one", only=without_managers)
    side.delete("configmap", "second")
    side.gone("secret", "one")


@case("owners: a run goes with its Jobs")
def run(side):
    side.create("run", "r", {"spec": {"workflowRef": {"name": "none"}, "suspend": True}})
    reference = {
        "apiVersion": "ork.dev/v1alpha1",
        "kind": "WorkflowRun",
        "name": "r",
        "uid": {"$uid": ["run", "r"]},
        "controller": True,
    }
    side.create("configmap", "one", metadata={"ownerReferences": [reference]})
    side.delete("run", "r")
    side.gone("configmap", "one")


@case("namespaces: while one ends, nothing can be created in it")
def ending(side):
    namespaced = CONFIGMAP.collection("$NS-x")
    side.create("namespace", "$NS-x")
    side.request(
        "POST",
        namespaced,
        {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "held", "finalizers": ["example.com/f"]}},
    )
    side.request("DELETE", "/api/v1/namespaces/$NS-x", only=phase)
    side.until("the object is being deleted", lambda: "deletionTimestamp" in side.raw(namespaced + "/held")["metadata"])
    side.request("GET", "/api/v1/namespaces/$NS-x", only=phase)
    side.request("POST", namespaced, {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "late"}})
    side.request(
        "PATCH",
        namespaced + "/held",
        {"metadata": {"labels": {"still": "editable"}}},
        type=MERGE,
        only=lambda body: body["metadata"].get("labels"),
    )
    side.request(
        "PATCH",
        namespaced + "/held",
        {"metadata": {"finalizers": None}},
        type=MERGE,
        only=lambda body: body["metadata"].get("finalizers"),
    )
    side.gone("namespace", "$NS-x")
    side.request("POST", namespaced, {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "after"}})
    side.create("namespace", "$NS-x", only=phase)


def phase(body):
    """Its conditions are what a controller got done so far."""
    return {"phase": (body.get("status") or {}).get("phase"), "finalizers": (body.get("spec") or {}).get("finalizers")}


@case("namespaces: some can't be deleted")
def kept(side):
    side.request("DELETE", "/api/v1/namespaces/default")
    side.request("DELETE", "/api/v1/namespaces/kube-system")


@case("pods: on a node they end in their grace period")
def grace(side):
    side.create("pod", "a", {"spec": {**POD["spec"], "nodeName": "$NS-node"}})
    side.delete("pod", "a")
    side.get("pod", "a")
    side.delete("pod", "a", {"gracePeriodSeconds": 10})
    side.delete("pod", "a", {"gracePeriodSeconds": 20})
    side.delete("pod", "a", {"gracePeriodSeconds": 0})
    side.get("pod", "a")


@case("pods: one that nobody has taken ends at once")
def unscheduled(side):
    side.create("pod", "a", POD)
    side.delete("pod", "a")
    side.get("pod", "a")


@case("pods: binding to a node")
def binding(side):
    body = {
        "apiVersion": "v1",
        "kind": "Binding",
        "metadata": {"name": "a"},
        "target": {"apiVersion": "v1", "kind": "Node", "name": "no-such-node"},
    }
    side.request("POST", "/api/v1/namespaces/$NS/pods/a/binding", body)
    side.create("pod", "a", POD)
    side.request("POST", "/api/v1/namespaces/$NS/pods/a/binding", {**body, "target": {"kind": "Service", "name": "x"}})
    side.request("POST", "/api/v1/namespaces/$NS/pods/a/binding", {**body, "target": {"kind": "Node", "name": ""}})
    side.request("POST", "/api/v1/namespaces/$NS/pods/a/binding", body)
    side.get("pod", "a")
    side.request("POST", "/api/v1/namespaces/$NS/pods/a/binding", body)


@case("pods: logs of what does not run")
def logs(side):
    side.create("pod", "a", POD)
    side.create(
        "pod",
        "two",
        {"spec": {**POD["spec"], "containers": [{"name": name, "image": "busybox"} for name in ("one", "other")]}},
    )
    for name, query in (
        ("none", []),
        ("a", []),
        ("a", [("container", "none")]),
        ("two", []),
        ("two", [("container", "one")]),
        ("a", [("tailLines", "-1")]),
        ("a", [("sinceSeconds", "-5")]),
        ("a", [("limitBytes", "0")]),
        ("a", [("follow", "x")]),
        ("a", [("sinceSeconds", "1"), ("sinceTime", "2001-01-01T00:00:00Z")]),
    ):
        side.request("GET", f"/api/v1/namespaces/$NS/pods/{name}/log", query=query)


@case("events: one store, two shapes")
def events(side):
    side.create(
        "event",
        "old",
        {
            "involvedObject": {"kind": "Pod", "namespace": "$NS", "name": "a"},
            "reason": "Tried",
            "type": "Normal",
            "message": "m",
            "count": 2,
            "firstTimestamp": "2001-01-01T00:00:00Z",
            "lastTimestamp": "2001-01-02T00:00:00Z",
            "source": {"component": "c", "host": "h"},
        },
    )
    side.get("newevent", "old")
    side.create(
        "newevent",
        "new",
        {
            "eventTime": "2001-02-03T04:05:06.000007Z",
            "reportingController": "example.com/c",
            "reportingInstance": "i",
            "action": "Do",
            "reason": "Tried",
            "type": "Normal",
            "note": "n",
            "regarding": {"kind": "Pod", "namespace": "$NS", "name": "a"},
        },
    )
    side.get("event", "new")
    side.request("GET", KINDS["event"].collection(), query=[("fieldSelector", "involvedObject.name=a")])
    side.request("GET", KINDS["newevent"].collection(), query=[("fieldSelector", "regarding.name=a")])
    side.delete("newevent", "old")
    side.get("event", "old")


@case("numbers: what is too large for a double stays what it is")
def numbers(side):
    """Only until it is patched: patches of Kubernetes count in doubles."""
    data = {"large": 9007199254740993, "larger": 18446744073709551615, "float": 1.1, "exponent": 1e21, "zero": -0.0}
    side.create("revision", "a", {"revision": 9007199254740993, "data": data})
    side.get("revision", "a")
    side.create(
        "run",
        "r",
        {"spec": {"workflowRef": {"name": "none"}, "suspend": True, "params": {"n": 9007199254740993, "f": 0.1}}},
    )
    side.get("run", "r")
