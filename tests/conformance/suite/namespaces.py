"""A fresh namespace on a server, and its end."""

import itertools
import json
import secrets
import threading
import time

from suite.kinds import KINDS

READY_SECONDS = 30.0
GONE_SECONDS = 180.0
ROOT_CA = "kube-root-ca.crt"
JSON = {"Content-Type": "application/json"}


class NamespaceError(AssertionError):
    pass


class Namespaces:
    """Names are of one length, so that texts are cut at the same place on both servers."""

    def __init__(self):
        self.run = secrets.token_hex(2)
        self.numbers = itertools.count(1)
        self.lock = threading.Lock()
        self.left = []  # (server, name): asked to be deleted
        self.has_controllers = {}

    def names(self, suffixes):
        with self.lock:
            number = next(self.numbers)
        return [f"conf-{self.run}-{number:05}{suffix}" for suffix in suffixes]

    def create(self, server, name):
        """The Namespace, once the cluster's controllers have put into it what they put into each."""
        body = json.dumps({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}})
        answer = server.request("POST", "/api/v1/namespaces", JSON, body)
        if answer.status != 201:
            raise NamespaceError(
                f"{server.title}: namespace {name} can't be created: {answer.status} {answer.body[:300]!r}"
            )
        namespace = json.loads(answer.body)
        with self.lock:
            self.left.append((server, name))
        paths = [
            f"/api/v1/namespaces/{name}/configmaps/{ROOT_CA}",
            f"/api/v1/namespaces/{name}/serviceaccounts/default",
        ]
        if self._controllers(server):
            for path in paths:
                self._wait(server, path)
        else:
            root = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": ROOT_CA}, "data": {"ca.crt": ""}}
            server.request("POST", f"/api/v1/namespaces/{name}/configmaps", JSON, json.dumps(root))
        return namespace

    def _controllers(self, server):
        """Whether it is a cluster with kube-controller-manager: only that one has ServiceAccounts."""
        if server.title not in self.has_controllers:
            self.has_controllers[server.title] = (
                server.request("GET", "/api/v1/namespaces/default/serviceaccounts").status == 200
            )
        return self.has_controllers[server.title]

    @staticmethod
    def _wait(server, path):
        deadline = time.monotonic() + READY_SECONDS
        while server.request("GET", path).status != 200:
            if time.monotonic() > deadline:
                raise NamespaceError(f"{server.title}: {path} is not there after {READY_SECONDS:.0f} s")
            time.sleep(0.01)

    def delete(self, server, name, kinds=()):
        """Asks for it, and takes away what finalizers hold it up."""
        for key in kinds:
            kind = KINDS[key]
            if not kind.namespaced:
                continue
            listed = json.loads(server.request("GET", kind.collection(name)).body)
            for item in listed.get("items") or []:
                if item["metadata"].pop("finalizers", None):
                    # Not by a patch: that turns large numbers into others, which immutable data refuse.
                    item.update(apiVersion=kind.api_version, kind=kind.kind)
                    server.request("PUT", kind.path(item["metadata"]["name"], name), JSON, json.dumps(item))
        if "pod" in kinds:
            # A Pod on a node that is not there would be waited for.
            server.request("DELETE", KINDS["pod"].collection(name) + "?gracePeriodSeconds=0")
        for extra in ("", "-x", "-y"):
            if not extra or "namespace" in kinds:
                path = f"/api/v1/namespaces/{name}{extra}"
                if extra:
                    server.request(
                        "PATCH",
                        path,
                        {"Content-Type": "application/merge-patch+json"},
                        '{"metadata":{"finalizers":null}}',
                    )
                server.request("DELETE", path)

    def wait_until_gone(self, server):
        """Those that are still there after a while."""
        deadline = time.monotonic() + GONE_SECONDS
        stuck = []
        for name in [name for its, name in self.left if its is server]:
            while server.request("GET", f"/api/v1/namespaces/{name}").status != 404:
                if time.monotonic() > deadline:
                    stuck.append(name)
                    break
                time.sleep(0.2)
        return stuck
