"""What a scenario is, and what it is given: a namespace of its own, operators behind proxies, runs and how they end."""

import contextlib
import dataclasses
import signal
import threading
import time
from typing import Callable

from proxy import Proxy
from suite import runs
from suite.process import Operator, wait_for

from audit.judge import judge_files
from audit.log import Part
from world.api import BROKEN, ApiError
from world.audit_tail import Mark
from world.churn import wrong_with
from world.ground import USER, Cluster
from world.shapes import SHAPES

SCENARIOS = {}
# Between the end of a run and the look at it: the Job controller writes what has ended once a second.
SETTLING_S = 2.5
# The last line of the audit log is written after its answer was sent.
LOG_S = 0.5


@dataclasses.dataclass(frozen=True)
class Scenario:
    name: str
    run: Callable
    alone: bool = False  # it stops the cluster's own programs
    torn: bool = False  # it kills the API server, whose log may then lack a line


def scenario(name, **kwargs):
    """Registers a function of one Scene. Names are sentences."""

    def register(function):
        assert name not in SCENARIOS, f"two scenarios are called {name}"
        SCENARIOS[name] = Scenario(name, function, **kwargs)
        return function

    return register


class Actor:
    """One operator behind its proxy. With `lives_on` it is started again whenever the proxy has killed it."""

    def __init__(self, scene, mark, lease, lease_seconds, lives_on):
        self.scene = scene
        self.lease = lease
        self.proxy = Proxy(scene.ground.api, scene.ground.folder, mark, self.kill)
        kubeconfig = scene.ground.kubeconfig_for(self.proxy, f"{scene.namespace.name}-{mark}")
        self.operator = Operator(scene.ground.binary, kubeconfig, kubeconfig.with_suffix(".log"),
                                 ["--namespace", scene.namespace.name, "--lease-name", lease,
                                  "--lease-seconds", str(lease_seconds)])
        self.kills = 0
        self.lives_on = lives_on
        self.killed = threading.Event()
        self.stopping = False
        self.lock = threading.Lock()
        threading.Thread(target=self.revive, daemon=True).start()

    def start(self):
        self.proxy.new_process()
        self.operator.start()
        return self

    def kill(self):
        """With no warning; from the proxy's thread or a scenario's."""
        with contextlib.suppress(AssertionError, AttributeError):  # it is dead already
            self.operator.kill9()
            self.kills += 1
            self.killed.set()

    def revive(self):
        while True:
            self.killed.wait()
            self.killed.clear()
            if self.stopping or not self.lives_on:
                return
            self.forget_lease()
            with self.lock:
                if self.stopping:
                    return
                self.start()

    def forget_lease(self):
        """Who held it is known to be dead. Until the API server answers, if it is dead too."""
        while not self.stopping:
            try:
                self.scene.ground.forget_leases(self.lease)
                return
            except (ApiError, *BROKEN):
                time.sleep(0.2)

    def signal(self, number):
        self.operator.process.send_signal(number)

    def pause(self):
        self.signal(signal.SIGSTOP)

    def resume(self):
        self.signal(signal.SIGCONT)

    def is_synced(self):
        return self.operator.log.read_text(errors="replace").rpartition("--- ")[2].count("works on its share") > 0

    def wait_synced(self, timeout=60):
        wait_for(self.is_synced, f"{self.operator.log.name} to tell that it works", timeout, every=0.05)
        return self

    def stop(self):
        with self.lock:  # nobody is started behind our back
            self.stopping = True
        self.killed.set()
        if self.operator.process is not None:
            with contextlib.suppress(ProcessLookupError):
                self.resume()
        code = self.operator.stop()
        self.proxy.stop()
        return code


class Scene:
    def __init__(self, ground, namespace):
        self.ground = ground
        self.namespace = namespace
        self.cluster = Cluster(ground)
        self.lease = f"{namespace.name}-lease"
        self.leases = {self.lease}
        self.actors = []
        self.mark = Mark(ground.audit_log)

    def actor(self, mark="a", lease=None, lease_seconds=15, lives_on=True):
        lease = lease or self.lease
        self.leases.add(lease)
        self.actors.append(Actor(self, mark, lease, lease_seconds, lives_on))
        return self.actors[-1]

    def start(self, shape, name="r", **spec):
        return self.namespace.create("workflowruns", SHAPES[shape].run(name, **spec))

    def run(self, name="r"):
        return self.namespace.get("workflowruns", name)

    def jobs_of(self, name="r", task=None):
        mine = f"ork.dev/run={name}" + (f",ork.dev/task={task}" if task else "")
        return self.namespace.list("jobs", mine)

    def pods_of(self, name="r", task=None):
        mine = f"ork.dev/run={name}" + (f",ork.dev/task={task}" if task else "")
        return self.namespace.list("pods", mine)

    def until_running(self, task, name="r", timeout=60):
        """Its Pods, once one of them runs."""
        def running():
            pods = self.pods_of(name, task)
            return pods if any(pod["status"]["phase"] == "Running" for pod in pods) else None

        return wait_for(running, f"task {task} of {name} to run", timeout, every=0.05)

    def until_ended(self, name="r", timeout=120):
        ended = lambda: (found := self.run(name)) and runs.is_final(found) and found
        run = wait_for(ended, f"run {name} to end", timeout, every=0.1)
        time.sleep(SETTLING_S)
        return run

    def ended_right(self, shape, name="r", timeout=120, servers_died=False):
        """As its shape must, with exactly its Jobs, and Pods where no server died."""
        run = self.until_ended(name, timeout)
        mine = f"ork.dev/run-uid={run['metadata']['uid']}"
        jobs, pods = self.namespace.list("jobs", mine), self.namespace.list("pods", mine)
        wrong = list(wrong_with(self.run(name), SHAPES[shape], jobs, pods, servers_died))
        assert not wrong, f"run {name}: " + "; ".join(wrong)
        return run

    def ended_with(self, phase, attempts, name="r", timeout=120):
        """In that phase, with so many attempts of each task."""
        run = self.until_ended(name, timeout)
        runs.check_finished(run, phase)
        got = {task["name"]: task.get("attempt", 0) for task in run["status"]["tasks"]}
        runs.expect_equal(f"attempts of run {name}", got, attempts)
        return run

    def nothing_left_of(self, name, timeout=60):
        wait_for(lambda: not self.run(name) and not self.jobs_of(name) and not self.pods_of(name),
                 f"everything of run {name} to be gone", timeout, every=0.2)

    def close(self):
        """Stops the operators; gives their exit codes."""
        return [actor.stop() for actor in self.actors]

    def judged(self, torn):
        time.sleep(LOG_S)
        part = Part(USER, frozenset([self.namespace.name]), frozenset(self.leases))
        return judge_files(self.mark.files(), part, complete=True, whole=not torn)


def struck(*rules):
    """A fault that never struck has tried nothing."""
    for rule in rules:
        assert rule.struck > 0, f"the fault {rule.action} never struck"
