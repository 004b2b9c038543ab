"""Pods that no scheduler takes."""

from samples.sample import REMOVE, Sample, edit, fault

MAIN = {"name": "main", "image": "busybox"}
C = "spec.containers.0."
# A cluster's admission adds these, and its ServiceAccount. Pods that say so themselves are the same with and without
# such admission, and a PUT of another one does not take away what nobody wrote.
ADMITTED = [
    {"key": f"node.kubernetes.io/{key}", "operator": "Exists", "effect": "NoExecute", "tolerationSeconds": 300}
    for key in ("not-ready", "unreachable")
]


def pod(containers=None, tolerations=(), **spec):
    return {
        "spec": {
            "schedulerName": "none",
            "serviceAccountName": "default",
            "automountServiceAccountToken": False,
            "containers": containers or [MAIN],
            "tolerations": [*tolerations, *ADMITTED],
            **spec,
        }
    }


# A node that is not there, of this namespace alone: what is bound to one is deleted some time after the first was seen.
VARIANTS = [
    pod(),
    pod(
        [
            {
                **MAIN,
                "command": ["sh", "-c", "true"],
                "args": ["x"],
                "workingDir": "/tmp",
                "imagePullPolicy": "IfNotPresent",
                "env": [
                    {"name": "A", "value": "1"},
                    {"name": "B", "value": "$(A)"},
                    {"name": "C", "valueFrom": {"fieldRef": {"fieldPath": "metadata.name"}}},
                    {"name": "D", "valueFrom": {"secretKeyRef": {"name": "a", "key": "k", "optional": True}}},
                    {"name": "E", "valueFrom": {"configMapKeyRef": {"name": "a", "key": "k"}}},
                ],
                "envFrom": [
                    {"configMapRef": {"name": "a"}},
                    {"prefix": "P_", "secretRef": {"name": "a", "optional": True}},
                ],
                "resources": {"requests": {"cpu": "100m", "memory": "64Mi"}, "limits": {"memory": "128Mi"}},
            }
        ],
        restartPolicy="Never",
    ),
    pod([{**MAIN, "image": "busybox:1.36", "resources": {"limits": {"cpu": 1, "memory": "1Gi"}}}]),
    pod(
        [
            {
                **MAIN,
                "ports": [{"containerPort": 80}, {"name": "admin", "containerPort": 81, "protocol": "UDP"}],
                "livenessProbe": {"exec": {"command": ["true"]}},
                "readinessProbe": {"httpGet": {"port": 80}, "periodSeconds": 3},
                "lifecycle": {"preStop": {"exec": {"command": ["true"]}}},
                "securityContext": {"runAsUser": 1000},
            }
        ]
    ),
    pod(
        [
            {
                **MAIN,
                "volumeMounts": [
                    {"name": "cm", "mountPath": "/cm", "readOnly": True},
                    {"name": "tmp", "mountPath": "/t", "subPath": "s"},
                ],
            }
        ],
        volumes=[
            {"name": "cm", "configMap": {"name": "a", "items": [{"key": "a", "path": "p"}]}},
            {"name": "tmp", "emptyDir": {}},
            {"name": "s", "secret": {"secretName": "a", "defaultMode": 256}},
            {"name": "mem", "emptyDir": {"medium": "Memory"}},
            {
                "name": "p",
                "projected": {
                    "sources": [
                        {"configMap": {"name": "a"}},
                        {"downwardAPI": {"items": [{"path": "l", "fieldRef": {"fieldPath": "metadata.labels"}}]}},
                    ]
                },
            },
        ],
    ),
    pod(
        [MAIN, {"name": "second", "image": "busybox:latest"}],
        initContainers=[{"name": "init", "image": "busybox@sha256:" + "0" * 64}],
        terminationGracePeriodSeconds=5,
        activeDeadlineSeconds=100,
        restartPolicy="OnFailure",
        dnsPolicy="Default",
    ),
    pod(nodeName="$NS-node", hostNetwork=False, terminationGracePeriodSeconds=3600),
    pod(
        nodeName="$NS-node",
        tolerations=[{"key": "k", "operator": "Exists", "effect": "NoExecute", "tolerationSeconds": 5}],
    ),
    pod(
        nodeSelector={"disk": "ssd"},
        affinity={
            "nodeAffinity": {
                "requiredDuringSchedulingIgnoredDuringExecution": {
                    "nodeSelectorTerms": [{"matchExpressions": [{"key": "k", "operator": "In", "values": ["v"]}]}]
                }
            }
        },
        tolerations=[{"operator": "Exists"}],
    ),
    pod(schedulingGates=[{"name": "example.com/gate"}], hostname="h", subdomain="s", setHostnameAsFQDN=True),
    pod(
        securityContext={"runAsNonRoot": True, "fsGroup": 5, "seccompProfile": {"type": "RuntimeDefault"}},
        enableServiceLinks=False,
        hostAliases=[{"ip": "127.0.0.1", "hostnames": ["x"]}],
        shareProcessNamespace=True,
        imagePullSecrets=[{"name": "a"}],
    ),
]

STATUSES = [
    {"phase": "Running", "startTime": "2001-01-01T00:00:00Z", "podIP": "10.0.0.1", "hostIP": "10.0.0.2"},
    {
        "phase": "Succeeded",
        "containerStatuses": [
            {
                "name": "main",
                "ready": False,
                "restartCount": 0,
                "image": "busybox",
                "imageID": "i",
                "state": {
                    "terminated": {
                        "exitCode": 0,
                        "reason": "Completed",
                        "startedAt": "2001-01-01T00:00:00Z",
                        "finishedAt": "2001-01-01T00:00:01Z",
                        "message": "{}",
                    }
                },
            }
        ],
    },
    {"phase": "Failed", "reason": "Evicted", "message": "gone"},
    {
        "conditions": [
            {"type": "Ready", "status": "True"},
            {
                "type": "PodScheduled",
                "status": "False",
                "reason": "Unschedulable",
                "lastTransitionTime": "2001-01-01T00:00:00Z",
            },
        ]
    },
    {"phase": "Pending", "conditions": []},
    {"phase": "Odd"},
    {"phase": 1},
    {"conditions": [{"type": "X"}]},
    {"unknown": True},
    {"startTime": "x"},
    {"podIPs": [{"ip": "not an ip"}]},
    {"containerStatuses": [{"name": "main", "ready": "yes"}]},
    {"qosClass": "Guaranteed"},
    {"observedGeneration": -1},
]

POD = Sample(
    minimal=pod(),
    variants=VARIANTS,
    edits=[
        edit(C + "image", "busybox:2"),
        edit("spec.activeDeadlineSeconds", 50),
        edit("spec.tolerations.+", {"key": "new", "operator": "Exists"}),
        edit("spec.terminationGracePeriodSeconds", 1),
    ],
    faults=[
        fault((C + "name", "other")),
        fault((C + "image", "")),
        fault(("spec.containers", [])),
        fault((C + "name", "Bad_Name")),
        fault(("spec.restartPolicy", "Sometimes")),
        fault(("spec.nodeName", "changed")),
        fault((C + "env", [{"name": ""}])),
        fault((C + "env", [{"name": "A", "value": "x", "valueFrom": {"fieldRef": {"fieldPath": "metadata.name"}}}])),
        fault((C + "volumeMounts", [{"name": "missing", "mountPath": "/x"}])),
        fault(("spec.volumes", [{"name": "v"}, {"name": "v"}])),
        fault((C + "imagePullPolicy", "Perhaps")),
        fault((C + "resources", {"requests": {"cpu": "2"}, "limits": {"cpu": "1"}})),
        fault((C + "resources", {"requests": {"cpu": "lots"}})),
        fault(("spec.containers", [MAIN, MAIN])),
        fault(("spec.terminationGracePeriodSeconds", -5)),
        fault(("spec.activeDeadlineSeconds", 0)),
        fault(("spec.dnsPolicy", "Odd")),
        fault((C + "ports", [{"containerPort": 0}])),
        fault((C + "ports", [{"containerPort": 80, "protocol": "Q"}])),
        fault((C + "command", "not a list")),
        fault(("spec.containers", None)),
        fault(("spec", REMOVE)),
        fault((C + "terminationMessagePolicy", "Odd")),
        fault(("spec.volumes", [{"name": "v", "configMap": {}}])),
        fault(("spec.tolerations.+", {"key": "k", "operator": "Odd"})),
        fault(("spec.hostname", "Not A Host")),
        fault((C + "resources", {"requests": {"memory": "-1"}})),
        fault(("spec.schedulerName", "changed"), (C + "env", [{"name": "X", "value": "changed"}])),
        fault(("spec.containers.0", {"image": "x"})),
        fault((C + "lifecycle", {"preStop": {}})),
        fault((C + "securityContext", {"privileged": "x"})),
        fault(("spec.restartPolicy", "Never"), (C + "livenessProbe", {"periodSeconds": 1})),
        fault(("spec.nodeSelector", {"bad key!": "v"})),
        fault(("metadata.labels.batch", "x y")),
    ],
    statuses=STATUSES,
    merges=[
        {"spec": {"activeDeadlineSeconds": 30}},
        {"spec": {"containers": [{"name": "main", "image": "busybox:3"}]}},
        {"spec": {"containers": [{"name": "added", "image": "x"}]}},
        {"spec": {"containers": [{"image": "x"}]}},
        {"spec": {"containers": [{"name": "main", "$patch": "delete"}]}},
        {"spec": {"nodeName": "other"}},
        {
            "spec": {
                "$setElementOrder/containers": [{"name": "main"}],
                "containers": [{"name": "main", "image": "ordered"}],
            }
        },
        {"spec": {"tolerations": [*ADMITTED, {"key": "t", "operator": "Exists"}]}},
        {"spec": {"schedulingGates": None}},
        {"spec": {"containers": [{"name": "main", "env": [{"name": "A", "value": "patched"}]}]}},
        {"spec": None},
        {"spec": {"containers": "x"}},
        {"metadata": {"$deleteFromPrimitiveList/finalizers": ["example.com/f"]}},
    ],
    operations=[
        [{"op": "replace", "path": "/spec/containers/0/image", "value": "busybox:4"}],
        [{"op": "remove", "path": "/spec/containers/0"}],
        [{"op": "add", "path": "/spec/containers/-", "value": {"name": "z", "image": "z"}}],
        [
            {"op": "test", "path": "/spec/restartPolicy", "value": "Always"},
            {"op": "add", "path": "/metadata/labels/t", "value": "x"},
        ],
        [{"op": "replace", "path": "/spec/containers/9/image", "value": "x"}],
    ],
    applied=[
        pod(),
        {"spec": {"schedulerName": "none", "containers": [MAIN]}},
        pod([{"name": "main", "image": "applied"}]),
        pod([{"name": "main", "image": "busybox", "env": [{"name": "A", "value": "1"}]}]),
        {"spec": {"activeDeadlineSeconds": 60}},
        {"spec": {"schedulerName": "none", "containers": [{"name": "main", "image": "only-the-image"}]}},
        pod([{"image": "no name"}]),
        pod([MAIN, MAIN]),
    ],
)
