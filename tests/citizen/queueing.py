"""Kueue at work on this suite's namespace: its resources, its program (kueue/), its webhooks for Jobs and for its own kinds.

The API server calls the webhooks at 127.0.0.1, so it has to run on this machine, as that of hack/cluster does.
"""

import base64
import json
import os
import pathlib
import socket
import subprocess
import urllib.error
import urllib.request

from suite.process import wait_for

HERE = pathlib.Path(__file__).resolve().parent
OF_KUEUE = ("kueue.x-k8s.io", "batch")  # API groups whose webhooks are wanted
GROUP = "ork-citizen"
READY_TIMEOUT = 60
# In the order in which they can be deleted.
KINDS = ("workloads", "localqueues", "clusterqueues", "resourceflavors", "workloadpriorityclasses")


def free_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def make_certificate(folder):
    """tls.crt and tls.key for 127.0.0.1; it signs itself."""
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
                    "-subj", "/CN=kueue", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", folder / "tls.key",
                    "-out", folder / "tls.crt"], check=True, capture_output=True)


def module_folder():
    done = subprocess.run(["go", "list", "-m", "-f", "{{.Dir}}", "sigs.k8s.io/kueue"], cwd=HERE / "kueue", check=True,
                          capture_output=True, text=True)
    return pathlib.Path(done.stdout.strip())


class Kueue:
    def __init__(self, plain, namespace, binary, folder):
        self.plain, self.namespace, self.binary = plain, namespace, binary
        self.folder = folder / "kueue-state"
        self.folder.mkdir()
        self.log = self.folder / "kueue.log"
        self.port, self.health_port = free_port(), free_port()
        self.process = None
        self.is_started = False
        self.webhooks = []

    def start(self):
        assert self.process is None, f"Kueue did not get ready:\n{self.tail()}"
        make_certificate(self.folder)
        self.plain.run("apply", "--server-side", "-f", module_folder() / "config" / "components" / "crd" / "bases")
        wait_for(self.is_installed, "Kueue's kinds to be served", READY_TIMEOUT, every=0.2)
        config = self.folder / "config.json"
        config.write_text(json.dumps(self.configuration()))
        with open(self.log, "ab") as out:
            self.process = subprocess.Popen([self.binary, "--config", config], stdout=out, stderr=out,
                                            stdin=subprocess.DEVNULL, env={**os.environ, "KUBECONFIG": self.plain.kubeconfig})
        wait_for(self.is_ready, "Kueue to be ready", READY_TIMEOUT, every=0.2)
        self.register_webhooks()
        self.is_started = True

    def configuration(self):
        return {"apiVersion": "config.kueue.x-k8s.io/v1beta1", "kind": "Configuration", "namespace": "default",
                "health": {"healthProbeBindAddress": f"127.0.0.1:{self.health_port}"},
                "webhook": {"host": "127.0.0.1", "port": self.port, "certDir": str(self.folder)},
                "leaderElection": {"leaderElect": False}, "internalCertManagement": {"enable": False},
                "featureGates": {"MultiKueue": False, "TopologyAwareScheduling": False, "VisibilityOnDemand": False},
                "managedJobsNamespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": self.namespace}},
                "integrations": {"frameworks": ["batch/job"]}}

    def is_installed(self):
        kinds = self.plain.run("api-resources", "--api-group=kueue.x-k8s.io", "-o", "name").split()
        return all(f"{kind}.kueue.x-k8s.io" in kinds for kind in KINDS)

    def is_ready(self):
        assert self.process.poll() is None, f"Kueue ended by itself:\n{self.tail()}"
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.health_port}/readyz", timeout=5) as answer:
                return answer.status == 200
        except (urllib.error.URLError, ConnectionError):
            return False

    def register_webhooks(self):
        """As Kueue's manifests have them, for this namespace alone, and at this machine."""
        written = module_folder() / "config" / "components" / "webhook" / "manifests.yaml"
        bundle = base64.b64encode((self.folder / "tls.crt").read_bytes()).decode()
        for registration in self.plain.jsons("create", "--dry-run=client", "-f", written):
            hooks = [hook for hook in registration["webhooks"] if hook["rules"][0]["apiGroups"][0] in OF_KUEUE]
            for hook in hooks:
                path = hook["clientConfig"]["service"]["path"]
                hook["clientConfig"] = {"url": f"https://127.0.0.1:{self.port}{path}", "caBundle": bundle}
                hook["namespaceSelector"] = {"matchLabels": {"kubernetes.io/metadata.name": self.namespace}}
            name = f"{GROUP}-{registration['metadata']['name']}"
            self.plain.run("apply", "-f", "-", stdin=json.dumps(
                {**registration, "metadata": {"name": name}, "webhooks": hooks}))
            self.webhooks.append(f"{registration['kind']}/{name}")

    def tail(self, lines=20):
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])

    def end(self):
        """Leaves the cluster as it was. Workloads have finalizers that only Kueue takes away."""
        if self.process is None:
            return
        self.plain.run("delete", "workflowruns,jobs", "--all", "-n", self.namespace, "--timeout=60s")
        for kind in KINDS:
            self.plain.run("delete", f"{kind}.kueue.x-k8s.io", "--all", "-n", self.namespace, "--timeout=60s")
        if self.webhooks:
            self.plain.run("delete", *self.webhooks)
        self.process.terminate()
        self.process.wait(timeout=60)
        self.plain.run("delete", "-f", module_folder() / "config" / "components" / "crd" / "bases", "--timeout=60s")
