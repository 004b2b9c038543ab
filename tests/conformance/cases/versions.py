"""resourceVersion at its edges: too old, not yet there, nonsense; and how watches end."""

import base64
import json

from suite.case import case
from suite.session import eventually

CONFIGMAPS = "/api/v1/namespaces/$NS/configmaps"
LEASES = "/apis/coordination.k8s.io/v1/namespaces/$NS/leases"
WORKFLOWS = "/apis/ork.dev/v1alpha1/namespaces/$NS/workflows"
FUTURE = "999999999"
MARKED = [("labelSelector", "app=x")]


@case("versions: a list as of a time to come")
def future_list(side):
    for query in (
        [("resourceVersion", FUTURE)],
        [("resourceVersion", FUTURE), ("resourceVersionMatch", "NotOlderThan")],
        [("resourceVersion", FUTURE), ("resourceVersionMatch", "Exact")],
    ):
        side.request("GET", CONFIGMAPS, query=query)
    side.request("GET", CONFIGMAPS + "/a", query=[("resourceVersion", FUTURE)])


@case("versions: a watch from a time to come")
def future_watch(side):
    side.watch(CONFIGMAPS, [("resourceVersion", FUTURE), ("timeoutSeconds", "1")])


@case("versions: what is no version")
def nonsense(side):
    for text in ("abc", "-1", "1.5", "99999999999999999999999999", " 1", "0x10", ""):
        side.request("GET", CONFIGMAPS, query=[("resourceVersion", text), *MARKED])
        side.request("GET", CONFIGMAPS + "/none", query=[("resourceVersion", text)])
        side.watch(CONFIGMAPS, [("resourceVersion", text), ("timeoutSeconds", "1"), *MARKED])


@case("versions: watches end when their time is over")
def timeouts(side):
    side.create("configmap", "a", metadata={"labels": {"app": "x"}})
    side.watch(CONFIGMAPS, [("timeoutSeconds", "1"), *MARKED])
    side.watch(WORKFLOWS, [("timeoutSeconds", "1")])
    for text in ("x", "1.5"):
        side.watch(CONFIGMAPS, [("timeoutSeconds", text), *MARKED], count=1)


@case("versions: a watch shows what is there, then what changes, then the end")
def course(side):
    for name in ("b", "a", "c"):
        side.create("lease", name, {"spec": {"holderIdentity": name}})
    side.watch(LEASES, [], count=3)
    side.watch(
        LEASES,
        [("sendInitialEvents", "true"), ("resourceVersionMatch", "NotOlderThan"), ("allowWatchBookmarks", "true")],
        count=4,
    )
    side.watch(LEASES, [("fieldSelector", "metadata.name=b")], count=1)
    side.watch(LEASES + "/b", [], count=1)
    side.request("PATCH", LEASES + "/b", {"spec": {"holderIdentity": "x"}}, type="application/merge-patch+json")
    side.delete("lease", "c")
    side.watch(LEASES, [("resourceVersion", {"$version": ["lease", "a", 0]})], count=3)


@case("versions: a continued list shows the state in which it began")
def pages(side):
    for name in "abcde":
        side.create("configmap", name, metadata={"labels": {"app": "x"}})
    first = json.loads(
        side.server.request(
            "GET", side.session.in_words_of_the_server(CONFIGMAPS) + "?limit=2&labelSelector=app%3Dx"
        ).body
    )
    side.note("the rest", first["metadata"].get("remainingItemCount"))
    side.delete("configmap", "d")
    side.create("configmap", "dd", metadata={"labels": {"app": "x"}})
    token = first["metadata"]["continue"]
    for path, query in (
        (CONFIGMAPS, [("limit", "2"), *MARKED]),
        (CONFIGMAPS, [("limit", "2"), ("labelSelector", "app=y")]),
        (CONFIGMAPS, MARKED),
        ("/api/v1/namespaces/$NS/secrets", []),
    ):
        side.request("GET", path, query=[("continue", token), *query], only=names, label=f"continued {query}")


def names(body):
    if isinstance(body, dict) and "items" in body:
        return {"names": [item["metadata"]["name"] for item in body["items"] or []], "metadata": body["metadata"]}
    return body


# A kube-apiserver forgets every five minutes what was older at the time before: a new one waits for ten.
COMPACTION_SECONDS = 700


def fill_history(side):
    """More than a server keeps of it in memory."""
    side.create("secret", "big")
    for number in range(18):
        side.server.request(
            "PATCH",
            side.session.in_words_of_the_server("/api/v1/namespaces/$NS/secrets/big"),
            {"Content-Type": "application/merge-patch+json"},
            '{"stringData":{"k":"%s"}}' % (str(number) * 700_000),
        )


@case("versions: what is older than the history is 410")
def too_old(side):
    fill_history(side)
    first = side.session.in_words_of_the_server(f"{CONFIGMAPS}?resourceVersion=1&resourceVersionMatch=Exact")
    forgotten = eventually(lambda: side.server.request("GET", first).status == 410, COMPACTION_SECONDS)
    side.note("the first version is forgotten", forgotten)
    # A new server can tell all that has happened to ConfigMaps since it began, but not so of kinds that came later.
    side.watch(WORKFLOWS, [("resourceVersion", "1"), ("timeoutSeconds", "3")])
    for path in (CONFIGMAPS, WORKFLOWS):
        side.request("GET", path, query=[("resourceVersion", "1"), ("resourceVersionMatch", "Exact")])
        token = base64.urlsafe_b64encode(b'{"v":"meta.k8s.io/v1","rv":1,"start":"a\\u0000"}').decode().rstrip("=")
        side.request("GET", path, query=[("limit", "1"), ("continue", token)])
