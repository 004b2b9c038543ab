"""The kinds both servers have, and where they are served."""

import dataclasses


@dataclasses.dataclass(frozen=True)
class Kind:
    key: str  # what scripts call it
    group: str
    version: str
    plural: str
    kind: str
    namespaced: bool = True
    has_status: bool = False
    custom: bool = False
    selectable: tuple = ()  # field selectors beside metadata.name and metadata.namespace, each with values to ask for
    strategic: bool = True

    @property
    def api_version(self):
        return f"{self.group}/{self.version}" if self.group else self.version

    @property
    def root(self):
        return f"/apis/{self.group}/{self.version}" if self.group else f"/api/{self.version}"

    def collection(self, namespace="$NS"):
        return f"{self.root}/namespaces/{namespace}/{self.plural}" if self.namespaced else f"{self.root}/{self.plural}"

    def path(self, name, namespace="$NS"):
        return f"{self.collection(namespace)}/{name}"


KINDS = {
    kind.key: kind
    for kind in (
        Kind("configmap", "", "v1", "configmaps", "ConfigMap"),
        Kind("secret", "", "v1", "secrets", "Secret", selectable=(("type", ("Opaque", "example.com/other", "none")),)),
        Kind(
            "pod",
            "",
            "v1",
            "pods",
            "Pod",
            has_status=True,
            selectable=(
                ("status.phase", ("Pending", "Running", "Failed")),
                ("spec.schedulerName", ("none",)),
                ("spec.restartPolicy", ("Never", "Always")),
                ("spec.nodeName", ("", "no-such-node")),
            ),
        ),
        Kind(
            "event",
            "",
            "v1",
            "events",
            "Event",
            selectable=(
                ("reason", ("Tried", "Other")),
                ("involvedObject.name", ("a", "b")),
                ("type", ("Normal", "Warning")),
                ("involvedObject.kind", ("Pod", "Job")),
            ),
        ),
        Kind("namespace", "", "v1", "namespaces", "Namespace", namespaced=False, has_status=True),
        Kind("job", "batch", "v1", "jobs", "Job", has_status=True, selectable=(("status.successful", ("0", "1")),)),
        Kind("revision", "apps", "v1", "controllerrevisions", "ControllerRevision"),
        Kind("lease", "coordination.k8s.io", "v1", "leases", "Lease"),
        Kind(
            "newevent",
            "events.k8s.io",
            "v1",
            "events",
            "Event",
            selectable=(("reason", ("Tried",)), ("regarding.name", ("a",))),
        ),
        Kind("workflow", "ork.dev", "v1alpha1", "workflows", "Workflow", has_status=True, custom=True, strategic=False),
        Kind(
            "run", "ork.dev", "v1alpha1", "workflowruns", "WorkflowRun", has_status=True, custom=True, strategic=False
        ),
    )
}

BY_NAME = {(kind.api_version, kind.kind): kind for kind in KINDS.values()}


def kind_of(obj):
    """The kind of an object or of what an answer holds; None: one that scripts don't use."""
    return BY_NAME.get((obj.get("apiVersion"), obj.get("kind")))
