"""Steps that read: get, list, watch, in each representation and with each way to choose."""

LABEL_SELECTORS = [
    "app=x",
    "app==y",
    "app!=x",
    "app",
    "!app",
    "!hidden",
    "tier in (a,b)",
    "tier notin (a)",
    "app=x,tier=a",
    "app in (x),!hidden",
    "example.com/long.key-1=v_1.x",
    "tier in (a, b ,c)",
    "hidden=",
    "tier,app",
    "",
]
BAD_LABEL_SELECTORS = [
    "app=",
    "=x",
    "app in",
    "app in ()",
    "app=x=y",
    "app x",
    "bad key!",
    "app=bad value!",
    "tier in (a",
    ",",
    "app>1",
    "app>x",
    "!",
    "app,,tier",
    "a/b/c=d",
    "k" * 64,
]
MARKED_LABEL_SELECTORS = ["app=x", "tier in (a,b)", "app", "!hidden", "app!=y", "app=x,tier=a"]
BAD_FIELD_SELECTORS = [
    "metadata.nope=1",
    "spec.nope=x",
    "metadata.name",
    "metadata.name=a=b",
    "x",
    "=",
    "metadata.name=a,",
    "status.phase>1",
    "metadata.labels=x",
]
JSON = "application/json"
TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io"
METADATA = "application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io"
METADATA_LIST = "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io"


def accept(rng, many=False):
    choice = rng.random()
    if choice < 0.55:
        return {}
    if choice < 0.8:
        return {"accept": TABLE + (",application/json" if rng.random() < 0.5 else "")}
    if choice < 0.95:
        return {"accept": METADATA_LIST if many else METADATA}
    return {
        "accept": rng.choice(["*/*", "application/*", JSON + ";q=0.5", "text/html, application/json;q=0.9, */*;q=0.8"])
    }


def get(rng, kind, name):
    step = {"do": "get", "kind": kind.key, "name": name, "method": "GET", "path": kind.path(name), **accept(rng)}
    if "as=Table" in step.get("accept", "") and rng.random() < 0.5:
        step["query"] = [["includeObject", rng.choice(["None", "Metadata", "Object", "Odd"])]]
    elif rng.random() < 0.15:
        step["query"] = [["resourceVersion", rng.choice(["0", {"$version": [kind.key, name, 0]}])]]
        step["before"] = "fresh"
    return step


def field_selector(rng, kind, names):
    if rng.random() < 0.15:
        return rng.choice(BAD_FIELD_SELECTORS)
    if kind.selectable and rng.random() < 0.6:
        field, values = rng.choice(kind.selectable)
    else:
        field, values = rng.choice([("metadata.name", names), ("metadata.namespace", ("$NS", "elsewhere"))])
    return field + rng.choice(["=", "==", "!="]) + rng.choice(values)


def list_objects(rng, kind, names):
    step = {"do": "list", "kind": kind.key, "method": "GET", "path": kind.collection(), **accept(rng, many=True)}
    query = []
    if kind.key == "namespace":
        query.append(["labelSelector", "kubernetes.io/metadata.name in ($NS,$NS-x,$NS-y)"])
    elif rng.random() < 0.4:
        query.append(["labelSelector", rng.choice(LABEL_SELECTORS if rng.random() < 0.8 else BAD_LABEL_SELECTORS)])
    if rng.random() < 0.3:
        query.append(["fieldSelector", field_selector(rng, kind, names)])
    if rng.random() < 0.35:
        query += paging(rng, kind)
    if rng.random() < 0.25:
        query += versions(rng, kind, names)
    if any(name == "resourceVersion" for name, _ in query):
        step["before"] = "fresh"
    if "as=Table" in step.get("accept", "") and rng.random() < 0.3:
        query.append(["includeObject", rng.choice(["None", "Metadata", "Object"])])
    return {**step, "query": query}


def paging(rng, kind):
    choice = rng.random()
    if choice < 0.5:
        return [["limit", rng.choice(["1", "2", "3", "500"])]]
    if choice < 0.85:
        return [["limit", rng.choice(["1", "2"])], ["continue", {"$continue": kind.key}]]
    return rng.choice(
        [
            [["limit", "-1"]],
            [["limit", "x"]],
            [["limit", "0"]],
            [["continue", "nonsense"]],
            [["limit", "1"], ["continue", "bm90IGpzb24"]],
            [["limit", "1"], ["resourceVersion", "0"]],
        ]
    )


def versions(rng, kind, names):
    """resourceVersion and how it is to match."""
    version = rng.choice(
        [
            "0",
            {"$version": [kind.key, rng.choice(names), 0]},
            {"$version": [kind.key, rng.choice(names), 1]},
            {"$list": kind.key},
        ]
    )
    choice = rng.random()
    if choice < 0.3:
        return [["resourceVersion", version]]
    if choice < 0.55:
        return [["resourceVersion", version], ["resourceVersionMatch", "NotOlderThan"]]
    if choice < 0.8:
        exact = {"$list": kind.key} if version == "0" and rng.random() < 0.7 else version
        return [["resourceVersion", exact], ["resourceVersionMatch", "Exact"]]
    return rng.choice(
        [
            [["resourceVersion", "abc"]],
            [["resourceVersion", "-1"]],
            [["resourceVersionMatch", "Exact"]],
            [["resourceVersionMatch", "Odd"], ["resourceVersion", "0"]],
            [["resourceVersion", "0"], ["continue", {"$continue": kind.key}]],
            [["resourceVersion", version], ["limit", "1"]],
        ]
    )


def watch_from_the_start(rng, kind, selective):
    """Opened in the empty namespace; its whole course is compared."""
    query = [["watch", rng.choice(["1", "true"])]]
    if selective:
        query.append(["labelSelector", rng.choice(MARKED_LABEL_SELECTORS)])
    step = {"do": "watch", "wait": "watch", "kind": kind.key, "path": kind.collection(), "query": query}
    if rng.random() < 0.25:
        step["accept"] = rng.choice([TABLE, METADATA])
    return step


def watch(rng, kind, names):
    """Opened in mid-course: what is there first, or from a version on."""
    name = rng.choice(names)
    choice = rng.random()
    step = {"do": "watch", "wait": "watch", "kind": kind.key, "path": kind.collection()}
    if choice < 0.35:
        query = [["resourceVersion", {"$version": [kind.key, name, rng.choice([0, 0, 1, 2])]}]]
    elif choice < 0.5:
        query = [["resourceVersion", {"$list": kind.key}]]
    elif choice < 0.65:
        query = [["resourceVersion", "0"]] if rng.random() < 0.5 else []
    elif choice < 0.85:
        query = [
            ["sendInitialEvents", "true"],
            ["resourceVersionMatch", "NotOlderThan"],
            ["allowWatchBookmarks", "true"],
        ]
        if rng.random() < 0.3:
            query.append(["resourceVersion", rng.choice(["0", {"$version": [kind.key, name, 0]}])])
    else:
        return {**step, "query": [["watch", "1"], *bad_watch(rng)]}
    if rng.random() < 0.3:
        query.append(["labelSelector", rng.choice(MARKED_LABEL_SELECTORS)])
    elif rng.random() < 0.25:
        query.append(["fieldSelector", "metadata.name=" + name])
        step["name"] = name
    if rng.random() < 0.15:
        step["accept"] = rng.choice([TABLE, METADATA])
    return {**step, "query": [["watch", "1"], *query]}


def bad_watch(rng):
    return rng.choice(
        [
            [["sendInitialEvents", "true"]],
            [["sendInitialEvents", "false"]],
            [["resourceVersionMatch", "NotOlderThan"]],
            [["resourceVersion", "abc"]],
            [["labelSelector", "a b c"]],
            [["fieldSelector", "nope=1"]],
            [["resourceVersion", "-5"]],
            [["sendInitialEvents", "true"], ["resourceVersionMatch", "Exact"]],
            [["continue", "x"]],
            [["resourceVersionMatch", "Odd"]],
        ]
    )
