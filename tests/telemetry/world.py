"""What a case is given: the cluster, the operator, Prometheus, the OTLP receiver, and a batch of runs."""

import json
import secrets
import socket
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request

from suite import dev, setup
from suite.case import Context
from suite.kubectl import Kubectl
from suite.process import Operator, wait_for

CASES = {}
# Long enough for a machine that does ten other things.
PATIENCE = 120

PROMETHEUS = """
global: {{scrape_interval: 1s}}
rule_files: [{rules}]
scrape_configs:
- job_name: ork
  honor_labels: true
  static_configs: [{{targets: ["127.0.0.1:{port}"]}}]
"""

# Of each shape one that shows something: success, a retry, failure, a schedule, what is under way, what waits for ever.
TELL = 'echo "\\"$TRACEPARENT\\"" > $ORK_OUTPUT'
BATCH = {
    "etl": {"tasks": [{"name": "list", "script": TELL}, {"name": "load", "script": TELL, "dependsOn": ["list"]}]},
    "flaky": {"tasks": [{"name": "try", "script": '[ "$ORK_ATTEMPT" -gt 1 ]', "retry": {"limit": 2, "backoff": {"initial": "1s"}}}]},
    "broken": {"tasks": [{"name": "fail", "script": "exit 3"}, {"name": "after", "script": "true", "dependsOn": ["fail"]}]},
    "parent": {"tasks": [{"name": "call", "workflow": {"name": "etl"}}]},
    "long": {"tasks": [{"name": "sleep", "script": "trap 'exit 143' TERM; sleep 900 & wait"}]},
    "minutely": {"schedule": {"cron": "* * * * *"}, "tasks": [{"name": "tick", "script": "true"}]},
}
RUNS = {"etl": 4, "flaky": 1, "broken": 3, "parent": 1}


def case(name):
    """Registers a function of one World as a case. Names are sentences."""

    def register(function):
        assert name not in CASES, f"two cases are called {name}"
        CASES[name] = function
        return function

    return register


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def get(url, accept="*/*"):
    """(code, content type, text) of what is answered."""
    request = urllib.request.Request(url, headers={"Accept": accept})
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.status, answer.headers["Content-Type"], answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.headers["Content-Type"], error.read().decode()


class World:
    def __init__(self, root, folder, on_dev):
        self.root, self.folder, self.on_dev = root, folder, on_dev
        self.ports = {name: free_port() for name in ("metrics", "collector", "prometheus")}
        self.spans_file = folder / "spans.jsonl"
        self.processes = []
        self.cluster = self.operator = None
        self.namespaces = []
        self.id = secrets.token_hex(2)

    # From nothing to a batch of runs that has ended

    def begin(self):
        self.start_cluster()
        self.start_collector()
        self.operator.start()
        self.start_prometheus()
        wait_for(self.answers, "the operator to answer on /readyz", PATIENCE)
        self.context = self.make_namespace("batch")
        for name, spec in BATCH.items():
            self.context.workflow(name, **spec)
        # What stays as it is: one that runs, and one that can't begin, for its Workflow is not there.
        self.context.start("long", workflowRef={"name": "long"})
        self.context.start("orphan", workflowRef={"name": "nowhere"})
        self.run_batch("")

    def run_batch(self, suffix):
        names = [(name, f"{name}-{number}{suffix}") for name, count in RUNS.items() for number in range(count)]
        for workflow, run in names:
            self.context.start(run, workflowRef={"name": workflow})
        for workflow, run in names:
            ending = ("Failed", "TaskFailed") if workflow == "broken" else ("Succeeded", None)
            self.context.finished(run, *ending, timeout=PATIENCE)

    def start_cluster(self):
        binary = setup.find_operator(self.root)
        if self.on_dev:
            self.cluster = dev.DevCluster(binary, self.folder)
            self.cluster.command += ["--no-operator"]
            self.cluster.start()
            self.kubectl = Kubectl(setup.find_kubectl(self.root), self.cluster.kubeconfig)
            kubeconfig = self.cluster.kubeconfig
        else:
            self.kubectl = Kubectl(setup.find_kubectl(self.root), setup.find_kubeconfig(self.root))
            setup.install(self.kubectl, self.root)
            kubeconfig = setup.operator_kubeconfig(self.kubectl, self.folder / "operator.kubeconfig")
        self.operator = Operator(binary, kubeconfig, self.folder / "operator.log", (
            "--log-format=json", f"--metrics-address=127.0.0.1:{self.ports['metrics']}", "--lease-seconds=3",
            f"--otlp-endpoint=http://127.0.0.1:{self.ports['collector']}"))

    def start_collector(self):
        program = self.folder / "collector"
        subprocess.run(["go", "build", "-o", program, "."], cwd=self.root / "tests" / "telemetry" / "collector", check=True)
        with open(self.spans_file, "wb") as out, open(self.folder / "collector.log", "wb") as log:
            self.processes.append(subprocess.Popen([program, f"127.0.0.1:{self.ports['collector']}"], stdout=out, stderr=log,
                                                   stdin=subprocess.DEVNULL))
        wait_for(lambda: self.spans_file.stat().st_size > 0, "the OTLP receiver to listen", PATIENCE)

    def start_prometheus(self):
        config = self.folder / "prometheus.yaml"
        config.write_text(PROMETHEUS.format(rules=self.alerts, port=self.ports["metrics"]))
        with open(self.folder / "prometheus.log", "wb") as log:
            self.processes.append(subprocess.Popen(
                ["prometheus", f"--config.file={config}", f"--storage.tsdb.path={self.folder / 'tsdb'}",
                 f"--web.listen-address=127.0.0.1:{self.ports['prometheus']}", "--enable-feature=exemplar-storage"],
                stdout=log, stderr=log, stdin=subprocess.DEVNULL))

    def make_namespace(self, name):
        full = f"ork-telemetry-{self.id}-{name}"
        self.kubectl.run("create", "namespace", full)
        self.namespaces.append(full)
        if not self.on_dev:
            self.kubectl.run("wait", "--for=create", "serviceaccount/default", "-n", full, "--timeout=60s")
        return Context(Kubectl(self.kubectl.binary, self.kubectl.kubeconfig, full), self.operator, self.root)

    def end(self):
        for namespace in self.namespaces if not self.on_dev else ():
            self.kubectl.run("delete", "namespace", namespace, "--wait=false", "--ignore-not-found")
        for process in self.processes:
            process.terminate()
        if self.operator:
            self.operator.stop()
        if self.on_dev and self.cluster:
            self.cluster.stop()
        for process in self.processes:
            process.wait()

    def diagnostics(self):
        said = [f"all of it is in {self.folder}"]
        for name in ("operator.log", "prometheus.log", "collector.log"):
            path = self.folder / name
            if path.exists():
                said.append(f"--- {name}\n" + "\n".join(path.read_text(errors="replace").splitlines()[-10:]))
        return "\n".join(said)

    # What it shows

    @property
    def alerts(self):
        return self.root / "charts" / "ork" / "files" / "alerts.yaml"

    def ask(self, path, accept="*/*"):
        return get(f"http://127.0.0.1:{self.ports['metrics']}{path}", accept)

    def answers(self):
        try:
            return self.ask("/readyz")[2] == "works on 64 of 64 shares\n"
        except OSError:
            return False

    def metrics(self, accept="text/plain"):
        code, kind, text = self.ask("/metrics", accept)
        assert code == 200, text
        return kind, text

    def prometheus(self, path, **query):
        url = f"http://127.0.0.1:{self.ports['prometheus']}/api/v1/{path}?{urllib.parse.urlencode(query)}"
        said = json.loads(get(url)[2])
        assert said["status"] == "success", f"{path} {query}: {said.get('error')}"
        return said["data"]

    def spans(self):
        """All that the receiver took, each with the attributes as a dictionary."""
        out = []
        for line in self.spans_file.read_text().splitlines()[1:]:
            for resource in json.loads(line)["resourceSpans"]:
                for scope in resource["scopeSpans"]:
                    for span in scope["spans"]:
                        attributes = {pair["key"]: pair["value"]["stringValue"] for pair in span.get("attributes", [])}
                        out.append({**span, "attributes": attributes, "resource": resource["resource"]})
        return out

    def spans_of(self, run, count):
        """The spans of a run, by its name, once there are so many."""
        found = []

        def there():
            found[:] = [span for span in self.spans() if span["attributes"].get("ork.run.name") == run]
            return len(found) >= count

        try:
            wait_for(there, f"{count} spans of run {run}", PATIENCE)
        except AssertionError as error:
            raise AssertionError(f"{error}; there are {[span['name'] for span in found]}") from error
        return found

    def lines(self):
        """The operator's log: its lines that are JSON."""
        return [json.loads(line) for line in self.operator.log.read_text().splitlines() if line.startswith("{")]

    def promtool(self, *args, stdin=None):
        done = subprocess.run(["promtool", *map(str, args)], input=stdin, capture_output=True, text=True, check=False,
                              cwd=self.root / "tests" / "telemetry", timeout=PATIENCE)
        assert done.returncode == 0, f"promtool {' '.join(map(str, args))}: {done.stdout}{done.stderr}"
        return done.stdout + done.stderr

    @staticmethod
    def until(predicate, what, patience=PATIENCE):
        """What the predicate gives once that is something, or it has said nothing for too long."""
        deadline = time.monotonic() + patience
        while not (found := predicate()):
            assert time.monotonic() < deadline, f"waited {patience} s for {what}"
            time.sleep(0.5)
        return found
