"""`ork dev` in a folder of its own, as a server under test."""

import os
import pathlib
import shutil
import signal
import subprocess
import tempfile
import time

from suite.server import NoAnswer, Server

READY_SECONDS = 20.0
STOP_SECONDS = 10.0
# Nothing but the API: an operator would write into the Workflows and runs that are compared. A flag
# for this suite alone; --help does not show it.
QUIET = "--no-operator"


class Ork:
    """The process, in its own group. `died` says how it ended by itself, if it did."""

    def __init__(self, binary):
        self.binary = str(pathlib.Path(binary).resolve())
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="ork-conformance-"))
        self.log = self.folder / "log"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [self.binary, "dev", QUIET],
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def server(self):
        """The server once it is ready."""
        kubeconfig = self.folder / ".ork" / "kubeconfig"
        deadline = time.monotonic() + READY_SECONDS
        while time.monotonic() < deadline and self.process.poll() is None:
            if kubeconfig.is_file():
                try:
                    server = Server("embedded", kubeconfig)
                    if server.request("GET", "/readyz").status == 200:
                        return server
                except (NoAnswer, TypeError):
                    pass  # the file is being written, or the port is not open yet
            time.sleep(0.02)
        raise AssertionError(
            f"{self.binary} dev is not ready after {READY_SECONDS:.0f} s:\n{self.log.read_text(errors='replace')[-2000:]}"
        )

    def died(self):
        code = self.process.poll()
        return (
            None
            if code is None
            else f"{self.binary} dev ended by itself with code {code}:\n{self.log.read_text(errors='replace')[-3000:]}"
        )

    def memory_kib(self):
        try:
            status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii")
        except OSError:
            return 0
        return next((int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS")), 0)

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)
