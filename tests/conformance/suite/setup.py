"""Finds what the suite needs, and puts ork's CRDs into the real server."""

import os
import pathlib
import shutil
import subprocess
import sys


def find_kubeconfig(given, root):
    named = given or os.environ.get("KUBECONFIG")
    path = pathlib.Path(named) if named else root / ".cluster" / "ork" / "admin.kubeconfig"
    if not path.is_file():
        sys.exit(f"no real API server: {path} is not there. Start one with hack/cluster up, or give --real KUBECONFIG.")
    return path


def find_kubectl(root):
    own = root / ".cluster" / "bin" / "kubectl"
    found = str(own) if own.exists() else shutil.which("kubectl")
    if not found:
        sys.exit("no kubectl: hack/cluster up builds one, or put one into PATH")
    return found


def install_crds(kubectl, server, root):
    """The ones of this tree, as hack/operator does: the embedded server has them built in."""
    command = [kubectl, f"--kubeconfig={server.kubeconfig}"]
    files = [f"--filename={root / 'crds' / name}.yaml" for name in ("workflow", "workflowrun")]
    subprocess.run(
        [*command, "apply", "--server-side", "--force-conflicts", *files], check=True, stdout=subprocess.DEVNULL
    )
    names = ("crd/workflows.ork.dev", "crd/workflowruns.ork.dev")
    subprocess.run(
        [*command, "wait", "--for=condition=Established", "--timeout=60s", *names],
        check=True,
        stdout=subprocess.DEVNULL,
    )
