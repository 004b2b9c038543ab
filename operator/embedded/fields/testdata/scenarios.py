"""What record.py plays to a real API server. `pause` are seconds: times in managedFields have whole ones."""

CONFIG_MAPS = "/api/v1/namespaces/{ns}/configmaps"
PODS = "/api/v1/namespaces/{ns}/pods"
EVENTS = "/api/v1/namespaces/{ns}/events"
JOBS = "/apis/batch/v1/namespaces/{ns}/jobs"
TEMPLATES = "/api/v1/namespaces/{ns}/podtemplates"
REVISIONS = "/apis/apps/v1/namespaces/{ns}/controllerrevisions"
SAMPLES = "/apis/fields.ork.dev/v1/namespaces/{ns}/samples"
WORKFLOWS = "/apis/ork.dev/v1alpha1/namespaces/{ns}/workflows"
RUNS = "/apis/ork.dev/v1alpha1/namespaces/{ns}/workflowruns"
ALL = []


def scenario(title, kind, resource, *steps, managed=True):
    """`managed`: its managedFields are recorded."""
    ALL.append({"title": title, "kind": kind, "resource": resource, "name": "x", "managed": managed,
                "steps": list(steps)})


def step(do, body, manager="one", **more):
    return {"do": do, "body": body, "manager": manager, **more}


def create(body, manager="one", **more):
    return step("create", body, manager, **more)


def update(changes, manager="one", **more):
    return {"do": "update", "edit": changes, "manager": manager, **more}


def merge(body, manager="one", **more):
    return step("merge-patch", body, manager, **more)


def strategic(body, manager="one", **more):
    return step("strategic-patch", body, manager, **more)


def json_patch(body, manager="one", **more):
    return step("json-patch", body, manager, **more)


def apply(body, manager="one", **more):
    return step("apply", body, manager, **more)


def edited(*changes):
    """The object as it is, with `changes`, each a path and a value (None: removed)."""
    return list(changes)


def config_map(data=None, **meta):
    body = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "x", **meta}}
    return body if data is None else {**body, "data": data}


def sample(spec=None, status=None, **meta):
    body = {"apiVersion": "fields.ork.dev/v1", "kind": "Sample", "metadata": {"name": "x", **meta}}
    if spec is not None:
        body["spec"] = spec
    if status is not None:
        body["status"] = status
    return body


def owner(name, uid):
    return {"apiVersion": "v1", "kind": "ConfigMap", "name": name, "uid": uid}


OWNERS = ["o", "p"]
UID_1 = "UID of o"
UID_2 = "UID of p"

scenario(
    "config_map_updates", "ConfigMap", CONFIG_MAPS,
    create(config_map({"a": "1", "b": "2"}, labels={"l": "1"}, annotations={"n": "1", "m": "2"})),
    update(edited((["data", "a"], "1!"), (["data", "c"], "3")), "two", pause=1.1),
    update(edited(), "two", pause=1.1),
    update(edited(), "three", pause=1.1),
    update(edited((["data", "b"], None), (["metadata", "labels"], None)), "three", pause=1.1),
    update(edited((["data", "a"], "1!!"), (["metadata", "annotations", "m"], "3")), "one", pause=1.1),
    merge({"data": None}, "two", pause=1.1),
    merge({"metadata": {"finalizers": ["ork.dev/a", "ork.dev/b"], "ownerReferences": [owner("o", UID_1)]}}, "two"),
    merge({"metadata": {"finalizers": ["ork.dev/b"], "ownerReferences": [owner("o", UID_1), owner("p", UID_2)]}},
          "three", pause=1.1),
    merge({"metadata": {"finalizers": None, "ownerReferences": None}}, "three", pause=1.1),
    merge({"immutable": False, "binaryData": {"z": "eA=="}}, "", pause=1.1),
)
scenario(
    "config_map_reset", "ConfigMap", CONFIG_MAPS,
    create(config_map({"a": "1", "b": "2"})),
    update(edited((["data", "a"], "2")), "two", pause=1.1),
    update(edited((["metadata", "managedFields"], None), (["data", "b"], "3")), "three", pause=1.1),
    update(edited((["metadata", "managedFields"], []), (["data", "b"], "4")), "three", pause=1.1),
    update(edited((["data", "b"], "5")), "three", pause=1.1),
    merge({"data": {"c": "1"}}, "two", pause=1.1),
    apply(config_map({"b": "5", "d": "1"}), "four", pause=1.1),
    merge({"metadata": {"managedFields": [{}]}}, "two", pause=1.1),
    apply(config_map({"b": "6"}), "four", pause=1.1),
    merge({"metadata": {"managedFields": [{}]}}, "two", pause=1.1),
    merge({"metadata": {"managedFields": [
        {"manager": "hand", "operation": "Update", "apiVersion": "v1", "fieldsType": "FieldsV1",
         "fieldsV1": {"f:data": {"f:b": {}, "f:d": {}}}},
        {"manager": "none", "operation": "Update", "apiVersion": "v1", "fieldsType": "FieldsV1", "fieldsV1": {}},
        {"manager": "old", "operation": "Update", "apiVersion": "v9", "fieldsType": "FieldsV1",
         "fieldsV1": {"f:data": {"f:b": {}}}},
    ]}, "data": {"d": "2"}}, "two", pause=1.1),
    merge({"metadata": {"managedFields": [{"manager": "bad", "operation": "Write", "apiVersion": "v1"}]}}, "two"),
    merge({"metadata": {"managedFields": "text"}}, "two"),
)
scenario(
    "config_map_many_writers", "ConfigMap", CONFIG_MAPS,
    create(config_map({"k0": "0"}), "m0"),
    *[merge({"data": {f"k{i}": str(i)}}, f"m{i}", pause=1.1 if i % 3 == 0 else 0) for i in range(1, 14)],
)
scenario(
    "config_map_apply", "ConfigMap", CONFIG_MAPS,
    apply(config_map({"a": "1", "b": "1"}, labels={"l": "1"}), "one"),
    apply(config_map({"c": "1"}), "two", pause=1.1),
    apply(config_map({"c": "1"}), "two", pause=1.1),
    apply(config_map({"a": "2", "c": "1"}), "two", pause=1.1),
    apply(config_map({"a": "2", "b": "2"}), "three", pause=1.1),
    apply(config_map({"a": "2", "c": "1"}), "two", force="true", pause=1.1),
    apply(config_map({"a": "2", "c": "1"}), "four", pause=1.1),
    apply(config_map({"b": "1"}), "one", pause=1.1),
    apply(config_map({"c": "1"}), "two", pause=1.1),
    apply(config_map(), "four", pause=1.1),
    merge({"data": {"u": "1", "w": "1"}}, "five", pause=1.1),
    apply(config_map({"u": "2", "b": "1"}), "one", pause=1.1),
    apply(config_map({"u": "2", "w": "2", "b": "2", "c": "2"}), "six", pause=1.1),
    apply(config_map({"u": "1", "b": "1"}), "one", pause=1.1),
    apply(config_map({"b": "1"}), "one", pause=1.1),
    apply(config_map(), "one", pause=1.1),
)
scenario(
    "config_map_apply_odd", "ConfigMap", CONFIG_MAPS,
    apply(config_map({"a": "1"}, labels=None, annotations={}), "one"),
    apply(config_map({}), "one", pause=1.1),
    apply({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "x"}, "data": None}, "one"),
    apply({"kind": "ConfigMap", "metadata": {"name": "x"}}, "one"),
    apply({"apiVersion": "v2", "kind": "ConfigMap", "metadata": {"name": "x"}}, "one"),
    apply({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "x"}}, "one"),
    apply({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "x", "managedFields": []}}, "one"),
    apply({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "x", "managedFields": None}}, "one"),
    apply({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "x"}, "dada": {}, "data": {"a": 5}}, "one"),
    apply({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "x", "wrong": "1"}}, "one"),
    apply({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "x"}, "data": []}, "one"),
    apply({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "x"}, "data": "text"}, "one"),
    apply({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "x"}, "immutable": "text"}, "one"),
    apply({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "x", "finalizers": ["a.b/c", "a.b/c"]}},
          "one"),
    apply({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "x", "ownerReferences": [
        owner("o", UID_1), owner("o", UID_1)]}}, "one"),
    apply({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "x", "ownerReferences": [
        {"apiVersion": "v1", "kind": "ConfigMap", "name": "o"}]}}, "one"),
    apply([], "one"),
    apply(config_map({"a": None, "b": ""}), "one", pause=1.1),
)
LAST = '{"apiVersion":"v1","data":{"a":"1","b":"1"},"kind":"ConfigMap","metadata":{"annotations":{},"name":"x"}}\n'
scenario(
    "config_map_client_side", "ConfigMap", CONFIG_MAPS,
    create(config_map({"a": "1", "b": "1"},
                      annotations={"kubectl.kubernetes.io/last-applied-configuration": LAST}),
           "kubectl-client-side-apply"),
    apply(config_map({"a": "2", "c": "<&>"}), "kubectl", pause=1.1),
    merge({"data": {"b": "9"}}, "other", pause=1.1),
    apply(config_map({"a": "2", "b": "2", "c": "3"}), "kubectl", pause=1.1),
    apply(config_map({"a": "3", "c": "3"}, labels={"x": "y"}), "other-tool", pause=1.1),
)


def job(**spec):
    return {
        "apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": "x"},
        "spec": {
            "suspend": True, "managedBy": "example.com/none", "manualSelector": True,
            "selector": {"matchLabels": {"j": "x"}},
            "template": {
                "metadata": {"labels": {"j": "x"}},
                "spec": {
                    "restartPolicy": "Never",
                    "containers": [{"name": "a", "image": "i", "command": ["c"], "env": [{"name": "E", "value": "1"}],
                                    "ports": [{"containerPort": 80}]}],
                },
            },
            **spec,
        },
    }


def job_applied(**more):
    body = job()
    body["spec"]["template"]["spec"].update(more)
    return body


COMPLETE = {"type": "Complete", "status": "False", "lastProbeTime": "2026-01-01T00:00:00Z",
            "lastTransitionTime": "2026-01-01T00:00:00Z"}
scenario(
    "job_updates", "Job", JOBS,
    # With labels: without, the API server shares the template's with the Job while it decodes (kinds/ does later).
    create({**job(backoffLimit=0), "metadata": {"name": "x", "labels": {"j": "x"}}, "status": {"active": 3}}),
    update(edited((["spec", "parallelism"], 3), (["status", "active"], 3)), "two", pause=1.1),
    update(edited((["status"], {"startTime": None, "ready": 0, "active": 0, "uncountedTerminatedPods": {}}),
                  (["spec", "parallelism"], 5), (["metadata", "labels", "s"], "1")), "jc", subresource="status",
           pause=1.1),
    merge({"status": {"conditions": [COMPLETE]}}, "jc", subresource="status", pause=1.1),
    strategic({"status": {"conditions": [{"type": "Other", "status": "True"},
                                         {"type": "Complete", "message": "m"}]}}, "jd", subresource="status",
              pause=1.1),
    strategic({"status": {"conditions": [{"type": "Other", "$patch": "delete"}]}}, "jd", subresource="status",
              pause=1.1),
    update(edited((["spec", "template", "spec", "nodeSelector"], {"n": "1"}),
                  (["spec", "template", "spec", "tolerations"], [{"key": "k", "operator": "Exists"}]),
                  (["spec", "template", "metadata", "annotations"], {"z": "1"})), "two", pause=1.1),
    merge({"metadata": {"managedFields": []}, "status": {"ready": 2}}, "jc", subresource="status", pause=1.1),
)
scenario(
    "job_apply", "Job", JOBS,
    apply(job(), "one"),
    apply(job(), "one", pause=1.1),
    apply(job(parallelism=2), "two", pause=1.1),
    apply(job(parallelism=3, backoffLimit=6), "one", pause=1.1),
    apply({"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": "x"}, "status": {"active": 1, "ready": 1}},
          "jc", subresource="status", pause=1.1),
    apply({"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": "x"}, "status": {"active": 2}},
          "jd", subresource="status", pause=1.1),
    apply({"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": "x", "labels": {"l": "1"}},
           "spec": {"parallelism": 7}, "status": {"active": 1, "conditions": [COMPLETE]}},
          "jc", subresource="status", pause=1.1),
    apply({"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": "x"}, "status": {"active": 5}}, "three",
          pause=1.1),
    apply(job_applied(containers=[{"name": "a", "image": "i", "unknown": 1}]), "three"),
    apply(job_applied(containers=[{"image": "i"}]), "three"),
    apply(job_applied(containers=[{"name": "a"}, {"name": "a"}]), "three"),
)


def pod_template(containers, **spec):
    return {"apiVersion": "v1", "kind": "PodTemplate", "metadata": {"name": "x"},
            "template": {"metadata": {"labels": {"d": "x"}}, "spec": {"containers": containers, **spec}}}


def template(**spec):
    return {"template": {"spec": spec}}


TEMPLATE = pod_template(
    [{"name": "a", "image": "i", "env": [{"name": "A", "value": "1"}, {"name": "B", "value": "1"}],
      "ports": [{"containerPort": 80}, {"containerPort": 443, "name": "s"}], "args": ["x", "y"]},
     {"name": "b", "image": "i"}, {"name": "c", "image": "i"}],
    volumes=[{"name": "v", "emptyDir": {}}, {"name": "w", "configMap": {"name": "m"}}],
)
scenario(
    "pod_template_updates", "PodTemplate", TEMPLATES,
    create(TEMPLATE),
    update(edited((["template", "spec", "containers", 0, "image"], "j")), "two", pause=1.1),
    update(edited((["template", "spec", "containers", 1], {"name": "d", "image": "i"})), "two", pause=1.1),
    update(edited((["template", "spec", "containers", 0, "env"],
                   [{"name": "A", "value": "1"}, {"name": "A", "value": "2"}])), "three", pause=1.1),
    update(edited((["template", "spec", "containers", 0, "env"],
                   [{"name": "A", "value": "1"}, {"name": "A", "value": "3"}])), "four", pause=1.1),
    update(edited((["template", "spec", "containers", 0, "env"], [{"name": "A", "value": "3"}])), "five",
           pause=1.1),
)
scenario(
    "pod_template_strategic", "PodTemplate", TEMPLATES,
    create(TEMPLATE),
    strategic(template(containers=[{"name": "b", "image": "j"}, {"name": "n", "image": "i"}]), "two"),
    strategic(template(containers=[{"name": "a", "$patch": "delete"}, {"name": "c", "image": "k"}]), "two"),
    strategic(template(**{"$setElementOrder/containers": [{"name": "n"}, {"name": "b"}, {"name": "c"}],
                          "containers": [{"name": "b", "tty": True}]}), "two"),
    strategic(template(**{"$setElementOrder/containers": [{"name": "c"}, {"name": "n"}]}), "two"),
    strategic(template(containers=[{"name": "a", "env": [{"name": "A", "value": "1"}, {"name": "B", "value": "1"}],
                                    "image": "i", "args": ["x"],
                                    "ports": [{"containerPort": 80}, {"containerPort": 443}]}]), "two"),
    strategic(template(containers=[{"name": "a", "env": [{"name": "B", "value": None}, {"name": "C", "value": "1"}],
                                    "args": ["y", "x"], "ports": [{"containerPort": 80, "name": "w"}]}]), "two"),
    strategic(template(containers=[{"name": "a", "env": [{"$patch": "replace"}, {"name": "Z", "value": "9"}]}]),
              "two"),
    strategic(template(containers=[{"$patch": "replace"}, {"name": "only", "image": "i"}]), "two"),
    strategic(template(volumes=[{"name": "v", "hostPath": {"path": "/p"}}]), "two"),
    strategic(template(volumes=[{"name": "v", "$retainKeys": ["name", "hostPath"], "hostPath": {"path": "/p"}}]),
              "two"),
    strategic(template(volumes=[{"name": "v", "$retainKeys": ["name"], "hostPath": {"path": "/q"}}]), "two"),
    strategic({"metadata": {"labels": {"a": "1", "b": "2"}, "finalizers": ["f.d/a", "f.d/b", "f.d/c"]}}, "two"),
    strategic({"metadata": {"labels": {"$patch": "replace", "c": "3"}, "finalizers": ["f.d/d", "f.d/a"]}}, "two"),
    strategic({"metadata": {"labels": {"$patch": "delete"},
                            "$deleteFromPrimitiveList/finalizers": ["f.d/a", "f.d/x"]}}, "two"),
    strategic({"metadata": {"$setElementOrder/finalizers": ["f.d/d", "f.d/b"], "finalizers": ["f.d/d"]}}, "two"),
    strategic({"metadata": {"annotations": {"x": None, "y": "1"}}}, "two"),
    strategic({"metadata": {"labels": {"$patch": "odd"}}}, "two"),
    strategic({"metadata": {"labels": {"q": "1"}}}, "two"),
    strategic({"metadata": {"labels": {"$patch": "odd"}}}, "two"),
    strategic(template(containers=[{"image": "j"}]), "two"),
    strategic(template(containers=[{"name": "x", "$patch": "merge"}]), "two"),
    strategic(template(containers=["text"]), "two"),
    strategic(template(containers={"name": "x"}), "two"),
    strategic(template(containers=[["x"]]), "two"),
    strategic(template(**{"$setElementOrder/containers": [{"name": "zz"}],
                          "containers": [{"name": "only", "image": "i"}]}), "two"),
    strategic(template(**{"$setElementOrder/containers": "text"}), "two"),
    strategic(template(**{"$retainKeys": "text"}), "two"),
    strategic({"metadata": {"$deleteFromPrimitiveList/finalizers": "text"}}, "two"),
    strategic({"metadata": {"$deleteFromPrimitiveListfinalizers": ["x"]}}, "two"),
    strategic({"template": {"metadata": {"labels": {"d": "y"}}, "none": None}}, "two"),
    strategic([], "two"),
    strategic({"metadata": {"finalizers": None, "ownerReferences": [owner("o", UID_1)]}}, "two"),
    strategic({"metadata": {"ownerReferences": [owner("p", UID_2)]}}, "two"),
    strategic({"metadata": {"ownerReferences": [{"$patch": "delete", "uid": UID_1}]}}, "two"),
    managed=False,
)
scenario(
    "pod_template_apply", "PodTemplate", TEMPLATES,
    apply(TEMPLATE, "one"),
    apply(pod_template([{"name": "z", "image": "i"}, {"name": "b", "image": "i", "tty": True}]), "two", pause=1.1),
    apply(pod_template([{"name": "b", "image": "j"}, {"name": "a", "image": "j"}]), "two", pause=1.1),
    apply(pod_template([{"name": "b", "image": "i"}]), "two", pause=1.1),
    merge({"template": {"spec": {"terminationGracePeriodSeconds": 7}}}, "three", pause=1.1),
    apply(pod_template([{"name": "a", "image": "i", "ports": [{"containerPort": 443, "name": "s"}],
                       "env": [{"name": "B", "value": "1"}]}, {"name": "c", "image": "i"}],
                     terminationGracePeriodSeconds=8), "one", pause=1.1),
    apply(pod_template([{"name": "a", "image": "i", "ports": [{"containerPort": 443, "name": "s", "protocol": "TCP"}],
                       "env": [{"name": "B", "value": "1"}], "resources": {}}]), "one", force="true", pause=1.1),
)


def pod():
    return {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "x", "labels": {"p": "1"}},
            "spec": {"schedulerName": "none", "containers": [{"name": "a", "image": "i"}]}}


READY = {"type": "Ready", "status": "False", "lastProbeTime": None, "lastTransitionTime": "2026-01-01T00:00:00Z"}
scenario(
    "pod_writes", "Pod", PODS,
    create({**pod(), "status": {"phase": "Running"}}),
    update(edited((["spec", "containers", 0, "image"], "j"), (["metadata", "labels", "p"], "2")), "two", pause=1.1),
    strategic({"status": {"phase": "Running", "conditions": [READY], "podIP": "10.0.0.9",
                          "podIPs": [{"ip": "10.0.0.9"}]}, "metadata": {"labels": {"q": "1"}}}, "kubelet",
              subresource="status", pause=1.1),
    strategic({"status": {"conditions": [{"type": "Ready", "status": "True"}],
                          "$setElementOrder/conditions": [{"type": "Ready"}]}}, "kubelet", subresource="status",
              pause=1.1),
    strategic({"status": {"conditions": [{"type": "Ready", "status": "True"}]}}, "kubelet", subresource="status",
              pause=1.1),
    apply({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "x", "labels": {"p": "2"}},
           "spec": {"containers": [{"name": "a", "image": "j"}]}}, "three", pause=1.1),
)
scenario(
    "event_writes", "Event", EVENTS,
    create({"apiVersion": "v1", "kind": "Event", "metadata": {"name": "x"},
            "involvedObject": {"kind": "Pod", "name": "p", "namespace": "fields-goldens"}, "reason": "R", "message": "m",
            "type": "Normal", "count": 1, "firstTimestamp": "2026-01-01T00:00:00Z",
            "lastTimestamp": "2026-01-01T00:00:00Z", "source": {"component": "c"}}),
    merge({"count": 2, "lastTimestamp": "2026-01-01T00:00:01Z"}, "two", pause=1.1),
)

scenario(
    "revision_writes", "ControllerRevision", REVISIONS,
    create({"apiVersion": "apps/v1", "kind": "ControllerRevision", "metadata": {"name": "x"}, "revision": 1,
            "data": {"spec": {"a": [1, {"b": 2}]}}}),
    apply({"apiVersion": "apps/v1", "kind": "ControllerRevision", "metadata": {"name": "x"}, "revision": 2}, "two",
          force="true", pause=1.1),
    merge({"revision": 3, "metadata": {"labels": {"a": "b"}}}, "three", pause=1.1),
)

SPEC = {"text": "t", "number": 1, "ratio": 1.5, "flag": True, "size": "5", "names": ["b", "a"], "numbers": [10, 9],
        "plain": ["p", "p"], "things": [{"name": "one", "value": "1", "sub": [{"id": "i", "x": 1}]},
                                        {"name": "two words", "value": "2"}],
        "ports": [{"port": 80, "label": "h"}, {"port": 80, "protocol": "UDP"}, {"port": 9}],
        "granular": {"g": "1", "h": "2"}, "sealed": {"a": "1", "b": "2"},
        "free": {"x": {"y": 1}, "l": [1, {"z": 2}], "e": {}}, "half": {"known": {"a": "1"}, "other": {"o": 1}},
        "any": {"k": [1]}, "made": {"apiVersion": "v1", "kind": "Pod", "metadata": {"labels": {"a": "b"}},
                                    "spec": {"x": 1}},
        "deep": {"inner": {"a": "1"}}}
scenario(
    "sample_updates", "Sample", SAMPLES,
    create(sample(SPEC, {"phase": "x"}, labels={"a": "b"})),
    update(edited((["spec", "number"], 2), (["spec", "size"], 5), (["spec", "names"], ["a", "c"]),
                  (["spec", "numbers"], [9, 11]), (["spec", "plain"], ["p"])), "two", pause=1.1),
    update(edited((["spec", "things", 0, "value"], "1!"), (["spec", "things", 0, "sub", 0, "x"], 2),
                  (["spec", "ports", 0, "label"], "i"), (["spec", "ports", 1], {"port": 81})), "three", pause=1.1),
    update(edited((["spec", "granular"], {}), (["spec", "sealed", "a"], "2"), (["spec", "free", "x", "y"], {"m": 1}),
                  (["spec", "free", "e"], {"f": 1}), (["spec", "free", "l"], [1]), (["spec", "half", "other"], 3),
                  (["spec", "any"], "text"), (["spec", "deep", "inner"], {})), "four", pause=1.1),
    update(edited((["spec", "free", "x", "y"], 7), (["spec", "any"], {"n": 1}), (["spec", "half"], {}),
                  (["spec", "made", "metadata", "labels", "c"], "d"), (["spec", "deep"], None),
                  (["spec", "granular"], None)), "five", pause=1.1),
    update(edited((["status"], {"phase": "y", "conditions": [{"type": "A", "status": "True"}]}),
                  (["spec", "number"], 7), (["metadata", "labels", "z"], "1")), "six", subresource="status",
           pause=1.1),
    merge({"status": {"count": 1}, "spec": {"number": 3}}, "seven", pause=1.1),
    merge({"status": {"count": 1}, "spec": {"number": 4}}, "seven", subresource="status", pause=1.1),
    json_patch([{"op": "replace", "path": "/status/conditions/0/status", "value": "False"},
                {"op": "add", "path": "/status/conditions/-", "value": {"type": "B"}}], "seven",
               subresource="status", pause=1.1),
    merge({"spec": {"things": [{"name": "one"}, {"name": "one", "value": "2"}]}}, "eight", pause=1.1),
    merge({"spec": {"maybe": None, "mode": None, "free": {"n": {"a": None}}}}, "nine", pause=1.1),
    merge({"metadata": {"managedFields": []}}, "nine", pause=1.1),
    merge({"metadata": {"managedFields": [{}]}}, "nine", subresource="status", pause=1.1),
    merge({"metadata": {"managedFields": [{}]}}, "nine", pause=1.1),
    merge({"spec": {"text": "u"}}, "ten", pause=1.1),
    apply(sample({"text": "u"}), "eleven", pause=1.1),
)
scenario(
    "sample_apply", "Sample", SAMPLES,
    apply(sample(SPEC, {"phase": "x"}, labels={"a": "b"}), "one"),
    apply(sample({"names": ["c", "a"], "things": [{"name": "three"}, {"name": "two words", "note": "n"}],
                  "ports": [{"port": 9, "label": "z"}], "granular": {"i": "3"}}), "two", pause=1.1),
    apply(sample({"names": ["c", "a"], "things": [{"name": "three"}, {"name": "two words", "note": "n"}],
                  "ports": [{"port": 9, "label": "z"}], "granular": {"i": "3"}}), "three", pause=1.1),
    apply(sample({"numbers": [10], "sealed": {"a": "1"}, "plain": ["q"], "any": 1, "free": {"x": 2},
                  "number": 2}), "two", pause=1.1),
    apply(sample({"numbers": [10], "sealed": {"a": "1"}, "plain": ["q"], "any": 1, "free": {"x": 2},
                  "number": 2}), "two", force="true", pause=1.1),
    apply(sample({"things": [{"name": "one", "sub": [{"id": "k"}]}], "granular": {"h": "2"},
                  "half": {"known": {}}}), "one", pause=1.1),
    apply(sample({"text": None, "maybe": None, "granular": None, "things": None, "deep": {}}), "four", pause=1.1),
    apply(sample(None, {"phase": "y", "count": 1}), "five", subresource="status", pause=1.1),
    apply(sample({"number": 77}, {"phase": "y"}, labels={"no": "no"}), "five", subresource="status", pause=1.1),
    apply(sample(None, {"phase": "z"}), "six", subresource="status", pause=1.1),
    apply(sample({"unknown": 1, "things": [{"name": "q", "odd": 1}]}), "seven"),
    apply(sample({"things": [{"value": "q"}]}), "seven"),
    apply(sample({"things": ["text"]}), "seven"),
    apply(sample({"things": [None]}), "seven"),
    apply(sample({"names": [{}]}), "seven"),
    apply(sample({"names": [["x"]]}), "seven"),
    apply(sample({"names": [None]}), "seven"),
    apply(sample({"names": ["x", "x"], "numbers": [1, 1]}), "seven"),
    apply(sample({"ports": [{"port": 1}, {"port": 1, "protocol": "TCP"}]}), "seven"),
    apply(sample({"number": "text", "text": 5, "flag": "x", "ratio": True, "size": {}}), "seven"),
    apply(sample(["text"]), "seven"),
    apply(sample(None), "one", pause=1.1),
    apply({"apiVersion": "fields.ork.dev/v2", "kind": "Sample", "metadata": {"name": "x"}}, "seven"),
)


def run(**more):
    return {"apiVersion": "ork.dev/v1alpha1", "kind": "WorkflowRun", "metadata": {"name": "x"},
            "spec": {"workflow": {"tasks": [{"name": "a", "image": "i"}, {"name": "b", "image": "i",
                                                                            "dependsOn": ["a"]}]}, **more}}


TASK = {"name": "a", "phase": "Pending"}
scenario(
    "run_writes", "WorkflowRun", RUNS,
    create(run(params={"p": {"q": 1}})),
    update(edited((["status", "phase"], "Running"), (["status", "tasks"], [TASK])), "ork", subresource="status",
           pause=1.1),
    update(edited((["status", "tasks"], [{**TASK, "phase": "Running"}, {"name": "b", "phase": "Pending"}])), "ork",
           subresource="status", pause=1.1),
    merge({"spec": {"cancel": True}, "metadata": {"annotations": {"x": "y"}}}, "kubectl-edit", pause=1.1),
    apply(run(suspend=True), "kubectl", pause=1.1),
)
scenario(
    "workflow_apply", "Workflow", WORKFLOWS,
    apply({"apiVersion": "ork.dev/v1alpha1", "kind": "Workflow", "metadata": {"name": "x"},
           "spec": {"tasks": [{"name": "a", "image": "i", "env": [{"name": "A", "value": "1"}]}]}}, "kubectl"),
    apply({"apiVersion": "ork.dev/v1alpha1", "kind": "Workflow", "metadata": {"name": "x"},
           "spec": {"tasks": [{"name": "b", "image": "i"}, {"name": "a", "image": "i", "command": ["x"]}]}},
          "kubectl", pause=1.1),
)
JSON_PATCHES = [
    [{"op": "add", "path": "/data/b", "value": "2"}, {"op": "test", "path": "/data/b", "value": "2"}],
    [{"op": "replace", "path": "/data/new", "value": "2"}],
    [{"op": "add", "path": "/metadata/annotations", "value": {"a/b": "1", "m~n": "2"}}],
    [{"op": "replace", "path": "/metadata/annotations/a~1b", "value": "3"},
     {"op": "move", "from": "/metadata/annotations/m~0n", "path": "/metadata/annotations/o"},
     {"op": "copy", "from": "/metadata/annotations/o", "path": "/metadata/annotations/p"}],
    [{"op": "add", "path": "/metadata/finalizers", "value": ["x.y/b"]},
     {"op": "add", "path": "/metadata/finalizers/0", "value": "x.y/a"},
     {"op": "add", "path": "/metadata/finalizers/-", "value": "x.y/c"},
     {"op": "remove", "path": "/metadata/finalizers/1"}],
    [{"op": "remove", "path": "/data/none"}],
    [{"op": "remove", "path": "/none/none"}],
    [{"op": "add", "path": "/none/none", "value": 1}],
    [{"op": "replace", "path": "/none/none", "value": 1}],
    [{"op": "replace", "path": "/metadata/finalizers/7", "value": "q"}],
    [{"op": "move", "from": "/data/none", "path": "/data/q"}],
    [{"op": "move", "from": "/none/none", "path": "/data/q"}],
    [{"op": "move", "from": "/data/a", "path": "/none/q"}],
    [{"op": "copy", "from": "/none/none", "path": "/data/q"}],
    [{"op": "copy", "from": "/data/a", "path": "/none/q"}],
    [{"op": "test", "path": "/data/a", "value": "no"}],
    [{"op": "test", "path": "/none/a", "value": "no"}],
    [{"op": "test", "path": "/data/none", "value": "no"}],
    [{"op": "test", "path": "/data/none", "value": None}],
    [{"op": "test", "path": "/metadata/finalizers/9", "value": None}],
    [{"op": "add", "path": "/metadata/finalizers/9", "value": "z"}],
    [{"op": "add", "path": "/metadata/finalizers/x", "value": "z"}],
    [{"op": "remove", "path": "/metadata/finalizers/x"}],
    [{"op": "remove", "path": "/metadata/finalizers/9"}],
    [{"op": "add", "path": "/metadata/finalizers/99999999999999999999", "value": "z"}],
    [{"op": "remove", "path": "/metadata/finalizers/-1"}],
    [{"op": "add", "path": "", "value": {}}],
    [{"op": "remove", "path": ""}],
    [{"op": "add", "path": "data", "value": {}}],
    [{"op": "add", "value": {}}],
    [{"op": "remove"}],
    [{"op": "replace", "value": 1}],
    [{"op": "test"}],
    [{"op": "move", "path": "/data/x"}],
    [{"op": "copy", "path": "/data/x"}],
    [{"op": "odd", "path": "/data"}],
    [{"path": "/data"}],
    [{"op": 5, "path": "/data"}],
    [{"op": "add", "path": 5, "value": "x"}],
    [{"op": "replace", "path": "", "value": "text"}],
    [{"op": "test", "path": "/data", "value": {"a": "1", "b": "2", "new": "2"}}],
    [{"op": "add", "path": "/metadata/labels", "value": None}],
    {"op": "add"},
    "text",
    ["text"],
    [],
]
scenario("json_patches", "ConfigMap", CONFIG_MAPS, create(config_map({"a": "1"})),
         *[json_patch(operations) for operations in JSON_PATCHES], managed=False)
MERGE_PATCHES = [
    {"data": {"b": "2", "a": None}},
    {"data": None, "metadata": {"labels": {"x": None, "y": "1"}}},
    {"metadata": {"annotations": {"a": "1"}, "labels": None}},
    {"metadata": {"annotations": "text"}},
    {"metadata": {"annotations": ["text"]}},
    {"metadata": None},
    {},
    None,
    [],
    "text",
]
scenario("merge_patches", "ConfigMap", CONFIG_MAPS, create(config_map({"a": "1"})),
         *[merge(patch) for patch in MERGE_PATCHES], managed=False)
NESTED = [
    {"spec": {"free": {"a": {"b": None, "c": 1}, "l": [{"n": None, "m": [None, {"o": None}]}]}}},
    {"spec": {"free": {"a": [{"n": None}]}}},
    {"spec": {"free": {"a": {"n": None, "o": [{"p": None, "q": 1}]}}}},
    {"spec": {"free": {"a": {"n": {"x": None}}}}},
    {"spec": {"free": {"a": 5}}},
    {"spec": {"free": {"a": {"z": None}}}},
]
scenario("merge_patches_nested", "Sample", SAMPLES, create(sample({"text": "1"})), *[merge(patch) for patch in NESTED],
         managed=False)
scenario("strategic_patch_of_a_custom_resource", "Sample", SAMPLES, create(sample({"text": "1"})),
         strategic({"spec": {"text": "2"}}))
