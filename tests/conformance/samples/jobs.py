"""Jobs that no controller takes: managedBy names one that is not there."""

from samples.sample import REMOVE, Sample, edit, fault

OTHER = "example.com/none"
MAIN = {"name": "main", "image": "busybox"}
OLD, LATER = "2001-01-01T00:00:00Z", "2001-01-01T00:01:00Z"


def job(template=None, **spec):
    return {
        "spec": {
            "managedBy": OTHER,
            "template": {"spec": {"restartPolicy": "Never", "containers": [MAIN], **(template or {})}},
            **spec,
        }
    }


VARIANTS = [
    job(),
    job(parallelism=3, completions=5, completionMode="Indexed", backoffLimitPerIndex=1, maxFailedIndexes=2),
    job(suspend=True, ttlSecondsAfterFinished=2_000_000_000, backoffLimit=0, activeDeadlineSeconds=100),
    job(parallelism=0),
    job(completions=3),
    job({"restartPolicy": "OnFailure"}, backoffLimit=2),
    job(
        podFailurePolicy={
            "rules": [
                {"action": "FailJob", "onExitCodes": {"containerName": "main", "operator": "In", "values": [1, 2]}},
                {"action": "Ignore", "onPodConditions": [{"type": "DisruptionTarget"}]},
            ]
        },
        podReplacementPolicy="Failed",
    ),
    job(
        successPolicy={"rules": [{"succeededIndexes": "0-1", "succeededCount": 1}]},
        completions=3,
        parallelism=3,
        completionMode="Indexed",
    ),
    job({"containers": [{**MAIN, "resources": {"requests": {"cpu": "1"}}, "env": [{"name": "A", "value": "1"}]}]}),
    {
        "spec": {
            "managedBy": OTHER,
            "template": {
                "metadata": {"labels": {"mine": "yes"}, "annotations": {"n": "v"}, "name": "ignored"},
                "spec": {"restartPolicy": "Never", "containers": [MAIN]},
            },
        }
    },
    {
        "spec": {
            "managedBy": OTHER,
            "manualSelector": True,
            "selector": {"matchLabels": {"mine": "yes"}},
            "template": {
                "metadata": {"labels": {"mine": "yes"}},
                "spec": {"restartPolicy": "Never", "containers": [MAIN]},
            },
        }
    },
    job(podReplacementPolicy="TerminatingOrFailed"),
]

T = "spec.template.spec."
FAULTS = [
    fault((T + "restartPolicy", "Always")),
    fault((T + "restartPolicy", REMOVE)),
    fault(("spec.template", REMOVE)),
    fault(("spec.completions", -1)),
    fault(("spec.parallelism", -1)),
    fault(("spec.backoffLimit", -1)),
    fault(("spec.activeDeadlineSeconds", -1)),
    fault(("spec.ttlSecondsAfterFinished", -1)),
    fault(("spec.completionMode", "Odd")),
    fault(("spec.completionMode", "Indexed"), ("spec.completions", REMOVE)),
    fault(("spec.managedBy", "not a domain prefix")),
    fault(("spec.managedBy", "m" * 64 + "/x")),
    fault(("spec.selector", {"matchLabels": {"x": "y"}})),
    fault(("spec.manualSelector", True)),
    fault((T + "containers.0.image", "changed")),
    fault(("spec.completions", 77)),
    fault(("spec.backoffLimitPerIndex", 1)),
    fault(("spec.maxFailedIndexes", 1)),
    fault(("spec.podReplacementPolicy", "Odd")),
    fault(("spec.completions", 3), ("spec.completionMode", "Indexed"), ("spec.parallelism", 100001)),
    fault(("spec.podFailurePolicy", {"rules": [{"action": "Odd", "onExitCodes": {"operator": "In", "values": [1]}}]})),
    fault(("spec.podFailurePolicy", {"rules": [{"action": "FailJob"}]})),
    fault((T + "containers", [])),
    fault(
        ("spec.podFailurePolicy", {"rules": [{"action": "FailJob", "onExitCodes": {"operator": "In", "values": [0]}}]})
    ),
    fault(
        (
            "spec.podFailurePolicy",
            {"rules": [{"action": "FailIndex", "onExitCodes": {"operator": "In", "values": [2, 1]}}]},
        )
    ),
    fault(("spec.successPolicy", {"rules": [{"succeededIndexes": "x"}]})),
    fault(("spec.parallelism", "many")),
    fault(("spec", REMOVE)),
    fault(("spec.successPolicy", {"rules": []})),
    fault(("spec.template.metadata", {"labels": {"bad label!": "x"}})),
    fault(("spec.template.metadata", {"labels": {"batch.kubernetes.io/job-name": "mine"}})),
    fault(("spec.completions", 2147483648)),
    fault((T + "containers.0.name", "Bad_Name")),
    fault((T + "containers.0", {"image": "x"})),
    fault(("spec.parallelism", 1.5)),
]

STATUSES = [
    {"startTime": OLD},
    {"startTime": OLD, "active": 1, "ready": 1, "terminating": 0},
    {"startTime": OLD, "succeeded": 1, "uncountedTerminatedPods": {}},
    {"active": -1},
    {"failed": 2, "startTime": OLD},
    {
        "startTime": OLD,
        "completionTime": LATER,
        "succeeded": 1,
        "conditions": [
            {"type": "SuccessCriteriaMet", "status": "True", "lastProbeTime": LATER, "lastTransitionTime": LATER},
            {"type": "Complete", "status": "True", "lastProbeTime": LATER, "lastTransitionTime": LATER},
        ],
    },
    {"startTime": OLD, "conditions": [{"type": "Complete", "status": "True"}]},
    {
        "startTime": OLD,
        "failed": 1,
        "conditions": [
            {"type": "FailureTarget", "status": "True", "reason": "BackoffLimitExceeded", "lastTransitionTime": LATER},
            {
                "type": "Failed",
                "status": "True",
                "reason": "BackoffLimitExceeded",
                "message": "m",
                "lastTransitionTime": LATER,
            },
        ],
    },
    {"conditions": [{"type": "Failed", "status": "True"}]},
    {"conditions": [{"type": "Suspended", "status": "True"}]},
    {"completedIndexes": "0,2-4", "startTime": OLD},
    {"failedIndexes": "1", "startTime": OLD},
    {"completedIndexes": "b"},
    {"completionTime": OLD},
    {"startTime": LATER},
    {"ready": 5, "active": 1},
    {"unknown": 1},
    {"active": "x"},
    {"uncountedTerminatedPods": {"succeeded": ["u1"], "failed": ["u1"]}},
    {"uncountedTerminatedPods": {"failed": [""]}},
    {},
]

JOB = Sample(
    minimal=job(),
    variants=VARIANTS,
    edits=[
        edit("spec.suspend", True),
        edit("spec.suspend", False),
        edit("spec.parallelism", 2),
        edit("spec.backoffLimit", 9),
        edit("spec.ttlSecondsAfterFinished", 2_000_000_001),
        edit("spec.activeDeadlineSeconds", 77),
        edit("spec.ttlSecondsAfterFinished"),
    ],
    faults=FAULTS,
    statuses=STATUSES,
    merges=[
        {"spec": {"suspend": True}},
        {"spec": {"parallelism": 4}},
        {"spec": {"template": None}},
        {"spec": {"completions": 8}},
        {"spec": {"template": {"spec": {"containers": [{"name": "main", "image": "patched"}]}}}},
        {"spec": {"template": {"spec": {"nodeSelector": {"k": "v"}}}}},
        {"spec": {"activeDeadlineSeconds": None}},
        {"spec": {"backoffLimit": None}},
        {"spec": {"managedBy": None}},
        {"spec": {"selector": None}},
        {"spec": {"template": {"metadata": {"labels": {"late": "x"}}}}},
    ],
    operations=[
        [{"op": "replace", "path": "/spec/parallelism", "value": 3}],
        [{"op": "add", "path": "/spec/suspend", "value": True}],
        [{"op": "remove", "path": "/spec/backoffLimit"}],
        [{"op": "replace", "path": "/spec/selector", "value": {}}],
        [{"op": "test", "path": "/spec/completions", "value": 5}],
    ],
    applied=[
        job(),
        job(parallelism=2),
        {"spec": {"suspend": True}},
        {"spec": {"parallelism": 5}},
        job(completions=2, parallelism=2),
        {"spec": {"template": {"spec": {"containers": [{"name": "main", "image": "applied"}]}}}},
    ],
)
