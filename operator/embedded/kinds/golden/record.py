#!/usr/bin/env python3
"""Asks a real API server the questions of cases.yaml and writes its answers to answers.json.

    operator/embedded/kinds/golden/record.py      uses $KUBECONFIG and kubectl, in a namespace of its own

replay_test.cpp gives the same questions to this folder's code and expects the same answers: the
object that is stored, the causes of a 422, or the sentence of a 400. What depends on the hour or on
admission (uid, times, managed fields, a Pod's priority and default tolerations) is left out.

A question is a `base` (an object of `bases`) with some fields set: `set: {spec.parallelism: 2}`. Each
element of `each` is a question with further fields; a null removes one. With `old`, the object is
created with those fields first and then updated; `status: true` writes its status.
"""

import copy
import json
import pathlib
import re
import subprocess
import sys
import time

import yaml

HERE = pathlib.Path(__file__).resolve().parent
NAMESPACE = "golden"
PLURALS = {
    "ConfigMap": "configmaps", "ControllerRevision": "controllerrevisions", "Event": "events", "Job": "jobs",
    "Lease": "leases", "Namespace": "namespaces", "Pod": "pods", "Secret": "secrets", "Workflow": "workflows",
    "WorkflowRun": "workflowruns",
}
NOW = "2026-01-01T00:00:00Z"
UID = "00000000-0000-0000-0000-000000000000"


def steps(path):
    """"spec.containers[0].name" or "metadata.labels['a.b/c']" as a list of keys and places."""
    found = re.findall(r"\['([^']*)'\]|\[(\d+)\]|([^.\[\]]+)", path)
    return [int(place) if place else key or name for key, place, name in found]


def changed(object, fields):
    for path, value in (fields or {}).items():
        *way, last = steps(path)
        at = object
        for step in way:
            if isinstance(step, int):
                at = at[step]
            else:
                if not isinstance(at.get(step), (dict, list)):
                    at[step] = {}
                at = at[step]
        if value is None and isinstance(at, dict):
            at.pop(last, None)
        elif isinstance(at, list) and last == len(at):
            at.append(value)
        else:
            at[last] = json.loads(json.dumps(value).replace('"~null"', "null"))
    return object


def ask(verb, path, body=None):
    """The answer's JSON and its code. kubectl --raw does not show the body of a refusal, so curl asks."""
    command = ["curl", "-s", "-k", "-w", "\n%{http_code}", "-X", verb, *CREDENTIALS, SERVER + path]
    if body is not None:
        command += ["-H", "Content-Type: application/json", "--data-binary", "@-"]
    out = subprocess.run(command, input=body and json.dumps(body), capture_output=True, text=True, check=True).stdout
    text, code = out.rsplit("\n", 1)
    return int(code), json.loads(text) if text else {}


def credentials():
    config = json.loads(subprocess.run(["kubectl", "config", "view", "--raw", "--minify", "-o", "json"],
                                       capture_output=True, text=True, check=True).stdout)
    user = config["users"][0]["user"]
    server = config["clusters"][0]["cluster"]["server"]
    if "token" in user:
        return server, ["-H", "Authorization: Bearer " + user["token"]]
    files = []
    for flag, name in (("--cert", "client-certificate"), ("--key", "client-key")):
        path = user.get(name)
        if path is None:
            import base64
            import tempfile
            with tempfile.NamedTemporaryFile(delete=False) as file:
                file.write(base64.b64decode(user[name + "-data"]))
                path = file.name
        files += [flag, path]
    return server, files


def path_of(object):
    group, _, version = object["apiVersion"].rpartition("/")
    root = f"/apis/{group}/{version}" if group else f"/api/{version}"
    where = "" if object["kind"] == "Namespace" else f"/namespaces/{NAMESPACE}"
    return f"{root}{where}/{PLURALS[object['kind']]}"


def plain(object):
    """The object without what depends on the hour or on admission."""
    text = json.dumps(object)
    uid = object["metadata"].get("uid")
    if uid:
        text = text.replace(uid, UID)
    object = json.loads(text)
    for field in ("creationTimestamp", "managedFields", "resourceVersion", "selfLink", "generation"):
        object["metadata"].pop(field, None)
    if object.get("kind") == "Pod":
        for condition in object.get("status", {}).get("conditions", []):
            condition["lastTransitionTime"] = NOW
        spec = object["spec"]
        for field in ("priority", "preemptionPolicy"):
            spec.pop(field, None)
        if spec.get("serviceAccountName") == "default":
            spec.pop("serviceAccountName"), spec.pop("serviceAccount", None)
        kept = [t for t in spec.get("tolerations", []) if not t.get("key", "").startswith("node.kubernetes.io/")]
        spec.pop("tolerations", None)
        if kept:
            spec["tolerations"] = kept
    return object


def answer(code, body):
    if code < 300:
        return {"code": code, "object": plain(body)}
    body = json.loads(re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", UID, json.dumps(body)))
    causes = [f"{c.get('reason')} {c.get('field')}: {c.get('message')}" for c in body.get("details", {}).get("causes", [])]
    message = body.get("message", "")
    return {"code": code, "causes": causes} if code == 422 else {"code": code, "message": message}


def question(case, fields, bases):
    out = {"name": case["name"], "asked": fields}
    if "old" not in case:
        sent = changed(copy.deepcopy(bases[case["base"]]), fields)
        code, body = ask("POST", path_of(sent) + "?dryRun=All", sent)
        return {**out, "sent": sent, **answer(code, body)}
    first = changed(copy.deepcopy(bases[case["base"]]), case["old"])
    name = path_of(first) + "/" + first["metadata"]["name"]
    ask("DELETE", name + "?gracePeriodSeconds=0&propagationPolicy=Background")
    code, stored = ask("POST", path_of(first), first)
    if code != 201:
        sys.exit(f"{case['name']}: the old object is refused: {stored.get('message')}")
    if case.get("old_status"):
        code, stored = ask("PUT", name + "/status", changed(stored, {"status": case["old_status"]}))
        if code != 200:
            sys.exit(f"{case['name']}: the old status is refused: {stored.get('message')}")
    sent = changed(copy.deepcopy(stored), fields)
    part = "/status" if case.get("status") else ""
    code, body = ask("PUT", name + part + "?dryRun=All", sent)
    ask("DELETE", name + "?gracePeriodSeconds=0&propagationPolicy=Background")
    got = answer(code, body)
    kept = {"old": {**plain(stored)}, "sent": plain(sent), "status": bool(case.get("status"))}
    return {**out, **kept, **got}


def main():
    cases = yaml.safe_load((HERE / "cases.yaml").read_text())
    namespace = f"/api/v1/namespaces/{NAMESPACE}"
    while ask("DELETE", namespace)[0] != 404:
        time.sleep(1)
    ask("POST", "/api/v1/namespaces", {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": NAMESPACE}})
    wanted = sys.argv[1:]
    answers = []
    for case in cases["cases"]:
        if wanted and not any(word in case["name"] for word in wanted):
            continue
        for fields in case.get("each", [{}]):
            answers.append(question(case, fields, cases["bases"]))
    ask("DELETE", namespace)
    lines = ",\n".join(json.dumps(one, sort_keys=True, separators=(",", ":")) for one in answers)
    (HERE / "answers.json").write_text("[\n" + lines + "\n]\n")
    print(f"{len(answers)} answers")


if __name__ == "__main__":
    SERVER, CREDENTIALS = credentials()
    main()
