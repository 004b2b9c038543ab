"""What is served, as the server tells it: discovery, OpenAPI, versions, health."""

from suite.case import case
from suite.kinds import KINDS

GROUPS = sorted({kind.group for kind in KINDS.values() if kind.group})
GROUP_VERSIONS = sorted({kind.api_version for kind in KINDS.values()})
# Further resources of these kinds, that both servers have.
SUBRESOURCES = {
    "pods/status",
    "pods/log",
    "pods/binding",
    "jobs/status",
    "namespaces/status",
    "namespaces/finalize",
    "workflows/status",
    "workflowruns/status",
}
SHARED = {kind.plural for kind in KINDS.values()} | SUBRESOURCES
AGGREGATED = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"


def root(api_version):
    return f"/apis/{api_version}" if "/" in api_version else f"/api/{api_version}"


def shared_resources(body):
    body["resources"] = sorted(
        (entry for entry in body.get("resources", []) if entry["name"] in SHARED), key=lambda entry: entry["name"]
    )
    for entry in body["resources"]:
        entry["verbs"] = sorted(entry["verbs"])
    return body


def shared_groups(body):
    body["groups"] = sorted(
        (group for group in body.get("groups", []) if group["name"] in GROUPS), key=lambda group: group["name"]
    )
    return body


def shared_group_discovery(body):
    groups = []
    for group in body.get("items", []):
        name = group["metadata"].get("name", "")
        if name and name not in GROUPS:
            continue
        versions = []
        for version in group["versions"]:
            resources = [entry for entry in version.get("resources", []) if entry["resource"] in SHARED]
            for entry in resources:
                entry["verbs"] = sorted(entry["verbs"])
                entry["subresources"] = [
                    sub
                    for sub in entry.get("subresources", [])
                    if f"{entry['resource']}/{sub['subresource']}" in SHARED
                ]
            if any(f"{name}/{version['version']}".strip("/") == served for served in GROUP_VERSIONS):
                versions.append({**version, "resources": sorted(resources, key=lambda entry: entry["resource"])})
        groups.append({"name": name, "versions": versions})
    return {
        **{key: body[key] for key in ("kind", "apiVersion", "metadata")},
        "items": sorted(groups, key=lambda group: group["name"]),
    }


@case("discovery: the groups and their resources")
def unaggregated(side):
    side.request("GET", "/apis", only=shared_groups)
    side.request("GET", "/api", only=lambda body: {key: body[key] for key in ("kind", "versions")})
    for api_version in GROUP_VERSIONS:
        side.request("GET", root(api_version), only=shared_resources)
    for group in GROUPS:
        side.request("GET", f"/apis/{group}")
    side.request("GET", "/apis/no.such.group")
    side.request("GET", "/apis/batch/v9")


@case("discovery: all of it in one answer")
def aggregated(side):
    for path in ("/api", "/apis"):
        side.request("GET", path, accept=AGGREGATED, only=shared_group_discovery)
        side.request("GET", path, accept=AGGREGATED + ",application/json", only=shared_group_discovery)


@case("discovery: version and health")
def version(side):
    side.request(
        "GET",
        "/version",
        only=lambda body: {
            "keys": sorted(key for key in body if key in ("major", "minor", "gitVersion", "platform")),
            "major": body["major"],
        },
    )
    for path in ("/healthz", "/livez", "/readyz"):
        side.request("GET", path)


def our_schemas(body):
    """Of lists, and of what all objects have, without the descriptions: those are not ork's."""
    schemas = {name: schema for name, schema in body["components"]["schemas"].items() if name.startswith("dev.ork.")}
    for name, schema in schemas.items():
        for field in ("apiVersion", "kind", "metadata"):
            schema["properties"][field] = without_descriptions(schema["properties"][field])
    return {name: without_descriptions(schema) if name.endswith("List") else schema for name, schema in schemas.items()}


def methods(body):
    """Of each path that both have: those of the old watch paths are left out."""
    return {
        path: sorted(key for key in item if key != "parameters")
        for path, item in body["paths"].items()
        if "/watch/" not in path
    }


def without_descriptions(value):
    if isinstance(value, dict):
        return {
            key: without_descriptions(item)
            for key, item in value.items()
            if key != "description" or not isinstance(item, str)
        }
    return [without_descriptions(item) for item in value] if isinstance(value, list) else value


@case("openapi: the schemas of Workflow and WorkflowRun")
def openapi_ours(side):
    side.request("GET", "/openapi/v3/apis/ork.dev/v1alpha1", only=our_schemas)
    side.request("GET", "/openapi/v3/apis/ork.dev/v1alpha1", only=methods)


@case("openapi: the schemas of what Kubernetes brings")
def openapi_builtin(side):
    kinds = {
        "api/v1": "io.k8s.api.core.v1.ConfigMap io.k8s.api.core.v1.Secret io.k8s.api.core.v1.PodSpec io.k8s.api.core.v1.Container "
        "io.k8s.api.core.v1.Event io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta",
        "apis/batch/v1": "io.k8s.api.batch.v1.Job io.k8s.api.batch.v1.JobSpec io.k8s.api.batch.v1.JobStatus",
        "apis/apps/v1": "io.k8s.api.apps.v1.ControllerRevision",
        "apis/coordination.k8s.io/v1": "io.k8s.api.coordination.v1.LeaseSpec",
        "apis/events.k8s.io/v1": "io.k8s.api.events.v1.Event",
    }
    for path, names in kinds.items():
        side.request(
            "GET",
            f"/openapi/v3/{path}",
            only=lambda body, names=names: {
                name: without_descriptions(body["components"]["schemas"].get(name)) for name in names.split()
            },
        )
    side.request(
        "GET",
        "/openapi/v3",
        only=lambda body: sorted(
            path for path in body["paths"] if path.removeprefix("apis/").removeprefix("api/") in GROUP_VERSIONS
        ),
    )


@case("discovery: the CRDs of ork as objects")
def crds(side):
    def spec(body):
        conditions = sorted((entry["type"], entry["status"]) for entry in body["status"]["conditions"])
        return {
            "spec": body["spec"],
            "name": body["metadata"]["name"],
            "kind": body["kind"],
            "conditions": conditions,
            "names": body["status"]["acceptedNames"],
            "stored": body["status"]["storedVersions"],
        }

    for name in ("workflows.ork.dev", "workflowruns.ork.dev"):
        side.request("GET", f"/apis/apiextensions.k8s.io/v1/customresourcedefinitions/{name}", only=spec)
    side.request("GET", "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/none.ork.dev")
    side.request(
        "GET",
        "/apis/apiextensions.k8s.io/v1/customresourcedefinitions",
        query=[("fieldSelector", "metadata.name=workflows.ork.dev")],
        only=lambda body: [spec({**item, "kind": ""}) for item in body["items"]],
    )


REVIEW = {"kind": "SelfSubjectAccessReview", "apiVersion": "authorization.k8s.io/v1"}


@case("access reviews: an administrator may do everything")
def reviews(side):
    def allowed(body):
        return {key: body.get(key) for key in ("kind", "apiVersion", "spec")} | {
            "allowed": body.get("status", {}).get("allowed")
        }

    path = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews"
    side.request(
        "POST",
        path,
        {**REVIEW, "spec": {"resourceAttributes": {"namespace": "$NS", "verb": "get", "resource": "pods"}}},
        only=allowed,
    )
    side.request(
        "POST",
        path,
        {**REVIEW, "spec": {"resourceAttributes": {"verb": "create", "group": "ork.dev", "resource": "workflows"}}},
        only=allowed,
    )
    side.request(
        "POST", path, {**REVIEW, "spec": {"nonResourceAttributes": {"path": "/version", "verb": "get"}}}, only=allowed
    )
    side.request("POST", path, {**REVIEW, "spec": {}})
    side.request("POST", path, {**REVIEW, "kind": "Other", "spec": {}})
