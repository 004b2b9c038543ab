"""Steps that write: create, update, patch, apply, status, delete."""

from generator.metadata import FAULTS, change, metadata
from samples import SAMPLES
from suite.steps import edited

MANAGERS = ["alpha", "beta", "gamma"]


def whole(kind, rng, meta, body):
    return {"apiVersion": kind.api_version, "kind": kind.kind, "metadata": meta, **body}


def body_of(rng, kind):
    sample = SAMPLES[kind.key]
    if not sample.variants or rng.random() < 0.35:
        return sample.minimal
    return rng.choice(sample.variants)


def options(rng, apply=False):
    """Query parameters that any write may have."""
    query = []
    if rng.random() < 0.12:
        query.append(["dryRun", rng.choice(["All", "All", "All", "Odd", ""])])
    if rng.random() < 0.2:
        query.append(
            [
                "fieldValidation",
                rng.choice(["Strict", "Warn", "Ignore", "Odd"] if rng.random() < 0.3 else ["Strict", "Warn", "Ignore"]),
            ]
        )
    if apply:
        if rng.random() < 0.95:
            query.append(["fieldManager", rng.choice(MANAGERS)])
        if rng.random() < 0.35:
            query.append(["force", rng.choice(["true", "true", "false", "1"])])
    elif rng.random() < 0.2:
        query.append(["fieldManager", rng.choice([*MANAGERS, "m" * 129 if rng.random() < 0.2 else "delta"])])
    if rng.random() < 0.1:
        query.append(["pretty", "true"])
    return query


def named(kind, name):
    return f"$NS-{name}" if kind.key == "namespace" else name


def with_edits(obj, edits):
    """The same object, or a reference to one, with more edits."""
    if "$object" in obj:
        return {**obj, "edits": obj["edits"] + edits}
    return edited(obj, edits)


def wrong(rng, kind, obj):
    """(why, the object made wrong)."""
    faults = SAMPLES[kind.key].faults
    if faults and rng.random() < 0.6:
        index = rng.randrange(len(faults))
        return f"fault {index}", with_edits(obj, faults[index])
    why, edits = rng.choice(FAULTS)
    return why, with_edits(obj, edits)


def create(rng, kind, name, number):
    step = {"do": "create", "kind": kind.key, "method": "POST", "path": kind.collection(), "query": options(rng)}
    meta = metadata(rng, named(kind, name))
    if kind.key == "namespace":
        meta.pop("finalizers", None)
        meta.pop("namespace", None)
    elif rng.random() < 0.12:
        meta["generateName"] = (
            f"g{number}-" if rng.random() < 0.85 else rng.choice(["Bad_", f"g{number}-" + "l" * 70, "a" * 253])
        )
        if rng.random() < 0.8:
            del meta["name"]
    obj = whole(kind, rng, meta, body_of(rng, kind))
    if rng.random() < 0.25:
        why, obj = wrong(rng, kind, obj)
        step["do"] = "create, " + why
        if (
            kind.key == "namespace"
            and isinstance(obj.get("metadata"), dict)
            and "name" in obj["metadata"]
            and "name" in why
        ):
            obj["metadata"]["name"] = f"$NS-{str(obj['metadata']['name'])[:200]}"
    return {**step, "body": obj}


def update(rng, kind, name):
    name = named(kind, name)
    step = {
        "do": "update",
        "kind": kind.key,
        "name": name,
        "method": "PUT",
        "path": kind.path(name),
        "query": options(rng),
    }
    sample = SAMPLES[kind.key]
    edits = [rng.choice(sample.edits)] if sample.edits and rng.random() < 0.7 else []
    if rng.random() < 0.5:
        edits.append(change(rng, kind))
    choice = rng.random()
    if choice < 0.15:
        edits.append([["metadata", "resourceVersion"], {"$remove": True}])
        step["do"] = "update without a version"
    elif choice < 0.3:
        edits.append([["metadata", "resourceVersion"], {"$version": [kind.key, name, rng.choice([1, 2])]}])
        step["do"] = "update with a stale version"
    elif choice < 0.36:
        edits.append([["metadata", "uid"], "11111111-2222-4333-8444-555555555555"])
        step["do"] = "update with a wrong uid"
    elif choice < 0.41:
        edits.append([["metadata", "name"], "other"])
        step["do"] = "update under another name"
    elif choice < 0.48:
        edits.append([["metadata", "resourceVersion"], rng.choice(["999999999", "0", "abc", "", "-1"])])
        step["do"] = "update with an odd version"
    obj = {"$object": [kind.key, name], "edits": edits}
    if rng.random() < 0.12:
        obj = whole(
            kind,
            rng,
            {
                **metadata(rng, name),
                **({"resourceVersion": {"$version": [kind.key, name, 0]}} if rng.random() < 0.6 else {}),
            },
            body_of(rng, kind),
        )
        step["do"] = "update with another object"
    if rng.random() < 0.2:
        why, obj = wrong(rng, kind, obj)
        step["do"] += ", " + why
    return {**step, "body": obj}


def update_status(rng, kind, name):
    name = named(kind, name)
    path = kind.path(name) + "/status"
    statuses = SAMPLES[kind.key].statuses
    status = rng.choice(statuses)
    choice = rng.random()
    if choice < 0.5:
        edits = [[["status"], status]]
        if rng.random() < 0.3:
            edits.append(change(rng, kind))
        if rng.random() < 0.3:
            edits.append(rng.choice(SAMPLES[kind.key].edits or edits))
        if rng.random() < 0.15:
            edits.append([["metadata", "resourceVersion"], {"$version": [kind.key, name, 1]}])
        return {
            "do": "update status",
            "kind": kind.key,
            "name": name,
            "method": "PUT",
            "path": path,
            "query": options(rng),
            "body": {"$object": [kind.key, name], "edits": edits},
        }
    if choice < 0.85:
        strategic = kind.strategic and rng.random() < 0.5
        extra = {"spec": {"suspend": True}} if rng.random() < 0.2 else {}
        return {
            "do": "patch status",
            "kind": kind.key,
            "name": name,
            "method": "PATCH",
            "path": path,
            "query": options(rng),
            "type": f"application/{'strategic-merge' if strategic else 'merge'}-patch+json",
            "body": {"status": status, **extra},
        }
    if choice < 0.95:
        return {
            "do": "apply status",
            "kind": kind.key,
            "name": name,
            "method": "PATCH",
            "path": path,
            "query": options(rng, apply=True),
            "type": "application/apply-patch+yaml",
            "body": whole(kind, rng, {"name": name}, {"status": status}),
        }
    return {"do": "get status", "kind": kind.key, "name": name, "method": "GET", "path": path}


def patch(rng, kind, name):
    name = named(kind, name)
    sample = SAMPLES[kind.key]
    step = {
        "do": "patch",
        "kind": kind.key,
        "name": name,
        "method": "PATCH",
        "path": kind.path(name),
        "query": options(rng),
    }
    choice = rng.random()
    if choice < 0.35 and sample.operations:
        body = rng.choice(sample.operations)
        if rng.random() < 0.2:
            body = [
                {
                    "op": "test",
                    "path": "/metadata/resourceVersion",
                    "value": {"$version": [kind.key, name, rng.choice([0, 1])]},
                },
                {"op": "add", "path": "/metadata/annotations", "value": {"tested": "yes"}},
            ]
        return {**step, "do": "JSON patch", "type": "application/json-patch+json", "body": body}
    body = meta_patch(rng, kind, name) if rng.random() < 0.4 or not sample.merges else rng.choice(sample.merges)
    if kind.key == "namespace" and "finalizers" in str(body):
        body = {"metadata": {"labels": {"f": "x"}}}
    strategic = rng.random() < 0.5
    return {
        **step,
        "do": "strategic patch" if strategic else "merge patch",
        "body": body,
        "type": f"application/{'strategic-merge' if strategic else 'merge'}-patch+json",
    }


def meta_patch(rng, kind, name):
    return {
        "metadata": rng.choice(
            [
                {"labels": {"app": rng.choice(["x", "y", None])}},
                {"labels": None},
                {"labels": {"tier": "c", "hidden": None}},
                {"annotations": {"example.com/n": "p"}},
                {"annotations": None},
                {"finalizers": None},
                {"finalizers": []},
                {"finalizers": ["example.com/f"]},
                {"finalizers": ["example.com/g"]},
                {"resourceVersion": {"$version": [kind.key, name, 0]}, "labels": {"v": "0"}},
                {"resourceVersion": {"$version": [kind.key, name, 1]}, "labels": {"v": "1"}},
                {"uid": "11111111-2222-4333-8444-555555555555"},
                {"uid": {"$uid": [kind.key, name]}, "labels": {"u": "x"}},
                {"name": "other"},
                {"namespace": "elsewhere"},
                {"generation": 99},
                {"creationTimestamp": None},
                {"deletionTimestamp": "2001-01-01T00:00:00Z"},
                {"labels": {"bad key!": "x"}},
                {"labels": "x"},
                {"managedFields": [{}]},
                {"managedFields": []},
                {"ownerReferences": [{"uid": "u"}]},
                {"resourceVersion": "1"},
                None,
            ]
        )
    }


def apply(rng, kind, name):
    name = named(kind, name)
    meta = {"name": name}
    if rng.random() < 0.5:
        meta["labels"] = {"app": rng.choice(["x", "y"]), **({"tier": "a"} if rng.random() < 0.4 else {})}
    if rng.random() < 0.1:
        meta["finalizers"] = ["example.com/f"]
    if kind.key == "namespace":
        meta.pop("finalizers", None)
    choice = rng.random()
    if choice < 0.04:
        meta["resourceVersion"] = {"$version": [kind.key, name, rng.choice([0, 1])]}
    elif choice < 0.07:
        meta["managedFields"] = [{"manager": "x"}]
    elif choice < 0.09:
        meta["uid"] = rng.choice([{"$uid": [kind.key, name]}, "u"])
    elif choice < 0.11:
        meta["name"] = "other"
    elif choice < 0.13:
        meta["namespace"] = rng.choice(["$NS", "elsewhere"])
    obj = whole(kind, rng, meta, rng.choice(SAMPLES[kind.key].applied))
    step = {
        "do": "apply",
        "kind": kind.key,
        "name": name,
        "method": "PATCH",
        "path": kind.path(name),
        "query": options(rng, apply=True),
        "type": "application/apply-patch+yaml",
        "body": obj,
    }
    if rng.random() < 0.08:
        why, step["body"] = wrong(rng, kind, obj)
        step["do"] += ", " + why
    return step


def delete(rng, kind, name):
    name = named(kind, name)
    step = {"do": "delete", "kind": kind.key, "name": name, "method": "DELETE", "path": kind.path(name)}
    query, body = deletion(rng, kind, name)
    if body is not None:
        step["body"] = body
    return {**step, "query": query}


def deletion(rng, kind, name):
    """(query, body): options of a deletion are given in either."""
    query, body = [], {}
    if rng.random() < 0.3:
        policy = rng.choice(["Background", "Background", "Foreground", "Orphan", "Odd"])
        if rng.random() < 0.5:
            query.append(["propagationPolicy", policy])
        else:
            body["propagationPolicy"] = policy
    elif rng.random() < 0.05:
        body["orphanDependents"] = rng.choice([True, False])
    if rng.random() < 0.2:
        grace = rng.choice([0, 0, 1, 5, -1, "x"])
        if rng.random() < 0.5:
            query.append(["gracePeriodSeconds", str(grace)])
        else:
            body["gracePeriodSeconds"] = grace
    if name and rng.random() < 0.25:
        body["preconditions"] = rng.choice(
            [
                {"uid": {"$uid": [kind.key, name]}},
                {"uid": "11111111-2222-4333-8444-555555555555"},
                {"resourceVersion": {"$version": [kind.key, name, 0]}},
                {"resourceVersion": {"$version": [kind.key, name, 1]}},
                {"uid": {"$uid": [kind.key, name]}, "resourceVersion": {"$version": [kind.key, name, 0]}},
            ]
        )
    if rng.random() < 0.12:
        if rng.random() < 0.5:
            query.append(["dryRun", rng.choice(["All", "Odd"])])
        else:
            body["dryRun"] = rng.choice([["All"], ["Odd"], "All", []])
    if not body and rng.random() < 0.7:
        return query, None
    if rng.random() < 0.5:
        body = {"kind": "DeleteOptions", "apiVersion": "v1", **body}
    if rng.random() < 0.04:
        body = rng.choice(
            [{"kind": "Pod", "apiVersion": "v1"}, [], {"unknown": 1}, {"apiVersion": "v9", "kind": "DeleteOptions"}]
        )
    return query, body


def delete_collection(rng, kind):
    """Of ConfigMaps, not that one that a controller puts into every namespace, and puts back."""
    query, body = deletion(rng, kind, None)
    query.append(
        rng.choice(
            [
                ["labelSelector", "app=x"],
                ["labelSelector", "tier in (a,b)"],
                ["fieldSelector", "metadata.name=a"],
                ["fieldSelector", "metadata.name!=kube-root-ca.crt"],
                ["labelSelector", "bad selector!"],
                ["fieldSelector", "nope=1"],
            ]
        )
    )
    if rng.random() < 0.1:
        query.append(["limit", "1"])
    step = {"do": "deletecollection", "kind": kind.key, "method": "DELETE", "path": kind.collection(), "query": query}
    if body is not None:
        step["body"] = body
    return step
