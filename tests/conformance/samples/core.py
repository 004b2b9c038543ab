"""ConfigMap, Secret, Namespace, Lease, ControllerRevision."""

from samples.sample import REMOVE, Sample, edit, fault

CONFIGMAP = Sample(
    minimal={},
    variants=[
        {"data": {"a": "1", "b": "two", "c.d_e-F": "x\ny"}},
        {"data": {"a": ""}, "binaryData": {"z": "AAECAw=="}},
        {"data": {"a": "1"}, "immutable": True},
        {"data": None},
        {"data": {}, "immutable": False},
        {"data": {"unicode": "grüße 🚀 <&>\u2028"}},
    ],
    edits=[edit("data.a", "2"), edit("data.b", "other"), edit("data.new", "n"), edit("data.a"), edit("data", {"only": "this"}),
           edit("binaryData", {"q": "cXE="}), edit("immutable", False), edit("data"), edit("immutable", True)],
    faults=[fault(("data", {"bad key": "x"})), fault(("data", {"": "x"})), fault(("data", {"..": "x"})),
            fault(("data", {"a": 1})), fault(("data", [1])), fault(("binaryData", {"k": "not base64!"})),
            fault(("data", {"k" * 254: "x"})), fault(("immutable", "yes")), fault(("data", {"z": "x"}), ("binaryData", {"z": "AA=="})),
            fault(("data", {"a": None}))],
    merges=[{"data": {"a": "m"}}, {"data": {"b": None}}, {"data": None}, {"data": {"new": "m", "a": None}}, {},
            {"data": "text"}, {"unknown": 1}, {"data": {"x y": "z"}}, {"binaryData": {"z": "/w=="}}, [], "text", None, 17,
            {"kind": "Secret"}, {"apiVersion": "v2"}, {"data": {"$patch": "replace", "k": "v"}}, {"$retainKeys": ["data"]},
            {"immutable": True}],
    operations=[[{"op": "add", "path": "/data", "value": {"p": "1"}}], [{"op": "replace", "path": "/data/a", "value": "r"}],
                [{"op": "remove", "path": "/data/a"}], [{"op": "test", "path": "/data/a", "value": "1"}],
                [{"op": "copy", "from": "/data/a", "path": "/data/copy"}], [{"op": "move", "from": "/data/b", "path": "/data/moved"}],
                [{"op": "add", "path": "/data/a~1b", "value": "x"}], [{"op": "add", "path": "/data/x", "value": 1}],
                [{"op": "add", "path": "no-slash", "value": 1}], [{"op": "nonsense", "path": "/data"}], [{"path": "/data"}],
                [{"op": "test", "path": "/data/a", "value": "1"}, {"op": "replace", "path": "/data/a", "value": "2"}],
                [{"op": "remove", "path": "/metadata/name"}], [{"op": "replace", "path": "/kind", "value": "Secret"}],
                [{"op": "replace", "path": "/metadata", "value": {}}], [{"op": "remove", "path": ""}], {}, "x", [[]], []],
    applied=[{"data": {"a": "applied"}}, {"data": {"b": "applied"}}, {"data": {"a": "applied", "b": "other"}}, {}, {"data": {}},
             {"data": {"a": "1"}, "immutable": False}, {"data": {"a": 5}}, {"nonsense": True}, {"data": {"a": None}}],
)

SECRET = Sample(
    minimal={},
    variants=[
        {"data": {"k": "djE="}, "type": "Opaque"},
        {"stringData": {"k": "plain", "l": ""}},
        {"type": "example.com/other", "data": {"x": ""}},
        {"type": "kubernetes.io/basic-auth", "stringData": {"username": "u", "password": "p"}},
        {"type": "kubernetes.io/tls", "data": {"tls.crt": "AA==", "tls.key": "AA=="}},
        {"type": "kubernetes.io/dockerconfigjson", "stringData": {".dockerconfigjson": "{\"auths\":{}}"}},
        {"data": {"k": "djE="}, "immutable": True},
    ],
    edits=[edit("data.k", "djI="), edit("data.n", "AA=="), edit("stringData", {"k": "s"}), edit("data.k"), edit("immutable", False)],
    faults=[fault(("data", {"k": "%%%"})), fault(("data", {"bad key": "AA=="})), fault(("type", "example.com/changed")),
            fault(("type", "kubernetes.io/tls")), fault(("type", "kubernetes.io/service-account-token")),
            fault(("type", "kubernetes.io/dockerconfigjson"), ("stringData", {".dockerconfigjson": "not json"})),
            fault(("type", "kubernetes.io/ssh-auth")), fault(("type", "kubernetes.io/basic-auth"), ("data", {})),
            fault(("stringData", {"k": 1})), fault(("data", {"k": 1})), fault(("type", 1))],
    merges=[{"data": {"k": "bQ=="}}, {"stringData": {"k": "merged"}}, {"data": None}, {"data": {"k": None}}, {"type": "x"},
            {"data": {"k": "!"}}, {"immutable": True}],
    operations=[[{"op": "add", "path": "/data/p", "value": "cA=="}], [{"op": "add", "path": "/stringData", "value": {"q": "v"}}],
                [{"op": "replace", "path": "/type", "value": "y"}]],
    applied=[{"stringData": {"k": "applied"}}, {"data": {"k": "YQ=="}}, {"type": "Opaque", "data": {"z": "eg=="}}, {}],
)

NAMESPACE = Sample(
    minimal={},
    variants=[{"spec": {"finalizers": ["kubernetes"]}}, {"spec": {}}],
    edits=[edit("spec", {})],
    faults=[fault(("spec", {"finalizers": ["no slash or known"]})), fault(("spec", {"finalizers": "x"}))],
    statuses=[{"phase": "Active"}, {"phase": "Terminating"}, {"conditions": []}],
    merges=[{"metadata": {"labels": {"team": "x"}}}, {"spec": {"finalizers": []}}],
    operations=[[{"op": "add", "path": "/metadata/labels/kubernetes.io~1metadata.name", "value": "other"}]],
    applied=[{}],
)

LEASE = Sample(
    minimal={},
    variants=[
        {"spec": {"holderIdentity": "me", "leaseDurationSeconds": 15, "acquireTime": "2001-02-03T04:05:06.000000Z",
                  "renewTime": "2001-02-03T04:05:07.123456Z", "leaseTransitions": 0}},
        {"spec": {"holderIdentity": "", "leaseTransitions": 3}},
        {"spec": {"leaseDurationSeconds": 1, "renewTime": "2001-02-03T04:05:07Z"}},
        {"spec": {}}, {"spec": None},
    ],
    edits=[edit("spec.holderIdentity", "you"), edit("spec.renewTime", "2002-02-03T04:05:07.000001Z"), edit("spec.leaseTransitions", 4),
           edit("spec.holderIdentity"), edit("spec")],
    faults=[fault(("spec.leaseDurationSeconds", 0)), fault(("spec.leaseDurationSeconds", -1)), fault(("spec.leaseTransitions", -1)),
            fault(("spec.renewTime", "yesterday")), fault(("spec.leaseDurationSeconds", "15")), fault(("spec.holderIdentity", 1)),
            fault(("spec.strategy", "OldestEmulationVersion")), fault(("spec.preferredHolder", "x")),
            fault(("spec.leaseDurationSeconds", 3000000000)), fault(("spec.leaseDurationSeconds", 1.5)), fault(("spec", []))],
    merges=[{"spec": {"holderIdentity": "m"}}, {"spec": {"leaseDurationSeconds": 0}}, {"spec": None}, {"spec": {"renewTime": None}}],
    operations=[[{"op": "replace", "path": "/spec/holderIdentity", "value": "o"}],
                [{"op": "test", "path": "/spec/holderIdentity", "value": "me"}, {"op": "remove", "path": "/spec/holderIdentity"}]],
    applied=[{"spec": {"holderIdentity": "applied"}}, {"spec": {"leaseDurationSeconds": 20}}, {"spec": {}}],
)

REVISION = Sample(
    minimal={"revision": 1, "data": {}},
    variants=[{"revision": 1}, {"revision": 1, "data": {"spec": {"a": [1, 2.5, None, "x", True]}}}, {"revision": 0, "data": {"raw": "x"}},
              {"revision": 7, "data": {}}, {"revision": 9007199254740993, "data": {"big": 9007199254740993, "float": 1.10}}],
    edits=[edit("revision", 2), edit("revision", 3), edit("revision", 100)],
    faults=[fault(("data", {"changed": True})), fault(("revision", -1)), fault(("revision", "one")), fault(("revision", REMOVE), ("data", [])),
            fault(("data", "text")), fault(("data", 5))],
    merges=[{"revision": 4}, {"data": {"more": 1}}, {"data": None}, {"revision": None}],
    operations=[[{"op": "replace", "path": "/revision", "value": 8}], [{"op": "replace", "path": "/data/spec", "value": 1}]],
    applied=[{"revision": 5}, {"revision": 6, "data": {"applied": True}}],
)
