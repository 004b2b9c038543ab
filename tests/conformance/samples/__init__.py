"""The samples of each kind, by the key of the kind."""

from samples import core, events, jobs, pods, workflows

SAMPLES = {
    "configmap": core.CONFIGMAP,
    "secret": core.SECRET,
    "namespace": core.NAMESPACE,
    "lease": core.LEASE,
    "revision": core.REVISION,
    "event": events.EVENT,
    "newevent": events.NEW_EVENT,
    "job": jobs.JOB,
    "pod": pods.POD,
    "workflow": workflows.WORKFLOW,
    "run": workflows.RUN,
}
