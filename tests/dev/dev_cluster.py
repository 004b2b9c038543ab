"""One `ork dev` in a folder of its own, spoken to over HTTPS as any client does: for tests and benches."""

import base64
import http.client
import json
import os
import pathlib
import signal
import ssl
import subprocess
import threading
import urllib.parse

import yaml

READY_PATIENCE = 30


class DevCluster:
    def __init__(self, ork, folder, arguments=()):
        self.folder = pathlib.Path(folder)
        self.command = [str(ork), "dev", *arguments]
        self.process = None
        self.connection = None

    def __enter__(self):
        self.start()
        return self

    def start(self):
        self.log = open(self.folder / "ork-dev.log", "ab")
        self.process = subprocess.Popen(self.command, cwd=self.folder, stdout=subprocess.PIPE, stderr=self.log,
                                        text=True, start_new_session=True)
        line = self.process.stdout.readline()
        if "ready" not in line:
            raise RuntimeError(f"ork dev did not get ready: {line!r}; see {self.log.name}")
        # What it tells of the runs is read, as a terminal would: a full pipe would hold it up.
        threading.Thread(target=self.process.stdout.read, daemon=True).start()
        self.connect()

    def kill9(self):
        self.process.kill()
        self.process.wait()
        self.log.close()

    def __exit__(self, *_):
        if self.process.poll() is not None:
            return
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        self.log.close()

    def connect(self):
        config = yaml.safe_load((self.folder / ".ork" / "kubeconfig").read_text())
        cluster = config["clusters"][0]["cluster"]
        self.token = config["users"][0]["user"]["token"]
        self.server = urllib.parse.urlsplit(cluster["server"])
        self.tls = ssl.create_default_context(
            cadata=base64.b64decode(cluster["certificate-authority-data"]).decode())
        self.connection = self.open()

    def open(self):
        return http.client.HTTPSConnection(self.server.hostname, self.server.port, context=self.tls,
                                           timeout=READY_PATIENCE)

    def request(self, method, path, body=None, content_type="application/json"):
        headers = {"Authorization": f"Bearer {self.token}", "Accept": "application/json", "Content-Type": content_type}
        self.connection.request(method, path, json.dumps(body) if body is not None else None, headers)
        answer = self.connection.getresponse()
        text = answer.read()
        if answer.status >= 300:
            raise RuntimeError(f"{method} {path}: {answer.status} {text.decode(errors='replace')[:500]}")
        return json.loads(text)

    @staticmethod
    def base(kind):
        return f"/apis/ork.dev/v1alpha1/namespaces/default/{kind.lower()}s"

    def apply(self, obj):
        path = f"{self.base(obj['kind'])}/{obj['metadata']['name']}?fieldManager=bench&force=true"
        return self.request("PATCH", path, obj, "application/apply-patch+yaml")

    def create(self, obj):
        """Its name."""
        return self.request("POST", self.base(obj["kind"]), obj)["metadata"]["name"]

    def finish_runs(self, names, on_progress=lambda: None):
        """Until each of these runs has Succeeded; anything else is an error. One watch, no polling."""
        waiting = set(names)
        listed = self.request("GET", self.base("WorkflowRun"))
        # What the history limit has deleted meanwhile has ended.
        waiting &= {run["metadata"]["name"] for run in listed["items"]}
        for run in listed["items"]:
            self.seen(run, waiting, on_progress)
        version = listed["metadata"]["resourceVersion"]
        connection = self.open()
        connection.request("GET", f"{self.base('WorkflowRun')}?watch=1&resourceVersion={version}",
                           headers={"Authorization": f"Bearer {self.token}", "Accept": "application/json"})
        answer = connection.getresponse()
        while waiting:
            line = answer.readline()
            if not line:
                raise RuntimeError(f"the watch ended with {len(waiting)} runs to go")
            event = json.loads(line)
            if event["type"] == "DELETED":
                waiting.discard(event["object"]["metadata"]["name"])
            else:
                self.seen(event["object"], waiting, on_progress)
        connection.close()

    @staticmethod
    def seen(run, waiting, on_progress):
        phase = run.get("status", {}).get("phase")
        if run["metadata"]["name"] not in waiting or phase not in ("Succeeded", "Failed", "Cancelled"):
            return
        if phase != "Succeeded":
            raise RuntimeError(f"run {run['metadata']['name']} ended {phase}: {run['status'].get('message')}")
        waiting.discard(run["metadata"]["name"])
        on_progress()

    # --- what it costs ---
    def processes(self):
        """`ork dev` and the node agent that it started."""
        return [self.process.pid, self.agent_pid()]

    def agent_pid(self):
        return int((self.folder / ".ork" / "node" / "agent.lock").read_text())

    def cpu_seconds(self):
        ticks = 0
        for pid in self.processes():
            fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
            ticks += int(fields[11]) + int(fields[12])
        return ticks / os.sysconf("SC_CLK_TCK")

    def memory_mib(self):
        pages = int(pathlib.Path(f"/proc/{self.process.pid}/statm").read_text().split()[1])
        return round(pages * os.sysconf("SC_PAGE_SIZE") / 2**20, 1)
