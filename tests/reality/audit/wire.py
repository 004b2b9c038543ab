"""What must hold of each request of ork's, whatever became of it."""

import json
import re

from audit.checks import Check
from audit.history import version_named
from audit.log import metadata

OWN_KINDS = {"jobs": "WorkflowRun", "controllerrevisions": "Workflow"}
WRITABLE = ("jobs", "configmaps", "controllerrevisions", "workflows", "workflowruns", "leases", "events")


def all_checks(history, user):
    own = [entry for entry in history.entries if entry.user == user and not arrived_without_body(entry)]
    return [only_own_objects(history, own), every_write_is_bound(history, own), one_at_work(history, own)]


def arrived_without_body(entry):
    """Its sender died while he spoke, or he was refused (403) before he was listened to."""
    return entry.has_bodies and entry.request is None and not entry.ok


def only_own_objects(history, own):
    check = Check("I10", "ork writes only what it owns")
    for entry in own:
        check.looked_at += 1
        if entry.plural not in WRITABLE:
            check.against(f"ork has nothing to write there: {entry.says()}", entry)
        elif entry.plural in OWN_KINDS and entry.has_bodies:
            owned(history, entry, check)
    return check


def owned(history, entry, check):
    kind = OWN_KINDS[entry.plural]
    if entry.verb == "create":
        owners = [owner for owner in metadata(entry.request).get("ownerReferences", []) if owner.get("controller")]
        # A revision outlives its Workflow while a run pins it: no owner would be right, another's is not.
        if entry.plural == "jobs" and not owners or any(owner.get("kind") != kind for owner in owners):
            check.against(f"what is made says that {kind} does not control it: {entry.says()}", entry)
        return
    if not entry.ok:
        return
    thing = history.written.get(entry.audit_id)
    if thing is None or not thing.versions:
        return
    if thing.labels.get("app.kubernetes.io/managed-by") != "ork":
        check.against(f"this is not ork's: {entry.says()}", entry)
    elif entry.plural == "jobs" and history.thing("workflowruns", thing.owner) is None:
        check.against(f"no run controls this: {entry.says()}", entry)


def every_write_is_bound(history, own):
    check = Check("I11", "each write of ork's makes a name of its own, or names a resourceVersion or uid")
    for entry in own:
        if entry.plural == "events" or not entry.has_bodies:
            continue
        check.looked_at += 1
        if entry.verb == "create" and not metadata(entry.request).get("name"):
            check.against(f"a name that the server makes is new each time: {entry.says()}", entry)
        elif is_of_own_lease(entry):
            pass
        elif entry.verb in ("patch", "update") and version_named(entry.request) is None and not is_seeding(entry):
            check.against(f"no resourceVersion is asked for: {entry.says()}", entry)
        elif entry.verb == "delete" and not ((entry.request or {}).get("preconditions") or {}).get("uid"):
            check.against(f"no uid is asked for: {entry.says()}", entry)
        elif entry.verb == "deletecollection":
            check.against(f"ork never deletes by the dozen: {entry.says()}", entry)
    return check


def is_of_own_lease(entry):
    """A replica's own Lease has a name that is used once: nobody else renews it. It says who it is, or, where it is
    removed, its name ends so."""
    identity = (re.findall(r"\(([^()]*)\)", entry.agent) or [""])[0]
    return entry.plural == "leases" and identity != "" and entry.name.endswith(f"-{identity}")


def is_seeding(entry):
    """A retry's Job is made suspended; what is done is written, then it is resumed. Doing so twice is doing it once,
    so these two name the Job's uid and no resourceVersion."""
    if entry.plural != "jobs" or entry.verb != "patch" or not isinstance(entry.request, dict):
        return False
    shape = {key: set(value) for key, value in entry.request.items() if isinstance(value, dict) and value}
    if entry.sub == "status":
        return shape == {"metadata": {"uid"}, "status": {"completedIndexes", "succeeded"}}
    if shape != {"metadata": {"uid", "annotations"}, "spec": {"suspend"}}:
        return False
    marks = entry.request["metadata"]["annotations"]
    return marks == {"ork.dev/unseeded": None} and entry.request["spec"]["suspend"] is False


def one_at_work(history, own):
    """Replicas share the runs by what their group's Lease says of 64 buckets; docs/design/0022."""
    check = Check("I13", "a run is written by who holds its share, and by nobody else")
    done = sorted((entry for entry in own if entry.ok), key=lambda entry: entry.place)
    groups = {(entry.ns, entry.name) for entry in done if buckets_told(entry)}
    if len(groups) > 1:
        return check  # operators beside each other, on purpose
    writers, holders = {}, {}  # identity -> who writes under it; bucket -> identity
    for entry in done:
        if entry.plural == "leases":
            identity = (entry.request or {}).get("spec", {}).get("holderIdentity")
            if identity:
                writers[identity] = writer_of(entry)
            if buckets_told(entry):
                holders = read_buckets(buckets_told(entry))
            continue
        run = history.written.get(entry.audit_id)
        if entry.plural != "workflowruns" or entry.sub != "status" or run is None or writer_of(entry) is None:
            continue
        check.looked_at += 1
        holder = holders.get(bucket_of(share_key_of(run)))
        if holder is not None and writers.get(holder) != writer_of(entry):
            check.against(f"{holder} holds this run's share, but {writer_of(entry)} writes: {entry.says()}", entry)
    return check


def writer_of(entry):
    """The identity that the operator gives in its user agent; or behind a proxy of the tests, that one's mark."""
    found = re.findall(r"\(([^()]*)\)", entry.agent)
    return found[-1] if found else None


def buckets_told(entry):
    return metadata(entry.request).get("annotations", {}).get("ork.dev/buckets") if entry.plural == "leases" else None


def read_buckets(told):
    """'{"a": "0-31,40"}' -> {bucket: "a"}."""
    holders = {}
    for holder, ranges in json.loads(told).items():
        for piece in filter(None, ranges.split(",")):
            first, _, last = piece.partition("-")
            holders.update({bucket: holder for bucket in range(int(first), int(last or first) + 1)})
    return holders


def share_key_of(run):
    name = (run.last.get("spec", {}).get("workflowRef") or {}).get("name") or run.name
    return f"{run.ns}/{name}"


def bucket_of(key):
    """As controllers/shard has it."""
    number = 0xcbf29ce484222325
    for byte in key.encode():
        number = (number ^ byte) * 0x100000001b3 % 2**64
    return (number ^ number >> 32) % 64
