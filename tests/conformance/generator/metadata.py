"""metadata of objects that scripts write: mostly sensible, wrong on purpose now and then."""

from suite.steps import REMOVE

FINALIZER = "example.com/f"
LABELS = {"app": ("x", "y"), "tier": ("a", "b", "c"), "hidden": ("1", ""), "example.com/long.key-1": ("v_1.x",)}
OWNER = {"apiVersion": "v1", "kind": "Namespace", "name": "$NS", "uid": {"$uid": ["namespace", "$NS"]}}

# (why, edits): each makes an object that the server refuses, or a field that it ignores.
FAULTS = [
    ("name in capitals", [[["metadata", "name"], "Bad-Name"]]),
    ("name with _", [[["metadata", "name"], "a_b"]]),
    ("name that ends in -", [[["metadata", "name"], "a-"]]),
    ("name of 254", [[["metadata", "name"], "n" * 254]]),
    ("name of 64", [[["metadata", "name"], "n" * 64]]),
    ("name ..", [[["metadata", "name"], ".."]]),
    ("name with a slash", [[["metadata", "name"], "a/b"]]),
    ("name is a number", [[["metadata", "name"], 5]]),
    ("no name", [[["metadata", "name"], REMOVE]]),
    ("no metadata", [[["metadata"], REMOVE]]),
    ("metadata is null", [[["metadata"], None]]),
    ("metadata is a text", [[["metadata"], "x"]]),
    ("other namespace", [[["metadata", "namespace"], "elsewhere"]]),
    ("label key", [[["metadata", "labels"], {"bad key!": "v"}]]),
    ("label key of two slashes", [[["metadata", "labels"], {"a/b/c": "v"}]]),
    ("label value", [[["metadata", "labels"], {"k": "bad value!"}]]),
    ("label value of 64", [[["metadata", "labels"], {"k": "v" * 64}]]),
    ("label is a number", [[["metadata", "labels"], {"k": 1}]]),
    ("labels are a list", [[["metadata", "labels"], ["k"]]]),
    ("annotation key", [[["metadata", "annotations"], {"bad key!": "v"}]]),
    ("annotations too large", [[["metadata", "annotations"], {"k": {"$big": 262200}}]]),
    ("finalizer without a slash", [[["metadata", "finalizers"], ["word"]]]),
    ("finalizer of odd letters", [[["metadata", "finalizers"], ["example.com/a b"]]]),
    ("finalizers are a text", [[["metadata", "finalizers"], "x"]]),
    ("finalizers orphan and foreground", [[["metadata", "finalizers"], ["orphan", "foregroundDeletion"]]]),
    ("owner without uid", [[["metadata", "ownerReferences"], [{"apiVersion": "v1", "kind": "Pod", "name": "x"}]]]),
    ("owner without name", [[["metadata", "ownerReferences"], [{"apiVersion": "v1", "kind": "Pod", "uid": "u"}]]]),
    ("owner without version", [[["metadata", "ownerReferences"], [{"kind": "Pod", "name": "x", "uid": "u"}]]]),
    (
        "owner is an event",
        [[["metadata", "ownerReferences"], [{"apiVersion": "v1", "kind": "Event", "name": "x", "uid": "u"}]]],
    ),
    (
        "two controllers",
        [
            [
                ["metadata", "ownerReferences"],
                [{**OWNER, "controller": True}, {**OWNER, "uid": "u2", "controller": True}],
            ]
        ],
    ),
    ("owner twice", [[["metadata", "ownerReferences"], [OWNER, OWNER]]]),
    ("own uid", [[["metadata", "uid"], "11111111-2222-4333-8444-555555555555"]]),
    ("own creationTimestamp", [[["metadata", "creationTimestamp"], "2001-01-01T00:00:00Z"]]),
    ("creationTimestamp is no time", [[["metadata", "creationTimestamp"], "then"]]),
    ("own deletionTimestamp", [[["metadata", "deletionTimestamp"], "2001-01-01T00:00:00Z"]]),
    ("own generation", [[["metadata", "generation"], 17]]),
    ("negative generation", [[["metadata", "generation"], -1]]),
    ("own selfLink", [[["metadata", "selfLink"], "/x"]]),
    ("grace of its own", [[["metadata", "deletionGracePeriodSeconds"], 5]]),
    ("resourceVersion given", [[["metadata", "resourceVersion"], "12"]]),
    ("resourceVersion is no number", [[["metadata", "resourceVersion"], "abc"]]),
    ("resourceVersion 0", [[["metadata", "resourceVersion"], "0"]]),
    ("managedFields cleared", [[["metadata", "managedFields"], [{}]]]),
    ("managedFields empty", [[["metadata", "managedFields"], []]]),
    ("managedFields broken", [[["metadata", "managedFields"], [{"manager": "x", "operation": "Odd"}]]]),
    ("metadata with an unknown field", [[["metadata", "nonsense"], {"x": 1}]]),
    ("other kind", [[["kind"], "Other"]]),
    ("a list's kind", [[["kind"], "List"]]),
    ("no kind", [[["kind"], REMOVE]]),
    ("no apiVersion", [[["apiVersion"], REMOVE]]),
    ("neither kind nor apiVersion", [[["kind"], REMOVE], [["apiVersion"], REMOVE]]),
    ("other version", [[["apiVersion"], "v2beta7"]]),
    ("other group", [[["apiVersion"], "example.com/v1"]]),
    ("apiVersion of three parts", [[["apiVersion"], "a/b/c"]]),
    ("kind is a number", [[["kind"], 5]]),
    ("an unknown field", [[["nonsense"], 1]]),
]


def labels(rng):
    return {key: rng.choice(values) for key, values in LABELS.items() if rng.random() < 0.45}


def metadata(rng, name):
    out = {"name": name}
    if rng.random() < 0.7:
        out["labels"] = labels(rng)
    if rng.random() < 0.2:
        out["annotations"] = {"example.com/n": rng.choice(["1", "two", ""]), "plain": "p"}
    if rng.random() < 0.15:
        out["finalizers"] = [FINALIZER] if rng.random() < 0.8 else [FINALIZER, "example.com/g"]
    if rng.random() < 0.08:
        out["ownerReferences"] = (
            [OWNER] if rng.random() < 0.5 else [{**OWNER, "controller": True, "blockOwnerDeletion": True}]
        )
    if rng.random() < 0.2:
        out["namespace"] = "$NS"
    return out


def change(rng, kind):
    """An edit of metadata that is allowed at any time. Nothing may hold up the end of a namespace."""
    found = rng.choice(
        [
            [["metadata", "labels", rng.choice(list(LABELS)[:3])], rng.choice(["x", "b", ""])],
            [["metadata", "labels", rng.choice(list(LABELS))], REMOVE],
            [["metadata", "labels"], REMOVE],
            [["metadata", "labels"], labels(rng)],
            [["metadata", "annotations", "example.com/n"], rng.choice(["2", "three"])],
            [["metadata", "annotations"], REMOVE],
            [["metadata", "finalizers"], REMOVE],
            [["metadata", "finalizers"], [FINALIZER]],
            [["metadata", "ownerReferences"], [OWNER]],
            [["metadata", "ownerReferences"], REMOVE],
            [["metadata", "managedFields"], REMOVE],
        ]
    )
    return [["metadata", "labels"], {"f": "x"}] if kind.key == "namespace" and "finalizers" in found[0] else found
