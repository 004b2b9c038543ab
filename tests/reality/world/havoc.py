"""What chaos does to a cluster. Each fault strikes, lasts, and is over when its function returns; `heal` is what every end
of chaos does, whatever was under way."""

import contextlib
import dataclasses
import json
import random
import signal
import time
from typing import Callable

from proxy import WRITES, watch_of
from suite.process import wait_for

from world.api import BROKEN, ApiError

FAULTS = {}
# The least that Kubernetes gives a token; it is put anew well before, and not kept in step with its use.
TOKEN_SECONDS = 600
TOKEN_RENEWED_AFTER = 240
SERVER_PATIENCE = 180


@dataclasses.dataclass(frozen=True)
class Fault:
    name: str
    strike: Callable  # of one Havoc
    weight: int  # how often, beside the others


def fault(name, weight=2):
    def register(function):
        FAULTS[name] = Fault(name, function, weight)
        return function

    return register


class Havoc:
    """One cluster, two operators of it, and the chance by which things go wrong."""

    def __init__(self, scene, actors, token_file, seed):
        self.scene, self.actors, self.token_file = scene, actors, token_file
        self.chance = random.Random(seed)
        self.renewed = time.monotonic()
        self.lost_nodes = []
        self.wrong = []

    def pick(self):
        faults = sorted(FAULTS.values(), key=lambda one: one.name)
        return self.chance.choices(faults, [one.weight for one in faults])[0]

    def one(self):
        return self.chance.choice(self.actors)

    def wait(self, least, most):
        time.sleep(self.chance.uniform(least, most))

    def start_again(self, *actors):
        """As Kubernetes does it with a container that has ended. A dead one's Lease is left to run out."""
        for actor in actors:
            process = actor.operator.process
            if process is not None and process.poll() is None:
                continue
            if process is not None and "Lease" not in actor.operator.tail(3):  # one that lost its Lease is to end
                self.wrong.append(f"{actor.operator.log.name} ended by itself, {process.returncode}:\n{actor.operator.tail(5)}")
            actor.operator.process = None
            actor.start()

    def repair_cluster(self):
        self.scene.cluster.repair()
        wait_for(self.server_answers, "the API server to answer", SERVER_PATIENCE, every=0.2)

    def server_answers(self):
        with contextlib.suppress(ApiError, *BROKEN):
            self.scene.namespace.list("jobs", "none=none")
            return True
        return False

    def renew_tokens(self):
        """As a kubelet does it, in the file that the operator reads its token from."""
        if time.monotonic() - self.renewed < TOKEN_RENEWED_AFTER or not self.server_answers():
            return
        self.token_file.write_text(new_token(self.scene.ground))
        self.renewed = time.monotonic()

    def heal(self):
        self.repair_cluster()
        self.scene.cluster.free_etcd()
        self.restore_nodes()
        for actor in self.actors:
            actor.proxy.heal()
        self.start_again(*self.actors)

    def lose_node(self):
        kubectl = self.scene.ground.kubectl
        node = kubectl.get("node", self.chance.choice(self.scene.ground.fake_nodes()))
        self.lost_nodes.append({"apiVersion": "v1", "kind": "Node", "spec": {"taints": node["spec"].get("taints", [])},
                                "metadata": {name: node["metadata"][name] for name in ("name", "labels", "annotations")}})
        kubectl.run("delete", "node", node["metadata"]["name"], "--wait=false")

    def restore_nodes(self):
        """By its old name, empty: what ran on it is for Kubernetes to find out."""
        while self.lost_nodes:
            self.scene.ground.kubectl.run("create", "-f", "-", stdin=json.dumps(self.lost_nodes[0]))
            self.lost_nodes.pop(0)


def new_token(ground):
    return ground.kubectl.run("create", "token", "ork-operator", "--namespace=ork-system",
                              f"--duration={TOKEN_SECONDS}s").strip()


# --- operators ---
@fault("an operator is killed", weight=6)
def operator_killed(havoc):
    actor = havoc.one()
    actor.kill()
    havoc.wait(0, 3)
    havoc.start_again(actor)


@fault("an operator is killed right after a write that has no answer yet", weight=4)
def killed_unanswered(havoc):
    actor = havoc.one()
    rule = actor.proxy.add(havoc.chance.choice(("kill-before", "kill-unanswered", "kill-answered")),
                           lambda call: call.number > 0)
    with contextlib.suppress(AssertionError):  # it may have nothing to write
        wait_for(lambda: rule.struck, "the operator to write", 10, every=0.05)
    actor.proxy.heal()
    havoc.start_again(actor)


@fault("all operators are killed")
def all_killed(havoc):
    for actor in havoc.actors:
        actor.kill()
    havoc.wait(0, 2)
    havoc.start_again(*havoc.actors)


@fault("an operator is stopped in good order")
def stopped(havoc):
    actor = havoc.one()
    actor.operator.stop()
    havoc.wait(0, 2)
    havoc.start_again(actor)


@fault("an operator stands still, for longer than its Lease holds")
def paused(havoc):
    actor = havoc.one()
    actor.signal(signal.SIGSTOP)
    havoc.wait(1, 12)
    actor.resume()
    havoc.wait(1, 2)
    havoc.start_again(actor)


# --- what is between ---
@fault("writes are answered late, by up to two seconds")
def late(havoc):
    actor = havoc.one()
    actor.proxy.add("late", lambda call: call.method in WRITES, times=60, seconds=havoc.chance.uniform(0.2, 2))
    havoc.wait(4, 10)
    actor.proxy.heal()


@fault("answers are lost, broken off or never asked for")
def lossy(havoc):
    actor = havoc.one()
    for action in ("lose", "half", "cut"):
        actor.proxy.add(action, lambda call: call.number % 3 == 0 and call.number > 0, times=8)
    havoc.wait(4, 10)
    actor.proxy.heal()


@fault("a storm of 429")
def refusals(havoc):
    for actor in havoc.actors:
        actor.proxy.add("refuse", lambda call: call.method in WRITES and call.plural != "leases", times=200, code=429)
    havoc.wait(3, 8)
    for actor in havoc.actors:
        actor.proxy.heal()


@fault("watches freeze, end or have forgotten")
def watches(havoc):
    actor = havoc.one()
    action = havoc.chance.choice(("freeze", "delay", "end", "gone"))
    actor.proxy.add(action, watch_of(), times=20, seconds=havoc.chance.uniform(1, 5))
    havoc.wait(4, 10)
    actor.proxy.heal()


# --- Kubernetes itself ---
@fault("the API server is killed")
def api_server(havoc):
    havoc.scene.cluster.kill9("kube-apiserver")
    havoc.repair_cluster()


@fault("etcd is killed")
def etcd(havoc):
    havoc.scene.cluster.kill9("etcd")
    havoc.wait(0, 2)
    havoc.repair_cluster()


@fault("etcd forgets all versions but the last")
def compacted(havoc):
    havoc.scene.cluster.compact_etcd()


@fault("etcd has no space left", weight=1)
def no_space(havoc):
    havoc.scene.cluster.fill_etcd()
    havoc.wait(3, 10)
    havoc.scene.cluster.free_etcd()


@fault("the Job controller is killed")
def job_controller(havoc):
    havoc.scene.cluster.kill9("kube-controller-manager")
    havoc.wait(0, 3)
    havoc.repair_cluster()


# --- people and nodes ---
@fault("somebody deletes Pods", weight=3)
def pods_deleted(havoc):
    delete_some(havoc, "pods")


@fault("somebody deletes Jobs")
def jobs_deleted(havoc):
    delete_some(havoc, "jobs")


def delete_some(havoc, plural):
    there = havoc.scene.namespace.list(plural)
    for obj in havoc.chance.sample(there, min(3, len(there))):
        havoc.scene.namespace.delete(plural, obj["metadata"]["name"], missing_ok=True)


@fault("a node is gone, and another comes in its place", weight=1)
def node_lost(havoc):
    havoc.lose_node()
    havoc.wait(2, 10)
    havoc.restore_nodes()
