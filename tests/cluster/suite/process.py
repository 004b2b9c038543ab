"""The operator under test, as a child of the suite."""

import pathlib
import signal
import subprocess
import threading
import time


class Operator:
    """Starts, kills and watches over one operator. A death nobody ordered is remembered."""

    def __init__(self, binary, kubeconfig, log, extra=()):
        self.command = [str(binary), "operator", "--kubeconfig", str(kubeconfig), *extra]
        self.log = pathlib.Path(log)
        self.process = None
        self.deaths = []
        self.kills = 0
        self.lock = threading.Lock()

    def start(self):
        with self.lock, open(self.log, "ab") as out:
            out.write(f"--- {' '.join(self.command)}\n".encode())
            out.flush()
            self.process = subprocess.Popen(self.command, stdout=out, stderr=out, stdin=subprocess.DEVNULL)
            return self.process

    def kill9(self):
        """No warning, as when a node loses power."""
        with self.lock:
            self.process.send_signal(signal.SIGKILL)
            code = self.process.wait()
            self.process = None
            self.kills += 1
        assert code == -signal.SIGKILL, f"the operator had ended before, with code {code}"

    def stop(self):
        """As Kubernetes does it: SIGTERM, then SIGKILL. Gives the exit code."""
        with self.lock:
            process, self.process = self.process, None
        if process is None:
            return None
        process.terminate()
        try:
            return process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            return "did not end in 20 s after SIGTERM"

    def watch_over(self):
        """Notes a death nobody ordered, and starts another, so that one fault fails one case."""
        with self.lock:
            code = self.process.poll() if self.process else None
            if code is None:
                return
            self.process = None
        self.deaths.append(f"the operator ended by itself with code {code}:\n{self.tail(20)}")
        if len(self.deaths) < 5:
            self.start()

    def tail(self, lines=60):
        try:
            return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])
        except FileNotFoundError:
            return "(no log)"

    def usage(self):
        """'12.3 s of CPU, at most 14.2 MiB' of the process that runs now."""
        if self.process is None:
            return "is not running"
        proc = pathlib.Path(f"/proc/{self.process.pid}")
        try:
            fields = (proc / "stat").read_text().rsplit(")", 1)[1].split()
            peak = next(line for line in (proc / "status").read_text().splitlines() if line.startswith("VmHWM"))
        except (OSError, StopIteration):
            return "figures unknown"
        return f"{(int(fields[11]) + int(fields[12])) / 100:.1f} s of CPU, at most {int(peak.split()[1]) / 1024:.1f} MiB"


def wait_for(predicate, what, timeout=60, every=0.2):
    """For what no watch can show. Polls."""
    deadline = time.monotonic() + timeout
    while time.monotonic() < deadline:
        if value := predicate():
            return value
        time.sleep(every)
    raise AssertionError(f"waited {timeout} s for {what}")
