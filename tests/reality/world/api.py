"""The API server over one connection a thread: what a kubectl a request would cost, the operator needs more."""

import base64
import http.client
import json
import ssl
import tempfile
import threading
import urllib.parse

GROUPS = {"workflows": "/apis/ork.dev/v1alpha1", "workflowruns": "/apis/ork.dev/v1alpha1", "jobs": "/apis/batch/v1",
          "pods": "/api/v1", "controllerrevisions": "/apis/apps/v1", "leases": "/apis/coordination.k8s.io/v1"}
PATIENCE = 30
BROKEN = (OSError, http.client.HTTPException, ssl.SSLError)


class ApiError(AssertionError):
    def __init__(self, what, code, text):
        super().__init__(f"{what}: {code} {text[:500]}")
        self.code = code


def tls_of(user, authority):
    """A TLS context that trusts the cluster and shows the user's certificate."""
    context = ssl.create_default_context(cadata=authority)
    with tempfile.NamedTemporaryFile(suffix=".pem") as pair:  # the ssl module reads files alone
        pair.write(base64.b64decode(user["client-certificate-data"]) + base64.b64decode(user["client-key-data"]))
        pair.flush()
        context.load_cert_chain(pair.name)
    return context


class Api:
    """Safe for threads: each has its own connection."""

    def __init__(self, kubectl):
        config = kubectl.json("config", "view", "--raw", "--minify", "--flatten")
        cluster = config["clusters"][0]["cluster"]
        self.server = urllib.parse.urlsplit(cluster["server"])
        self.authority = base64.b64decode(cluster["certificate-authority-data"]).decode()
        self.tls = tls_of(config["users"][0]["user"], self.authority)
        self.of_thread = threading.local()

    def open(self):
        return http.client.HTTPSConnection(self.server.hostname, self.server.port, context=self.tls, timeout=PATIENCE)

    def request(self, method, path, body=None, content_type="application/json"):
        """The answer as JSON. A connection that broke while idle is opened again, once, for reads only."""
        for attempt in (1, 2):
            try:
                return self.request_once(method, path, body, content_type)
            except BROKEN:
                self.of_thread.connection = None
                if attempt == 2 or method != "GET":
                    raise
        return None

    def request_once(self, method, path, body, content_type):
        connection = getattr(self.of_thread, "connection", None)
        if connection is None:
            connection = self.of_thread.connection = self.open()
        headers = {"Accept": "application/json", "Content-Type": content_type}
        connection.request(method, path, json.dumps(body) if body is not None else None, headers)
        answer = connection.getresponse()
        text = answer.read().decode(errors="replace")
        if answer.status >= 300:
            raise ApiError(f"{method} {path}", answer.status, text)
        return json.loads(text)


class Namespace:
    """The objects of one namespace."""

    def __init__(self, api, name):
        self.api = api
        self.name = name

    def path(self, plural, name=None):
        return f"{GROUPS[plural]}/namespaces/{self.name}/{plural}" + (f"/{name}" if name else "")

    def create(self, plural, obj):
        return self.api.request("POST", self.path(plural), obj)

    def get(self, plural, name):
        """None where there is none."""
        try:
            return self.api.request("GET", self.path(plural, name))
        except ApiError as error:
            if error.code == 404:
                return None
            raise

    def list(self, plural, labels=""):
        selector = f"?labelSelector={urllib.parse.quote(labels)}" if labels else ""
        return self.api.request("GET", self.path(plural) + selector)["items"]

    def pages(self, plural):
        """All of them, some at a time."""
        token = ""
        while True:
            page = self.api.request("GET", f"{self.path(plural)}?limit=1000&continue={urllib.parse.quote(token)}")
            yield from page["items"]
            token = page["metadata"].get("continue", "")
            if not token:
                return

    def delete(self, plural, name, missing_ok=False):
        try:
            self.api.request("DELETE", self.path(plural, name), {"propagationPolicy": "Background"})
        except ApiError as error:
            if error.code != 404 or not missing_ok:
                raise

    def patch(self, plural, name, patch, sub=""):
        return self.api.request("PATCH", self.path(plural, name) + sub, patch, "application/merge-patch+json")

    def watch(self, plural, stop):
        """Yields (type, object) until `stop` is set; what is there comes first, and again after each break."""
        while not stop.is_set():
            connection = self.api.open()
            try:
                connection.request("GET", self.path(plural) + "?watch=1&timeoutSeconds=20",
                                   headers={"Accept": "application/json"})
                answer = connection.getresponse()
                # A kind that has just been made may be refused for a moment.
                if answer.status != 200:
                    stop.wait(0.2)
                    continue
                while (line := answer.readline()) and not stop.is_set():
                    event = json.loads(line)
                    yield event["type"], event["object"]
            except (*BROKEN, json.JSONDecodeError):
                stop.wait(0.2)
            finally:
                connection.close()
