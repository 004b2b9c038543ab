"""kubectl as a child process: the tests speak to the cluster as a user does, and no way else."""

import json
import os
import queue
import subprocess
import threading
import time

PATHS = {
    "workflows": "/apis/ork.dev/v1alpha1",
    "workflowruns": "/apis/ork.dev/v1alpha1",
    "jobs": "/apis/batch/v1",
    "pods": "/api/v1",
    "controllerrevisions": "/apis/apps/v1",
}


class KubectlError(AssertionError):
    """kubectl ended with another code than 0; the text is what it wrote to stderr."""


class Timeout(AssertionError):
    pass


class Kubectl:
    def __init__(self, binary, kubeconfig, namespace=None):
        self.binary = binary
        self.kubeconfig = str(kubeconfig)
        self.namespace = namespace

    def environment(self):
        path = os.path.dirname(self.binary) + os.pathsep + os.environ["PATH"]
        return {**os.environ, "KUBECONFIG": self.kubeconfig, "PATH": path}

    def command(self, args):
        where = ["--namespace", self.namespace] if self.namespace else []
        return [self.binary, *where, *map(str, args)]

    def run(self, *args, stdin=None, timeout=150):
        """Its stdout. Raises KubectlError with its stderr."""
        try:
            done = subprocess.run(self.command(args), input=stdin, capture_output=True, text=True,
                                  timeout=timeout, env=self.environment(), check=False)
        except subprocess.TimeoutExpired as error:
            raise Timeout(f"kubectl {' '.join(map(str, args))}: no answer in {timeout} s") from error
        if done.returncode != 0:
            raise KubectlError(f"kubectl {' '.join(map(str, args))}: {done.stderr.strip() or done.stdout.strip()}")
        return done.stdout

    def refusal(self, *args, stdin=None):
        """What kubectl says when this is refused, as it must be."""
        try:
            self.run(*args, stdin=stdin)
        except KubectlError as error:
            return str(error)
        raise AssertionError(f"kubectl {' '.join(map(str, args))} was accepted, but must be refused")

    def json(self, *args, stdin=None):
        return json.loads(self.run(*args, "-o", "json", stdin=stdin))

    def jsons(self, *args):
        """Every object that kubectl prints, one after the other."""
        text, out, decoder = self.run(*args, "-o", "json").strip(), [], json.JSONDecoder()
        while text:
            obj, end = decoder.raw_decode(text)
            out += obj["items"] if obj["kind"] == "List" else [obj]
            text = text[end:].strip()
        return out

    def get(self, kind, name):
        return self.json("get", kind, name)

    def list(self, kind, *args):
        return self.json("get", kind, *args)["items"]

    def watch(self, plural, name=None):
        return Watch(self, plural, name)

    def until(self, plural, name, predicate, what, timeout=120):
        """The object as soon as predicate(object) holds; a deleted one is given as None."""
        with self.watch(plural, name) as watch:
            return watch.until(predicate, what, timeout)


class Watch:
    """Objects of one kind as the API server shows them: first what is there, then every change.

    kubectl reads the stream; one thread turns its lines into a queue. A stream that ends is opened
    again, so an object may be seen twice, but none is missed that stays for a moment.
    """

    def __init__(self, kubectl, plural, name=None):
        self.kubectl = kubectl
        selector = f"&fieldSelector=metadata.name%3D{name}" if name else ""
        self.path = f"{PATHS[plural]}/namespaces/{kubectl.namespace}/{plural}?watch=1{selector}"
        self.what = f"{plural} {name or ''}".strip()
        self.events = queue.Queue()
        self.last = None
        self.closed = False
        self.process = None
        self.lock = threading.Lock()

    def __enter__(self):
        self.thread = threading.Thread(target=self._read, daemon=True)
        self.thread.start()
        return self

    def __exit__(self, *exc):
        with self.lock:
            self.closed = True
            if self.process:
                self.process.kill()
        self.thread.join()

    def _open(self):
        with self.lock:
            if self.closed:
                return None
            self.process = subprocess.Popen(self.kubectl.command(["get", "--raw", self.path]), text=True,
                                            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                                            env=self.kubectl.environment())
            return self.process

    def _read(self):
        while (process := self._open()) is not None:
            for line in process.stdout:
                try:
                    event = json.loads(line)
                except json.JSONDecodeError:
                    break  # cut off in mid-line
                self.events.put((event["type"], event["object"]))
            process.stdout.close()
            process.kill()
            process.wait()

    def next(self, deadline):
        """(type, object), or None at the deadline (of time.monotonic())."""
        try:
            return self.events.get(timeout=max(0.0, deadline - time.monotonic()))
        except queue.Empty:
            return None

    def until(self, predicate, what, timeout=120):
        deadline = time.monotonic() + timeout
        while (event := self.next(deadline)) is not None:
            kind, self.last = event
            if kind == "ERROR":
                continue
            if kind == "DELETED":
                if predicate(None):
                    return None
                continue
            if predicate(self.last):
                return self.last
        raise Timeout(f"{self.what}: waited {timeout} s for {what}")

    def seen(self):
        """Everything that has arrived and was not taken yet."""
        out = []
        while not self.events.empty():
            out.append(self.events.get())
        return out
