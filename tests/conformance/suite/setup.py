"""Finds what the suite needs, and puts ork's CRDs into the real server."""

import os
import pathlib
import shutil
import subprocess
import sys

from suite.session import eventually

OPENAPI_OF_OURS = "/openapi/v3/apis/ork.dev/v1alpha1"
OPENAPI_SECONDS = 60


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
    crds = ("crd/workflows.ork.dev", "crd/workflowruns.ork.dev")
    subprocess.run(
        [*command, "wait", "--for=condition=Established", "--timeout=60s", *crds],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    # What is served is in the OpenAPI documents a moment later.
    if not eventually(lambda: server.request("GET", OPENAPI_OF_OURS).status == 200, OPENAPI_SECONDS):
        sys.exit(f"the real API server has no {OPENAPI_OF_OURS} after {OPENAPI_SECONDS} s, though ork's CRDs are established")
