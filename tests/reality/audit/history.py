"""From the log's entries to what each object was, when.

Everything is ordered by resourceVersion: the answer to a write tells it. A deletion's answer may tell none; it takes
its place behind all that had been answered before it was asked, and behind all that was written to what it removed.
ork asks for metadata alone in its answers, so what its patches left is worked out from the requests, each onto the
state that it names; one whose sender was killed may or may not have been carried out, which the next write's
resourceVersion shows.
"""

import bisect
import collections
import dataclasses

from audit.log import POD_ENDED, metadata, phase
from audit.patches import PatchError, json_patch, merge

HEADS = ("PartialObjectMetadata", "Status")


@dataclasses.dataclass(slots=True)
class Version:
    place: float
    state: dict
    entry: object


class Thing:
    """One object, from its making to its end. `versions` are in order; `gone` is the place of its end, or None."""

    def __init__(self, plural, uid, entry):
        self.plural = plural
        self.uid = uid
        self.ns = entry.ns
        self.name = entry.name
        self.made_by = entry  # the create; or, where that was not seen, the first write after it
        self.versions = []
        self.writes = []  # every entry that changed it, deletions too
        self.gone = None
        self.deletion = None  # the entry that asked for its end first
        self.unsure = []  # patches without an answer, on the state they name
        self.is_known = True  # False behind a gap, until a write tells its whole state again
        self.unsure_deletion = None  # a deletion without an answer

    @property
    def made(self):
        return self.versions[0].place if self.versions else self.made_by.place

    @property
    def last(self):
        return self.versions[-1].state if self.versions else {}

    @property
    def labels(self):
        return metadata(self.last).get("labels", {})

    @property
    def owner(self):
        """uid of its controller."""
        return next((owner["uid"] for owner in metadata(self.last).get("ownerReferences", [])
                     if owner.get("controller")), "")

    def before(self, place):
        """The last version made before that place; None."""
        found = bisect.bisect_left(self.versions, place, key=lambda version: version.place) - 1
        return self.versions[found] if found >= 0 else None

    def first(self, predicate):
        """The first version whose state is so; None."""
        return next((version for version in self.versions if predicate(version.state)), None)


class History:
    def __init__(self, log):
        self.entries = log.entries
        self.not_found = log.not_found
        self.things = collections.defaultdict(dict)  # plural -> uid -> Thing
        self.written = {}  # audit id of a write that was carried out -> Thing
        self.names = {}  # (plural, ns, name) -> uid of who has that name now
        self.gaps = []  # writes of which the log does not say on what they were made
        self.after_lost = []  # writes whose answers show what none before them has written
        self.give_places()
        for entry in sorted(self.entries, key=lambda entry: entry.place):
            self.take(entry)

    def of(self, plural):
        return list(self.things[plural].values())

    def is_gone(self, thing):
        """Deleted, by an entry or by the word of whoever asked for it later."""
        asked = self.not_found.get((thing.plural, thing.ns, thing.name), "")
        return thing.gone is not None or asked > max((write.at for write in thing.writes), default=thing.made_by.at)

    def thing(self, plural, uid):
        return self.things[plural].get(uid)

    # --- order ---
    def give_places(self):
        """entries are in the order of their answers."""
        answered, highest, last_of = [], [], {}
        top = 0
        for entry in self.entries:
            if entry.version is not None:
                top = max(top, entry.version)
                uid = metadata(entry.response).get("uid")
                last_of[uid] = max(last_of.get(uid, 0), entry.version)
            answered.append(entry.at)
            highest.append(top)
        for entry in self.entries:
            if entry.version is not None:
                entry.place = float(entry.version)
                continue
            before = bisect.bisect_right(answered, entry.asked) - 1
            behind = highest[before] if before >= 0 else 0
            # A write may be under way when the end is asked for, and come first.
            if entry.verb == "delete" and entry.ok and is_over(entry.response):
                behind = max(behind, last_of.get(metadata(entry.response).get("uid"), 0))
            entry.place = behind + 0.5

    # --- states ---
    def take(self, entry):
        if not entry.has_bodies or entry.plural == "leases":
            return
        if entry.verb == "deletecollection":
            if entry.ok:
                for thing in self.of(entry.plural):
                    if thing.ns == entry.ns:
                        self.end(thing, entry)
            return
        if entry.sub not in ("", "status"):
            return
        if entry.ok:
            self.carried_out(entry)
        elif entry.unsure and (uid := self.names.get((entry.plural, entry.ns, entry.name))) is not None:
            if entry.verb == "patch" and entry.request is not None:
                self.things[entry.plural][uid].unsure.append(entry)
            elif entry.verb == "delete":
                self.things[entry.plural][uid].unsure_deletion = entry

    def carried_out(self, entry):
        thing = self.thing_of(entry)
        if thing is None:
            return
        thing.writes.append(entry)
        self.written[entry.audit_id] = thing
        if entry.verb == "delete":
            thing.deletion = thing.deletion or entry
            if (entry.response or {}).get("kind") in ("Status", None):
                self.end(thing, entry)
                return
        state = self.state_after(thing, entry)
        if state is None:
            return
        if shows_an_end_that_it_did_not_write(thing, entry, state):
            self.after_lost.append(entry)
            last = thing.versions[-1]
            thing.versions.append(Version(last.place + 0.5, {**last.state, "status": state["status"]}, entry))
        if not thing.versions or thing.versions[-1].place < entry.place:
            thing.versions.append(Version(entry.place, state, entry))
        if is_over(state):
            self.end(thing, entry)

    def thing_of(self, entry):
        response = entry.response if isinstance(entry.response, dict) else {}
        uid = metadata(response).get("uid") or response.get("details", {}).get("uid")
        uid = uid or self.names.get((entry.plural, entry.ns, entry.name))
        if uid is None:
            return None
        if uid not in self.things[entry.plural]:
            self.things[entry.plural][uid] = Thing(entry.plural, uid, entry)
            if entry.verb != "delete":
                self.names[entry.plural, entry.ns, entry.name] = uid
        return self.things[entry.plural][uid]

    def end(self, thing, entry):
        thing.deletion = thing.deletion or entry
        thing.gone = entry.place if thing.gone is None else thing.gone
        if self.names.get((thing.plural, thing.ns, thing.name)) == thing.uid:
            del self.names[thing.plural, thing.ns, thing.name]

    def state_after(self, thing, entry):
        response = entry.response if isinstance(entry.response, dict) else {}
        if response.get("kind") not in HEADS:
            thing.unsure.clear()
            thing.is_known = True
            return response
        if entry.verb == "create":
            return merge(entry.request, {"metadata": metadata(response)})
        return self.patched(thing, entry, response)

    def patched(self, thing, entry, response):
        """The state that a patch has left, where the answer tells only its head."""
        base = self.base_of(thing, entry)
        if base is None:
            self.gaps.append(entry)
            thing.is_known = replaces_status(entry.request)
            base = thing.last
        if not thing.is_known:
            return None
        try:
            state = apply(base, entry.request)
        except PatchError:
            self.gaps.append(entry)
            thing.is_known = False
            return None
        thing.unsure.clear()
        return {**state, "metadata": {**metadata(base), **metadata(response)}}

    def base_of(self, thing, entry):
        """The last state, if the patch was made on it; else what a patch without an answer has made of it."""
        if not thing.versions:
            return None
        last, wanted = thing.versions[-1], version_named(entry.request)
        if wanted is None or metadata(last.state).get("resourceVersion") == wanted:
            return last.state
        return self.by_way_of_unsure(thing, last, int(wanted))

    def by_way_of_unsure(self, thing, last, wanted):
        """The state of that version, where patches without an answer lead there; None where they don't.

        Each version that a patch names did exist, so the patches lie in a chain. Of several on the same version one
        at most was carried out, and who asked last had seen that the others were not.
        """
        asked = sorted(thing.unsure, key=lambda entry: entry.asked)
        by_version = {int(version_named(entry.request)): entry for entry in asked if version_named(entry.request)}
        chain = sorted(version for version in by_version if last.place <= version < wanted)
        if not chain or chain[0] != last.place:
            return None
        state = last.state
        for version, following in zip(chain, [*chain[1:], wanted]):
            try:
                state = apply(state, by_version[version].request)
            except PatchError:
                return None
            state = {**state, "metadata": {**metadata(last.state), "resourceVersion": str(following)}}
            thing.versions.append(Version(float(following), state, by_version[version]))
        return state


def shows_an_end_that_it_did_not_write(thing, entry, state):
    """A server that is killed may have stored the end of a Pod without a line in its log. Whoever writes to that Pod
    later, not to its status, is answered with it."""
    return (thing.plural == "pods" and entry.sub == "" and thing.versions and phase(state) in POD_ENDED
            and phase(thing.versions[-1].state) not in POD_ENDED)


def apply(state, patch):
    return json_patch(state, patch) if isinstance(patch, list) else merge(state, patch)


def replaces_status(patch):
    return isinstance(patch, list) and any(step.get("path") == "/status" for step in patch)


def version_named(patch):
    """The resourceVersion that a patch asks for; None: it takes the object as it comes."""
    if isinstance(patch, list):
        return next((step.get("value") for step in patch if step.get("path") == "/metadata/resourceVersion"), None)
    return metadata(patch).get("resourceVersion")


def is_over(state):
    """Whether an object in this state is removed by the server itself: nobody has to be waited for any more."""
    meta = metadata(state)
    return ("deletionTimestamp" in meta and not meta.get("finalizers")
            and meta.get("deletionGracePeriodSeconds", 0) == 0)
