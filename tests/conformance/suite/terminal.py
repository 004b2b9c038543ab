"""kubectl against one server, and what it says in words that are the same for every server."""

import dataclasses
import json
import os
import pathlib
import re
import shutil
import subprocess
import tempfile

import yaml

from suite.deliberate import agreed, in_words

TIMEOUT_SECONDS = 60
ANSI = re.compile(r"\x1b\[[0-9;]*m")
FILE = re.compile(r"/tmp/[\w./-]+")
ADDRESS = re.compile(r"https?://[\w.]+:\d+")
AGE = re.compile(r"(?<![\w.:/\"'=-])(\d+[ydhms]){1,2}(?![\w.:/\"'=-])")
GAP = re.compile(r" {2,}")
# "Starting kubectl with pid", and stamps of klog, which only errors below kubectl's own carry.
KLOG = re.compile(r"^[EWI]\d{4} .*?\] ", re.M)
# What kubectl logs of its own watch when the time that it was given is over: a matter of where it is just then.
TIME_IS_UP = re.compile(r"^.*Failed to watch\b[^\n]*(context deadline exceeded|very short watch)[^\n]*(\n|$)", re.M)


@dataclasses.dataclass
class Said:
    code: int
    stdout: str
    stderr: str
    shown_stdout: str
    shown_stderr: str

    def as_noted(self):
        return {"code": self.code, "stdout": self.value(), "stderr": self.shown_stderr}

    def value(self):
        """Objects as such: the order of their fields and what differs on purpose must not show."""
        text = self.shown_stdout
        if text.startswith(("{", "apiVersion:")):
            try:
                return agreed(json.loads(text) if text.startswith("{") else list(yaml.load_all(text, yaml.BaseLoader)))
            except (ValueError, yaml.YAMLError):
                pass
        return text


class Terminal:
    """A folder with files, a HOME with kubectl's caches, a namespace."""

    def __init__(self, kubectl, session):
        self.binary = kubectl
        self.session = session
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="ork-conformance-"))

    def close(self):
        shutil.rmtree(self.folder, ignore_errors=True)

    def environment(self, more):
        # One cache of discovery for all cases of a server: kubectl asks for it with every command else.
        home = pathlib.Path(tempfile.gettempdir()) / f"ork-conformance-home-{os.getpid()}-{self.session.server.title}"
        home.mkdir(exist_ok=True)
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(home),
            "KUBECONFIG": self.session.server.kubeconfig,
            "TMPDIR": "/tmp",
            "KUBECTL_REMOTE_COMMAND_WEBSOCKETS": "true",
            **more,
        }

    def write(self, name, text):
        """A file for -f, in the words of this server."""
        path = self.folder / name
        path.write_text(self.session.in_words_of_the_server(text), encoding="utf-8")
        return path

    def run(self, args, stdin=None, anywhere=False, sort=False, keep=None, environment=None, seconds=TIMEOUT_SECONDS):
        """anywhere: without --namespace. sort: lines in any order. keep(line): which lines of stdout are compared.
        seconds: kubectl is ended after that; what it has said until then counts."""
        words = [self.session.in_words_of_the_server(str(arg)) for arg in args]
        where = [] if anywhere else ["--namespace", self.session.namespace]
        stdin = self.session.in_words_of_the_server(stdin) if stdin is not None else None
        process = subprocess.Popen(
            [self.binary, *words, *where],
            stdin=subprocess.PIPE if stdin is not None else subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=self.folder,
            env=self.environment(environment or {}),
        )
        try:
            stdout, stderr = process.communicate(stdin, timeout=seconds)
        except subprocess.TimeoutExpired:
            process.terminate()
            stdout, stderr = process.communicate()
        shown = self.in_symbols(stdout)
        if keep:
            shown = "\n".join(line for line in shown.split("\n") if keep(line))
        if sort:
            shown = "\n".join(sorted(shown.split("\n")))
        shown_stderr = TIME_IS_UP.sub("", self.in_symbols(stderr))
        return Said(process.returncode, stdout, stderr, shown, in_words(shown_stderr.rstrip()))

    def in_symbols(self, text):
        text = ANSI.sub("", text.replace(str(self.folder), "."))
        text = self.session.symbols.in_text(self.session.symbols.in_names(text))
        text = KLOG.sub("", ADDRESS.sub("<server>", FILE.sub("<file>", text)))
        return "\n".join(
            (
                GAP.sub("  ", AGE.sub("<age>", line)).rstrip()
                if not line.startswith(" ")
                else AGE.sub("<age>", line).rstrip()
            )
            for line in text.split("\n")
        )
