"""A server under test: what a kubeconfig says of it, and requests to it as bytes."""

import base64
import dataclasses
import http.client
import os
import pathlib
import ssl
import tempfile
import threading
import urllib.parse

import yaml

USER_AGENT = "conformance/1.0"
TIMEOUT_SECONDS = 60


@dataclasses.dataclass
class Answer:
    status: int
    headers: dict  # names in lower case; a list of values for each
    body: bytes

    def header(self, name):
        return ", ".join(self.headers.get(name.lower(), []))


class NoAnswer(AssertionError):
    """The connection ended before there was an answer."""


def _material(entry, name):
    """What a kubeconfig holds under NAME (a path) or NAME-data (base64), as a path; None: neither."""
    if entry.get(name + "-data"):
        handle, path = tempfile.mkstemp(prefix="ork-conformance-")
        with os.fdopen(handle, "wb") as file:
            file.write(base64.b64decode(entry[name + "-data"]))
        return path
    return entry.get(name)


class Server:
    """One API server, and one connection to it for each thread."""

    def __init__(self, title, kubeconfig):
        self.title = title
        self.kubeconfig = str(pathlib.Path(kubeconfig).resolve())
        config = yaml.safe_load(pathlib.Path(kubeconfig).read_text(encoding="utf-8"))
        context = self._entry(config, "contexts", config["current-context"])["context"]
        cluster = self._entry(config, "clusters", context["cluster"])["cluster"]
        user = self._entry(config, "users", context["user"]).get("user") or {}
        url = urllib.parse.urlsplit(cluster["server"])
        self.secure = url.scheme == "https"
        self.host, self.port = url.hostname, url.port or (443 if self.secure else 80)
        self.token = user.get("token")
        if not self.token and user.get("tokenFile"):
            self.token = pathlib.Path(user["tokenFile"]).read_text(encoding="utf-8").strip()
        self.tls = self._tls(cluster, user) if self.secure else None
        self._local = threading.local()

    @staticmethod
    def _entry(config, plural, name):
        return next(entry for entry in config[plural] if entry["name"] == name)

    @staticmethod
    def _tls(cluster, user):
        authority = _material(cluster, "certificate-authority")
        tls = ssl.create_default_context(cafile=authority)
        certificate, key = _material(user, "client-certificate"), _material(user, "client-key")
        if certificate:
            tls.load_cert_chain(certificate, key)
        if cluster.get("insecure-skip-tls-verify"):
            tls.check_hostname = False
            tls.verify_mode = ssl.CERT_NONE
        for path, entry, name in (
            (authority, cluster, "certificate-authority"),
            (certificate, user, "client-certificate"),
            (key, user, "client-key"),
        ):
            if path and entry.get(name + "-data"):
                os.unlink(path)
        return tls

    def headers(self, given):
        headers = {"User-Agent": USER_AGENT, "Accept": "application/json"}
        if self.token:
            headers["Authorization"] = "Bearer " + self.token
        headers.update(given or {})
        return {name: value for name, value in headers.items() if value is not None}

    def connect(self):
        if self.secure:
            return http.client.HTTPSConnection(self.host, self.port, timeout=TIMEOUT_SECONDS, context=self.tls)
        return http.client.HTTPConnection(self.host, self.port, timeout=TIMEOUT_SECONDS)

    def request(self, method, target, headers=None, body=None):
        """The answer, whatever its status. Raises NoAnswer where there is none."""
        for fresh in (False, True):
            connection = None if fresh else getattr(self._local, "connection", None)
            reused = connection is not None
            if not reused:
                connection = self._local.connection = self.connect()
            try:
                return self._exchange(connection, method, target, headers, body)
            except (http.client.HTTPException, OSError) as problem:
                connection.close()
                self._local.connection = None
                # A server may close a connection that idles, just as a request is sent on it.
                if not reused:
                    raise NoAnswer(
                        f"{self.title}: {method} {target[:200]}: {type(problem).__name__}: {problem}"
                    ) from problem
        raise AssertionError("unreachable")

    def _exchange(self, connection, method, target, headers, body):
        try:
            connection.request(method, target, body, self.headers(headers))
        except (BrokenPipeError, ConnectionResetError):
            if connection.sock is None:
                raise
            # It refused a body before all of it was sent: the answer may be there already.
            connection._HTTPConnection__state = "Request-sent"  # pylint: disable=protected-access
        response = connection.getresponse()
        answer_headers = {}
        for name, value in response.getheaders():
            answer_headers.setdefault(name.lower(), []).append(value)
        answer = Answer(response.status, answer_headers, response.read())
        if response.will_close:
            connection.close()
            self._local.connection = None
        return answer
