"""`ork dev` as the cluster under test: API server, operator and node in one process."""

import subprocess
import time

from suite.process import Operator

READY_PATIENCE = 30


class DevCluster(Operator):
    """As the operator of a real cluster: it can be killed, and started again on what it has stored."""

    def __init__(self, binary, folder):
        super().__init__(binary, folder / ".ork" / "kubeconfig", folder / "ork-dev.log")
        self.folder = folder
        self.kubeconfig = folder / ".ork" / "kubeconfig"
        self.command = [str(binary), "dev", "--log-level", "info"]

    def start(self):
        """Returns once it is ready: its API answers."""
        with self.lock:
            seen = self.log.stat().st_size if self.log.exists() else 0
            with open(self.log, "ab") as out:
                self.process = subprocess.Popen(self.command, cwd=self.folder, stdout=out, stderr=out,
                                                stdin=subprocess.DEVNULL, start_new_session=True)
            deadline = time.monotonic() + READY_PATIENCE
            while time.monotonic() < deadline and self.process.poll() is None:
                with open(self.log, "rb") as log:
                    log.seek(seen)
                    if b"ready" in log.read():
                        return self.process
                time.sleep(0.02)
            raise AssertionError(f"ork dev did not get ready in {READY_PATIENCE} s:\n{self.tail(20)}")
