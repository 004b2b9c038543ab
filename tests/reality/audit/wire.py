"""What must hold of each request of ork's, whatever became of it."""

from audit.checks import Check
from audit.history import version_named
from audit.log import metadata

OWN_KINDS = {"jobs": "WorkflowRun", "controllerrevisions": "Workflow"}
WRITABLE = ("jobs", "configmaps", "controllerrevisions", "workflows", "workflowruns", "leases", "events")


def all_checks(history, user):
    own = [entry for entry in history.entries if entry.user == user and not arrived_without_body(entry)]
    return [only_own_objects(history, own), every_write_is_bound(history, own), one_leader(own)]


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
        elif entry.verb in ("patch", "update") and version_named(entry.request) is None and not is_seeding(entry):
            check.against(f"no resourceVersion is asked for: {entry.says()}", entry)
        elif entry.verb == "delete" and not ((entry.request or {}).get("preconditions") or {}).get("uid"):
            check.against(f"no uid is asked for: {entry.says()}", entry)
        elif entry.verb == "deletecollection":
            check.against(f"ork never deletes by the dozen: {entry.says()}", entry)
    return check


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


def one_leader(own):
    """Operators whose requests can be told apart (by the proxy's mark in the user agent) lead one after the other."""
    check = Check("I13", "who has lost the Lease changes nothing any more")
    marked = [entry for entry in own if "(" in entry.agent and entry.ok]
    holders = {}  # the Lease -> who took it last
    for entry in sorted(marked, key=lambda entry: entry.place):
        if entry.plural == "leases":
            if entry.verb in ("create", "update") and (entry.request or {}).get("spec", {}).get("holderIdentity"):
                holders[entry.ns, entry.name] = entry.agent
            continue
        if entry.plural == "events" or len(holders) != 1:
            continue  # several Leases: operators beside each other, on purpose
        check.looked_at += 1
        leader = next(iter(holders.values()))
        if entry.agent != leader:
            check.against(f"{leader} leads, but {entry.agent} writes: {entry.says()}", entry)
    return check
