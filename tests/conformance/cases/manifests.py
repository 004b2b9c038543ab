"""What the kubectl cases write, as a user would: YAML."""

CONFIGMAP = """\
apiVersion: v1
kind: ConfigMap
metadata:
  name: settings
  labels: {app: x}
data:
  a: "1"
  b: two
"""

SECRET = """\
apiVersion: v1
kind: Secret
metadata: {name: keys}
stringData: {password: geheim}
"""

JOB = """\
apiVersion: batch/v1
kind: Job
metadata:
  name: work
  labels: {app: x}
spec:
  managedBy: example.com/none
  template:
    spec:
      restartPolicy: Never
      automountServiceAccountToken: false
      containers:
      - name: main
        image: busybox
        command: [sh, -c, "echo hello"]
"""

POD = """\
apiVersion: v1
kind: Pod
metadata:
  name: idle
  labels: {app: x}
spec:
  schedulerName: none
  automountServiceAccountToken: false
  restartPolicy: Never
  containers:
  - name: main
    image: busybox:1.36
    env:
    - {name: A, value: "1"}
    resources: {requests: {memory: 16Mi}}
"""

WORKFLOW = """\
apiVersion: ork.dev/v1alpha1
kind: Workflow
metadata:
  name: etl
  labels: {app: x}
spec:
  params:
  - {name: day, default: "2001-01-01"}
  tasks:
  - name: list
    image: busybox
    script: echo list
  - name: load
    image: busybox
    dependsOn: [list]
    count: 3
    inputs: {day: params.day}
    script: echo load
"""

RUN = """\
apiVersion: ork.dev/v1alpha1
kind: WorkflowRun
metadata:
  name: etl-1
  labels: {app: x}
spec:
  workflowRef: {name: etl}
  suspend: true
"""

LEASE = """\
apiVersion: coordination.k8s.io/v1
kind: Lease
metadata: {name: lead}
spec: {holderIdentity: me, leaseDurationSeconds: 15, renewTime: "2001-02-03T04:05:06.000000Z"}
"""

EVENT = """\
apiVersion: v1
kind: Event
metadata: {name: happened}
involvedObject: {apiVersion: v1, kind: Pod, name: idle, namespace: $NS}
reason: Tried
message: it worked
type: Normal
count: 2
firstTimestamp: "2001-01-01T00:00:00Z"
lastTimestamp: "2001-01-02T00:00:00Z"
source: {component: conformance}
"""

ALL = "---\n".join([CONFIGMAP, SECRET, JOB, POD, WORKFLOW, RUN, LEASE, EVENT])
# kind of kubectl, kind of the suite, name, manifest
EACH = [
    ("configmap", "configmap", "settings", CONFIGMAP),
    ("secret", "secret", "keys", SECRET),
    ("job", "job", "work", JOB),
    ("pod", "pod", "idle", POD),
    ("workflow", "workflow", "etl", WORKFLOW),
    ("workflowrun", "run", "etl-1", RUN),
    ("lease", "lease", "lead", LEASE),
    ("event", "event", "happened", EVENT),
]
