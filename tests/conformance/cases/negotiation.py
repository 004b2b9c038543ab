"""Paths, methods, content types and Accept headers, in tables."""

from suite.case import case

MINIMAL = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}, "data": {"k": "v"}}
COLLECTION = "/api/v1/namespaces/$NS/configmaps"
ONE = COLLECTION + "/a"
WORKFLOWS = "/apis/ork.dev/v1alpha1/namespaces/$NS/workflows"
LABELED = [("labelSelector", "app=x")]

ACCEPTS = [
    "application/json",
    "application/json;charset=utf-8",
    "application/*",
    "*/*",
    "",
    "text/html",
    "application/xml",
    "text/html,application/json",
    "application/json;as=Table;v=v1;g=meta.k8s.io",
    "application/json;as=Table;g=meta.k8s.io;v=v1,application/json",
    "application/json; as=Table; v=v1; g=meta.k8s.io",
    "application/json;as=Table;v=v1beta1;g=meta.k8s.io",
    "application/json;as=Table;v=v9;g=meta.k8s.io,application/json",
    "application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io",
    "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io",
    "application/json;as=PartialObjectMetadataList;v=v1beta1;g=meta.k8s.io",
    "application/json;as=Nonsense;v=v1;g=meta.k8s.io",
    "application/json;q=0.1,text/html;q=0.9",
    "nonsense",
    ";",
    "application/json;stream=watch",
    "application/json;pretty=1",
]

CONTENT_TYPES = [
    "application/json",
    "application/json; charset=utf-8",
    "text/plain",
    "application/xml",
    "nonsense",
    "application/json;",
    "APPLICATION/JSON",
]

PATCH_TYPES = [
    "application/merge-patch+json",
    "application/json-patch+json",
    "application/strategic-merge-patch+json",
    "application/apply-patch+yaml",
    "application/json",
    "text/plain",
    "application/merge-patch+json; charset=utf-8",
    "application/nonsense",
]

PATHS = [
    "/nonsense",
    "/api/v2",
    "/api/v1/nonsense",
    "/api/v1/namespaces/$NS/nonsense",
    "/api/v1/namespaces/$NS/nonsense/a",
    "/apis/batch/v9/jobs",
    "/apis/nonsense/v1/jobs",
    "/api/v1/namespaces/$NS/configmaps/a/nonsense",
    "/api/v1/namespaces/$NS/configmaps/a/status",
    "/apis/ork.dev/v1alpha1/namespaces/$NS/workflows/a/nonsense",
    "/apis/ork.dev/v1alpha1/namespaces/$NS/nonsense",
    "/apis/ork.dev/v1alpha1/nonsense",
    "/apis/batch/v1/namespaces/$NS/jobs/a/scale",
    "/api/v1/namespaces/$NS/pods/none/log",
    "/api/v1/namespaces/$NS",
    "/api/v1/namespaces/$NS/",
    "/api/v1/namespaces/$NS-none",
    "/api/v1/namespaces/$NS/configmaps/%2e%2e",
    "/api/v1//namespaces/$NS/configmaps",
    "/api/v1/configmaps/a",
    "//api/v1",
]


@case("negotiation: Accept of one object, a list, a refusal")
def accepts(side):
    side.create("configmap", "a", {"data": {"k": "v"}}, {"labels": {"app": "x"}})
    for accept in ACCEPTS:
        for path, query in ((ONE, ()), (COLLECTION, LABELED), (COLLECTION + "/none", ())):
            side.request("GET", path, query=query, accept=accept)


@case("negotiation: Content-Type of a creation")
def content_types(side):
    for number, content in enumerate(CONTENT_TYPES):
        side.request("POST", COLLECTION, {**MINIMAL, "metadata": {"name": f"t{number}"}}, type=content)
        side.request("PUT", f"{COLLECTION}/t{number}", {**MINIMAL, "metadata": {"name": f"t{number}"}}, type=content)


@case("negotiation: Content-Type of a patch")
def patch_types(side):
    side.create("configmap", "a")
    side.create("workflow", "a", {"spec": {"tasks": [{"name": "a", "image": "i"}]}})
    for content in PATCH_TYPES:
        for path in (ONE, WORKFLOWS + "/a"):
            side.request("PATCH", path, {"metadata": {"labels": {"k": "v"}}}, type=content)


@case("negotiation: paths that lead nowhere")
def paths(side):
    for path in PATHS:
        for method in ("GET", "DELETE", "PUT"):
            if method == "GET" or "none" in path or "nonsense" in path:
                side.request(method, path, MINIMAL if method == "PUT" else None)


@case("negotiation: methods that are not allowed")
def methods(side):
    side.create("configmap", "a")
    for path, methods_of in (
        (ONE, ("POST", "TRACE", "OPTIONS", "BREW", "HEAD")),
        (COLLECTION, ("PUT", "PATCH", "HEAD")),
        (WORKFLOWS, ("PUT", "PATCH")),
        (WORKFLOWS + "/a", ("POST",)),
        (WORKFLOWS + "/a/status", ("POST", "DELETE")),
        ("/api/v1/configmaps", ("POST", "PUT", "DELETE")),
        ("/version", ("POST",)),
        ("/apis/ork.dev/v1alpha1/workflows", ("POST", "DELETE")),
    ):
        for method in methods_of:
            side.request(method, path, MINIMAL if method in ("POST", "PUT", "PATCH") else None)


@case("negotiation: bodies that are too large")
def too_large(side):
    for size in (1_000_000, 1_600_000, 3_200_000):
        side.create("configmap", f"b{size}", {"data": {"big": {"$big": size}}}, only=without_data)
    side.create("configmap", "a")
    for size in (1_600_000, 3_200_000):
        side.request(
            "PATCH", ONE, {"data": {"big": {"$big": size}}}, type="application/merge-patch+json", only=without_data
        )


def without_data(body):
    if isinstance(body, dict):
        body.pop("data", None)
    return body
