"""Workflow and WorkflowRun: each rule of the schemas kept and broken."""

from samples.sample import REMOVE, Sample, edit, fault

OLD = "2001-01-01T00:00:00Z"
IMAGE = {"image": "busybox"}


def workflow(tasks=None, **spec):
    return {"tasks": tasks or [{"name": "a", "image": "busybox", "script": "echo a"}], **spec}


SPECS = [
    workflow(),
    workflow(
        [{"name": "a", "script": "x"}, {"name": "b", "dependsOn": ["a"], "command": ["c"], "args": ["d"]}],
        defaults=IMAGE,
    ),
    workflow(
        [
            {
                "name": "f",
                "image": "i",
                "count": 5,
                "parallelism": 2,
                "inputs": {"day": "params.day"},
                "timeout": "90s",
                "retry": {"limit": 3},
                "onFailure": "run",
                "when": "params.day > '2000'",
                "trigger": "noneFailed",
            }
        ],
        params=[{"name": "day", "default": "2001-01-01"}],
    ),
    workflow(
        params=[
            {"name": "n", "type": "integer", "default": 3, "enum": [1, 2, 3]},
            {"name": "o", "type": "object", "default": {"a": [None, 1.5]}},
        ]
    ),
    workflow(
        [
            {
                "name": "p",
                "podTemplate": {
                    "metadata": {"labels": {"team": "x"}},
                    "spec": {
                        "containers": [{"name": "main", "image": "busybox", "anything": {"kept": [1]}}],
                        "volumes": [{"name": "v", "emptyDir": {}}],
                    },
                },
            }
        ]
    ),
    workflow(
        defaults={
            **IMAGE,
            "timeout": "1h30m",
            "retry": {"limit": 2, "backoff": {"initial": "1s", "factor": 1.5, "jitter": 0}},
            "env": [
                {"name": "A", "value": "1"},
                {"name": "B", "valueFrom": {"secretKeyRef": {"name": "a", "key": "k"}}},
            ],
            "envFrom": [{"configMapRef": {"name": "a"}}],
            "serviceAccountName": "sa",
            "resources": {
                "requests": {"cpu": "100m", "memory": 128},
                "limits": {"cpu": 1},
                "claims": [{"name": "gpu"}],
            },
        }
    ),
    workflow(
        parallelism=10,
        timeout="10m",
        ttlSecondsAfterFinished=100,
        successfulRunsHistoryLimit=3,
        failedRunsHistoryLimit=0,
    ),
    workflow([{"name": "r", "image": "i", "retry": {"limit": 0, "backoff": {}}}]),
    workflow([{"name": "m", "image": "i", "script": "s" * 2000, "unknown": 1}]),
]


def task_faults(prefix):
    task = prefix + "tasks.0."
    return [
        fault((task + "name", "Not_Valid")),
        fault((task + "name", "n" * 64)),
        fault((task + "name", REMOVE)),
        fault((prefix + "tasks", [])),
        fault((prefix + "tasks", REMOVE)),
        fault((prefix + "tasks", [{"name": "x", "image": "i"}] * 2)),
        fault((prefix + "tasks", [{"name": "noimage", "script": "x"}]), (prefix + "defaults", REMOVE)),
        fault((task + "script", "x"), (task + "command", ["y"])),
        fault((task + "script", "x"), (task + "args", ["y"])),
        fault((task + "podTemplate", {"spec": {"containers": [{"name": "m"}]}}), (task + "image", "i")),
        fault((task + "podTemplate", {"spec": {"containers": []}})),
        fault((task + "podTemplate", {})),
        fault(
            (task + "podTemplate", {"spec": {"containers": [{"name": "m"}, {"name": "m"}]}}),
            (task + "image", REMOVE),
            (task + "script", REMOVE),
        ),
        fault((task + "count", 0)),
        fault((task + "count", 100001)),
        fault((task + "timeout", "0s")),
        fault((task + "timeout", "ten minutes")),
        fault((task + "timeout", "90000h")),
        fault((task + "timeout", "1" * 33 + "s")),
        fault((task + "retry", {})),
        fault((task + "retry", {"limit": 101})),
        fault((task + "retry", {"limit": -1})),
        fault((task + "retry", {"limit": 1, "backoff": {"factor": 0.5}})),
        fault((task + "retry", {"limit": 1, "backoff": {"factor": 10.5, "jitter": 1.1}})),
        fault((task + "retry", {"limit": 1, "backoff": {"initial": "90000h", "max": "x"}})),
        fault((task + "onFailure", "explode")),
        fault((task + "trigger", "always")),
        fault((task + "trigger", 3), (task + "when", True)),
        fault((task + "when", "")),
        fault((task + "retry", {"limit": 1, "backoff": {"max": "90000h"}})),
        fault((task + "retry", {"limit": 1.5})),
        fault((task + "inputs", {"bad-name": "x"})),
        fault((task + "inputs", {"1x": "x"})),
        fault((task + "inputs", {"x": ""})),
        fault((task + "env", [{"name": "A", "value": "1", "valueFrom": {"fieldRef": {}}}])),
        fault((task + "env", [{"name": "A=B"}])),
        fault((task + "env", [{"name": "A"}, {"name": "A"}])),
        fault((task + "env", [{"value": "x"}])),
        fault((task + "env", {})),
        fault((task + "dependsOn", ["x", "x"])),
        fault((task + "dependsOn", [""])),
        fault((task + "dependsOn", "x")),
        fault((task + "image", "")),
        fault((task + "resources", {"requests": {"cpu": "lots"}})),
        fault((task + "resources", {"limits": {"cpu": True}})),
        fault((task + "resources", {"limits": {"cpu": 1.5}})),
        fault((task + "count", "5")),
        fault((task + "count", "")),
        fault((task + "count", 2.5)),
        fault((task + "count", [1])),
        fault((task + "script", "")),
        fault(
            (task + "podTemplate", {"metadata": {"labels": {"a": "l" * 64}}, "spec": {"containers": [{"name": "m"}]}})
        ),
    ]


def spec_faults(prefix):
    task = prefix + "tasks.0."
    return [
        fault((prefix + "parallelism", 0)),
        fault((prefix + "timeout", "0s")),
        fault((prefix + "ttlSecondsAfterFinished", -1)),
        fault((prefix + "failedRunsHistoryLimit", 1000001)),
        fault((prefix + "successfulRunsHistoryLimit", -1)),
        fault((prefix + "params", [{"name": "bad-name"}])),
        fault((prefix + "params", [{"name": "x", "type": "date"}])),
        fault((prefix + "params", [{"name": "x"}, {"name": "x"}])),
        fault((prefix + "params", [{"name": "x", "enum": []}])),
        fault((prefix + "defaults", {"image": ""})),
        fault((prefix + "defaults", {"timeout": "0ms", "image": "i"})),
        fault((prefix + "defaults", {"image": "i", "env": [{"name": "A", "value": "1", "valueFrom": {}}]})),
        fault((prefix + "defaults", {"image": "i", "retry": {"limit": 1, "backoff": {"initial": "87600h1s"}}})),
        fault((prefix + "defaults", {"image": "i", "onFailure": "stop", "serviceAccountName": ""})),
        fault((prefix + "unknown", {"deep": {"er": 1}})),
        fault((task + "unknown", 1), (prefix + "also", 2)),
        fault((task + "timeout", "1.5h"), (task + "retry", {"limit": 1, "backoff": {"initial": 5}})),
        fault((prefix + "tasks", None)),
        fault((prefix + "tasks", [None])),
        fault((prefix + "tasks", ["x"])),
        fault((prefix[:-1], None)),
        fault((prefix[:-1], "x")),
    ]


CONDITION = {"type": "Ready", "status": "True", "lastTransitionTime": OLD, "reason": "Valid", "message": "m"}

WORKFLOW = Sample(
    minimal={"spec": workflow()},
    variants=[{"spec": spec} for spec in SPECS],
    edits=[
        edit("spec.tasks.0.script", "changed"),
        edit("spec.parallelism", 3),
        edit("spec.tasks.+", {"name": "added", "image": "i"}),
        edit("spec.timeout", "5m"),
        edit("spec.timeout"),
        edit("spec.params", [{"name": "p"}]),
        edit("spec.defaults", IMAGE),
        edit("spec.tasks.0.retry", {"limit": 1, "backoff": {}}),
    ],
    faults=task_faults("spec.") + spec_faults("spec."),
    statuses=[
        {"observedGeneration": 1, "revision": "r", "tasks": 3, "conditions": [CONDITION]},
        {"observedGeneration": -2},
        {"tasks": "x"},
        {"conditions": [CONDITION, CONDITION]},
        {"conditions": [{"type": "Ready", "status": "Maybe"}]},
        {},
        {"unknown": 1},
        None,
        {"conditions": [{**CONDITION, "lastTransitionTime": "x"}]},
        {"conditions": [{**CONDITION, "reason": ""}]},
        {"tasks": None},
        {"conditions": [{**CONDITION, "observedGeneration": 1}, {**CONDITION, "type": "Stalled"}]},
    ],
    merges=[
        {"spec": {"parallelism": 7}},
        {"spec": {"parallelism": None}},
        {"spec": {"tasks": [{"name": "m", "image": "i"}]}},
        {"spec": {"tasks": []}},
        {"spec": {"tasks": None}},
        {"spec": {"unknown": 1}},
        {"spec": None},
        {"status": {"tasks": 9}},
        {"spec": {"defaults": {"retry": {"limit": 1, "backoff": {}}}}},
        {"kind": "Other"},
        {"spec": {"defaults": None}},
    ],
    operations=[
        [{"op": "replace", "path": "/spec/tasks/0/script", "value": "o"}],
        [{"op": "add", "path": "/spec/tasks/0", "value": {"name": "first", "image": "i"}}],
        [{"op": "remove", "path": "/spec/tasks"}],
        [{"op": "add", "path": "/spec/x", "value": 1}],
        [{"op": "move", "from": "/spec/tasks/0", "path": "/spec/tasks/1"}],
        [{"op": "add", "path": "/status", "value": {"tasks": 4}}],
    ],
    applied=[
        {"spec": workflow()},
        {"spec": {"tasks": [{"name": "a", "image": "applied"}]}},
        {"spec": {"tasks": [{"name": "mine", "image": "i"}]}},
        {"spec": {"parallelism": 4}},
        {"spec": {"defaults": {"image": "applied"}}},
        {"spec": {"defaults": {"env": [{"name": "A", "value": "2"}]}}},
        {"spec": {"tasks": [{"name": "a", "image": "i"}, {"name": "a", "image": "j"}]}},
        {"spec": {"unknown": 1}},
        {"spec": {"tasks": "x"}},
        {"spec": {"params": [{"name": "p", "default": 1}]}},
    ],
)

TASK = {"name": "a", "phase": "Running", "attempt": 1, "job": "j", "startTime": OLD}

RUN = Sample(
    minimal={"spec": {"workflowRef": {"name": "none"}}},
    variants=[
        {"spec": {"workflowRef": {"name": "etl"}, "params": {"day": "x", "n": 1, "o": {"p": [None]}}}},
        {"spec": {"workflowRef": {"name": "etl"}, "suspend": True, "ttlSecondsAfterFinished": 5}},
        {"spec": {"workflowRef": {"name": "etl"}, "cancel": True}},
        *[{"spec": {"workflow": spec}} for spec in SPECS],
    ],
    edits=[
        edit("spec.suspend", True),
        edit("spec.suspend", False),
        edit("spec.cancel", True),
        edit("spec.ttlSecondsAfterFinished", 9),
    ],
    faults=[
        *task_faults("spec.workflow."),
        *spec_faults("spec.workflow."),
        fault(("spec.workflowRef", {"name": "changed"})),
        fault(("spec.workflowRef", {})),
        fault(("spec.workflowRef", REMOVE), ("spec.workflow", REMOVE)),
        fault(("spec.params", {"changed": 1})),
        fault(("spec.cancel", False)),
        fault(("spec.workflowRef", {"name": "x"}), ("spec.workflow", workflow())),
        fault(("spec.params", [1])),
        fault(("spec.cancel", "yes")),
        fault(("spec.params", REMOVE)),
        fault(("spec.workflowRef", {"name": ""})),
        fault(("spec.suspend", 1)),
        fault(("spec.ttlSecondsAfterFinished", -1)),
        fault(("spec.workflowRef", {"name": "x", "namespace": "y"})),
        fault(("spec", REMOVE)),
    ],
    statuses=[
        {
            "phase": "Running",
            "observedGeneration": 1,
            "startTime": OLD,
            "counts": {"total": 2, "running": 1},
            "tasks": [TASK],
        },
        {"phase": "Odd"},
        {"tasks": [{"name": "a"}]},
        {"tasks": [{**TASK, "phase": "Odd"}]},
        {"counts": {"total": -1}},
        None,
        {"tasks": [TASK, TASK], "progress": "1/2"},
        {"conditions": [{**CONDITION, "type": "Succeeded", "status": "Unknown"}]},
        {
            "tasks": [
                {**TASK, "output": {"any": [1, None]}, "attempts": [{"attempt": 1, "exitCode": 3, "cause": "Program"}]}
            ]
        },
        {"tasks": [{**TASK, "attempts": [{"attempt": 0}], "cause": "Bad luck"}]},
        {"startTime": "x"},
        {"unknown": {}},
        {
            "phase": "Succeeded",
            "completionTime": OLD,
            "duration": "1m",
            "progress": "2/2",
            "message": "done",
            "workflow": "etl",
        },
        {"counts": {"unknownCount": 1}},
        {"progress": "p" * 33},
    ],
    merges=[
        {"spec": {"suspend": True}},
        {"spec": {"cancel": True}},
        {"spec": {"cancel": False}},
        {"spec": {"cancel": None}},
        {"spec": {"params": {"day": "other"}}},
        {"spec": {"params": None}},
        {"spec": {"workflow": {"tasks": None}}},
        {"spec": {"workflowRef": None}},
        {"metadata": {"labels": {"l": "x"}}},
        {"status": {"phase": "Failed"}},
    ],
    operations=[
        [{"op": "add", "path": "/spec/cancel", "value": True}],
        [{"op": "remove", "path": "/spec/params"}],
        [{"op": "replace", "path": "/spec/workflowRef/name", "value": "o"}],
    ],
    applied=[
        {"spec": {"workflowRef": {"name": "none"}}},
        {"spec": {"suspend": True}},
        {"spec": {"params": {"applied": True}}},
        {"spec": {"workflow": workflow()}},
        {"spec": {"cancel": True}},
    ],
)
