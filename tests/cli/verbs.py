"""What a case is, and the ork binary as it is given one."""

import dataclasses
import fcntl
import json
import os
import pathlib
import pty
import queue
import select
import signal
import struct
import subprocess
import termios
import threading
import time
from typing import Callable

from suite import runs
from suite.case import IMAGE
from suite.kubectl import Kubectl, Timeout

CASES = {}


@dataclasses.dataclass(frozen=True)
class Case:
    name: str
    run: Callable


def case(name):
    """Registers a function of one Context as a case. Names are sentences."""

    def register(function):
        assert name not in CASES, f"two cases are called {name}"
        CASES[name] = Case(name, function)
        return function

    return register


@dataclasses.dataclass
class Result:
    code: int
    out: str
    err: str

    def json(self):
        return json.loads(self.out)

    def __str__(self):
        return f"exit code {self.code}\n--- stdout\n{self.out}\n--- stderr\n{self.err}"


@dataclasses.dataclass
class Ork:
    """The binary, with a kubeconfig and a namespace."""

    binary: pathlib.Path
    kubeconfig: str
    namespace: str

    def command(self, args, namespace=None):
        args = [str(arg) for arg in args]
        anywhere = {"-n", "-A", "--help", "--version"} & set(args) or args[:1] in (["version"], ["validate"], ["graph"])
        where = [] if anywhere else ["-n", namespace or self.namespace]
        return [str(self.binary), *args, *where]

    def environment(self, **more):
        known = {key: value for key, value in os.environ.items() if key not in ("CI", "NO_COLOR")}
        return {**known, "KUBECONFIG": str(self.kubeconfig), **more}

    def run(self, *args, stdin=None, timeout=150, **environment):
        command = self.command(args)
        try:
            done = subprocess.run(command, input=stdin, capture_output=True, text=True, timeout=timeout,
                                  env=self.environment(**environment), check=False)
        except subprocess.TimeoutExpired as error:
            raise Timeout(f"{' '.join(command)}: does not end in {timeout} s") from error
        return Result(done.returncode, done.stdout, done.stderr)

    def begin(self, *args):
        return Process(self.command(args), self.environment())


class Process:
    """A verb that goes on, and what it has written to stdout so far."""

    def __init__(self, command, environment):
        self.what = " ".join(command)
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)
        self.lines = queue.Queue()
        self.seen = []
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self):
        for line in self.process.stdout:
            self.lines.put(line.rstrip("\n"))

    def line(self, holds, timeout=90):
        """The first line not yet taken that holds the text."""
        deadline = time.monotonic() + timeout
        while True:
            try:
                line = self.lines.get(timeout=max(0.0, deadline - time.monotonic()))
            except queue.Empty:
                raise Timeout(f"{self.what}: no line with {holds!r} in {timeout} s, but {self.seen}") from None
            self.seen.append(line)
            if holds in line:
                return line

    def interrupt(self):
        self.process.send_signal(signal.SIGINT)
        return self.end()

    def end(self, timeout=120):
        """Waits for its end; stdout is what no line() has taken."""
        try:
            code = self.process.wait(timeout)
        except subprocess.TimeoutExpired as error:
            self.process.kill()
            raise Timeout(f"{self.what}: does not end in {timeout} s") from error
        self.reader.join()
        out = "".join(line + "\n" for line in list(self.lines.queue))
        return Result(code, out, self.process.stderr.read())


def run_on_terminal(command, environment, rows=12, columns=70, timeout=120):
    """The exit code, and all that was written to a terminal of that size."""
    child, terminal = pty.fork()
    if child == 0:
        os.execve(command[0], command, environment)
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
    written, deadline = b"", time.monotonic() + timeout
    while time.monotonic() < deadline:
        if not select.select([terminal], [], [], 0.2)[0]:
            continue
        try:
            part = os.read(terminal, 65536)
        except OSError:  # how a terminal whose program has ended answers
            break
        if not part:
            break
        written += part
    else:
        os.kill(child, signal.SIGKILL)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    os.close(terminal)
    return code, written.decode()


@dataclasses.dataclass
class Context:
    ork: Ork
    kubectl: Kubectl  # in the same namespace
    empty: str        # a namespace with nothing in it
    slug: str         # of this case: names of objects begin with it
    folder: pathlib.Path
    root: pathlib.Path

    def name(self, what):
        """A name that no other case uses."""
        return f"{self.slug}-{what}"

    def verb(self, code, *args, **kwargs):
        """Runs a verb that must end with that code."""
        result = self.ork.run(*args, **kwargs)
        assert result.code == code, f"ork {' '.join(map(str, args))} must end with {code}: {result}"
        return result

    def file(self, name, *objects):
        """A manifest in the case's folder; objects are dicts, or YAML as text."""
        path = self.folder / name
        path.write_text("\n---\n".join(obj if isinstance(obj, str) else json.dumps(obj) for obj in objects))
        return path

    def workflow(self, what, tasks, **spec):
        return runs.workflow(self.name(what), tasks, **spec)

    def run_file(self, what, tasks, **spec):
        """A file with a run of inline tasks; gives its path and the run's name."""
        obj = runs.run(self.name(what), workflow={"defaults": {"image": IMAGE}, "tasks": tasks, **spec.pop("workflow", {})}, **spec)
        return self.file(f"{what}.json", obj), obj["metadata"]["name"]

    def start(self, what, tasks, **spec):
        """Starts a run and gives its name."""
        path, name = self.run_file(what, tasks, **spec)
        self.verb(0, "run", "start", "-f", path)
        return name

    def task_until(self, run, task, phase, timeout=90):
        def reached(obj):
            status = runs.task(obj, task) if obj else None
            return bool(status) and status["phase"] == phase

        return self.kubectl.until("workflowruns", run, reached, f"task {task} of {run} to be {phase}", timeout)

    def attempt_until(self, run, task, attempt, timeout=90):
        def reached(obj):
            status = runs.task(obj, task) if obj else None
            return bool(status) and status.get("attempt") == attempt and status["phase"] == "Running"

        return self.kubectl.until("workflowruns", run, reached, f"attempt {attempt} of {task} of {run}", timeout)

    def user(self):
        return json.loads(self.kubectl.run("auth", "whoami", "-o", "json"))["status"]["userInfo"]["username"]


def equal(what, got, wanted):
    assert got == wanted, f"{what} is\n{got}\nbut must be\n{wanted}"


def holds(text, *parts):
    for part in parts:
        assert part in text, f"{part!r} is not in:\n{text}"
