"""An audit log held against the invariants."""

import dataclasses

from audit import invariants, wire
from audit.checks import Check
from audit.evidence import Evidence
from audit.history import History
from audit.log import read


@dataclasses.dataclass
class Judgement:
    checks: list
    summary: str

    @property
    def failed(self):
        return [check for check in self.checks if check.violations]


def judge(log, user, complete=False, whole=True):
    """complete: all had time to end before the log does. whole: no server was killed, so that no line is missing."""
    history = History(log)
    evidence = Evidence(history)
    checks = [log_is_whole(log, history, whole), *invariants.all_checks(evidence, user, complete, whole),
              *wire.all_checks(history, user)]
    own = sum(entry.user == user for entry in log.entries)
    summary = (f"{log.lines} lines, {len(log.entries)} writes of interest, {own} of them ork's; "
               f"{len(evidence.runs)} runs, {len(evidence.attempts)} Jobs, {len(evidence.pods)} Pods")
    return Judgement(checks, summary)


def judge_files(files, part, complete=False, whole=True):
    return judge(read(files, part), part.user, complete, whole)


def log_is_whole(log, history, whole):
    check = Check("log", "tells of every write")
    check.looked_at = len(log.entries)
    bodiless = [entry for entry in log.entries if entry.plural in ("jobs", "workflowruns") and not entry.has_bodies]
    if bodiless:
        check.against(f"{len(bodiless)} writes are logged without their bodies: the audit policy is not "
                      "hack/cluster.d's", bodiless[0])
    missing = [(entry, "what this was made on is not in the log") for entry in history.gaps]
    missing += [(entry, "that its Pod had ended is not in the log before this") for entry in history.after_lost]
    for entry, why in missing:
        what = f"{why}: {entry.says()}"
        if whole:
            check.against(what, entry)
        else:
            check.notes.append(what)
    if whole and log.broken:
        check.against(f"{log.broken} lines are no JSON")
    return check
