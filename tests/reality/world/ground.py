"""The cluster a test stands on: its tools, a namespace of its own, the operator's credentials."""

import json
import os
import pathlib
import secrets
import subprocess
import sys
import tempfile
import time

from suite import setup
from suite.kubectl import Kubectl

from world.api import Api, Namespace
from world.audit_tail import find_log

ROOT = pathlib.Path(__file__).resolve().parents[3]
USER = "system:serviceaccount:ork-system:ork-operator"
LEASE_SPACE = "default"  # where the operator keeps its Lease unless told otherwise
REPAIR_PATIENCE = 30


class Ground:
    def __init__(self, prefix):
        self.kubectl = Kubectl(setup.find_kubectl(ROOT), setup.find_kubeconfig(ROOT))
        self.audit_log = find_log(self.kubectl.kubeconfig)
        self.binary = setup.find_operator(ROOT)
        setup.install(self.kubectl, ROOT)
        if not self.fake_nodes():
            sys.exit("this cluster has no fake nodes: hack/cluster up --fake-nodes 2 --audit")
        self.api = Api(self.kubectl)
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix=f"{prefix}-"))
        self.kubeconfig = setup.operator_kubeconfig(self.kubectl, self.folder / "operator.kubeconfig")
        self.leases = Namespace(self.api, LEASE_SPACE)
        self.id = secrets.token_hex(2)

    def fake_nodes(self):
        nodes = self.kubectl.json("get", "nodes", "-l", "kwok.x-k8s.io/node=fake")["items"]
        return [node["metadata"]["name"] for node in nodes]

    def namespace(self, name):
        name = f"ork-reality-{self.id}-{name}"
        self.kubectl.run("create", "namespace", name)
        self.kubectl.run("wait", "--for=create", "serviceaccount/default", "-n", name, "--timeout=60s")
        return Namespace(self.api, name)

    def kubeconfig_for(self, proxy, name):
        """The operator's own, but by way of a proxy."""
        path = self.folder / f"{name}.kubeconfig"
        path.touch(mode=0o600)
        path.write_bytes(self.kubeconfig.read_bytes())
        config = Kubectl(self.kubectl.binary, path)
        config.run("config", "set-cluster", "test", f"--server=https://127.0.0.1:{proxy.port}",
                   f"--certificate-authority={proxy.certificate}", "--embed-certs")
        return path

    def forget_namespace(self, name):
        self.kubectl.run("delete", "namespace", name, "--wait=false", "--ignore-not-found")

    def forget_leases(self, group):
        """As if they had run out: for when those who held them are known to be dead."""
        for lease in self.leases.list("leases", f"ork.dev/operators={group}"):
            self.leases.delete("leases", lease["metadata"]["name"], missing_ok=True)


class Cluster:
    """What hack/cluster runs, to be killed and repaired."""

    def __init__(self, ground):
        self.state = pathlib.Path(ground.kubectl.kubeconfig).parent
        self.tool = self.state.parents[1] / "hack" / "cluster"

    @property
    def ours(self):
        """Whether hack/cluster made this cluster: any other's programs can't be restarted from here."""
        return (self.state / "pids" / "kube-apiserver").is_file() and self.tool.is_file()

    def pid(self, program):
        return int((self.state / "pids" / program).read_text().split()[0])

    def kill9(self, program):
        os.kill(self.pid(program), 9)

    def compact_etcd(self):
        """Forgets every version but the newest of each object, as etcd does by itself every five minutes."""
        head = self.etcd("/v3/kv/range", {"key": "AA=="})["header"]["revision"]
        self.etcd("/v3/kv/compaction", {"revision": head, "physical": True})

    def fill_etcd(self):
        """As if its disk were full: no write is taken."""
        self.alarm("ACTIVATE")

    def free_etcd(self):
        self.alarm("DEACTIVATE")

    def alarm(self, action):
        member = self.etcd("/v3/maintenance/status", {})["header"]["member_id"]
        self.etcd("/v3/maintenance/alarm", {"action": action, "memberID": member, "alarm": "NOSPACE"})

    def etcd(self, path, body):
        slot = (self.state / "slot").read_text().strip()
        done = subprocess.run(["curl", "-sS", "--unix-socket", f"/run/ork-cluster/{slot}/etcd.sock",
                               f"http://localhost{path}", "-d", json.dumps(body)],
                              capture_output=True, text=True, timeout=30, check=True)
        return json.loads(done.stdout)

    def repair(self):
        """All runs again. kwok gives up on a Pod whose end the server could not store; a new one looks at all anew."""
        self.kill9("kwok")
        deadline = time.monotonic() + REPAIR_PATIENCE
        while True:
            done = subprocess.run([self.tool, "--name", self.state.name, "up"], capture_output=True, text=True, timeout=180,
                                  check=False)
            # The API server learns some time after etcd's death that what it holds of a kind is to be read again.
            if "(re)initializing" not in done.stderr or time.monotonic() > deadline:
                break
            time.sleep(0.5)
        assert done.returncode == 0, f"hack/cluster up: {done.stdout}{done.stderr}"
