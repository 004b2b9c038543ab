"""Follows the API server's audit log while it is written: when did the operator write something useful?"""

import dataclasses
import datetime
import json
import os
import pathlib
import sys
import threading
import time

SECONDS_BETWEEN_LOOKS = 0.01
WRITES = ("create", "update", "patch", "delete")
NOT_USEFUL = ("leases", "events")


def find_log(kubeconfig):
    """Of a cluster that hack/cluster made; another's path is given by hand."""
    given = os.environ.get("ORK_AUDIT_LOG")
    path = pathlib.Path(given) if given else pathlib.Path(kubeconfig).parent / "logs" / "audit.log"
    if not path.is_file():
        sys.exit(f"no audit log: {path} is not there. Start the cluster with hack/cluster up --audit, "
                 "or set ORK_AUDIT_LOG.")
    return path


def log_files(path, since):
    """The log and those that were moved aside after that moment (of time.time())."""
    aside = [file for file in path.parent.glob(f"{path.stem}-*{path.suffix}") if file.stat().st_mtime >= since]
    return [*sorted(aside), path]


class Mark:
    """A place in the log, for reading what came after it."""

    def __init__(self, path):
        self.path = path
        found = os.stat(path)
        self.inode, self.size = found.st_ino, found.st_size
        self.since = time.time()

    def files(self):
        return [(file, self.size if file.stat().st_ino == self.inode else 0)
                for file in log_files(self.path, self.since)]


def seconds(timestamp):
    """'2026-11-21T20:52:25.951123Z' as seconds since 1970."""
    return datetime.datetime.fromisoformat(timestamp.replace("Z", "+00:00")).timestamp()


@dataclasses.dataclass(frozen=True)
class Write:
    asked: float  # of time.time()
    answered: float
    plural: str
    name: str
    agent: str


class AuditTail(threading.Thread):
    """Keeps the operator's useful writes, oldest first."""

    def __init__(self, path, user, namespace):
        super().__init__(daemon=True)
        self.path = path
        self.user = user
        self.namespace = namespace
        self.writes = []
        self.changed = threading.Condition()
        self.stopping = threading.Event()

    def run(self):
        with open(self.path, "rb") as first:
            first.seek(0, os.SEEK_END)
            file, held = first, b""
            while not self.stopping.is_set():
                held += file.read()
                *lines, held = held.split(b"\n")
                for line in lines:
                    self.take(line)
                if lines:
                    continue
                if self.path.exists() and os.stat(self.path).st_ino != os.fstat(file.fileno()).st_ino:
                    file, held = open(self.path, "rb"), b""  # moved aside: on with the new one
                    continue
                time.sleep(SECONDS_BETWEEN_LOOKS)

    def take(self, line):
        if self.user.encode() not in line:  # most lines, cheaply
            return
        try:
            event = json.loads(line)
        except json.JSONDecodeError:
            return
        about = event.get("objectRef", {})
        if event["user"]["username"] != self.user or event["verb"] not in WRITES:
            return
        if about.get("namespace") != self.namespace or about.get("resource") in NOT_USEFUL:
            return
        if event.get("responseStatus", {}).get("code", 500) >= 300:
            return
        with self.changed:
            self.writes.append(Write(seconds(event["requestReceivedTimestamp"]), seconds(event["stageTimestamp"]),
                                     about["resource"], about.get("name", ""), event.get("userAgent", "")))
            self.changed.notify_all()

    def first_write_after(self, moment, patience, wanted=lambda write: True):
        """When the first such write that was asked for after that moment was answered; None: none in time."""
        deadline = time.monotonic() + patience
        with self.changed:
            while True:
                found = next((write.answered for write in self.writes if write.asked >= moment and wanted(write)), None)
                if found is not None or not self.changed.wait(max(0, deadline - time.monotonic())):
                    del self.writes[:-50]
                    return found

    def stop(self):
        self.stopping.set()
        self.join()
