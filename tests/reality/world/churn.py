"""Runs without a pause: so many at a time, of every shape, some cancelled or deleted on their way. Each is held to
how its shape must end, with exactly its Jobs and Pods, and then deleted, so that the cluster stays small."""

import collections
import json
import random
import threading
import time

from suite import runs

from world.api import BROKEN, ApiError
from world.shapes import SHAPES

# How long a run that has ended is left alone before it is looked at: what comes too late, comes within that.
SETTLING_S = 4
# Runs that have ended and wait for that. The more objects there are, the longer a look takes: on a slow machine more and
# more would wait.
NOT_LOOKED_AT = 200
CANCELLED = 0.05
DELETED = 0.05


class Churn:
    """harsh: servers die, and Pods and Jobs are deleted. Then users try again, and attempts may be lost."""

    def __init__(self, namespace, seed, at_once, harsh=False):
        self.namespace = namespace
        self.harsh = harsh
        self.chance = random.Random(seed)
        self.at_once = at_once
        self.lock = threading.Lock()
        self.live = {}  # name -> Shape
        self.cancelled = set()
        self.spared = set()
        self.judged = set()  # its deletion was asked for, which may have been carried out without an answer
        self.ended = collections.deque()  # (when, run), to be looked at
        self.started = 0
        self.looked_at = 0
        self.left_alone = []  # runs that no fault of ork's keeps from ending
        self.deleted = {}  # uid -> name: deleted by us before their end
        self.ends = collections.Counter()  # shape and phase
        self.wrong = []
        self.stop_feeding = threading.Event()
        self.stop_watching = threading.Event()
        self.threads = [threading.Thread(target=work, daemon=True) for work in (self.feed, self.follow, self.look)]

    def start(self):
        """Once the kinds are served."""
        for name in ("chain", "fan-out"):  # some runs are of a Workflow, so that revisions are made
            self.namespace.create("workflows", SHAPES[name].workflow())
        for thread in self.threads:
            thread.start()

    # --- users ---
    def feed(self):
        while not self.stop_feeding.is_set():
            with self.lock:
                room = len(self.live) < self.at_once and len(self.ended) < NOT_LOOKED_AT
            if not room:
                self.stop_feeding.wait(0.02)
                continue
            try:
                self.start_one()
                self.meddle()
            except (ApiError, *BROKEN) as error:
                if not self.harsh:
                    self.wrong.append(f"the API server refused a user: {error}")
                self.stop_feeding.wait(1)

    def start_one(self):
        shape = SHAPES[self.chance.choice(sorted(SHAPES))]
        run = shape.run(f"{shape.name}-{self.started}")
        self.started += 1
        if shape.name in ("chain", "fan-out") and self.chance.random() < 0.5:
            run["spec"] = {"workflowRef": {"name": shape.name}}
        self.start_run(shape, run)

    def start_run(self, shape, run, spared=False):
        """A spared one is neither cancelled nor deleted: somebody waits for what becomes of it."""
        name = run["metadata"]["name"]
        with self.lock:
            self.live[name] = shape
            if spared:
                self.spared.add(name)
        try:
            self.namespace.create("workflowruns", run)
        except (ApiError, *BROKEN):
            if self.harsh:
                self.until_made(run)
            else:
                raise

    def until_made(self, run):
        """Whether it was made is not known: as with kubectl create, it is tried again until it is there."""
        while not self.stop_watching.is_set():
            try:
                if self.namespace.get("workflowruns", run["metadata"]["name"]) is None:
                    self.namespace.create("workflowruns", run)
                return
            except (ApiError, *BROKEN):
                self.stop_watching.wait(0.3)

    def meddle(self):
        """Cancels or deletes one of those under way, now and then."""
        dice = self.chance.random()
        with self.lock:
            may_go = sorted(name for name in self.live if name not in self.spared)
            name = self.chance.choice(may_go) if may_go and dice < CANCELLED + DELETED else None
            if name and dice < CANCELLED:
                self.cancelled.add(name)
        if name is None:
            return
        if dice < CANCELLED:
            self.namespace.patch("workflowruns", name, {"spec": {"cancel": True}})
            return
        run = self.namespace.get("workflowruns", name)
        with self.lock:
            if run is None or name not in self.live:
                return
            del self.live[name]
            self.deleted[run["metadata"]["uid"]] = name
        self.delete(name)

    def delete(self, name):
        while not self.stop_watching.is_set():
            try:
                return self.namespace.delete("workflowruns", name, missing_ok=True)
            except (ApiError, *BROKEN):
                if not self.harsh:
                    raise
                self.stop_watching.wait(0.3)
        return None

    # --- what became of them ---
    def follow(self):
        for kind, run in self.namespace.watch("workflowruns", self.stop_watching):
            if kind == "ERROR":
                continue
            name = run["metadata"]["name"]
            with self.lock:
                if name not in self.live:
                    continue
                if kind == "DELETED":
                    self.wrong.append(f"run {name} is gone, and nobody of us has deleted it")
                    del self.live[name]
                elif runs.is_final(run):
                    self.ended.append((time.monotonic(), name, self.live.pop(name)))

    def look(self):
        while not (self.stop_watching.is_set() and not self.ended):
            if not self.ended or time.monotonic() < self.ended[0][0] + SETTLING_S:
                time.sleep(0.05)
                continue
            when, name, shape = self.ended.popleft()
            try:
                self.judge_and_delete(name, shape)
            except (ApiError, *BROKEN) as error:
                if self.harsh:
                    time.sleep(0.3)
                    self.ended.append((when, name, shape))
                    continue
                self.wrong.append(f"run {name}: {error}")
            self.looked_at += 1

    def judge_and_delete(self, name, shape):
        judged_before = name in self.judged
        if not judged_before:
            self.judge(name, shape)
            self.judged.add(name)
        self.namespace.delete("workflowruns", name, missing_ok=judged_before)

    def judge(self, name, shape):
        run = self.namespace.get("workflowruns", name)
        if run is None:
            self.wrong.append(f"run {name} had ended, and is gone")
            return
        self.ends[f"{shape.name} {run['status']['phase']}"] += 1
        mine = f"ork.dev/run-uid={run['metadata']['uid']}"
        jobs, pods = self.namespace.list("jobs", mine), self.namespace.list("pods", mine)
        if name in self.cancelled and run["status"]["phase"] == "Cancelled":
            self.wrong += [f"run {name}: {what}" for what in cancelled_wrong(run, jobs, pods)]
            return
        if name in self.cancelled:  # too late, and perhaps not observed yet
            run["metadata"]["generation"] = run["status"]["observedGeneration"]
        found = wrong_after_losses(run, shape, jobs) if self.harsh else wrong_with(run, shape, jobs, pods)
        self.wrong += [f"run {name}: {what}" for what in found]

    def finish(self, patience):
        """No more users; until all has ended and was looked at, or for so long."""
        self.stop_feeding.set()
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline and (self.live or self.ended):
            time.sleep(0.1)
        self.stop_watching.set()
        with self.lock:
            late, self.live = self.live, {}
        for name in late:
            self.ends_late(name, patience)
        for thread in self.threads:
            thread.join(timeout=60)

    def ends_late(self, name, patience):
        """Of a run that should have ended: whose fault it is, with all that is known of it."""
        run = self.namespace.get("workflowruns", name)
        if run is None:
            return
        mine = f"ork.dev/run-uid={run['metadata']['uid']}"
        jobs, pods = self.namespace.list("jobs", mine), self.namespace.list("pods", mine)
        known = "\n".join(json.dumps({"name": obj["metadata"]["name"], "uid": obj["metadata"]["uid"],
                                      "deletionTimestamp": obj["metadata"].get("deletionTimestamp"),
                                      "status": obj.get("status")}) for obj in (run, *jobs, *pods))
        waits_for = [pod["metadata"]["name"] for pod in pods if pod["status"].get("phase") in ("Pending", "Running")]
        if waits_for:  # ork is right to wait
            self.left_alone.append(f"run {name} waits for Pods that the fake nodes have not ended: {waits_for}\n{known}")
        else:
            self.wrong.append(f"run {name} has not ended {patience} s after the last fault\n{known}")
        self.namespace.delete("workflowruns", name, missing_ok=True)

    def leftovers(self, patience):
        """Names of Jobs, Pods and runs that are still there although every run has been deleted."""
        deadline = time.monotonic() + patience
        while True:
            left = [f"{plural[:-1]} {obj['metadata']['name']}" for plural in ("workflowruns", "jobs", "pods")
                    for obj in self.namespace.list(plural)]
            if not left or time.monotonic() > deadline:
                return left
            time.sleep(1)


def wrong_with(run, shape, jobs, pods, servers_died=False):
    """What differs between how a run has ended and how its shape must end. Where servers died, the Job controller may
    have made a Pod twice."""
    try:
        runs.check_finished(run, shape.phase)
    except AssertionError as error:
        yield str(error)
    made = made_of(jobs)
    ran = collections.Counter(pod["metadata"]["labels"]["ork.dev/task"] for pod in pods)
    for name, (phase, attempts, count) in shape.ends.items():
        task = runs.task(run, name) or {}
        got = (task.get("phase"), task.get("attempt", 0))
        if got != (phase, attempts):
            yield f"task {name} is {got[0]} in attempt {got[1]}, but must be {phase} in attempt {attempts}"
        if made[name] != list(range(1, attempts + 1)):
            yield f"task {name} has Jobs of the attempts {made[name]}, but must have had {attempts}"
        if ran[name] < count or ran[name] > count and not servers_died:
            yield f"task {name} has had {ran[name]} Pods, but must have had {count}"


def wrong_after_losses(run, shape, jobs):
    """What differs where Pods, Jobs and nodes may have been lost: attempts that the infrastructure has cost come on top, and
    one that would have failed by itself may have been lost instead."""
    try:
        runs.check_finished(run, shape.phase)
    except AssertionError as error:
        yield str(error)
    made = made_of(jobs)
    for name, (phase, attempts, _) in shape.ends.items():
        task = runs.task(run, name) or {}
        told = task.get("attempts", [])
        lost = sum(attempt.get("cause") == "Infrastructure" for attempt in told)
        # Somebody deleted its Job, and whoever had seen its end was killed before he could store it.
        known = {*made[name], *(attempt["attempt"] for attempt in told)}
        lost += sum(number not in known for number in range(1, task.get("attempt", 0) + 1))
        own = task.get("attempt", 0) - lost
        if task.get("phase") != phase or own > attempts or own < attempts and not lost:
            yield (f"task {name} is {task.get('phase')} in attempt {task.get('attempt')}, of which {lost} were lost, but must be "
                   f"{phase} after {attempts} of its own")
        if len(set(made[name])) != len(made[name]) or any(number > task.get("attempt", 0) for number in made[name]):
            yield f"task {name} has Jobs of the attempts {made[name]}, and is in attempt {task.get('attempt')}"


def cancelled_wrong(run, jobs, pods):
    """Of a cancelled run: each task ended, nothing runs on, no attempt made twice. What a Job leaves behind that is gone is the
    garbage collector's, which etcd may keep from its work; leftovers() asks for it in the end."""
    for task in run["status"].get("tasks", []):
        if task["phase"] not in runs.FINAL_TASK:
            yield f"task {task['name']} of a cancelled run is {task['phase']}"
    for name, attempts in made_of(jobs).items():
        if len(attempts) != len(set(attempts)):
            yield f"task {name} has Jobs of the attempts {attempts}"
    there = {job["metadata"]["name"] for job in jobs if "deletionTimestamp" not in job["metadata"]}
    for pod in pods:
        if pod["metadata"]["labels"].get("batch.kubernetes.io/job-name") not in there:
            continue
        if pod["status"]["phase"] in ("Pending", "Running") and "deletionTimestamp" not in pod["metadata"]:
            yield f"Pod {pod['metadata']['name']} of a cancelled run is {pod['status']['phase']}"


def made_of(jobs):
    made = collections.defaultdict(list)
    for job in jobs:
        made[job["metadata"]["labels"]["ork.dev/task"]].append(int(job["metadata"]["labels"]["ork.dev/attempt"]))
    for attempts in made.values():
        attempts.sort()
    return made
