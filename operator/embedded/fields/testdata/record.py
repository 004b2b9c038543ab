#!/usr/bin/env python3
"""Records what a real API server answers: one file for each scenario of scenarios.py.

    KUBECONFIG=... testdata/record.py [SCENARIO...]

A file holds the steps in order: what was sent, and the answer. What a step changed is what the last
answer of the same object was. Works in a namespace of its own, which it deletes; the CRD of
samples.yaml and those of crds/ stay.
"""

import base64
import http.client
import json
import os
import pathlib
import ssl
import sys
import tempfile
import time
import urllib.parse

import yaml

import scenarios

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[3]
NAMESPACE = "fields-goldens"
TYPES = {
    "json-patch": "application/json-patch+json",
    "merge-patch": "application/merge-patch+json",
    "strategic-patch": "application/strategic-merge-patch+json",
    "apply": "application/apply-patch+yaml",
}


class Server:
    def __init__(self):
        config = yaml.safe_load(open(os.environ["KUBECONFIG"]))
        cluster = config["clusters"][0]["cluster"]
        user = config["users"][0]["user"]
        context = ssl.create_default_context(cadata=base64.b64decode(cluster["certificate-authority-data"]).decode())
        with tempfile.NamedTemporaryFile() as pem:
            pem.write(base64.b64decode(user["client-certificate-data"]))
            pem.write(b"\n" + base64.b64decode(user["client-key-data"]))
            pem.flush()
            context.load_cert_chain(pem.name)
        url = urllib.parse.urlparse(cluster["server"])
        self.connection = http.client.HTTPSConnection(url.hostname, url.port, context=context)

    def call(self, method, path, body=None, content_type="application/json"):
        text = None if method == "GET" else json.dumps(body, separators=(",", ":"))
        self.connection.request(method, path, text, {"Content-Type": content_type, "Accept": "application/json"})
        answer = self.connection.getresponse()
        content = answer.read()
        return answer.status, json.loads(content) if content else None


def path_of(step, resource, name):
    query = {k: v for k, v in {"fieldManager": step.get("manager"), "force": step.get("force")}.items() if v}
    if step["do"] == "create":
        name = ""
    path = resource.format(ns=NAMESPACE) + ("/" + name if name else "")
    if step.get("subresource"):
        path += "/" + step["subresource"]
    return path + ("?" + urllib.parse.urlencode(query) if query else "")


def edited(current, changes):
    """The object with each of `changes`, a path and a value; null removes."""
    for path, value in changes:
        *parents, last = path
        holder = current
        for name in parents:
            holder = holder[name] if isinstance(holder, list) else holder.setdefault(name, {})
        if value is None:
            holder.pop(last, None)
        else:
            holder[last] = value
    return current


def resolved(text, owners):
    for name, uid in owners.items():
        text = text.replace(f"UID of {name}", uid)
    return text


def play(server, scenario, owners):
    """Sends the steps; `edit` makes a body of the object as it is."""
    last, recorded = None, []
    for step in scenario["steps"]:
        step = json.loads(resolved(json.dumps(step), owners))
        body = edited(json.loads(json.dumps(last)), step["edit"]) if "edit" in step else step["body"]
        time.sleep(step.get("pause", 0))
        method = {"create": "POST", "update": "PUT", "delete": "DELETE"}.get(step["do"], "PATCH")
        name = scenario["name"]
        code, answer = server.call(
            method,
            path_of(step, scenario["resource"], name),
            body,
            TYPES.get(step["do"], "application/json"),
        )
        if code < 300:
            last = answer
        if not scenario["managed"]:
            answer.get("metadata", {}).pop("managedFields", None)
        recorded.append({**step, "code": code, "answer": answer})
        print(f"  {scenario['title']}: {step['do']} {code} {answer.get('message', '')}")
    server.call("PATCH", scenario["resource"].format(ns=NAMESPACE) + "/" + scenario["name"],
                {"metadata": {"finalizers": None}}, TYPES["merge-patch"])
    server.call("DELETE", scenario["resource"].format(ns=NAMESPACE) + "/" + scenario["name"],
                {"gracePeriodSeconds": 0, "propagationPolicy": "Background"})
    return recorded


def write_sample_schema():
    crd = yaml.safe_load((HERE / "samples.yaml").read_text())
    schema = crd["spec"]["versions"][0]["schema"]["openAPIV3Schema"]
    (HERE / "sample_schema.json").write_text(json.dumps(schema, indent=1, sort_keys=True) + "\n")


def main():
    server = Server()
    wanted = set(sys.argv[1:])
    for crd in yaml.safe_load_all((HERE / "samples.yaml").read_text()):
        server.call("PATCH", "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/" + crd["metadata"]["name"]
                    + "?fieldManager=fields&force=true", crd, TYPES["apply"])
    for file in sorted((ROOT / "crds").glob("*.yaml")):
        crd = yaml.safe_load(file.read_text())
        server.call("POST", "/apis/apiextensions.k8s.io/v1/customresourcedefinitions", crd)
    server.call("POST", "/api/v1/namespaces", {"metadata": {"name": NAMESPACE}})
    owners = {}
    for name in scenarios.OWNERS:
        code, owner = server.call("POST", f"/api/v1/namespaces/{NAMESPACE}/configmaps", {"metadata": {"name": name}})
        owners[name] = owner["metadata"]["uid"]
    time.sleep(2)
    for scenario in scenarios.ALL:
        if wanted and scenario["title"] not in wanted:
            continue
        steps = play(server, scenario, owners)
        lines = ",\n".join(" " + json.dumps(step, sort_keys=True) for step in steps)
        head = f'{{"kind": {json.dumps(scenario["kind"])}, "steps": [\n'
        (HERE / f"{scenario['title']}.golden.json").write_text(head + lines + "\n]}\n")
    write_sample_schema()
    server.call("DELETE", "/api/v1/namespaces/" + NAMESPACE)


if __name__ == "__main__":
    main()
