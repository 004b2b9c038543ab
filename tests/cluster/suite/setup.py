"""From a kubeconfig to a cluster with the CRDs, the operator's rights, and its own kubeconfig."""

import os
import pathlib
import shutil
import subprocess
import sys

from suite.kubectl import Kubectl


def find_kubeconfig(root):
    given = os.environ.get("KUBECONFIG")
    path = pathlib.Path(given) if given else root / ".cluster" / "ork" / "admin.kubeconfig"
    if not path.is_file():
        sys.exit(f"no cluster: {path} is not there. Start one with hack/cluster up, or set KUBECONFIG.")
    return path


def find_kubectl(root):
    own = root / ".cluster" / "bin" / "kubectl"
    found = str(own) if own.exists() else shutil.which("kubectl")
    if not found:
        sys.exit("no kubectl: hack/cluster up builds one, or put one into PATH")
    return found


def find_operator(root):
    path = pathlib.Path(os.environ.get("ORK_BINARY", root / "build" / "ork"))
    if not path.is_file():
        sys.exit(f"no operator: {path} is not there. Build it with hack/build, or set ORK_BINARY.")
    return path


def install(kubectl, root):
    kubectl.run("apply", "--server-side", "--force-conflicts", "-f", root / "crds" / "workflow.yaml",
                "-f", root / "crds" / "workflowrun.yaml")
    kubectl.run("wait", "--for=condition=Established", "--timeout=60s", "crd/workflows.ork.dev",
                "crd/workflowruns.ork.dev")
    kubectl.run("apply", "-f", root / "tests" / "cluster" / "rbac.yaml")


def operator_kubeconfig(kubectl, path):
    """As the operator has it in a cluster: the API server's address and CA, and a ServiceAccount's token."""
    token = kubectl.run("create", "token", "ork-operator", "--namespace=ork-system", "--duration=4h").strip()
    cluster = kubectl.json("config", "view", "--raw", "--minify", "--flatten")["clusters"][0]["cluster"]
    path.touch(mode=0o600)
    config = Kubectl(kubectl.binary, path)
    config.run("config", "set-cluster", "test", f"--server={cluster['server']}")
    config.run("config", "set", "clusters.test.certificate-authority-data", cluster["certificate-authority-data"])
    config.run("config", "set-credentials", "ork-operator", f"--token={token}")
    config.run("config", "set-context", "test", "--cluster=test", "--user=ork-operator")
    config.run("config", "use-context", "test")
    return path


def others_at_work(kubectl):
    """Operators whose Lease is there: they take a part of the work, or have died and keep ours waiting for theirs."""
    leases = kubectl.json("get", "leases", "--all-namespaces", "-l", "ork.dev/operators")["items"]
    return [f"{lease['metadata']['namespace']}/{lease['metadata']['name']}"
            for lease in leases if lease.get("spec", {}).get("holderIdentity")]


def fakeness_of_nodes(kubectl):
    """Of each node, whether it is a fake one."""
    nodes = kubectl.json("get", "nodes")["items"]
    return [node["metadata"].get("annotations", {}).get("kwok.x-k8s.io/node") == "fake" for node in nodes]


def has_real_node(kubectl):
    return not all(fakeness_of_nodes(kubectl))


def has_fake_nodes(kubectl):
    return any(fakeness_of_nodes(kubectl))


def commit(root):
    done = subprocess.run(["git", "-C", root, "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False)
    return done.stdout.strip() or "unknown"
