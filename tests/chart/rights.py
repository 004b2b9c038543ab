"""What the operator may do beside what it did, by the API server's audit log."""

import collections
import json

# Never a request: an admission plugin asks whether whoever names a run as owner, and blocks its deletion, may.
ASKED_ABOUT = {("ork.dev", "workflowruns/finalizers", "update")}


def granted(kubectl, namespace):
    """(group, resource, verb) -> the roles that give it, of those bound to the operator of this namespace's release."""
    rights = collections.defaultdict(set)
    subject = {"kind": "ServiceAccount", "name": "ork", "namespace": namespace}
    bindings = kubectl.jsons("get", "clusterrolebindings") + kubectl.jsons("get", "rolebindings", "-n", namespace)
    for binding in bindings:
        if not any(subject.items() <= one.items() for one in binding.get("subjects", [])):
            continue
        role = binding["roleRef"]
        where = ["-n", namespace] if role["kind"] == "Role" else []
        for rule in kubectl.json("get", role["kind"].lower(), role["name"], *where)["rules"]:
            for group in rule["apiGroups"]:
                for resource in rule["resources"]:
                    for verb in rule["verbs"]:
                        rights[group, resource, verb].add(f"{role['kind']} {role['name']}")
    return dict(rights)


def asked(logs, namespace):
    """What the operators of that namespace asked for: (group, resource, verb) -> count, and those that no role allowed.

    Helm takes the bindings away before the last operator has ended, so what is asked in between counts as neither.
    """
    user, bound = f"system:serviceaccount:{namespace}:ork", False
    used, missing = collections.Counter(), collections.Counter()
    for event in events(logs, namespace):
        what = event.get("objectRef", {})
        if (what.get("resource"), what.get("name")) == ("rolebindings", "ork-lease"):
            bound = moved(event, bound)
        elif event["user"].get("username") == user and what and bound:
            # 403 alone says nothing: a namespace that is being deleted answers so, too.
            denied = event.get("annotations", {}).get("authorization.k8s.io/decision") == "forbid"
            (missing if denied else used)[right_of(event)] += 1
    return used, missing


def events(logs, namespace):
    """The log's events that speak of the namespace, in the order in which they were asked for."""
    found = []
    for path in logs:
        with open(path, encoding="utf-8") as log:
            for line in log:
                if namespace not in line:
                    continue
                try:
                    found.append(json.loads(line))
                except json.JSONDecodeError:
                    continue  # it is being written
    return sorted(found, key=lambda event: event["requestReceivedTimestamp"])


def moved(event, bound):
    """Whether the operator has its rights after that: from the last binding that helm makes, which is the first that it takes."""
    if not 200 <= event["responseStatus"]["code"] < 300:
        return bound
    return {"create": True, "delete": False}.get(event["verb"], bound)


def right_of(event):
    what = event["objectRef"]
    sub = f"/{what['subresource']}" if what.get("subresource") else ""
    return what.get("apiGroup", ""), what.get("resource", "") + sub, event["verb"]


def named(right):
    group, resource, verb = right
    return f"{verb} {resource}{'.' + group if group else ''}"
