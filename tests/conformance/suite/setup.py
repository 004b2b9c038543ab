"""Finds what the suite needs."""

import os
import pathlib
import shutil
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
