"""Hand-written audit logs for the tests of the checker: one call, one line."""

import json
import tempfile

from audit.judge import judge_files
from audit.log import Part

ORK = "system:serviceaccount:ork-system:ork-operator"
JOB_CONTROLLER = "system:serviceaccount:kube-system:job-controller"
NODE, USER, COLLECTOR = "kwok", "admin", "system:serviceaccount:kube-system:generic-garbage-collector"
NS = "n"


class Story:
    """Writes are given resourceVersions in the order of the calls."""

    def __init__(self):
        self.lines = []
        self.being_written = ""  # behind the lines, without an end
        self.version = 100

    # --- lines ---
    def line(self, user, verb, plural, name, request=None, response=None, sub="", code=200, agent="ork"):
        number = len(self.lines) + 1
        about = {"resource": plural, "namespace": NS, "name": name, **({"subresource": sub} if sub else {})}
        self.lines.append({
            "kind": "Event", "level": "RequestResponse", "auditID": f"line-{number}", "stage": "ResponseComplete",
            "verb": verb, "user": {"username": user}, "userAgent": agent, "objectRef": about,
            "responseStatus": {"code": code}, "requestObject": request, "responseObject": response,
            "requestReceivedTimestamp": f"2026-01-01T00:00:{number:02}.000000Z",
            "stageTimestamp": f"2026-01-01T00:00:{number:02}.500000Z"})
        return self.lines[-1]

    def next(self):
        self.version += 1
        return str(self.version)

    def head(self, uid, **meta):
        return {"kind": "PartialObjectMetadata", "metadata": {"uid": uid, "resourceVersion": self.next(), **meta}}

    def full(self, kind, uid, **parts):
        meta = {"uid": uid, "resourceVersion": self.next(), **parts.pop("metadata", {})}
        return {"kind": kind, "metadata": meta, **parts}

    # --- what happens ---
    def run(self, name="r", tasks=None):
        spec = {"workflow": {"tasks": tasks or [{"name": "a"}]}}
        obj = {"metadata": {"name": name}, "spec": spec}
        self.line(USER, "create", "workflowruns", name, obj,
                  self.full("WorkflowRun", f"uid-{name}", metadata={"name": name}, spec=spec), code=201)

    def status(self, told, name="r", user=ORK, code=200, on=None, agent="ork"):
        """ork stores a whole status, on the version `on` (the run's last unless told)."""
        base = on or self.last_version("workflowruns", name)
        steps = [{"op": "replace", "path": "/metadata/resourceVersion", "value": base},
                 {"op": "add", "path": "/status", "value": told}]
        answer = self.head(f"uid-{name}", name=name) if code == 200 else {"kind": "Status"}
        self.line(user, "patch", "workflowruns", name, steps, answer, sub="status", code=code, agent=agent)

    def last_version(self, plural, name):
        return next(line["responseObject"]["metadata"]["resourceVersion"] for line in reversed(self.lines)
                    if line["objectRef"]["resource"] == plural and line["objectRef"]["name"] == name
                    and "resourceVersion" in line["responseObject"].get("metadata", {}))

    def job(self, task, attempt=1, run="r", owner=None, user=ORK, uid=None, agent="ork"):
        name = f"{run}-{task}-{attempt}"
        owner = {"kind": "WorkflowRun", "uid": owner or f"uid-{run}", "controller": True}
        meta = {"name": name, "ownerReferences": [owner],
                "labels": {"app.kubernetes.io/managed-by": "ork", "ork.dev/task": task,
                           "ork.dev/attempt": str(attempt)}}
        self.line(user, "create", "jobs", name, {"metadata": meta, "spec": {}},
                  self.head(uid or f"uid-{name}", **meta), code=201, agent=agent)
        return meta

    def job_ends(self, meta, condition="Complete", uid=None):
        told = {"conditions": [{"type": condition, "status": "True"}]}
        self.line(JOB_CONTROLLER, "update", "jobs", meta["name"], {},
                  self.full("Job", uid or f"uid-{meta['name']}", metadata=meta, status=told), sub="status")

    def pod(self, job, *phases, index=None, name=None, uid=None):
        """Made, and then in each of these phases."""
        name = name or f"{job['name']}-{index or 0}-pod"
        notes = {} if index is None else {"batch.kubernetes.io/job-completion-index": str(index)}
        meta = {"name": name, "annotations": notes,
                "ownerReferences": [{"kind": "Job", "uid": uid or f"uid-{job['name']}", "controller": True}]}
        self.line(JOB_CONTROLLER, "create", "pods", name, {},
                  self.full("Pod", f"uid-{name}", metadata=meta, status={"phase": "Pending"}), code=201)
        for phase in phases:
            self.pod_is(meta, phase)
        return meta

    def pod_is(self, meta, phase):
        state = {"running": {}} if phase == "Running" else {"terminated": {}}
        told = {"phase": phase, "containerStatuses": [{"name": "main", "state": state}]}
        self.line(NODE, "patch", "pods", meta["name"], {},
                  self.full("Pod", f"uid-{meta['name']}", metadata=meta, status=told), sub="status")

    def delete(self, plural, name, user=USER, uid=None, bound=True):
        uid = uid or f"uid-{name}"
        asked = {"kind": "DeleteOptions", **({"preconditions": {"uid": uid}} if bound else {})}
        self.line(user, "delete", plural, name, asked, {"kind": "Status", "details": {"uid": uid}})

    def joins(self, replica):
        meta = {"name": f"ork-{replica}"}
        self.line(ORK, "create", "leases", meta["name"], {"metadata": meta, "spec": {"holderIdentity": replica}},
                  self.full("Lease", f"uid-{replica}", metadata=meta), code=201, agent=f"ork/1 ({replica})")

    def renews(self, replica):
        name = f"ork-{replica}"
        self.line(ORK, "patch", "leases", name, {"spec": {"holderIdentity": replica}},
                  self.full("Lease", f"uid-{replica}", metadata={"name": name}), agent=f"ork/1 ({replica})")

    def takes(self, replica, ranges):
        meta = {"name": "ork", "resourceVersion": str(self.version),
                "annotations": {"ork.dev/buckets": json.dumps({replica: ranges})}}
        self.line(ORK, "patch", "leases", "ork", {"metadata": meta},
                  self.full("Lease", "uid-lease", metadata={"name": "ork"}), agent=f"ork/1 ({replica})")

    # --- and what is made of it ---
    def judged(self, **kwargs):
        with tempfile.NamedTemporaryFile("w", suffix=".log") as file:
            file.write("".join(json.dumps(line) + "\n" for line in self.lines) + self.being_written)
            file.flush()
            return judge_files([file.name], Part(ORK), **{"complete": True, **kwargs})

    def broken(self, **kwargs):
        """{what is broken: its sentences}"""
        return {check.key: check.sentences() for check in self.judged(**kwargs).failed}


def told(phase, *tasks, **more):
    """A status whose counts add up. tasks: (name, phase, attempt) or dicts."""
    tasks = [task if isinstance(task, dict) else dict(zip(("name", "phase", "attempt"), task)) for task in tasks]
    counts = {"total": len(tasks)}
    for task in tasks:
        counts[task["phase"].lower()] = counts.get(task["phase"].lower(), 0) + 1
    ends = sum(task["phase"] in ("Succeeded", "Failed", "Cancelled") for task in tasks)
    return {"phase": phase, "tasks": tasks, "counts": counts, "progress": f"{ends}/{len(tasks)}", **more}
