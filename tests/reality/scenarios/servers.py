"""The API server and etcd die, come back, and forget."""

import time

from suite.process import wait_for
from world.scene import scenario


def work(scene):
    actor = scene.actor(lease_seconds=60).start().wait_synced()
    for number in range(4):
        scene.start("slow", f"slow-{number}")
        scene.start("partial", f"partial-{number}")
    scene.until_running("a", "slow-0")
    return actor


def all_ended(scene):
    for number in range(4):
        scene.ended_right("slow", f"slow-{number}", timeout=180, servers_died=True)
        scene.ended_right("partial", f"partial-{number}", timeout=180, servers_died=True)


@scenario("the API server is killed and started again in mid-run", alone=True, torn=True)
def api_server(scene):
    work(scene)
    scene.cluster.kill9("kube-apiserver")
    scene.cluster.repair()
    all_ended(scene)


@scenario("etcd is killed and started again in mid-run", alone=True, torn=True)
def etcd(scene):
    work(scene)
    scene.cluster.kill9("etcd")
    time.sleep(1)
    scene.cluster.repair()
    all_ended(scene)


@scenario("the operator stands still while etcd is compacted and the API server restarted: its watches get real 410s",
          alone=True, torn=True)
def compacted(scene):
    actor = work(scene)
    actor.pause()
    ended = lambda: all(pod["status"]["phase"] == "Succeeded" for pod in scene.pods_of("slow-0", "a"))
    wait_for(ended, "a task to end")
    scene.cluster.compact_etcd()
    scene.cluster.kill9("kube-apiserver")
    scene.cluster.repair()
    scene.cluster.compact_etcd()
    actor.resume()
    all_ended(scene)
    assert actor.proxy.gone_seen > 0, "no watch was answered 410"


@scenario("the API server and the operator are killed together", alone=True, torn=True)
def both(scene):
    actor = work(scene)
    scene.cluster.kill9("kube-apiserver")
    actor.kill()
    scene.cluster.repair()
    all_ended(scene)
