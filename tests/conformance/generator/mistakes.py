"""Steps that no client should send: wrong paths, methods, types, broken and huge bodies."""

import re

from generator.writes import named, whole
from samples import SAMPLES

JSON = "application/json"
BROKEN = [
    "",
    "{",
    "null",
    "[]",
    "5",
    '"text"',
    '{"kind": }',
    '{"a":1}{"b":2}',
    "{'a': 1}",
    "\u0000",
    "not: json",
    '{"metadata":{"name":"a"',
    '{"kind":"$KIND","apiVersion":"$API","metadata":{"name":"a","name":"b"}}',
    '{"kind":"$KIND","apiVersion":"$API","metadata":{"name":"a","labels":{"k":"1","k":"2"}}}',
    '{"KIND":"$KIND","apiVersion":"$API","metadata":{"name":"c"}}',
    '{"kind":"$KIND","apiVersion":"$API","Metadata":{"name":"a"}}',
    ' \n{"kind":"$KIND","apiVersion":"$API","metadata":{"name":"d"}} \n',
]
# Two JSON texts in a row are one YAML document to Kubernetes' reader, and none to ours; and it tells of a field
# that is there twice.
UNLIKE_YAML = re.compile(r'\}\{|,"k"|,"name"')
YAML = [
    "kind: $KIND\napiVersion: $API\nmetadata:\n  name: a\n",
    "a: b: c",
    "- x\n",
    "\t",
    "",
    "kind: $KIND\napiVersion: $API\nmetadata: {name: b, labels: {app: yes}}\n",
    "kind: $KIND\napiVersion: $API\nmetadata: {name: b, labels: {app: 'yes'}}\n",
    "kind: $KIND\napiVersion: $API\nmetadata:\n  name: c\n  labels: &x {app: y}\n  annotations: *x\n",
    "%YAML 9\n---\nx",
]


def request(do, kind, method, path, **more):
    return {"do": do, "kind": kind.key, "method": method, "path": path, **more}


def in_words(text, kind):
    return text.replace("$KIND", kind.kind).replace("$API", kind.api_version)


def wrong_path(rng, kind, name):
    path = rng.choice(
        [
            kind.path(name) + "/nonsense",
            kind.path(name) + "/status/more",
            kind.path(name) + "/scale",
            kind.collection() + "/",
            kind.root + "/nonsense",
            kind.root + "/namespaces/$NS/nonsense/a",
            kind.root.replace(kind.version, "v9") + "/" + kind.plural,
            "/apis/example.com/v1/things",
            "/apis/nope",
            "/api/v2/pods",
            "/nonsense",
            "/apis/no.such.group/v1",
            kind.collection("$NS-none"),
            kind.path(name, "$NS-none"),
            kind.root + "/" + kind.plural + "/" + name,
            kind.path("no-such-" + name),
            kind.path("Not_A.Name"),
            kind.path(name) + "/",
        ]
    )
    method = rng.choice(["GET", "GET", "POST", "PUT", "DELETE", "PATCH"])
    # Never a collection of all: the namespace $NS-none is not there, the others are refused.
    if method != "GET" and path in (kind.collection() + "/",):
        method = "GET"
    if (
        kind.key == "namespace"
        and method in ("DELETE", "PATCH", "PUT")
        and not path.endswith(("/status/more", "/nonsense", "/scale"))
    ):
        method = "GET"
    if (
        method == "GET"
        and not kind.namespaced
        and path in (kind.collection("x"), kind.root + "/namespaces", kind.collection() + "/")
    ):
        path = kind.path("no-such-" + name)
    step = request("wrong path", kind, method, path)
    if method in ("POST", "PUT"):
        step["body"] = whole(kind, rng, {"name": name}, SAMPLES[kind.key].minimal)
    if method == "PATCH":
        step.update(type="application/merge-patch+json", body={"metadata": {"labels": {"w": "x"}}})
    return step


def wrong_method(rng, kind, name):
    minimal = whole(kind, rng, {"name": name}, SAMPLES[kind.key].minimal)
    return rng.choice(
        [
            request("POST to an object", kind, "POST", kind.path(name), body=minimal),
            request("PUT to a collection", kind, "PUT", kind.collection(), body=minimal),
            request(
                "PATCH of a collection", kind, "PATCH", kind.collection(), type="application/merge-patch+json", body={}
            ),
            request("DELETE of status", kind, "DELETE", kind.path(name) + "/status"),
            request("POST to status", kind, "POST", kind.path(name) + "/status", body=minimal),
            request("HEAD", kind, "HEAD", kind.path(name)),
            request("OPTIONS", kind, "OPTIONS", kind.path(name)),
            request("a method of its own", kind, "BREW", kind.path(name)),
            (
                request("POST to all namespaces", kind, "POST", f"{kind.root}/{kind.plural}", body=minimal)
                if kind.namespaced
                else request("PUT to a collection", kind, "PUT", kind.collection(), body=minimal)
            ),
        ]
    )


def wrong_type(rng, kind, name):
    minimal = whole(kind, rng, {"name": name}, SAMPLES[kind.key].minimal)
    choice = rng.random()
    if choice < 0.4:
        content = rng.choice(
            [
                "text/plain",
                "application/xml",
                "application/json; charset=utf-8",
                "application/x-www-form-urlencoded",
                "nonsense",
                "",
                "application/merge-patch+json",
            ]
        )
        return request(f"create as {content or 'nothing'}", kind, "POST", kind.collection(), type=content, body=minimal)
    if choice < 0.75:
        content = rng.choice(
            [
                JSON,
                "text/plain",
                "application/patch+json",
                "",
                "application/strategic-merge-patch+json",
                "application/merge-patch+json; charset=utf-8",
                "application/apply-patch+cbor",
                "application/json-patch+xml",
            ]
        )
        return request(
            f"patch as {content or 'nothing'}",
            kind,
            "PATCH",
            kind.path(name),
            type=content,
            body={"metadata": {"labels": {"t": "x"}}},
        )
    accept = rng.choice(
        [
            "text/html",
            "application/xml",
            "nonsense",
            "application/json;as=Odd;v=v1;g=meta.k8s.io",
            "application/json;as=Table;v=v9;g=meta.k8s.io",
            "application/json;as=PartialObjectMetadata;v=v1",
            "image/png, application/json;as=Table;v=v1;g=meta.k8s.io",
        ]
    )
    return request("an odd Accept", kind, "GET", kind.path(name), accept=accept)


def broken_body(rng, kind, name):
    choice = rng.random()
    if kind.key == "namespace" and not 0.45 <= choice < 0.6:
        choice = 0.5  # these texts have names of their own, which are the whole cluster's
    if choice < 0.45:
        return request(
            "create from a broken body",
            kind,
            "POST",
            kind.collection(),
            type=JSON,
            text=in_words(rng.choice(BROKEN), kind),
        )
    if choice < 0.6:
        return request(
            "update from a broken body",
            kind,
            "PUT",
            kind.path(name),
            type=JSON,
            text=in_words(rng.choice(BROKEN), kind),
        )
    if choice < 0.75:
        return request(
            "a broken apply",
            kind,
            "PATCH",
            kind.path(name),
            type="application/apply-patch+yaml",
            query=[["fieldManager", "alpha"]],
            # Two JSON texts in a row are one YAML document to Kubernetes' reader, and none to ours;
            # and that a field is there twice is told of JSON bodies only.
            text=in_words(rng.choice(YAML + [text for text in BROKEN if not UNLIKE_YAML.search(text)]), kind),
        )
    if choice < 0.85:
        return request(
            "create from YAML",
            kind,
            "POST",
            kind.collection(),
            type="application/yaml",
            text=in_words(rng.choice(YAML), kind),
        )
    if choice < 0.93:
        content = rng.choice(["json-patch", "merge-patch", "strategic-merge-patch"])
        return request(
            f"a broken {content}",
            kind,
            "PATCH",
            kind.path(name),
            type=f"application/{content}+json",
            text=in_words(rng.choice(BROKEN), kind),
        )
    return request(
        "a broken deletion", kind, "DELETE", kind.path(name), type=JSON, text=in_words(rng.choice(BROKEN[1:]), kind)
    )


def large_body(rng, kind, name):
    size = rng.choice([100_000, 1_000_000, 1_600_000, 3_300_000])
    minimal = whole(kind, rng, {"name": name}, SAMPLES[kind.key].minimal)
    choice = rng.random()
    if choice < 0.4 and kind.key in ("configmap", "secret"):
        field = "data" if kind.key == "configmap" else "stringData"
        return request(
            f"create with {size} bytes",
            kind,
            "POST",
            kind.collection(),
            body={**minimal, field: {"big": {"$big": size}}},
        )
    if choice < 0.6:
        return request(
            "create with an unknown deep field",
            kind,
            "POST",
            kind.collection(),
            body={**minimal, "deep": {"$deep": rng.choice([50, 150])}},
        )
    if choice < 0.8:
        return request(
            "merge patch, deep",
            kind,
            "PATCH",
            kind.path(name),
            type="application/merge-patch+json",
            body={"metadata": {"annotations": {"d": {"$deep": rng.choice([20, 150])}}}},
        )
    return request(
        f"merge patch of {size} bytes",
        kind,
        "PATCH",
        kind.path(name),
        type="application/merge-patch+json",
        body={"metadata": {"annotations": {"big": {"$big": size}}}},
    )


def mistake(rng, kind, name):
    kind_name = named(kind, name)
    return rng.choices([wrong_path, wrong_method, wrong_type, broken_body, large_body], [4, 3, 3, 4, 1])[0](
        rng, kind, kind_name
    )
